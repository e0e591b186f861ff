"""Cabins as callers name them."""

from __future__ import annotations

import re


def cabin_of(said: str) -> str:
    """Give the cabin without the word "class"."""
    text = re.sub(r"[\s-]+(?:class|cabin)$", "", said, flags=re.IGNORECASE)
    return "economy" if text.casefold() in ("coach", "main", "standard") else text
