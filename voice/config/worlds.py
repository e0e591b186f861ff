"""The worlds that a fresh desk can stand in, by name."""

from __future__ import annotations

import re


def seed_of(desk: str) -> int:
    """Give the seed of a fresh desk's world, from its name ``seed-N``.

    Raises:
        ValueError: there is no such desk.
    """
    found = re.fullmatch(r"seed-(\d{1,6})", desk)
    if found is None:
        raise ValueError(f"there is no desk {desk!r}: use seed-1, or another number")
    return int(found[1])
