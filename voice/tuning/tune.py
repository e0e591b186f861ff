"""From recorded outcomes to a policy file and a report: fit on train, choose on dev, look at test once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from voice.bench.turns.outcomes import RecordedOutcome
from voice.bench.turns.yardstick import Yardstick
from voice.cascade.fitted import Fitted, RouterFit
from voice.cascade.policy import Policy, Targets, Weights
from voice.policy_file import PolicyFile
from voice.tuning.assess import as_dict, assess
from voice.tuning.cases import Case, cases_of, fingerprint, part, split, tiers_in
from voice.tuning.caveats import caveats
from voice.tuning.choose import RULES, Chosen, Held, choose, rated
from voice.tuning.goal import DEFAULT_WEIGHTS, Goal, Rating
from voice.tuning.learn import held_out, learn
from voice.tuning.live import live_in
from voice.tuning.play import play, summed
from voice.tuning.reference import reference
from voice.tuning.targets import goal_table, missed


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of a policy; see `voice.tuning.goal.Goal`."""

    weights: Weights = DEFAULT_WEIGHTS
    targets: Targets = field(default_factory=Targets)
    max_escalated: float | None = None
    rules: Sequence[str] = RULES


@dataclass(frozen=True, slots=True)
class Tuned:
    """A policy file, and the report of it.

    Attributes:
        file: What was learned and chosen.
        report: What it reaches, for people.
        rating: What it reaches on ``dev``.
        policy: The profile's, with all that was learned; what files are rated on.
        dev: The turns that chose, each with what was learned without it.
        goal: What was wanted.
    """

    file: PolicyFile
    report: dict[str, Any]
    rating: Rating
    policy: Policy
    dev: Sequence[Held]
    goal: Goal

    def rate(self, file: PolicyFile) -> Rating:
        """Give what the rule, checks and thresholds of another policy file reach on the same turns.

        That file's models have no part in it, only those of ``dev``: they may have learned these very turns.
        """
        return rated(self.dev, with_file(self.policy, file), self.goal).rating


def goal_of(cases: Sequence[Case], wish: Wish) -> Goal:
    """Give the goal, with the dearest and slowest tier's means as the scale of money and seconds."""
    names = list(cases[0].evidence)
    means = [
        (
            sum(case.outcome.tiers[name].cost for case in cases) / len(cases),
            sum(case.outcome.tiers[name].seconds for case in cases) / len(cases),
        )
        for name in names
    ]
    dearest, slowest = max(cost for cost, _ in means), max(seconds for _, seconds in means)
    return Goal(wish.weights, wish.targets, wish.max_escalated, dearest, slowest)


