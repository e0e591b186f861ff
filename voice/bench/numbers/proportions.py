"""Shares of turns, and how sure they are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypedDict

Z95 = 1.959964
"""The normal quantile that leaves 2.5% on either side."""


class Share(TypedDict):
    """How many there are, the share that holds in 0…1, and its 95% interval; None for a share of nothing."""

    n: int
    exact: float | None
    ci95: tuple[float, float] | None


def share(flags: Sequence[bool]) -> Share:
    """Count the flags that hold."""
    if not flags:
        return Share(n=0, exact=None, ci95=None)
    held = sum(flags)
    low, high = wilson(held, len(flags))
    return Share(n=len(flags), exact=held / len(flags), ci95=(round(low, 4), round(high, 4)))


def wilson(held: float, n: float, z: float = Z95) -> tuple[float, float]:
    """Give the score interval of a proportion, which stays within 0…1 and holds for small samples.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).

    Args:
        held: How often it held; a fraction where turns weigh differently.
        n: Of how many, more than 0.
        z: The normal quantile of the level.
    """
    middle = held + z * z / 2
    spread = z * math.sqrt(held * (n - held) / n + z * z / 4)
    return max(0.0, (middle - spread) / (n + z * z)), min(1.0, (middle + spread) / (n + z * z))
