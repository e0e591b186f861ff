"""A code that is spelled in parts: "It's Q T four", and in the next turn "four L Z"."""

from __future__ import annotations

import re

from voice.booking.codes.locators import DIGITS, LENGTH, LETTERS, pieces_of, readings_of
from voice.booking.talk.courtesies import is_hold

_WORD = re.compile(r"[A-Za-z0-9]+(?:['’][a-z]+)?")
_WORDS = """
and begins code comma dash ends first goes half is it it's last my number okay part reference rest second so space
starts that's the then uh um well with yes
"""
_AROUND = frozenset(_WORDS.split())


def part_of_code(text: str, *, least: int = 2) -> str:
    """Give the symbols of a turn that spells only a part of a code; ``""`` for any other turn.

    Args:
        text: The turn.
        least: How many symbols a part has. One alone may be any word, unless just one is wanted.
    """
    if is_hold(text):
        return ""
    said = text.replace("’", "'")
    pieces = pieces_of(said)
    rest = "".join(" " if any(one.start <= at < one.end for one in pieces) else char for at, char in enumerate(said))
    if not any(one.strength == 1.0 for one in pieces) or any(
        word.casefold() not in _AROUND for word in _WORD.findall(rest)
    ):
        return ""
    part = next(iter(readings_of(pieces)), "")
    return part if least <= len(part) < LENGTH and all(char in LETTERS + DIGITS for char in part) else ""