def tune(
    outcomes: Sequence[RecordedOutcome],
    base: Policy,
    wish: Wish,
    yardstick: Yardstick,
    *,
    made_at: str,
    clock: Callable[[], float],
    progress: Callable[[str], None] = lambda step: None,
) -> Tuned:
    """Learn a policy.

    Args:
        outcomes: With ``split`` train, dev and test; turns of calls beside labelled ones, weighed by their verdicts.
        base: The profile's: its tiers, prices, checks and risks.
        wish: What is wanted.
        yardstick: Of the desk that the outcomes were made at.
        made_at: When this is done, for the file.
        clock: Gives seconds, to measure the overhead.
        progress: Told of each step.

    Raises:
        BadData: a split is missing, or outcomes don't belong together.
        MissingExtra: scikit-learn is not there.
    """
    tiers = tiers_in(outcomes, base.tiers)
    cases = cases_of(outcomes, tiers, yardstick, base.risk)
    train, dev, test = (split(cases, name) for name in ("train", "dev", "test"))
    data = fingerprint(cases)
    version = f"{made_at[:10]}-{data[:8]}"
    progress("fit models")
    fitted = learn([*part(cases, "train"), *part(cases, "dev")], tiers, version)
    pairs = held_out(cases, tiers, lambda fold: progress(f"fit models without part {fold + 1} of dev"))
    goal = goal_of([*train, *dev], wish)
    policy = replace(base, tiers=tiers, fitted=fitted)
    policy = replace(policy, rule=replace(policy.rule, weights=wish.weights, targets=wish.targets))
    chosen = choose(pairs, policy, goal, wish.rules, done=lambda rule: progress(f"chose settings of {rule}"))
    progress("report")
    report = _report(chosen, test, goal, clock, version, data, made_at)
    report["live"] = live_in(cases, tiers)
    metrics = {name: _figures(report[name]) for name in ("dev", "test")}
    made = {
        "at": made_at,
        "data": data,
        "models": outcomes[0].version,
        "turns": {"train": len(train), "dev": len(dev), "test": len(test)},
        "live": report["live"],
        "warnings": report["warnings"],
        "goal": goal.as_dict(),
        "targets": {row["target"]: _held_against(row) for row in report["targets"]},
    }
    assert chosen.policy.fitted
    file = PolicyFile(
        version=version,
        made=made,
        metrics=metrics,
        rule=chosen.policy.rule,
        checks=chosen.policy.checks,
        fitted=chosen.policy.fitted,
        reference=reference(cases, chosen.policy),
    )
    return Tuned(file, report, chosen.rating, policy, pairs, goal)


def with_file(base: Policy, file: PolicyFile) -> Policy:
    """Give the policy that a file makes of the profile's."""
    fitted: Fitted = file.fitted
    return replace(base, rule=file.rule, checks=file.checks, fitted=fitted)


def _report(
    chosen: Chosen,
    test: Sequence[Case],
    goal: Goal,
    clock: Callable[[], float],
    version: str,
    data: str,
    made_at: str,
) -> dict[str, Any]:
    policy = chosen.policy
    router = policy.fitted.router if policy.fitted else None
    about = f"Rule {policy.rule.name}"
    for tier, least in policy.rule.thresholds.items():
        about += f", {tier} " + ("never" if least > 1 else f"from {least:g}" if least > 0 else "always")
    about += f"; {routes(router)}. " if router else ". "
    about += f"Made {made_at} from outcomes {data}."
    labelled = [case for case in test if case.outcome.labelled]
    found = assess(test, policy, goal, clock)
    reached = summed([play(case, policy) for case in test])
    table = goal_table(goal.wanted, chosen.reached, reached, found["reached"]["risk_upper"])
    found["missed_targets"] = missed(table, "test")
    if labelled and len(labelled) < len(test):
        found["labelled"] = as_dict(summed([play(case, policy) for case in labelled]))
    return {
        "version": version,
        "about": about,
        "goal": goal.as_dict(),
        "targets": table,
        "warnings": caveats(policy.fitted, goal, chosen.reached) if policy.fitted else [],
        "dev": {
            "reached": as_dict(chosen.reached),
            "utility": round(chosen.rating[1], 4),
            "missed_targets": missed(table, "dev"),
        },
        "test": found,
    }


def routes(router: RouterFit) -> str:
    """Say when the router asks no tier, and when it asks the larger one at once."""
    code, larger = router.code_from, router.larger_gain
    alone = f"rules act alone from a chance of {code:g}" if code <= 1 else "rules never act alone"
    at_once = f"is asked at once from a gain of {larger:g}" if larger <= 1 else "is never asked at once"
    return f"{alone}, the larger tier {at_once}"


def _held_against(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in ("wanted", "dev", "test", "told")}


def _figures(found: dict[str, Any]) -> dict[str, Any]:
    reached = dict(found["reached"])
    more = {"utility": found["utility"]}
    if found.get("deferral"):
        cascade = found["deferral"]["cascade"]
        more |= {name: cascade[name] for name in ("audc", "naudc", "apgr") if cascade[name] is not None}
    return {**reached, **more}
