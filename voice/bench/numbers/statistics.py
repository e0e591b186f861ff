"""Percentiles, shares and how sure they are.

Turns of one call have a caller, a line and a conversation in common, so they say less than as many turns of calls of
their own. Intervals therefore come from a cluster bootstrap: whole calls are drawn with replacement, all repeats and
turns of a call together (Davison & Hinkley, *Bootstrap Methods and their Application*, 1997, section 3.8). Every
figure and every agent is computed on the same draws, so ratios of two agents are those of the same calls.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import lru_cache
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

PERCENTILES = (50, 90, 95, 99)

LEAST_CLUSTERS = 5
"""Of fewer calls no interval is given: draws from so few show their order, not how they vary."""

Drawn = NDArray[np.float64]
"""A figure on every draw, shape ``(draws,)``; NaN on draws that hold nothing to compute it from."""

Values = Sequence[tuple[str, float]]
"""Measured values, each with the name of its call."""


class Resamples:
    """Draws of whole calls.

    Args:
        clusters: The names of all calls.
        draws: How many.
        seed: Makes them the same every time.
    """

    def __init__(self, clusters: Iterable[str], draws: int = 1000, seed: int = 1) -> None:
        self._index = {name: index for index, name in enumerate(sorted(set(clusters)))}
        size = len(self._index)
        chances = np.full(size, 1 / size) if size else np.zeros(0)
        self._counts = np.random.default_rng(seed).multinomial(size, chances, size=draws) if size else None

    @property
    def counts(self) -> NDArray[np.int64]:
        """How often each call, in order of its name, is in each draw: shape ``(draws, calls)``."""
        return self._counts if self._counts is not None else np.zeros((0, 0), np.int64)

    def percentile(self, values: Values, percent: int) -> Drawn:
        """Give a percentile, as `percentile` defines it, on every draw.

        Raises:
            KeyError: a value is of a call that is not drawn from.
        """
        if not values or self._counts is None:
            return np.zeros(0)
        ordered = sorted(values, key=lambda value: value[1])
        found = np.array([value for _, value in ordered], dtype=np.float64)
        upto = np.cumsum(self._weights([name for name, _ in ordered]), axis=1)
        total = upto[:, -1]
        if percent == 50:
            drawn = (found[_reached(upto, (total + 1) // 2)] + found[_reached(upto, total // 2 + 1)]) / 2
        else:
            drawn = found[_reached(upto, np.ceil(percent / 100 * total - 1e-9))]
        return np.where(total > 0, drawn, np.nan)

    def mean(self, values: Values) -> Drawn:
        """Give the mean, of zeros and ones a share, on every draw.

        Raises:
            KeyError: a value is of a call that is not drawn from.
        """
        if not values or self._counts is None:
            return np.zeros(0)
        weights = self._weights([name for name, _ in values])
        total = weights.sum(axis=1)
        summed = weights @ np.array([value for _, value in values], dtype=np.float64)
        return np.divide(summed, total, out=np.full(len(total), np.nan), where=total > 0)

    def _weights(self, names: Sequence[str]) -> NDArray[np.int64]:
        assert self._counts is not None
        return self._counts[:, [self._index[name] for name in names]]


@lru_cache(maxsize=32)
def resamples(clusters: frozenset[str]) -> Resamples:
    """Give the draws of these calls."""
    return Resamples(clusters)


def percentile(values: Sequence[float], percent: int) -> float | None:
    """Give a percentile; None of no values.

    P50 is the median. P90, P95 and P99 are the least value that at least so many in a hundred do not exceed: one that
    was measured.
    """
    if not values:
        return None
    ordered = sorted(values)
    return median(ordered) if percent == 50 else ordered[math.ceil(percent / 100 * len(ordered) - 1e-9) - 1]


def distribution(values: Values, draws: Resamples | None = None) -> dict[str, Any]:
    """Give ``p50``, ``p90``, ``p95``, ``p99``, how many values (``n``) they are from, and ``ci95`` of each.

    Args:
        values: What was measured.
        draws: Of the calls; None computes them of the calls that ``values`` name.
    """
    plain = [value for _, value in values]
    names = frozenset(name for name, _ in values)
    draws = draws or resamples(names)
    sure = len(names) >= LEAST_CLUSTERS
    return {
        **{f"p{percent}": percentile(plain, percent) for percent in PERCENTILES},
        "n": len(plain),
        "ci95": {
            f"p{percent}": interval(draws.percentile(values, percent)) if sure else None for percent in PERCENTILES
        },
    }


def share(values: Values, draws: Resamples | None = None) -> dict[str, Any]:
    """Give the mean of zeros and ones (``share``), how many they are (``n``), and its ``ci95``; None of none.

    Where all are alike every draw is too; the interval is then that of as many independent trials as there are calls
    (Clopper & Pearson, 1934).
    """
    names = frozenset(name for name, _ in values)
    draws = draws or resamples(names)
    ci95: list[float] | None = None
    if len(names) >= LEAST_CLUSTERS:
        alike = {value for _, value in values}
        least = 0.025 ** (1 / len(names))
        ones, zeros = [round(least, 4), 1.0], [0.0, round(1 - least, 4)]
        ci95 = (ones if 1 in alike else zeros) if len(alike) == 1 else interval(draws.mean(values), 4)
    mean = round(sum(value for _, value in values) / len(values), 4) if values else None
    return {"share": mean, "n": len(values), "ci95": ci95}


def interval(drawn: Drawn, digits: int = 1) -> list[float] | None:
    """Give the middle 95% of a figure's draws; None where fewer than half of them have it."""
    known = drawn[np.isfinite(drawn)]
    if not len(known) or 2 * len(known) < len(drawn):
        return None
    low, high = np.quantile(known, (0.025, 0.975))
    return [round(float(low), digits), round(float(high), digits)]


def _reached(upto: NDArray[np.int64], rank: NDArray[Any]) -> NDArray[np.int64]:
    """Give the index at which each row first reaches its rank; the last one for a row that never does."""
    return np.minimum((upto < rank[:, None]).sum(axis=1), upto.shape[1] - 1)
