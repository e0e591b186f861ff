"""Learns everything that a policy file holds of the models: what each tier, the rules and the router are worth."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from voice.cascade.fitted import Fitted, RouterFit, TierFit
from voice.cascade.policy import Tier
from voice.cascade.routing_features import routing_features
from voice.cascade.rules.features import features, scorer_features
from voice.tuning.cases import FACTS, Case
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
    code = fit_logistic([_before(case) for case in read], [case.outcome.reading.exact for case in read], _groups(read))
    rows, groups = [_before(case) for case in cases], _groups(cases)
    before = {name: fit_logistic(rows, [case.right(name) for case in cases], groups) for name in names}
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
    kinds = sorted({case.outcome.kind for case in dev})
    fold_of = {kind: index % FOLDS for index, kind in enumerate(kinds)}
    fits: dict[int, Fitted] = {}
    for fold in sorted({*fold_of.values()}):
        others = [case for case in dev if fold_of[case.outcome.kind] != fold]
        fits[fold] = learn([*train, *others], tiers, f"held-out-{fold}")
        done(fold)
    return [fits[fold_of[case.outcome.kind]] for case in dev]


def _tier(cases: Sequence[Case], name: str, larger: str | None) -> TierFit:
    drafted = [case for case in cases if case.evidence[name].draft.actions]
    known, checked = ([of(case.evidence[name]) for case in drafted] for of in (features, scorer_features))
    right = [case.right(name) for case in drafted]
    groups, n = _groups(drafted), len(cases)
    return TierFit(
        success=round(sum(case.right(name) for case in cases) / n, 4),
        price=round(sum(case.outcome.tiers[name].cost for case in cases) / n, 9),
        seconds=round(sum(case.outcome.tiers[name].seconds for case in cases) / n, 4),
        right=fit_logistic(known, right, groups),
        scorer=fit_logistic(checked, right, groups, calibrate=False),
        above=fit_logistic(known, [case.right(larger) for case in drafted], groups) if larger else None,
    )


def _before(case: Case) -> dict[str, float]:
    return routing_features(case.reading, FACTS)


def _groups(cases: Sequence[Case]) -> list[str]:
    """Turns of one kind in one split are written alike."""
    return [f"{case.outcome.split}/{case.outcome.kind}" for case in cases]
