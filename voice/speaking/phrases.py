"""Where a text may be parted, so that its beginning is heard while the rest is still being made."""

from __future__ import annotations

import re

_PLACES = re.compile(r"(?<=[.!?:;])\s+(?=\S)|(?<=,)\s+(?=(?:and|but|or|with)\s)")
_LEAST = 10
"""Characters of a phrase that is spoken by itself."""


def phrases(text: str) -> list[str]:
    """Part a text after sentences, colons and before clauses that a comma parts from what stands before.

    A voice ends a phrase on its punctuation mark as it would within the sentence. Dates, places and codes stay whole.
    """
    parts: list[str] = []
    for piece in _PLACES.split(text.strip()):
        if parts and (len(parts[-1]) < _LEAST or len(piece) < _LEAST):
            parts[-1] = f"{parts[-1]} {piece}"
        else:
            parts.append(piece)
    return parts
