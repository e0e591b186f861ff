"""Undoes what transcribers make of the words of this trade: "a checked bad" is a bag."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

_PAIRS: list[tuple[str, str]] = tomllib.loads(files("voice.booking").joinpath("mishearings.toml").read_text("utf-8"))[
    "mishearings"
]
_MISHEARINGS = tuple((re.compile(pattern, re.IGNORECASE), said) for pattern, said in _PAIRS)


def as_said(text: str) -> str:
    """Give a transcript with the words that must have been said in place of those that were written."""
    for pattern, said in _MISHEARINGS:
        text = pattern.sub(said, text)
    return text
