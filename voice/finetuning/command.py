"""``voice finetune``: teaches an embedded model labelled turns, and leaves an adapter that a profile can name."""

from __future__ import annotations

import argparse
import random
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from voice import models
from voice.bench.labelled import load_turns
from voice.extras import MissingExtra
from voice.finetuning.examples import example_of, places_of, varied
from voice.llm.embedded import CHAT_TEMPLATE

_SHOWN = 0.75
"""The share of prompts that show the rules' reading, of a tier that is to weigh it and should read by itself too."""

_VARIED = 0.5
"""The share of turns whose places, days and codes vary each time that they are seen."""


def add_finetune_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``voice finetune`` takes."""
    parser.add_argument("turns", type=Path, nargs="+", help="labelled turns (JSON lines)")
    parser.add_argument("--base", default="llm-fast", help="an embedded model of Qwen2 kind (default: %(default)s)")
    parser.add_argument("--out", type=Path, required=True, metavar="ADAPTER.gguf", help="where the adapter goes")
    parser.add_argument("--resume", type=Path, metavar="ADAPTER.gguf", help="go on from this adapter, of the same rank")
    parser.add_argument(
        "--shows-reading", action="store_true", help="for a tier that sees_reading: prompts show what the rules read"
    )
    parser.add_argument("--complexity", choices=["simple", "complex"], help="learn from such turns only")
    parser.add_argument("--rank", type=int, default=8, help="of the adapter (default: %(default)s)")
    parser.add_argument("--skip", type=int, default=0, help="leave so many of the lowest blocks as they are: quicker")
    parser.add_argument("--epochs", type=float, default=2.0, help="how often a turn is seen (default: %(default)s)")
    parser.add_argument("--rate", type=float, default=3e-4, help="learning rate at its highest (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of order and variation (default: %(default)s)")


def finetune_main(args: argparse.Namespace) -> int:
    """Learn, show how far it is, and write the adapter at the end and every few minutes.

    Raises:
        BadTurns, MissingModel, MissingExtra, ValueError: what is wrong, and what to do.
    """
    try:
        from voice.finetuning import adapter, lora, train
    except ImportError as error:
        raise MissingExtra(f"{error.name} is missing; pip install 'voice-cascade[finetune]'") from None
    turns = load_turns(*args.turns)
    places = places_of(turns)
    turns = [turn for turn in turns if args.complexity in (None, turn.complexity)]
    if not turns:
        raise ValueError(f"none of the turns is {args.complexity}")
    weights = models.path(args.base)
    console = Console(stderr=True)
    with console.status(f"reading {weights.name}"):
        model, tokenizer = lora.load_base(weights)
        lora.adapt(model, args.rank, 2.0 * args.rank, skip=args.skip)
        if args.resume:
            lora.put_tensors(model, adapter.read_adapter(args.resume))

    def save() -> None:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        about = f"LoRA of rank {args.rank} for {args.base}, learned from {len(turns)} labelled turns"
        adapter.write_adapter(
            args.out, lora.adapter_tensors(model), architecture="qwen2", alpha=2.0 * args.rank, about=about
        )

    def epoch(number: int) -> list[Any]:
        chance = random.Random(args.seed * 1000 + number)
        seen = [varied(turn, places, chance) if chance.random() < _VARIED else turn for turn in turns]
        shown = _SHOWN if args.shows_reading else 0.0
        made = (example_of(turn, shows_reading=chance.random() < shown) for turn in seen)
        return [train.tokens_of(example, tokenizer, CHAT_TEMPLATE) for example in made]

    columns = (
        TextColumn("steps"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[loss]}"),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("learn", total=None, loss="")
        smooth = Smooth()

        def learned(step: int, steps: int, loss: float) -> None:
            told = f"loss {smooth(loss):.3f}"
            progress.update(task, completed=step, total=steps, loss=told)
            if not console.is_terminal and step % 10 == 0:
                console.print(f"{step} of {steps} steps, {told}")
            if step % 50 == 0:
                save()

        train.fit(model, epoch, train.Plan(epochs=args.epochs, rate=args.rate, seed=args.seed), learned)
    save()
    print(f"{args.out}: name it as `adapter` of a tier with model = {args.base!r} in your profile")  # noqa: T201
    return 0


class Smooth:
    """A running mean."""

    def __init__(self) -> None:
        self._mean: float | None = None

    def __call__(self, value: float) -> float:
        """Take a value and give the mean."""
        self._mean = value if self._mean is None else 0.9 * self._mean + 0.1 * value
        return self._mean
