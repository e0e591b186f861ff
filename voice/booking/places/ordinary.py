"""Ordinary words that must not be taken for places; the lists are in ``ordinary.toml``."""

from __future__ import annotations

import tomllib
from importlib.resources import files

_LISTS: dict[str, str] = tomllib.loads(
    files("voice.booking.places").joinpath("ordinary.toml").read_text(encoding="utf-8")
)

WORD_CODES = frozenset(_LISTS["word_codes"].split())
"""Airport codes that are words, or nearly: in lower case they are no airport."""

CASED_NAMES = frozenset(_LISTS["cased_names"].split())
"""Places whose names are also people or words: in lower case they count only after "from", "to" and the like."""

PERSONS = frozenset(_LISTS["persons"].split())
"""Cities that nothing flies to, whose names are also people or words: places only where one is expected."""

NOT_PLACES = frozenset(_LISTS["not_places"].split())
"""Words of booking calls that follow "to", "in", "from" … and are no misheard place."""


def not_a_place(said: str) -> bool:
    """Whether words begin with one that no place begins with."""
    return said.split()[0].strip(".,!?").casefold() in NOT_PLACES
