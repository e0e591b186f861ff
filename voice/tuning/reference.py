"""What a policy decides by, as numbers: of the turns that it was made from, and of later ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from voice.cascade.fitted import Logistic
from voice.cascade.policy import Policy
from voice.cascade.router import Route, route
from voice.cascade.routing_features import Facts, routing_features
from voice.cascade.rules import Evidence, rule_named
from voice.cascade.rules.features import features, reading_features
from voice.cascade.words import Reading
from voice.policy_file import Rate, Reference
from voice.tuning.cases import Case
from voice.tuning.metrics import effective
from voice.tuning.play import Played, play
from voice.tuning.psi import histogram

LEAST_LIVE = 100
"""Fewer turns of calls say less about calls than labelled turns do."""

_LEAST_VALUES = 20
"""Of fewer values no distribution is kept: hardly any shift from them could be told from chance."""

_CHECKED = frozenset({"completeness", "correctness", "mean_logprob"})
"""What rules look at that are not learned."""


def observe(reading: Reading, drafts: Iterable[Evidence], policy: Policy, facts: Facts) -> dict[str, float]:
    """Give what this policy's router and rule would decide by, by the names of `voice.policy_file.Reference`.

    Args:
        reading: By rules.
        drafts: Of the tiers that were asked.
        policy: Decides. What its models say is left out where they learned nothing and say the same of every turn.
        facts: What is known of every turn; what is known of a call besides is left out, since written turns have none
            of it.
    """
    fit = policy.fitted.router if policy.fitted else None
    routing = route(reading, policy, facts)
    constant = _constant_chances(policy)
    found = {
        f"chance: {name}": chance
        for name, chance in routing.chances.items()
        if name not in constant and (name != "code" or reading.actions)
    }
    used = _used([fit.code, *fit.tiers.values()]) if fit else set[str]()
    before = routing_features(reading, facts)
    found |= {f"turn: {name}": before.get(name, 0.0) for name in used}
    rule = rule_named(policy.rule, policy.checks, policy.fitted)
    for evidence in drafts:
        tier, numbers = evidence.tier.name, features(evidence)
        if not _constant_score(policy, tier):
            found[f"score: {tier}"] = rule.judge(evidence).score
        wanted = _of_drafts(policy, tier) - set(reading_features(reading))
        found |= {f"{tier}: {name}": numbers.get(name, 0.0) for name in wanted}
    return found


def reference(cases: Sequence[Case], policy: Policy) -> Reference:
    """Keep what turns were like: those of calls if they are `LEAST_LIVE`, labelled ones otherwise."""
    live = [case for case in cases if case.outcome.call]
    chosen = live if len(live) >= LEAST_LIVE else [case for case in cases if not case.outcome.call] or live
    names = [tier.name for tier in policy.tiers]
    whole = [(case, play(case, policy)) for case in chosen if case.whole(names)]
    asked = {case.outcome.id: played.asked for case, played in whole}
    values: dict[str, list[float]] = {}
    for case in chosen:
        tiers = asked.get(case.outcome.id, tuple(case.evidence))
        drafts = [case.evidence[name] for name in tiers if case.evidence[name].draft.actions]
        for name, value in observe(case.reading, drafts, policy, case.facts).items():
            values.setdefault(name, []).append(value)
    return Reference(
        of="calls" if chosen and chosen[0].outcome.call else "labelled turns",
        turns=len(chosen),
        routes=dict(Counter(str(route(case.reading, policy, case.facts).route) for case in chosen)),
        rates=_rates(whole, names) | _repaired(chosen),
        values={name: histogram(values[name]) for name in sorted(values) if len(values[name]) >= _LEAST_VALUES},
    )


def _rates(whole: Sequence[tuple[Case, Played]], tiers: Sequence[str]) -> dict[str, Rate]:
    found = {
        "escalated": [(played.escalated, case.outcome.stands_for) for case, played in whole],
        "asked back": [
            (played.by == "ask" or played.route is Route.ASK, case.outcome.stands_for) for case, played in whole
        ],
    }
    if len(tiers) > 1:
        found["disagreed"] = [
            (not case.same(tiers[1], tiers[0]), 1.0) for case, played in whole if played.by == tiers[0]
        ]
    return {name: _rate(flags) for name, flags in found.items() if flags}


def _repaired(cases: Sequence[Case]) -> dict[str, Rate]:
    flags = [(case.outcome.repaired, 1.0) for case in cases if case.outcome.repaired is not None]
    return {"repaired": _rate(flags)} if flags else {}


def _rate(flags: Sequence[tuple[bool, float]]) -> Rate:
    weights = [weight for _, weight in flags]
    share = sum(weight for held, weight in flags if held) / sum(weights)
    return Rate(share=round(share, 4), n=round(effective(weights), 2))


def _constant_chances(policy: Policy) -> set[str]:
    fit = policy.fitted.router if policy.fitted else None
    models = {"code": fit.code, **fit.tiers} if fit else {}
    return {name for name, model in models.items() if not model.weights}


def _constant_score(policy: Policy, tier: str) -> bool:
    models = _models(policy, tier)
    return bool(models) and not _used(models)


def _models(policy: Policy, tier: str) -> list[Logistic]:
    """Give the models that the rule judges a tier's drafts by; none of a rule that is not learned."""
    fit = policy.fitted.tiers.get(tier) if policy.fitted else None
    if fit is None or policy.rule.name not in ("learned", "utility", "frugal"):
        return []
    return [fit.scorer] if policy.rule.name == "frugal" else [fit.right, *([fit.above] if fit.above else [])]


def _of_drafts(policy: Policy, tier: str) -> set[str]:
    """Name the features of a draft that the rule looks at."""
    models = _models(policy, tier)
    if not models:
        return {*_CHECKED}
    return _used(models) | (_CHECKED - {"mean_logprob"} if policy.rule.with_checks else set[str]())


def _used(models: Sequence[Logistic]) -> set[str]:
    return {name for model in models for name, weight in model.weights.items() if weight}


def shares(routes: Mapping[str, int]) -> dict[str, float]:
    """Give each route's share."""
    total = sum(routes.values())
    return {name: round(n / total, 4) for name, n in sorted(routes.items())} if total else {}
