"""Before any draft: who should answer this turn?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from voice.cascade.fitted import RouterFit
from voice.cascade.policy import Policy, RouterPolicy
from voice.cascade.routing_features import Facts, routing_features
from voice.cascade.words import Reading


class Route(StrEnum):
    """How a turn is answered.

    Code acts on the reading by rules; ask repeats what was misheard; draft tries the smallest tier and checks it;
    both starts the next tier beside it; larger skips it.
    """

    CODE = "code"
    ASK = "ask"
    DRAFT = "draft"
    BOTH = "both"
    LARGER = "larger"


@dataclass(frozen=True, slots=True)
class Routing:
    """A decision with its reason.

    Attributes:
        route: Who answers.
        complexity: The hand-set score, 0…1.
        reason: Why, for the trace.
        chances: The calibrated probability that the reading (``code``) and each tier will be right; empty where nothing
            was learned.
        version: Of what was learned, empty for the hand-set router.
    """

    route: Route
    complexity: float
    reason: str
    chances: Mapping[str, float] = field(default_factory=dict[str, float])
    version: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Give the decision for the trace."""
        chances = {name: round(value, 4) for name, value in self.chances.items()}
        return {
            "route": self.route,
            "complexity": round(self.complexity, 3),
            "reason": self.reason,
            **({"chances": chances, "router_version": self.version} if chances else {}),
        }


def complexity(reading: Reading, policy: RouterPolicy) -> float:
    """Score how far a turn is from one plain request, 0…1."""
    score = (
        policy.per_extra_leg * max(0, reading.legs - 1)
        + policy.per_extra_request * max(0, reading.requests - 1)
        + policy.correction * reading.corrected
        + policy.per_entity_over_four * max(0, len(reading.entities) - 4)
        + policy.per_word_over_thirty * max(0, len(reading.text.split()) - 30)
    )
    return min(1.0, score)


_NOTHING = Facts()


def route(reading: Reading, policy: Policy, facts: Facts = _NOTHING) -> Routing:
    """Decide before any draft.

    Mishearing comes before everything else but certainty: a larger model can't hear better, so the agent asks for
    exactly the words in doubt.
    """
    score = complexity(reading, policy.router)
    fit = policy.fitted.router if policy.fitted else None
    chances = chances_of(reading, fit, facts) if fit else dict[str, float]()
    version = policy.fitted.version if policy.fitted and fit else ""

    def go(route: Route, reason: str) -> Routing:
        return Routing(route, score, reason, chances, version)

    if reading.certain and reading.actions:
        if reading.asked:
            return go(Route.CODE, "gives just what was asked for")
        if all(action.name in policy.router.code_alone for action in reading.actions):
            return go(Route.CODE, "read with certainty by rules")
    if reading.misheard:
        return go(Route.ASK, f"misheard: {', '.join(reading.misheard)}")
    if fit and chances["code"] >= fit.code_from and _changes_nothing(reading, facts):
        return go(Route.CODE, f"rules are right with {chances['code']:.2f}, at least {fit.code_from:.2f}")
    if len(policy.tiers) == 1:
        return go(Route.DRAFT, "there is one tier")
    if fit:
        smallest, larger = policy.tiers[0].name, policy.tiers[1].name
        if smallest in chances and larger in chances:
            return go(*_by_chances(chances, fit, smallest, larger, facts.last))
    return go(*_by_hand(score, policy.router))


def chances_of(reading: Reading, fit: RouterFit, facts: Facts) -> dict[str, float]:
    """Give the probability that the reading by rules, as ``code``, and each tier will be right."""
    features = routing_features(reading, facts)
    code = fit.code.probability(features) if reading.actions else 0.0
    return {"code": code, **{name: model.probability(features) for name, model in fit.tiers.items()}}


def _changes_nothing(reading: Reading, facts: Facts) -> bool:
    return bool(reading.actions) and all(action.name in facts.read_only for action in reading.actions or ())


def _by_chances(
    chances: Mapping[str, float], fit: RouterFit, smallest: str, larger: str, last: str
) -> tuple[Route, str]:
    """Weigh what the larger tier would do better: hard turns fail in both, and then it is not worth its time."""
    gain = chances[larger] - chances[smallest]
    gain += fit.hysteresis * (last == larger) - fit.hysteresis * (last == smallest)
    reason = f"{larger} is right with {chances[larger]:.2f}, {smallest} with {chances[smallest]:.2f}"
    if gain >= fit.larger_gain:
        return Route.LARGER, reason
    return (Route.BOTH if gain >= fit.both_gain else Route.DRAFT), reason


def _by_hand(score: float, policy: RouterPolicy) -> tuple[Route, str]:
    if score >= policy.straight_to_larger:
        return Route.LARGER, f"complexity {score:.2f} is at least {policy.straight_to_larger:.2f}"
    if score >= policy.both_from:
        return Route.BOTH, f"complexity {score:.2f} is at least {policy.both_from:.2f}"
    return Route.DRAFT, f"complexity {score:.2f} is below {policy.straight_to_larger:.2f}"
