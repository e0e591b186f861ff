"""Words misheard: what an agent understood of a turn beside what the caller said, after both are normalised."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rapidfuzz.distance import Levenshtein

from voice.bench.measured.spoken import normal


def understood(pieces: Sequence[str]) -> str:
    """Give what an agent understood of a turn that it took for several.

    A piece that a later one begins with was taken up there when the caller went on: its words were said once.
    """
    said = [text for text in pieces if text]
    return " ".join(
        text for index, text in enumerate(said) if not any(_goes_on(text, later) for later in said[index + 1 :])
    )


def word_errors(text: str, heard: str) -> tuple[int, int]:
    """Give how many words were misheard, left out or made up, and how many were said."""
    words = normal(text).split()
    return Levenshtein.distance(words, normal(heard).split()), len(words)


def word_error_rate(text: str, heard: str) -> float | None:
    """Give the share of words that were misheard, left out or made up; None for an empty text."""
    return pooled_error_rate([(text, heard)])


def pooled_error_rate(turns: Iterable[tuple[str, str]]) -> float | None:
    """Give the word errors of many turns, each a text and what was heard, as a share of all their words; None of none.

    A turn counts by its length, so that a misheard "yes" does not weigh as much as a misheard sentence.
    """
    counted = [word_errors(text, heard) for text, heard in turns]
    counted = [(errors, words) for errors, words in counted if words]
    said = sum(words for _, words in counted)
    return round(sum(errors for errors, _ in counted) / said, 4) if said else None


def _goes_on(text: str, later: str) -> bool:
    """Whether a text is more than the beginning of itself in a later one. Numbers are compared as they were written."""
    first, second = (re.findall(r"\w+", each.casefold()) for each in (text, later))
    return len(first) < len(second) and second[: len(first)] == first
