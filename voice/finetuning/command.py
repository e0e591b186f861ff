"""``voice finetune``: teaches an embedded model labelled turns, and leaves an adapter that a profile can name.

A language model learns to understand them, Whisper to write them down.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.console import Console

from voice import models
from voice.extras import MissingExtra, install
from voice.finetuning.errors import CannotTeach

_TIERS, _EARS = "llm-", "whisper-"
"""How the names of models begin that understand, and of those that hear."""

_OF_TIERS = {"shows_reading": False, "complexity": None, "skip": 0}
_OF_EARS = {"readings": 1, "strength": 0.7}


def add_finetune_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``voice finetune`` takes."""
    parser.add_argument(
        "turns", type=Path, nargs="+", help="labelled turns (JSON lines); for ears also folders of recorded calls"
    )
    parser.add_argument("--base", default="llm-fast", help="an embedded model: llm-… or whisper-… (%(default)s)")
    parser.add_argument("--out", type=Path, required=True, metavar="ADAPTER", help="where the adapter goes")
    parser.add_argument("--resume", type=Path, metavar="ADAPTER", help="go on from this adapter, of the same rank")
    parser.add_argument("--rank", type=_count, default=8, help="of the adapter (default: %(default)s)")
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
    ears.add_argument(
        "--readings", type=_count, default=1, help="how often a turn is read aloud (default: %(default)s)"
    )
    ears.add_argument(
        "--strength", type=float, default=0.7, help="0…1, how much of what was learned is taken (default: %(default)s)"
    )


def finetune_main(args: argparse.Namespace) -> int:
    """Learn, show how far it is, and write the adapter at the end and every few minutes.

    Raises:
        BadTurns, BadWeights, ManifestError, AudioError, ModelError, EngineMissing, MissingExtra, CannotTeach: what is
            wrong, and what to do.
    """
    hears = args.base.startswith(_EARS)
    if not hears and not args.base.startswith(_TIERS):
        raise CannotTeach(f"{args.base} can't be taught: --base is an embedded {_TIERS}… or {_EARS}… model")
    for name, default in (_OF_TIERS if hears else _OF_EARS).items():
        if getattr(args, name) != default:
            raise CannotTeach(f"--{name.replace('_', '-')} is for {'a language model' if hears else 'ears'}")
    if not hears and any(path.is_dir() for path in args.turns):
        raise CannotTeach("a tier learns from labelled turns (JSON lines); folders of recordings are for ears")
    try:
        if hears:
            from voice.finetuning.teach_ears import teach
        else:
            from voice.finetuning.teach_tier import teach
    except ModuleNotFoundError as error:
        raise MissingExtra(f"{error.name} is missing: {install('finetune')}") from None
    models.path(args.base)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    teach(args, Console(stderr=True))
    where = "[stt] with" if hears else "a tier with"
    print(f"{args.out}: name it as `adapter` of {where} model = {args.base!r} in your profile")  # noqa: T201
    return 0


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError("it must be 1 or more")
    return count
