"""What a call remembers of its mishearings, so that nothing is asked about twice and nobody can fish for codes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unsure:
    """What was asked about in a call, and what is still in doubt.

    Attributes:
        asked: Words that were asked about, in lower case; codes are not among them.
        waiting: Words in doubt, as said, that another question came before, and codes that were not approved yet.
        symbols: Each symbol of a code that was asked about: the code that was near, and the symbol's number from 1.
        unfound: Codes as heard that no booking has.
    """

    asked: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    symbols: tuple[tuple[str, int], ...] = ()
    unfound: tuple[str, ...] = ()
