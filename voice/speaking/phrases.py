"""Where a long sentence may be parted, so that its first words need not wait for the last ones to be read."""

from __future__ import annotations

import re

MOST = 120
"""Phonemes of a sentence that stays whole, about six seconds. The first sound waits for a voice's text part, 0.4 ms a
phoneme and more in long sentences; a sentence in parts loses some of its melody."""

_PLACES = re.compile(r"(?<=[:;])\s+(?=\S)|(?<=,)\s+(?=(?:and|but|or|with)\s)")
_LEAST = 20
"""Characters of a phrase that is spoken by itself."""


def phrases(text: str) -> list[str]:
    """Part a text after colons and before clauses that a comma parts from what stands before.

    A voice ends a phrase on its punctuation mark as it would within the sentence. Dates, places and codes stay whole.
    """
    parts: list[str] = []
    for piece in _PLACES.split(text.strip()):
        if parts and (len(parts[-1]) < _LEAST or len(piece) < _LEAST):
            parts[-1] = f"{parts[-1]} {piece}"
        else:
            parts.append(piece)
    return parts
