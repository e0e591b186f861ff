"""Shows how far learning is."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

_SAVED_EVERY = 50
"""Steps."""


class Learning:
    """Shows how far learning is, and saves what was learned every so many steps."""

    def __init__(self, console: Console, save: Callable[[], None]) -> None:
        columns = (
            TextColumn("steps"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[loss]}"),
        )
        self._console = console
        self._bars = Progress(*columns, console=console)
        self._task = self._bars.add_task("learn", total=None, loss="")
        self._smooth: float | None = None
        self._save = save

    def __enter__(self) -> Learning:
        self._bars.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._bars.stop()
        if kind is None:
            self._save()

    def __call__(self, step: int, steps: int, loss: float) -> None:
        """Take the loss of a step."""
        self._smooth = loss if self._smooth is None else 0.9 * self._smooth + 0.1 * loss
        told = f"loss {self._smooth:.3f}"
        self._bars.update(self._task, completed=step, total=steps, loss=told)
        if not self._console.is_terminal and step % 10 == 0:
            self._console.print(f"{step} of {steps} steps, {told}")
        if step % _SAVED_EVERY == 0:
            self._save()
