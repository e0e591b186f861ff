"""Learns everything that a policy file holds of the models: what each tier, the rules and the router are worth."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from voice.cascade.fitted import Fitted, Logistic, RouterFit, TierFit
from voice.cascade.policy import Tier
from voice.cascade.routing_features import routing_features
from voice.cascade.rules.features import features, scorer_features
from voice.tuning.cases import Case, part, split
from voice.tuning.choose import Held
from voice.tuning.fit import fit_logistic

FOLDS = 5


def learn(cases: Sequence[Case], tiers: Sequence[Tier], version: str) -> Fitted:
    """Fit all models. Thresholds are chosen later.

    Raises:
        MissingExtra: scikit-learn is not there.
    """
    names = [tier.name for tier in tiers]
    fits = {name: _tier(cases, name, larger) for name, larger in zip(names, [*names[1:], None], strict=True)}
    read = [case for case in cases if case.reading.actions]
    code = fit_logistic(
        [_before(case) for case in read],
        [case.outcome.reading.exact for case in read],
        _groups(read),
        [case.read_weight for case in read],
    )
    before = {name: _router(_asked(cases, name), name) for name in names}
    return Fitted(version, fits, RouterFit(code, before))


def learn_held_out(
    train: Sequence[Case], dev: Sequence[Case], tiers: Sequence[Tier], done: Callable[[int], None] = lambda fold: None
) -> list[Fitted]:
    """Give, for each dev case, what is learned from train and from the dev cases of other kinds.

    So dev can choose thresholds although the final models learn from it too: no case is decided by a model that saw it
    or one written like it.

    Args:
        train: Learned from in every fold.
        dev: Held out kind by kind.
        tiers: The cheapest first.
        done: Told of each fold.
    """
    kinds = sorted({case.group for case in dev})
    fold_of = {kind: index % FOLDS for index, kind in enumerate(kinds)}
    fits: dict[int, Fitted] = {}
    for fold in sorted({*fold_of.values()}):
        others = [case for case in dev if fold_of[case.group] != fold]
        fits[fold] = learn([*train, *others], tiers, f"held-out-{fold}")
        done(fold)
    return [fits[fold_of[case.group]] for case in dev]


def held_out(
    cases: Sequence[Case], tiers: Sequence[Tier], done: Callable[[int], None] = lambda fold: None
) -> list[Held]:
    """Pair each dev turn that policies can be played on with what is learned without it; see `learn_held_out`.

    Raises:
        BadData: there is none, or nothing to learn from in train.
        MissingExtra: scikit-learn is not there.
    """
    playable = {id(case) for case in split(cases, "dev")}
    split(cases, "train")
    choosing = part(cases, "dev")
    fits = learn_held_out(part(cases, "train"), choosing, tiers, done)
    return [(case, fitted) for case, fitted in zip(choosing, fits, strict=True) if id(case) in playable]


def _asked(cases: Sequence[Case], tier: str) -> list[Case]:
    """Give the cases of which it is known whether this tier was right."""
    return [case for case in cases if case.weight(tier) > 0]


def _router(cases: Sequence[Case], name: str) -> Logistic:
    right, sure = [case.right(name) for case in cases], [case.weight(name) for case in cases]
    return fit_logistic([_before(case) for case in cases], right, _groups(cases), sure)


def _tier(cases: Sequence[Case], name: str, larger: str | None) -> TierFit:
    cases = _asked(cases, name)
    drafted = [case for case in cases if case.evidence[name].draft.actions]
    known, checked = ([of(case.evidence[name]) for case in drafted] for of in (features, scorer_features))
    right, sure = [case.right(name) for case in drafted], [case.weight(name) for case in drafted]
    return TierFit(
        success=round(_mean(cases, name, lambda case: float(case.right(name))), 4),
        price=round(_mean(cases, name, lambda case: case.outcome.tiers[name].cost), 9),
        seconds=round(_mean(cases, name, lambda case: case.outcome.tiers[name].seconds), 4),
        right=fit_logistic(known, right, _groups(drafted), sure),
        scorer=fit_logistic(checked, right, _groups(drafted), sure, calibrate=False),
        above=_above(drafted, name, larger) if larger else None,
    )


def _above(drafted: Sequence[Case], name: str, larger: str) -> Logistic:
    both = _asked(drafted, larger)
    right, sure = [case.right(larger) for case in both], [case.weight(larger) for case in both]
    return fit_logistic([features(case.evidence[name]) for case in both], right, _groups(both), sure)


def _mean(cases: Sequence[Case], name: str, of: Callable[[Case], float]) -> float:
    total = sum(case.weight(name) for case in cases)
    return sum(case.weight(name) * of(case) for case in cases) / total if total else 0.0


def _before(case: Case) -> dict[str, float]:
    return routing_features(case.reading, case.facts)


def _groups(cases: Sequence[Case]) -> list[str]:
    return [case.group for case in cases]
