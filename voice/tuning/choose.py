"""Chooses a rule and its thresholds on the turns that nothing was fitted on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from voice.cascade.fitted import Fitted, RouterFit
from voice.cascade.policy import Policy, RulePolicy
from voice.cascade.rules import NAMES, rule_named
from voice.tuning.cases import Case
from voice.tuning.goal import Goal, Rating
from voice.tuning.play import Sum, play, summed

RULES = tuple(name for name in NAMES if name != "single")
"""What is tried. To use one tier alone is what a router that sends every turn there does."""

Change = Callable[[Policy], Policy]

_BEGINS = (1.01, 0.9, 0.7)
_CHANCES = (1.01, 0.99, 0.98, 0.97, 0.95, 0.925, 0.9, 0.85, 0.8, 0.75, 0.7, 0.6, 0.5)
"""From which chance on rules act alone; above 1 is never."""

_CUTS = 12
"""Thresholds that are tried for a tier, besides accepting all and none."""

_GAINS = (1.01, 0.05, 0.1, 0.2, 0.3, 0.4)
"""How much likelier right the larger tier must be to be asked at once; above 1 is never."""


Held = tuple[Case, Fitted | None]
"""A turn that chooses, with what was learned without it."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A policy with what it reaches on the turns that chose it."""

    policy: Policy
    reached: Sum
    rating: Rating


def choose(
    dev: Sequence[Held],
    policy: Policy,
    goal: Goal,
    rules: Sequence[str] = RULES,
    done: Callable[[str], None] = lambda rule: None,
) -> Chosen:
    """Find the best rule with its best settings.

    Args:
        dev: The turns that choose.
        policy: With what was learned from all turns; its thresholds are what is chosen.
        goal: What is wanted.
        rules: Names of the rules to try.
        done: Told of every rule that was tried.
    """
    best: Chosen | None = None
    for name in rules:
        found = settle(dev, replace(policy, rule=replace(policy.rule, name=name, thresholds={})), goal)
        done(name)
        if best is None or found.rating > best.rating:
            best = found
    assert best
    return best


def settle(dev: Sequence[Held], policy: Policy, goal: Goal, *, rounds: int = 2) -> Chosen:
    """Find the best settings of a policy's rule and router.

    They are set one after the other as long as it gets better, from several beginnings: with rules that never act
    alone, and with rules that do so as soon as they are rather sure.
    """
    begins = [_router(code_from=value)(policy) for value in _BEGINS] if policy.fitted else [policy]
    return max((_climb(dev, begin, goal, rounds) for begin in begins), key=lambda chosen: chosen.rating)


def _climb(dev: Sequence[Held], policy: Policy, goal: Goal, rounds: int) -> Chosen:
    best = rated(dev, policy, goal)
    for _ in range(rounds):
        before = best.rating
        for variants in _variants(dev, policy):
            tried = [rated(dev, change(best.policy), goal) for change in variants]
            best = max([best, *tried], key=lambda chosen: chosen.rating)
        if best.rating <= before:
            break
    return best


def _variants(dev: Sequence[Held], policy: Policy) -> Iterator[Sequence[Change]]:
    """Give what may be set, one list of changes a setting."""
    router = policy.fitted.router if policy.fitted else None
    if policy.rule.name not in ("static", "single", "utility"):
        for tier in policy.tiers[:-1]:
            yield [_threshold(tier.name, value) for value in _cuts(dev, policy, tier.name)]
        top = policy.tiers[-1].name
        yield [_last_resort(top), *(_threshold(top, value) for value in _cuts(dev, policy, top))]
    yield [_checks(True), _checks(False)]
    yield [_support(value) for value in (0.0, 1.0)]
    if router:
        yield [_router(code_from=value) for value in _CHANCES]
    if router and len(policy.tiers) > 1:
        yield [_router(larger_gain=value) for value in _GAINS]


def without(policy: Policy, fitted: Fitted | None) -> Policy:
    """Give the policy with its own thresholds and what was learned without a turn."""
    if fitted is None or policy.fitted is None:
        return policy
    router = policy.fitted.router
    if router and fitted.router:
        router = replace(router, code=fitted.router.code, tiers=fitted.router.tiers)
    return replace(policy, fitted=replace(fitted, router=router))


def rated(dev: Sequence[Held], policy: Policy, goal: Goal) -> Chosen:
    """Give a policy with what it reaches, every turn played with what was learned without it."""
    reached = summed([play(case, without(policy, fitted)) for case, fitted in dev])
    return Chosen(policy, reached, goal.rate(reached))


def _cuts(dev: Sequence[Held], policy: Policy, tier: str) -> list[float]:
    """Give thresholds between the scores that occur, at even shares of the turns."""
    scores = sorted(
        {
            rule_named(policy.rule, policy.checks, fitted or policy.fitted).judge(case.evidence[tier]).score
            for case, fitted in dev
            if case.evidence[tier].draft.actions
        }
    )
    if not scores:
        return [0.5]
    picked = {scores[min(len(scores) - 1, step * len(scores) // _CUTS)] for step in range(_CUTS)}
    return [0.0, *(round(value - 1e-6, 6) for value in sorted(picked) if value > 1e-5), 1.01]


def _router(**changes: float) -> Change:
    def change(policy: Policy) -> Policy:
        assert policy.fitted
        assert policy.fitted.router
        router: RouterFit = replace(policy.fitted.router, **changes)
        return replace(policy, fitted=replace(policy.fitted, router=router))

    return change


def _threshold(tier: str, value: float) -> Change:
    def change(policy: Policy) -> Policy:
        rule: RulePolicy = replace(policy.rule, thresholds={**policy.rule.thresholds, tier: value})
        return replace(policy, rule=rule)

    return change


def _last_resort(tier: str) -> Change:
    def change(policy: Policy) -> Policy:
        kept = {name: value for name, value in policy.rule.thresholds.items() if name != tier}
        return replace(policy, rule=replace(policy.rule, thresholds=kept))

    return change


def _checks(hold: bool) -> Change:
    return lambda policy: replace(policy, rule=replace(policy.rule, with_checks=hold))


def _support(least: float) -> Change:
    return lambda policy: replace(policy, checks=replace(policy.checks, support=least))
