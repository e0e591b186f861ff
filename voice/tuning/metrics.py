"""The measures of deferral and calibration, as pure functions of numbers.

A *score* says how much a small tier's answer is to be trusted; deferring a turn replaces its quality by the large
tier's. Turns with the same score are deferred together: what counts is their mean, not the order in which they came.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = Sequence[float] | NDArray[np.float64]

Weights = Numbers | None
"""What each turn weighs; None is all the same."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A deferral curve Q(ρ): the quality when the share ρ with the lowest scores defers, linear between its points.

    Attributes:
        share: ρ of each point, from 0 to 1, ascending.
        quality: Q of each point.
    """

    share: tuple[float, ...]
    quality: tuple[float, ...]

    @property
    def area(self) -> float:
        """AUDC = ∫ Q dρ."""
        return float(np.trapezoid(self.quality, self.share))


def deferral_curve(scores: Numbers, weak: Numbers, strong: Numbers, weights: Weights = None) -> Curve:
    """Draw the curve of a score.

    Args:
        scores: Of each turn; the lowest defer first.
        weak: The quality of each turn if it does not defer, 0…1.
        strong: The same if it does.
        weights: What each turn weighs.

    Raises:
        ValueError: there are no turns.
    """
    if not len(scores):
        raise ValueError("a curve needs turns")
    score, low, high = (np.asarray(each, dtype=np.float64) for each in (scores, weak, strong))
    weight = _weights(weights, len(score))
    gain = (high - low) * weight
    values, group = np.unique(score, return_inverse=True)
    counts = np.bincount(group, weights=weight, minlength=len(values))
    gains = np.bincount(group, weights=gain, minlength=len(values))
    share = np.concatenate([[0.0], np.cumsum(counts) / weight.sum()])
    quality = np.average(low, weights=weight) + np.concatenate([[0.0], np.cumsum(gains) / weight.sum()])
    return Curve(tuple(map(float, share)), tuple(map(float, quality)))


def oracle_curve(weak: Numbers, strong: Numbers, weights: Weights = None) -> Curve:
    """Draw the best curve there is: what gains most defers first."""
    gain = np.asarray(strong, dtype=np.float64) - np.asarray(weak, dtype=np.float64)
    return deferral_curve(-gain, weak, strong, weights)


def random_area(weak: Numbers, strong: Numbers, weights: Weights = None) -> float:
    """Give the AUDC of deferring by chance: the mean of both qualities."""
    weight = _weights(weights, len(weak))
    return (float(np.average(weak, weights=weight)) + float(np.average(strong, weights=weight))) / 2


def normalised_area(curve: Curve, weak: Numbers, strong: Numbers, weights: Weights = None) -> float | None:
    """Give (AUDC - random) / (oracle - random); None where chance is as good as the oracle."""
    chance = random_area(weak, strong, weights)
    span = oracle_curve(weak, strong, weights).area - chance
    return (curve.area - chance) / span if span > 1e-12 else None


def average_recovered(curve: Curve) -> float | None:
    """Give APGR = ∫ PGR dρ, PGR(ρ) = (Q(ρ) - Q_weak) / (Q_strong - Q_weak); 0.5 by chance. None without a gap.

    Performance gap recovered, of RouteLLM (arXiv 2406.18665).
    """
    gap = curve.quality[-1] - curve.quality[0]
    return (curve.area - curve.quality[0]) / gap if gap > 1e-12 else None


def call_performance(curve: Curve, percent: float) -> float | None:
    """Give CPT(x): the least share to defer that recovers x% of the gap (RouteLLM); None if none does."""
    gap = curve.quality[-1] - curve.quality[0]
    if gap <= 1e-12:
        return None
    wanted = curve.quality[0] + percent / 100 * gap
    for index in range(1, len(curve.share)):
        (x0, y0), (x1, y1) = ((curve.share[at], curve.quality[at]) for at in (index - 1, index))
        if max(y0, y1) >= wanted - 1e-12:
            return x0 if y0 >= wanted else x0 + (x1 - x0) * (wanted - y0) / (y1 - y0)
    return None


def brier(chances: Numbers, right: Numbers, weights: Weights = None) -> float:
    """Give the mean of (p - y)²."""
    errors = (np.asarray(chances, dtype=np.float64) - np.asarray(right, dtype=np.float64)) ** 2
    return float(np.average(errors, weights=_weights(weights, len(errors))))


@dataclass(frozen=True, slots=True)
class Bin:
    """A bar of a reliability diagram: turns whose probability lies together, ``n`` of them, or what they weigh."""

    n: float
    said: float
    was: float


def reliability(chances: Numbers, right: Numbers, bins: int = 10, *, weights: Weights = None) -> list[Bin]:
    """Sort turns into bins of equal width over 0…1, empty ones left out: the mean probability and the share right."""
    chance, held = np.asarray(chances, dtype=np.float64), np.asarray(right, dtype=np.float64)
    which, weight = np.minimum((chance * bins).astype(int), bins - 1), _weights(weights, len(chance))
    found: list[Bin] = []
    for b in range(bins):
        inside = which == b
        if inside.any():
            said, was = (float(np.average(each[inside], weights=weight[inside])) for each in (chance, held))
            found.append(Bin(round(float(weight[inside].sum()), 3), said, was))
    return found


def calibration_error(bins: Sequence[Bin]) -> float:
    """Give ECE: the mean distance of said and was, weighted by the turns of a bin."""
    n = sum(each.n for each in bins)
    return sum(each.n * abs(each.said - each.was) for each in bins) / n if n else 0.0


def clopper_pearson_upper(wrong: int, n: int, level: float = 0.95) -> float:
    """Give the one-sided upper bound of a risk: the share at which so few wrong ones would come up with 1 - level.

    Clopper & Pearson, "The use of confidence or fiducial limits", Biometrika 26 (1934). Found by bisection of the
    binomial tail, exact to 1e-9.
    """
    if n == 0 or wrong >= n:
        return 1.0
    low, high = wrong / n, 1.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(wrong, n, middle) > 1 - level else (low, middle)
    return high


def effective(weights: Numbers) -> float:
    """Give how many equal turns tell as much: (Σw)² / Σw² (Kish, *Survey Sampling*, 1965); 0 for none."""
    weight = np.asarray(weights, dtype=np.float64)
    return float(weight.sum() ** 2 / (weight**2).sum()) if len(weight) else 0.0


def _weights(weights: Weights, n: int) -> NDArray[np.float64]:
    return np.ones(n) if weights is None else np.asarray(weights, dtype=np.float64)


def _at_most(k: int, n: int, p: float) -> float:
    logs = (
        math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) + i * math.log(p) + (n - i) * math.log1p(-p)
        for i in range(k + 1)
    )
    return sum(map(math.exp, logs))
