"""Learns everything that a policy file holds of the models: what each tier, the rules and the router are worth."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from voice.cascade.fitted import Fitted, Logistic, RouterFit, TierFit
from voice.cascade.policy import Tier
from voice.cascade.routing_features import routing_features
from voice.cascade.rules.features import features, scorer_features
from voice.tuning.cases import FACTS, Case
from voice.tuning.fit import constant, fit_logistic


def learn(train: Sequence[Case], dev: Sequence[Case], tiers: Sequence[Tier], version: str) -> Fitted:
    """Fit on ``train``, with penalties and calibrations chosen on ``dev``. Thresholds are chosen later.

    Raises:
        MissingExtra: scikit-learn is not there.
    """
    fits = {
        tier.name: _tier(train, dev, tier.name, tiers[index + 1].name if index + 1 < len(tiers) else None)
        for index, tier in enumerate(tiers)
    }

    def before(case: Case) -> dict[str, float]:
        return routing_features(case.reading, FACTS)

    read = [case for case in train if case.reading.actions]
    read_dev = [case for case in dev if case.reading.actions]
    code = _fit(read, read_dev, before, lambda case: case.outcome.reading.exact)
    router = RouterFit(
        code=code,
        tiers={tier.name: _fit(train, dev, before, _right(tier.name)) for tier in tiers},
    )
    return Fitted(version, fits, router)


def _tier(train: Sequence[Case], dev: Sequence[Case], name: str, larger: str | None) -> TierFit:
    drafted, drafted_dev = ([case for case in cases if case.evidence[name].draft.actions] for cases in (train, dev))
    n = len(train)
    return TierFit(
        success=round(sum(case.right(name) for case in train) / n, 4),
        price=round(sum(case.outcome.tiers[name].cost for case in train) / n, 9),
        seconds=round(sum(case.outcome.tiers[name].seconds for case in train) / n, 4),
        right=_fit(drafted, drafted_dev, _evidence(name), _right(name)),
        scorer=_fit(drafted, drafted_dev, _scored(name), _right(name), calibrate=False),
        above=_fit(drafted, drafted_dev, _evidence(name), _right(larger)) if larger else None,
    )


def _fit(
    train: Sequence[Case],
    dev: Sequence[Case],
    rows: Callable[[Case], dict[str, float]],
    right: Callable[[Case], bool],
    *,
    calibrate: bool = True,
) -> Logistic:
    held = [right(case) for case in train]
    if not train or not dev:
        return constant(sum(held), len(held))
    return fit_logistic(
        [rows(case) for case in train],
        held,
        [rows(case) for case in dev],
        [right(case) for case in dev],
        calibrate=calibrate,
    )


def _right(tier: str) -> Callable[[Case], bool]:
    return lambda case: case.right(tier)


def _evidence(tier: str) -> Callable[[Case], dict[str, float]]:
    return lambda case: features(case.evidence[tier])


def _scored(tier: str) -> Callable[[Case], dict[str, float]]:
    return lambda case: scorer_features(case.evidence[tier])
