"""What a policy is chosen for: targets that must hold, then the weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voice.cascade.policy import Targets, Weights
from voice.tuning.play import Played, Sum
from voice.tuning.targets import Wanted, wanted

Rating = tuple[float, float, float]
"""How far targets are missed (each as a share of itself), the utility, and the risk of what is accepted.

The first and the last are negated, so that more is better: targets that are met are 0.
"""

DEFAULT_WEIGHTS = Weights(cost=0.05, quality=0.9, latency=0.05)
"""A wrong booking costs more than a model call: unless told otherwise, quality decides."""


@dataclass(frozen=True, slots=True)
class Goal:
    """Targets and weights, and the scale that makes money and seconds shares.

    Attributes:
        weights: What a turn is worth by.
        targets: What must hold on average.
        max_escalated: The share of turns that may go beyond the smallest tier; None is no limit.
        dearest: Money that a turn of the dearest tier alone takes on average.
        slowest: Seconds that a turn of the slowest tier alone takes on average.
    """

    weights: Weights
    targets: Targets
    max_escalated: float | None
    dearest: float
    slowest: float

    def worth(self, played: Played) -> float:
        """Give U = w_q Q - w_c C - w_l L of a turn, with weights that add up to 1."""
        return self._worth(float(played.exact), played.cost, played.seconds)

    def rate(self, reached: Sum) -> Rating:
        """Give how far targets are missed, what is reached, and how little of it is wrong: more is better."""
        missed = sum(each.excess(reached) for each in self.wanted)
        return -round(missed, 9), self._worth(reached.exact, reached.cost, reached.seconds), -reached.risk

    @property
    def wanted(self) -> list[Wanted]:
        """The targets that there are."""
        return wanted(self.targets, self.max_escalated)

    def as_dict(self) -> dict[str, Any]:
        """Give the goal for files and reports."""
        weights, targets = self.weights, self.targets
        found: Mapping[str, float | None] = {
            "cost": weights.cost,
            "quality": weights.quality,
            "latency": weights.latency,
            "max_cost": targets.max_cost,
            "min_quality": targets.min_quality,
            "max_risk": targets.max_risk,
            "max_seconds": targets.max_seconds,
            "max_escalated": self.max_escalated,
        }
        return {name: value for name, value in found.items() if value is not None}

    def _worth(self, quality: float, cost: float, seconds: float) -> float:
        weights = self.weights
        total = weights.cost + weights.quality + weights.latency
        spent = weights.cost * (cost / self.dearest if self.dearest > 0 else 0.0)
        waited = weights.latency * (seconds / self.slowest if self.slowest > 0 else 0.0)
        return (weights.quality * quality - spent - waited) / total
