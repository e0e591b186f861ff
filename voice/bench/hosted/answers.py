"""What the stand-in for a model writes: the desk's own reading by rules of the caller's words in the prompt. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from voice.booking.context import context_of_words
from voice.booking.drafting import grammar
from voice.booking.reading import reader
from voice.cascade.words import Action

LOGPROB = -0.02
"""Of every token: this model is sure of itself."""

_TOKEN = re.compile(r"\s?\w{1,5}|\s?[^\w\s]+")


def answer(messages: Sequence[Mapping[str, Any]]) -> str:
    """Give the JSON for a prompt of the booking desk; what it can't read is small talk.

    Args:
        messages: Of a chat completion, as the wire has them.
    """
    lines = str(messages[-1].get("content", "")).split("\n") if messages else []
    said = {name: text for name, _, text in (line.partition(": ") for line in lines)}
    bookings = (said["Booking"],) if "Booking" in said else ()
    read = reader.read(said.get("Caller", ""), context_of_words(said.get("Agent", ""), bookings))
    return grammar.wire(read.actions or (Action("chat"),))


def tokens(text: str) -> list[str]:
    """Cut a text into pieces of about the length of a model's tokens. Joined, they are the text."""
    pieces: list[str] = []
    at = 0
    for found in _TOKEN.finditer(text):
        pieces.append(text[at : found.end()])
        at = found.end()
    return [*pieces, text[at:]] if at < len(text) else pieces
