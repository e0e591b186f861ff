"""The field: every rule, the ends and the bounds, on the same recorded drafts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from voice.bench.numbers.proportions import wilson
from voice.cascade.policy import Policy
from voice.cascade.router import Route
from voice.cascade.rules import NAMES, Evidence, Judgement, rule_named
from voice.tuning import elsewhere
from voice.tuning.assess import as_dict, curve_figures, deferral
from voice.tuning.cases import Case
from voice.tuning.choose import Held
from voice.tuning.metrics import effective
from voice.tuning.play import Judge, Played, play, summed

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Row:
    """One way to decide, and what it reached.

    Attributes:
        name: What decides.
        group: ``bounds``, ``rules`` (drafts of the smallest tier for every turn, the next tier for those refused) or
            ``cascades`` (router and rule together).
        figures: See `voice.tuning.assess.as_dict`, with ``exact_ci95``, and ``naudc`` where there is a score.
    """

    name: str
    group: str
    figures: dict[str, Any]


def field(
    test: Sequence[Case],
    dev: Sequence[Held],
    policy: Policy,
    max_escalated: float,
    cascades: dict[str, Policy],
    say: Say = lambda text: None,
) -> list[Row]:
    """Compare.

    Rules get a draft of the smallest tier for every turn, and the next tier's draft where they refuse it. The least
    score that each accepts is the one that reaches most on ``dev`` with at most so many escalated; ``static`` and
    cascadeflow keep the thresholds that they come with.

    Args:
        test: What is reported.
        dev: What chooses thresholds, each turn with what was learned without it.
        policy: With tiers, checks and, for learned rules, what was learned.
        max_escalated: 0…1.
        cascades: Whole policies by name, for the last rows.
        say: Told what is left out, and why.
    """
    rows = [*_bounds(test, policy, max_escalated)]
    for name, judged in _judges(dev, policy, max_escalated, say):
        rows.append(_row(name, "rules", test, policy, judged))
    for name, each in cascades.items():
        played = [play(case, each) for case in test]
        naudc = deferral(test, each, played).get("cascade", {}).get("naudc")
        rows.append(Row(name, "cascades", {**_figures(played), "naudc": naudc}))
    return rows


def _bounds(test: Sequence[Case], policy: Policy, share: float) -> list[Row]:
    tiers = [tier.name for tier in policy.tiers]
    rows = [Row("rules' reading alone", "bounds", {**_figures([_read(case) for case in test]), "naudc": None})]
    for name in tiers:
        rows.append(Row(f"single: {name}", "bounds", {**_figures([_alone(case, name, tiers) for case in test])}))
    if len(tiers) > 1:
        small, large = ([_alone(case, name, tiers) for case in test] for name in tiers[:2])
        rows.append(Row(f"random, {share:.0%}", "bounds", {**_mixed(small, large, share), "naudc": 0.0}))
        best = [_best(case, tiers) for case in test]
        rows.append(Row("oracle", "bounds", {**_figures(best), "naudc": 1.0}))
    return rows


def _judges(dev: Sequence[Held], policy: Policy, share: float, say: Say) -> list[tuple[str, Judge]]:
    found: list[tuple[str, Judge]] = []
    for name in NAMES:
        if name == "single":
            continue
        try:
            rule = rule_named(replace(policy.rule, name=name, thresholds={}), policy.checks, policy.fitted)
        except ValueError as error:
            say(str(error))
            continue
        judged: Judge = rule.judge
        if name != "static":
            judged = _settled(judged, _scores(name, dev, policy), [case for case, _ in dev], policy, share)
        found.append((name, judged))
    if not elsewhere.available():
        say(elsewhere.SKIPPED)
        return found
    actions = [action for case, _ in dev for one in case.evidence.values() for action in one.draft.actions]
    tools = {
        name: tuple(sorted({key for a in actions if a.name == name for key in a.args})) for name in _names(actions)
    }
    return [*found, ("cascadeflow 1.2, tools", elsewhere.ToolCalls(tools)), ("cascadeflow 1.2, text", elsewhere.Text())]


def _names(actions: Sequence[Any]) -> list[str]:
    return sorted({action.name for action in actions})


def _scores(name: str, dev: Sequence[Held], policy: Policy) -> list[float]:
    """Score the small tier's drafts, learned rules by what was learned without the turn where there is such."""
    small = policy.tiers[0].name
    settings = replace(policy.rule, name=name, thresholds={})
    return [
        rule_named(settings, policy.checks, fitted or policy.fitted).judge(case.evidence[small]).score
        for case, fitted in dev
    ]


