"""Before any draft: who should answer this turn?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from voice.cascade.policy import Policy, RouterPolicy
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
    """A decision with its reason. ``complexity`` is in 0…1."""

    route: Route
    complexity: float
    reason: str


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


def route(reading: Reading, policy: Policy) -> Routing:
    """Decide before any draft.

    Mishearing comes before everything else but certainty: a larger model can't hear better, so the agent asks for
    exactly the words in doubt.
    """
    score = complexity(reading, policy.router)
    if reading.certain and reading.actions:
        if reading.asked:
            return Routing(Route.CODE, score, "gives just what was asked for")
        if all(action.name in policy.router.code_alone for action in reading.actions):
            return Routing(Route.CODE, score, "read with certainty by rules")
    if reading.misheard:
        return Routing(Route.ASK, score, f"misheard: {', '.join(reading.misheard)}")
    if len(policy.tiers) == 1:
        return Routing(Route.DRAFT, score, "there is one tier")
    if score >= policy.router.straight_to_larger:
        return Routing(
            Route.LARGER, score, f"complexity {score:.2f} is at least {policy.router.straight_to_larger:.2f}"
        )
    if score >= policy.router.both_from:
        return Routing(Route.BOTH, score, f"complexity {score:.2f} is at least {policy.router.both_from:.2f}")
    return Routing(Route.DRAFT, score, f"complexity {score:.2f} is below {policy.router.straight_to_larger:.2f}")
