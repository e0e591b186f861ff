"""What was learned from recorded outcomes, as plain numbers, and the mathematics that runs it. It needs no library."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic model of named numbers, calibrated.

    Platt scaling (Platt 1999) is a slope and an offset on the logit and is therefore already in the numbers;
    an isotonic map (Zadrozny & Elkan 2002) is kept as points between which it is linear.

    Attributes:
        intercept: Of the logit.
        weights: By feature. One that is absent counts 0.
        points: Pairs of a raw probability and what it really means, ascending; empty where nothing is to be mapped.
    """

    intercept: float
    weights: Mapping[str, float] = field(default_factory=dict[str, float])
    points: tuple[tuple[float, float], ...] = ()

    def probability(self, features: Mapping[str, float]) -> float:
        """Give the calibrated probability, 0…1."""
        logit = self.intercept + sum(weight * features.get(name, 0.0) for name, weight in self.weights.items())
        return mapped(sigmoid(logit), self.points)


@dataclass(frozen=True, slots=True)
class TierFit:
    """What was measured and learned of a tier.

    Attributes:
        success: The share of turns that it gets right, 0…1.
        price: Money for a turn, on average.
        seconds: Time to a whole draft, on average.
        right: The probability that a draft of it is right, from all evidence (`voice.cascade.rules.features`).
        above: The probability that the next larger tier would be right, from the same; None at the top.
        scorer: The probability that a draft is right from its checks and mean log-probability alone; rule ``frugal``.
    """

    success: float
    price: float
    seconds: float
    right: Logistic
    scorer: Logistic
    above: Logistic | None = None


@dataclass(frozen=True, slots=True)
class RouterFit:
    """Models of what will be right, from what is known before any draft (`voice.cascade.routing_features`).

    Attributes:
        code: The probability that the reading by rules is right.
        tiers: The probability that a tier's draft will be, by tier.
        code_from: From this probability on a reading of read-only actions is acted on alone.
        larger_gain: The next larger tier is asked at once if it is more likely right by at least this.
        both_gain: The two tiers start together from this gain on.
        hysteresis: How far the last turn's tier shifts the gains its own way, so that the tiers don't flap.
    """

    code: Logistic
    tiers: Mapping[str, Logistic]
    code_from: float = 1.01
    larger_gain: float = 1.01
    both_gain: float = 1.01
    hysteresis: float = 0.05


@dataclass(frozen=True, slots=True)
class Fitted:
    """All that was learned. ``version`` names it in traces."""

    version: str
    tiers: Mapping[str, TierFit] = field(default_factory=dict[str, TierFit])
    router: RouterFit | None = None


def sigmoid(logit: float) -> float:
    """Give 1 / (1 + e^-logit), without overflow."""
    if logit >= 0:
        return 1 / (1 + math.exp(-logit))
    grown = math.exp(logit)
    return grown / (1 + grown)


def mapped(value: float, points: tuple[tuple[float, float], ...]) -> float:
    """Read a piecewise linear map, constant outside of its points; the value itself if there are none."""
    if not points:
        return value
    index = bisect_right(points, value, key=lambda point: point[0])
    if index == 0:
        return points[0][1]
    if index == len(points):
        return points[-1][1]
    (x0, y0), (x1, y1) = points[index - 1], points[index]
    return y0 + (y1 - y0) * (value - x0) / (x1 - x0)
