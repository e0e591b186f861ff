"""Undoes what transcribers make of the words of this trade: "a checked bad" is a bag."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from voice.booking.text.wording import Wording

_PAIRS: list[tuple[str, str]] = tomllib.loads(
    files("voice.booking.corrections").joinpath("mishearings.toml").read_text("utf-8")
)["mishearings"]
_MISHEARINGS = tuple((Wording(pattern), said) for pattern, said in _PAIRS)


def as_said(text: str) -> str:
    """Give a transcript with the words that must have been said in place of those that were written."""
    for pattern, said in _MISHEARINGS:
        text = pattern.sub(said, text)
    return text