def _settled(judged: Judge, scores: Sequence[float], dev: Sequence[Case], policy: Policy, share: float) -> Judge:
    """Give the rule with the least score that reaches most on dev."""
    small = policy.tiers[0].name
    best, least = (-1.0, 0.0), 0.0
    for cut in [0.0, *sorted(set(scores)), 1.01]:
        deferred = [score < cut for score in scores]
        if sum(deferred) > share * len(dev):
            break
        exact = [case.right(_next(policy) if left else small) for case, left in zip(dev, deferred, strict=True)]
        reached = (sum(exact) / len(dev), -sum(deferred))
        if reached > best:
            best, least = reached, cut

    def settled(evidence: Evidence) -> Judgement:
        judgement = judged(evidence)
        return replace(judgement, verdict="accept" if judgement.score >= least else "escalate")

    return settled


def _next(policy: Policy) -> str:
    return policy.tiers[min(1, len(policy.tiers) - 1)].name


def _row(name: str, group: str, test: Sequence[Case], policy: Policy, judged: Judge) -> Row:
    small, large = policy.tiers[0].name, _next(policy)

    def decide(evidence: Evidence) -> Judgement:
        judgement = judged(evidence)
        return judgement if evidence.tier.name == small else replace(judgement, verdict="accept")

    played = [play(case, policy, decide, routed=Route.DRAFT) for case in test]
    scores = [judged(case.evidence[small]).score for case in test]
    weak, strong = ([float(case.right(tier)) for case in test] for tier in (small, large))
    weights = [case.played_weight for case in test]
    return Row(name, group, {**_figures(played), "naudc": curve_figures(scores, weak, strong, weights)["naudc"]})


def _figures(played: Sequence[Played]) -> dict[str, Any]:
    reached = summed(played)
    n = round(effective([each.weight for each in played]), 2)
    low, high = wilson(reached.exact * n, n)
    return {**as_dict(reached), "exact_ci95": [round(low, 4), round(high, 4)], "naudc": None}


def _read(case: Case) -> Played:
    read = case.outcome.reading
    return Played(
        "code" if read.actions else "ask", Route.CODE, read.exact, False, (), 0.0, read.seconds, 1.0, case.played_weight
    )


def _alone(case: Case, tier: str, tiers: Sequence[str]) -> Played:
    made = case.outcome.tiers[tier]
    by = tier if made.actions else "ask"
    seconds = case.outcome.reading.seconds + made.seconds
    escalated, weight = tier != tiers[0], case.played_weight
    return Played(by, Route.DRAFT, made.exact, escalated, (tier,), made.cost, seconds, 1.0, weight)


def _best(case: Case, tiers: Sequence[str]) -> Played:
    """The smallest tier if it is right, else the next one if that is; both are paid where the first was not enough."""
    small, large = tiers[0], tiers[1]
    if case.right(small) or not case.right(large):
        return _alone(case, small, tiers)
    first, second = _alone(case, small, tiers), _alone(case, large, tiers)
    return replace(second, cost=first.cost + second.cost, seconds=first.seconds + second.seconds, asked=(small, large))


def _mixed(small: Sequence[Played], large: Sequence[Played], share: float) -> dict[str, Any]:
    """What deferring this share by chance gives on average."""
    low, high = _figures(small), _figures(large)
    kept = 1 - share
    mixed = {key: round(kept * low[key] + share * high[key], 6) for key in ("exact", "risk")}
    total = [a.seconds + b.seconds for a, b in zip(small, large, strict=True)]
    weighted = sorted([(one.seconds, kept) for one in small] + [(seconds, share) for seconds in total])
    upto, p95 = 0.0, 0.0
    for seconds, weight in weighted:
        upto += weight
        p95 = seconds
        if upto >= 0.95 * len(small):
            break
    return {
        "n": len(small),
        **mixed,
        "escalated": share,
        "accepted": None,
        "wrong": None,
        "risk_upper": None,
        "cost": round(low["cost"] + share * high["cost"], 7),
        "seconds": round(low["seconds"] + share * high["seconds"], 4),
        "seconds_p95": round(p95, 4),
        "exact_ci95": None,
    }
