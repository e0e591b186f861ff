"""What a policy reaches on turns that it has not seen: every figure of a report, as JSON values."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from voice.cascade.policy import Policy
from voice.cascade.router import Route, route
from voice.cascade.rules import judge, rule_named
from voice.tuning import metrics
from voice.tuning.cases import Case
from voice.tuning.goal import Goal
from voice.tuning.play import Played, Sum, play, summed

Clock = Callable[[], float]
"""Gives seconds."""


def assess(cases: Sequence[Case], policy: Policy, goal: Goal, clock: Clock) -> dict[str, Any]:
    """Report on a policy.

    Args:
        cases: The turns.
        policy: Decides about them.
        goal: Gives the utility that regret is counted in.
        clock: Measures the policy's own overhead.
    """
    played = [play(case, policy) for case in cases]
    reached = summed(played)
    return {
        "n": len(cases),
        "reached": as_dict(reached),
        "by": _by(played),
        "deferral": deferral(cases, policy, played),
        "router": confusion(cases, policy, played),
        "calibration": calibration(cases, policy),
        "risk": risk(reached),
        "regret": regret(cases, policy, played, goal),
        "utility": round(goal.rate(reached)[1], 4),
        "overhead_ms": overhead(cases, policy, clock),
    }


def as_dict(reached: Sum) -> dict[str, Any]:
    """Give sums with the risk of what was accepted and its bound."""
    known = {key: value for key, value in asdict(reached).items() if value is not None}
    rounded = {key: round(value, 7) if isinstance(value, float) else value for key, value in known.items()}
    return {**rounded, **risk(reached)}


def risk(reached: Sum) -> dict[str, float]:
    """Give the share of wrong ones among the accepted, and the bound that it stays under with 95%.

    Turns of unequal weight are taken for as many equal ones as tell as much.
    """
    n = int(reached.accepted if reached.effective is None else reached.effective)
    upper = metrics.clopper_pearson_upper(math.ceil(reached.risk * n - 1e-9), n)
    return {"risk": round(reached.risk, 4), "risk_upper": round(upper, 4)}


def _by(played: Sequence[Played]) -> dict[str, dict[str, Any]]:
    return {
        by: {
            "n": sum(each.by == by for each in played),
            "exact": sum(each.exact for each in played if each.by == by),
        }
        for by in sorted({each.by for each in played})
    }


def deferral(cases: Sequence[Case], policy: Policy, played: Sequence[Played]) -> dict[str, Any]:
    """Draw the curve of the whole policy: its smallest answer (the rules' where code may act), against the next tier.

    ``drafts`` is the same of the smallest tier's drafts alone, which compares with rules of other systems.
    """
    if len(policy.tiers) < 2:
        return {}
    small, large = policy.tiers[0].name, policy.tiers[1].name
    strong = [float(case.right(large)) for case in cases]
    weak = [
        float(case.outcome.reading.exact if each.route in (Route.CODE, Route.ASK) else case.right(small))
        for case, each in zip(cases, played, strict=True)
    ]
    drafts = [float(case.right(small)) for case in cases]
    weights = [case.played_weight for case in cases]
    rule = rule_named(policy.rule, policy.checks, policy.fitted)
    scores = [rule.judge(case.evidence[small]).score for case in cases]
    return {
        "cascade": curve_figures([each.trust for each in played], weak, strong, weights),
        "drafts": curve_figures(scores, drafts, strong, weights),
    }


def curve_figures(
    scores: Sequence[float], weak: Sequence[float], strong: Sequence[float], weights: Sequence[float] | None = None
) -> dict[str, Any]:
    """Give a deferral curve and what is read off it."""
    curve = metrics.deferral_curve(scores, weak, strong, weights)
    oracle = metrics.oracle_curve(weak, strong, weights)
    return {
        "curve": [list(curve.share), list(curve.quality)],
        "oracle": [list(oracle.share), list(oracle.quality)],
        "audc": _short(curve.area),
        "audc_random": _short(metrics.random_area(weak, strong, weights)),
        "audc_oracle": _short(oracle.area),
        "naudc": _short(metrics.normalised_area(curve, weak, strong, weights)),
        "apgr": _short(metrics.average_recovered(curve)),
        "cpt50": _short(metrics.call_performance(curve, 50)),
        "cpt80": _short(metrics.call_performance(curve, 80)),
    }


def confusion(cases: Sequence[Case], policy: Policy, played: Sequence[Played]) -> dict[str, dict[str, int]]:
    """Count, by the router's exit, who would have been the cheapest to be right (``nobody`` if none)."""
    found: dict[str, dict[str, int]] = {}
    for case, each in zip(cases, played, strict=True):
        row = found.setdefault(
            str(each.route), {name: 0 for name in ("code", *(t.name for t in policy.tiers), "nobody")}
        )
        row[_cheapest(case, policy)] += 1
    return found


def _cheapest(case: Case, policy: Policy) -> str:
    if case.outcome.reading.exact:
        return "code"
    return next((tier.name for tier in policy.tiers if case.right(tier.name)), "nobody")


def calibration(cases: Sequence[Case], policy: Policy) -> dict[str, Any]:
    """Compare probabilities with what came true: of the router's chances, and of learned judgements of drafts."""
    found: dict[str, Any] = {}
    fitted = policy.fitted
    if fitted and fitted.router:
        routings = [route(case.reading, policy, case.facts) for case in cases]
        read = [(each, case) for each, case in zip(routings, cases, strict=True) if case.reading.actions]
        found["router: code"] = _reliable(
            [each.chances["code"] for each, _ in read],
            [case.outcome.reading.exact for _, case in read],
            [case.read_weight for _, case in read],
        )
        for tier in policy.tiers:
            if tier.name in fitted.router.tiers:
                found[f"router: {tier.name}"] = _reliable(
                    [each.chances[tier.name] for each in routings],
                    [case.right(tier.name) for case in cases],
                    [case.weight(tier.name) for case in cases],
                )
    if fitted:
        from voice.cascade.rules.features import features

        for tier in policy.tiers:
            drafted = [case for case in cases if case.evidence[tier.name].draft.actions]
            if fit := fitted.tiers.get(tier.name):
                chances = [fit.right.probability(features(case.evidence[tier.name])) for case in drafted]
                right, sure = [case.right(tier.name) for case in drafted], [case.weight(tier.name) for case in drafted]
                found[f"draft: {tier.name}"] = _reliable(chances, right, sure)
    return found


def _reliable(chances: Sequence[float], right: Sequence[bool], sure: Sequence[float]) -> dict[str, Any]:
    if not chances:
        return {}
    bins = metrics.reliability(chances, list(map(float, right)), weights=sure)
    return {
        "n": len(chances),
        "brier": _short(metrics.brier(chances, list(map(float, right)), sure)),
        "ece": _short(metrics.calibration_error(bins)),
        "bins": [[each.n, round(each.said, 4), round(each.was, 4)] for each in bins],
    }


def regret(cases: Sequence[Case], policy: Policy, played: Sequence[Played], goal: Goal) -> dict[str, float]:
    """Give E[U(oracle) - U(policy)], and how much of it is false accepts and needless escalations.

    The oracle takes the reading by rules or one tier alone, whichever is worth most. A *false accept* did something
    wrong where that would have been right; a *needless escalation* was right at the end but asked more than it had to.
    """
    parts = {"false_accepts": 0.0, "needless_escalations": 0.0, "other": 0.0}
    for case, each in zip(cases, played, strict=True):
        lost = max(goal.worth(option) for option in _options(case, policy)) - goal.worth(each)
        kind = "other"
        if each.accepted and not each.exact:
            kind = "false_accepts"
        elif each.exact and each.escalated:
            kind = "needless_escalations"
        parts[kind] += lost * each.weight
    total = sum(each.weight for each in played)
    shares = {name: round(value / total, 5) for name, value in parts.items()}
    return {"total": round(sum(parts.values()) / total, 5), **shares}


def _options(case: Case, policy: Policy) -> list[Played]:
    outcome = case.outcome
    read = outcome.reading
    options = [Played("code", Route.CODE, read.exact, False, (), 0.0, read.seconds, 1.0)]
    for tier in policy.tiers:
        made = outcome.tiers[tier.name]
        seconds = read.seconds + made.seconds
        escalated = tier is not policy.tiers[0]
        options.append(Played(tier.name, Route.DRAFT, made.exact, escalated, (tier.name,), made.cost, seconds, 1.0))
    return options


def overhead(cases: Sequence[Case], policy: Policy, clock: Clock) -> dict[str, float]:
    """Measure what deciding takes, in milliseconds a turn on average: reading, router, rule, desk's checks."""
    small = policy.tiers[0].name
    began = clock()
    for case in cases:
        route(case.reading, policy, case.facts)
    routed = clock()
    for case in cases:
        judge(case.evidence[small], policy)
    judged = clock()
    n = len(cases)
    return {
        "reading": round(1000 * sum(case.outcome.reading.seconds for case in cases) / n, 4),
        "router": round(1000 * (routed - began) / n, 4),
        "rule": round(1000 * (judged - routed) / n, 4),
        "checks": round(1000 * sum(case.outcome.tiers[small].examine_seconds for case in cases) / n, 4),
    }


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
