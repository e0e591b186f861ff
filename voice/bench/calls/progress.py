"""How far a benchmark is: a bar on a terminal, and lines where the output is a file or a build server's log."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from voice.bench.calls.campaign import Watch


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told how far it is.

    Attributes:
        show: Told what is being done.
        watch: Told of calls.
    """

    show: Callable[[str], None]
    watch: Watch


@contextmanager
def progress(console: Console, total: int) -> Generator[Told]:
    """Show how far it is, for as long as the block runs.

    Args:
        console: Where to.
        total: How many calls are made.
    """
    if not console.is_terminal:
        yield _lines(console, total)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("", total=total)

        def show(text: str) -> None:
            bar.update(task, description=text)

        yield Told(
            show,
            Watch(
                warming=lambda agent: show(f"{agent}: warming up"),
                began=lambda agent, job: show(f"{agent}: {job.folder}"),
                turn=lambda agent, job, number: show(f"{agent}: {job.folder}, turn {number} of {len(job.call.turns)}"),
                ended=lambda agent, job: bar.advance(task),
            ),
        )


def _lines(console: Console, total: int) -> Told:
    """Print a line for each call that begins, so that one can see which agent it waits for."""
    begun = 0

    def show(text: str) -> None:
        console.print(text, markup=False, highlight=False, soft_wrap=True)

    def began(call: str) -> None:
        nonlocal begun
        begun += 1
        show(f"{call}, call {begun} of {total}")

    return Told(
        show,
        Watch(
            warming=lambda agent: show(f"{agent}: warming up"),
            began=lambda agent, job: began(f"{agent}: {job.folder}"),
        ),
    )
