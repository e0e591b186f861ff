"""How far two distributions lie apart, and whether so few values can tell. Pure functions of numbers."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from statistics import NormalDist, fmean

from voice.policy_file import Histogram

_BINS = 10
_STEP = 1e-6
"""How finely values are told apart."""

_SMOOTH = 0.5
"""Added to every bin, so that an empty one has a logarithm."""


def histogram(values: Sequence[float]) -> Histogram:
    """Bin reference values: by tenths of the turns; a value that a tenth have, or one of few, has a bin of its own.

    Raises:
        ValueError: there are none.
    """
    if not values:
        raise ValueError("a reference needs values")
    ordered = [round(value, 6) for value in sorted(values)]
    often = Counter(ordered)
    if len(often) > _BINS:
        found = {ordered[len(ordered) * step // _BINS] for step in range(1, _BINS)}
        alone = [value for value in found if often[value] >= len(ordered) / _BINS]
    else:
        found, alone = {*often}, [*often]
    cuts = tuple(sorted(found | {round(value - _STEP, 6) for value in alone}))
    return Histogram(cuts=cuts, counts=counts(cuts, ordered), mean=round(fmean(ordered), 4))


def counts(cuts: Sequence[float], values: Sequence[float]) -> tuple[int, ...]:
    """Count the values in each bin; see `voice.policy_file.Histogram`."""
    found = [0] * (len(cuts) + 1)
    for value in values:
        found[bisect_left(cuts, round(value, 6))] += 1
    return tuple(found)


def stability_index(was: Sequence[int], now: Sequence[int]) -> float:
    """Give the population stability index Σ (q - p) ln(q / p) of the shares p before and q now; 0 is no change.

    By convention below 0.1 is no shift, from 0.25 on a large one (Siddiqi, *Credit Risk Scorecards*, 2006).
    """
    pairs = [(old, new) for old, new in zip(was, now, strict=True) if old or new]
    before, after = (sum(each) + _SMOOTH * len(pairs) for each in zip(*pairs, strict=True))
    shares = [((old + _SMOOTH) / before, (new + _SMOOTH) / after) for old, new in pairs]
    return sum((q - p) * math.log(q / p) for p, q in shares)


def least_visible(was: Sequence[int], now: Sequence[int], chance: float) -> float:
    """Give the index that turns of one and the same kind exceed with this probability only: less can't be told.

    Without a shift the index is about χ²(bins - 1) (1/n + 1/m) (Yurdakul & Naranjo, "Statistical properties of the
    population stability index", 2020).

    Args:
        was: Counts of the reference, n in all.
        now: Counts to compare, m in all, at least 1.
        chance: 0…1.
    """
    bins = sum(1 for old, new in zip(was, now, strict=True) if old or new)
    return _chi_squared(bins - 1, chance) * (1 / sum(was) + 1 / sum(now)) if bins > 1 else 0.0


def _chi_squared(freedom: int, chance: float) -> float:
    """The value that is exceeded with this probability, as Wilson & Hilferty (1931) have it: within 1% from 3 on."""
    spread = 2 / (9 * freedom)
    return freedom * (1 - spread + NormalDist().inv_cdf(1 - chance) * math.sqrt(spread)) ** 3
