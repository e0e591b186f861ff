"""Fits logistic models and calibrates them. Needs scikit-learn; what comes out does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from voice.cascade.fitted import Logistic
from voice.tuning.metrics import brier

STRENGTHS = (0.01, 0.03, 0.1, 0.3, 1.0)
"""Inverse L2 penalties to choose from: features are many for some hundreds of turns, so strong ones are among them."""

LEAST_SEEN = 5
"""A feature that differs from its usual value in fewer turns than this is left out."""

FOLDS = 5

Rows = Sequence[Mapping[str, float]]


class MissingExtra(RuntimeError):
    """scikit-learn is not installed."""


def fit_logistic(
    rows: Rows, right: Sequence[bool], dev_rows: Rows, dev_right: Sequence[bool], *, calibrate: bool = True
) -> Logistic:
    """Fit a calibrated probability.

    Weights come from ``rows``; ``dev`` chooses the penalty and how to calibrate: not at all, Platt's slope and offset,
    or an isotonic map, both fitted on predictions for turns that the model had not seen (5-fold cross-validation).

    Raises:
        MissingExtra: scikit-learn is not there.
    """
    y = np.asarray(right, dtype=np.float64)
    if len(set(right)) < 2 or min(y.sum(), len(y) - y.sum()) < FOLDS:
        return constant(float(y.sum()), len(y))
    names = _worth_keeping(rows)
    x = _matrix(rows, names)
    mean, scale = x.mean(axis=0), x.std(axis=0)
    scale[scale < 1e-9] = 1.0

    def on_dev(model: Logistic) -> float:
        return brier([model.probability(row) for row in dev_rows], list(map(float, dev_right)))

    plain = {strength: _plain((x - mean) / scale, y, strength, names, mean, scale) for strength in STRENGTHS}
    strength, model = min(plain.items(), key=lambda item: on_dev(item[1]))
    return min([model, *(_calibrated(model, x, y, strength) if calibrate else ())], key=on_dev)


def constant(held: float, n: int) -> Logistic:
    """Give the model that knows the base rate only (with one more of each, so that it is never sure)."""
    rate = (held + 1) / (n + 2)
    return Logistic(round(float(np.log(rate / (1 - rate))), 6))


def _plain(
    z: NDArray[np.float64],
    y: NDArray[np.float64],
    strength: float,
    names: Sequence[str],
    mean: NDArray[np.float64],
    scale: NDArray[np.float64],
) -> Logistic:
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        raise MissingExtra("fitting needs scikit-learn: pip install 'voice-cascade[tune]'") from error
    model = LogisticRegression(C=strength, solver="newton-cholesky").fit(z, y)
    weights = model.coef_[0] / scale
    intercept = float(model.intercept_[0] - (weights * mean).sum())
    return Logistic(
        round(intercept, 6),
        {name: round(float(weight), 6) for name, weight in zip(names, weights, strict=True) if abs(weight) > 1e-6},
    )


def _calibrated(model: Logistic, x: NDArray[np.float64], y: NDArray[np.float64], strength: float) -> list[Logistic]:
    from sklearn.isotonic import IsotonicRegression
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold

    logits = np.zeros(len(y))
    for train, held in StratifiedKFold(FOLDS, shuffle=True, random_state=1).split(x, y):
        mean, scale = x[train].mean(axis=0), x[train].std(axis=0)
        scale[scale < 1e-9] = 1.0
        fold = LogisticRegression(C=strength, solver="newton-cholesky").fit((x[train] - mean) / scale, y[train])
        logits[held] = fold.decision_function((x[held] - mean) / scale)
    platt = LogisticRegression(C=1e6).fit(logits[:, None], y)
    slope, offset = float(platt.coef_[0][0]), float(platt.intercept_[0])
    isotonic = IsotonicRegression(y_min=0.01, y_max=0.99, out_of_bounds="clip").fit(1 / (1 + np.exp(-logits)), y)
    pairs = zip(isotonic.X_thresholds_, isotonic.y_thresholds_, strict=True)
    points = tuple((round(float(at), 6), round(float(gives), 6)) for at, gives in pairs)
    found = [replace(model, points=points)]
    if slope > 0:
        weights = {name: round(weight * slope, 6) for name, weight in model.weights.items()}
        found.append(Logistic(round(model.intercept * slope + offset, 6), weights))
    return found


def _worth_keeping(rows: Rows) -> list[str]:
    names = sorted({name for row in rows for name in row})
    kept: list[str] = []
    for name in names:
        values = [row.get(name, 0.0) for row in rows]
        usual = max(set(values), key=values.count)
        if sum(value != usual for value in values) >= LEAST_SEEN:
            kept.append(name)
    return kept


def _matrix(rows: Rows, names: Sequence[str]) -> NDArray[np.float64]:
    return np.array([[row.get(name, 0.0) for name in names] for row in rows], dtype=np.float64)
