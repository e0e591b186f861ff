"""A stretch of a transcript that stands for something: what every finder in this package returns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a transcript.

    Attributes:
        start: Index of its first character.
        end: Index after its last character, so that ``transcript[start:end] == text`` .
        text: The words as said.
        kind: ``place``, ``date``, ``time``, ``price``, ``count`` or ``code``.
        name: What it stands for where that is known without more context (a city's name, a joined code), else ``""``.
        confidence: 0…1. Below `CERTAIN` it was probably misheard.
        candidates: Other things it may stand for, best first.
    """

    start: int
    end: int
    text: str
    kind: str
    name: str = ""
    confidence: float = 1.0
    candidates: tuple[str, ...] = ()

    def overlaps(self, other: Span) -> bool:
        """Whether a character belongs to both."""
        return self.start < other.end and other.start < self.end

    def within(self, start: int) -> Span:
        """Give it as a stretch of what begins at ``start`` of its transcript."""
        return replace(self, start=self.start - start, end=self.end - start)


CERTAIN = 0.8
"""A span or match below this confidence is asked about before anything is done with it."""


def longest_first(spans: Iterable[Span]) -> list[Span]:
    """Keep the longest of overlapping spans (the earlier one of two equals), in the order said."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start)):
        if not any(span.overlaps(other) for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda s: s.start)
