"""``voice finetune``: teaches an embedded model labelled turns, and leaves an adapter that a profile can name.

A language model learns to understand them, Whisper to write them down.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from voice import models
from voice.extras import MissingExtra

EARS = "whisper"
"""How the names of models begin that hear."""

_SAVED_EVERY = 50


def add_finetune_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``voice finetune`` takes."""
    parser.add_argument(
        "turns", type=Path, nargs="+", help="labelled turns (JSON lines); for ears also folders of recorded calls"
    )
    parser.add_argument("--base", default="llm-fast", help="an embedded model: llm-… or whisper-… (%(default)s)")
    parser.add_argument("--out", type=Path, required=True, metavar="ADAPTER", help="where the adapter goes")
    parser.add_argument("--resume", type=Path, metavar="ADAPTER", help="go on from this adapter, of the same rank")
    parser.add_argument("--rank", type=int, default=8, help="of the adapter (default: %(default)s)")
    parser.add_argument("--epochs", type=float, default=2.0, help="how often a turn is seen (default: %(default)s)")
    parser.add_argument("--rate", type=float, default=3e-4, help="learning rate at its highest (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of order and variation (default: %(default)s)")
    tiers = parser.add_argument_group("a language model")
    tiers.add_argument(
        "--shows-reading", action="store_true", help="for a tier that sees_reading: prompts show what the rules read"
    )
    tiers.add_argument("--complexity", choices=["simple", "complex"], help="learn from such turns only")
    tiers.add_argument("--skip", type=int, default=0, help="leave so many of the lowest blocks as they are: quicker")
    ears = parser.add_argument_group("ears")
    ears.add_argument("--readings", type=int, default=1, help="how often a turn is read aloud (default: %(default)s)")


def finetune_main(args: argparse.Namespace) -> int:
    """Learn, show how far it is, and write the adapter at the end and every few minutes.

    Raises:
        BadTurns, ManifestError, AudioError, ModelError, EngineMissing, MissingExtra, ValueError: what is wrong, and
            what to do.
    """
    try:
        if args.base.startswith(EARS):
            from voice.finetuning.teach_ears import teach
        else:
            from voice.finetuning.teach_tier import teach
    except ImportError as error:
        raise MissingExtra(f"{error.name} is missing; pip install 'voice-cascade[finetune]'") from None
    models.path(args.base)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    teach(args, Console(stderr=True))
    where = "[stt] with" if args.base.startswith(EARS) else "a tier with"
    print(f"{args.out}: name it as `adapter` of {where} model = {args.base!r} in your profile")  # noqa: T201
    return 0


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
