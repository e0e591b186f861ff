"""Plays a policy on recorded outcomes: the router, rules and gates of a call, with drafts that were made before.

What the core does with time and speech is left out: nothing is speculated, abandoned or cut short. Seconds are those of
the tiers one after the other, or of the slower one where both were started and the smaller one's draft was refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate

from voice.cascade.doubts import doubted
from voice.cascade.policy import Policy
from voice.cascade.router import Route, Routing, route
from voice.cascade.rules import Evidence, Judgement, judge, last_resort
from voice.tuning.cases import Case
from voice.tuning.metrics import effective

Judge = Callable[[Evidence], Judgement]


@dataclass(frozen=True, slots=True)
class Played:
    """How a turn ended.

    Attributes:
        by: Who answered: ``code``, a tier, or ``ask``: nobody, the caller was asked to say it again.
        route: Where the router sent it.
        exact: Whether what was done is exactly what the label says.
        escalated: Whether a tier beyond the smallest was asked.
        asked: The tiers that were asked, in order.
        cost: Money for all of them.
        seconds: From the transcript to the action.
        trust: 0…1, how sure the policy was of the smallest answer, for deferral curves.
        weight: What the turn weighs; see `voice.tuning.cases.Case.played_weight`.
        asks: Whether the desk would ask about misheard words instead of carrying it out.
    """

    by: str
    route: Route
    exact: bool
    escalated: bool
    asked: tuple[str, ...]
    cost: float
    seconds: float
    trust: float
    weight: float = 1.0
    asks: bool = False

    @property
    def accepted(self) -> bool:
        """Whether something was done for the caller, rightly or wrongly, instead of asking again."""
        return self.by != "ask" and not self.asks


def play(case: Case, policy: Policy, judged: Judge | None = None, *, routed: Route | None = None) -> Played:
    """Decide a turn.

    Args:
        case: What rules and tiers made of it.
        policy: Decides.
        judged: In place of the policy's rule and gates.
        routed: In place of the router.
    """
    decide: Judge = judged or partial(judge, policy=policy)
    outcome = case.outcome
    routing = Routing(routed, 0.0, "given") if routed else route(case.reading, policy, case.facts)
    smallest, *larger = policy.tiers
    began, weight = outcome.reading.seconds, case.played_weight
    in_doubt = doubted(case.reading, outcome.words, policy.router.heard_confidence)

    def ended(by: str, exact: bool, asked: Sequence[str], seconds: float, trust: float) -> Played:
        cost = sum(outcome.tiers[name].cost for name in asked)
        escalated = any(name != smallest.name for name in asked)
        asks = False
        if outcome.words and by != "ask":
            made = case.evidence[by].draft.actions if by in case.evidence else case.reading.actions or ()
            asks = case.yardstick.asks_instead(made, in_doubt)
        return Played(by, routing.route, exact, escalated, tuple(asked), cost, began + seconds, trust, weight, asks)

    if routing.route is Route.CODE:
        return ended("code", outcome.reading.exact, (), 0.0, routing.chances.get("code", 1.0))
    if routing.route is Route.ASK:
        return ended("code", _asks_rightly(case), (), 0.0, 1.0)
    spent, seconds, trust = list[str](), 0.0, 0.0
    order = [smallest, *larger[:1]]
    if routing.route is Route.LARGER and larger:
        order = order[1:]
    if routing.route is Route.BOTH and larger:
        spent.append(larger[0].name)
    for tier in order:
        evidence, made = case.evidence[tier.name], outcome.tiers[tier.name]
        exact = case.right(tier.name)
        if tier is not smallest and smallest.name not in spent and routing.route is not Route.BOTH:
            evidence, exact = case.alone(tier.name), made.exact
        if tier.name not in spent:
            spent.append(tier.name)
        took = made.seconds + made.examine_seconds
        seconds = max(seconds, took) if routing.route is Route.BOTH else seconds + took
        judgement = decide(evidence) if not made.error and made.actions else None
        if tier is smallest:
            trust = judgement.score if judgement else 0.0
        if judgement and (judgement.verdict == "accept" or last_resort(evidence, policy)):
            return ended(tier.name, exact, spent, seconds, trust)
        if judgement and judgement.verdict == "ask":
            break
    return ended("ask", _again_is_right(case), spent, seconds, trust)


def _asks_rightly(case: Case) -> bool:
    """Misheard words: the desk asks about them in a request that is read so far, else about the turn."""
    actions = case.reading.actions or ()
    if actions and all(action.name in case.facts.read_only for action in actions):
        return case.outcome.reading.exact
    return _again_is_right(case)


def _again_is_right(case: Case) -> bool:
    """To have the caller say it again is right only where the label says so."""
    return case.yardstick.is_exact(case.outcome.expect, [{"action": "clarify", "missing": "request"}])


@dataclass(frozen=True, slots=True)
class Sum:
    """What a policy reached on many turns. Shares are 0…1, seconds from the transcript to the action.

    Each turn counts as much as it weighs. Attributes:
        n: How many turns.
        wrong: Turns on which something else was done than what was asked for, by weight.
        accepted: Turns on which something was done, by weight.
        effective: How many turns of equal weight tell as much as the accepted ones; None if they are of equal weight.
    """

    n: int
    exact: float
    escalated: float
    accepted: float
    wrong: float
    cost: float
    seconds: float
    seconds_p95: float
    effective: float | None = None

    @property
    def risk(self) -> float:
        """The share of wrong ones among the accepted."""
        return self.wrong / self.accepted if self.accepted else 0.0


def summed(played: Sequence[Played]) -> Sum:
    """Sum up.

    Raises:
        ValueError: there are no turns.
    """
    n, total = len(played), sum(each.weight for each in played)
    if not total:
        raise ValueError("no turns were played")
    accepted = [each for each in played if each.accepted]
    weights = [each.weight for each in accepted]

    def mean(of: Callable[[Played], float]) -> float:
        return sum(each.weight * of(each) for each in played) / total

    return Sum(
        n=n,
        exact=mean(lambda each: each.exact),
        escalated=mean(lambda each: each.escalated),
        accepted=_plain(sum(weights)),
        wrong=_plain(sum(each.weight for each in accepted if not each.exact)),
        cost=mean(lambda each: each.cost),
        seconds=mean(lambda each: each.seconds),
        seconds_p95=_at_share([(each.seconds, each.weight) for each in played], 0.95),
        effective=round(effective(weights), 2) if len(set(weights)) > 1 else None,
    )


def _plain(value: float) -> float:
    """A number of turns, whole where it is."""
    return int(value) if value == int(value) else round(value, 3)


def _at_share(weighted: Sequence[tuple[float, float]], share: float) -> float:
    """The least value that this share of the weight does not exceed."""
    ordered, least = sorted(weighted), share * sum(weight for _, weight in weighted) - 1e-9
    upto = accumulate(weight for _, weight in ordered)
    return next(value for (value, _), reached in zip(ordered, upto, strict=True) if reached >= least)
