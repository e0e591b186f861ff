"""Where a very long sentence is parted, so that its first words need not wait for the last ones to be read."""

from __future__ import annotations

from collections.abc import Iterator

MARKS = frozenset(",;:")

MOST = 180
"""Phonemes that are read at once, about nine seconds. The first sound waits for a voice's text part, 0.4 ms a phoneme;
a sentence in parts loses some of its melody."""


def parted(phonemes: list[str], most: int = MOST) -> Iterator[list[str]]:
    """Part a sentence of more than ``most`` phonemes behind marks between its clauses, the fewer times the better.

    A part without marks stays whole, however long. No part is shorter than a fifth of ``most``.
    """
    least = most // 5
    while len(phonemes) > most:
        places = [at + 1 for at, one in enumerate(phonemes) if one in MARKS and least <= at < len(phonemes) - least]
        if not places:
            break
        place = max((at for at in places if at <= most), default=places[0])
        yield phonemes[:place]
        phonemes = phonemes[place + (phonemes[place] == " ") :]
    yield phonemes
