"""The ears that a measurement listens with: those of the embedded profile, or others that are named."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from voice import config, models
from voice.booking.places.names import spoken_names
from voice.fingerprint import content_of, fingerprint


@dataclass(frozen=True, slots=True)
class Ears:
    """A Whisper model's folder, what it was taught, and the names that it listens for."""

    folder: Path
    adapter: Path | None = None
    names: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What tells them from others: the model's name, and fingerprints of what it was taught and listens for."""
        taught = [content_of(self.adapter)[:8]] if self.adapter else []
        listens = [f"names-{fingerprint(self.names)[:8]}"] if self.names else []
        return "+".join([self.folder.name, *taught, *listens])


def add_ears_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what names the ears."""
    parser.add_argument(
        "--model", metavar="NAME", help="name of the ears in the catalogue, or a folder (default: the profile's)"
    )
    taught = parser.add_mutually_exclusive_group()
    taught.add_argument("--adapter", type=Path, metavar="FILE", help="what they were taught (default: the profile's)")
    taught.add_argument("--untaught", action="store_true", help="take the model as it came, without the desk's names")
    parser.add_argument("--no-names", action="store_true", help="don't listen for the desk's names")


def ears_of(options: argparse.Namespace) -> Ears:
    """Find the ears.

    Raises:
        ModelError: they are not here.
    """
    own = config.load("embedded").stt
    name = options.model or own.model
    folder = Path(name) if Path(name).is_dir() else models.path(name)
    if options.untaught:
        return Ears(folder)
    adapter = options.adapter or (own.adapter if name == own.model else None)
    return Ears(folder, adapter, () if options.no_names else spoken_names())
