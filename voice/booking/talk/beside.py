"""A question about known flights beside something else: "Are both nonstop, and what if two of us go?"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from voice.booking.talk.answers import answer_of
from voice.booking.talk.inquiries import inquiries
from voice.booking.wishes import cues


@dataclass(frozen=True, slots=True)
class Beside:
    """What a turn asks, and what else it says, which begins at ``start`` and ends at ``end`` of it."""

    question: str
    start: int
    end: int


_BREAK = re.compile(
    r"\s*[.?!;]+\s+(?:and |but |also |oh )*|\s*,\s*(?:and |but |also |oh )*|\s+(?:and|but) (?:also )?", re.I
)
_LEAST = 2
"""A piece of one word is no wish of its own, unless it is a yes or a no."""


@lru_cache(maxsize=64)
def question_beside(text: str) -> Beside | None:
    """Give the question about known flights that a turn asks beside a wish or an answer; None if that is not all.

    A yes in front of a question is one only if it is a firm one: "okay, and when do we land?" approves nothing.
    """
    for cut in _BREAK.finditer(text):
        left, right = text[: cut.start()], text[cut.end() :]
        if inquiries(right) and _says_something(left):
            return Beside(right, 0, cut.start())
        if inquiries(left) and not inquiries(right) and _wishes(right):
            return Beside(left, cut.end(), len(text))
    return None


def _says_something(said: str) -> bool:
    answer, sure = answer_of(said)
    if answer:
        return sure and not cues.WEAK_YES.fullmatch(said)
    return not inquiries(said) and _wishes(said)


def _wishes(said: str) -> bool:
    return len(said.split()) >= _LEAST and not re.fullmatch(
        r"\W*(?:(?:so|and|but|well|sorry|wait|hm+|oh|thanks)\W*)+", said, re.I
    )
