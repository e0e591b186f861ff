"""Fits logistic models and calibrates them. Needs scikit-learn; what comes out does not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from voice.cascade.fitted import Logistic, mapped
from voice.extras import MissingExtra, install
from voice.tuning.metrics import brier

STRENGTHS = (0.01, 0.05, 0.3)
"""Inverse L2 penalties to choose from: features are many for some hundreds of turns, so strong ones are among them."""

LEAST_SEEN = 5
"""A feature that differs from its usual value in fewer turns than this is left out."""

FOLDS = 5

Rows = Sequence[Mapping[str, float]]


def fit_logistic(
    rows: Rows,
    right: Sequence[bool],
    groups: Sequence[str],
    sure: Sequence[float] | None = None,
    *,
    calibrate: bool = True,
) -> Logistic:
    """Fit a calibrated probability.

    The penalty and the calibration (none, Platt's slope and offset, or an isotonic map) are those that do best on turns
    of groups that were held out, by Brier score: turns that were written alike are in one group, so that what is
    measured is how the model does on turns that are not like those it saw.

    Args:
        rows: Named numbers of each turn.
        right: What is to be predicted.
        groups: The group of each turn.
        sure: How much each turn weighs; all the same by default. Those that weigh nothing are left out.
        calibrate: Whether to calibrate at all.

    Raises:
        MissingExtra: scikit-learn is not there.
    """
    kept = [index for index in range(len(rows)) if sure is None or sure[index] > 0]
    rows, groups = [rows[index] for index in kept], [groups[index] for index in kept]
    y = np.asarray([right[index] for index in kept], dtype=np.float64)
    w = np.ones(len(y)) if sure is None else np.asarray([sure[index] for index in kept], dtype=np.float64)
    if min(y.sum(), len(y) - y.sum()) < FOLDS or len(set(groups)) < 2:
        return constant(float((y * w).sum()), float(w.sum()))
    names = _worth_keeping(rows)
    x = _matrix(rows, names)
    folds = _folds(groups)
    held = {strength: _held_out(x, y, w, folds, strength) for strength in STRENGTHS}
    strength = min(held, key=lambda each: brier(1 / (1 + np.exp(-held[each])), y, w))
    intercept, weights = _weights(x, y, w, strength)
    if calibrate:
        intercept, weights, points = _calibrated(intercept, weights, held[strength], y, w, folds)
    else:
        points = ()
    named = zip(names, weights, strict=True)
    told = {name: round(float(weight), 6) for name, weight in named if abs(weight) > 1e-6}
    return Logistic(round(float(intercept), 6), told, points)


def constant(held: float, n: float) -> Logistic:
    """Give the model that knows the base rate only (with one more of each, so that it is never sure)."""
    rate = (held + 1) / (n + 2)
    return Logistic(round(float(np.log(rate / (1 - rate))), 6))


Array = NDArray[np.float64]
Points = tuple[tuple[float, float], ...]


def _weights(x: Array, y: Array, w: Array, strength: float) -> tuple[float, Array]:
    """Fit on standardised numbers, and give the weights of the numbers as they are."""
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        raise MissingExtra(f"fitting needs scikit-learn: {install('tune')}") from error
    mean = np.average(x, axis=0, weights=w)
    scale = np.sqrt(np.average((x - mean) ** 2, axis=0, weights=w))
    scale[scale < 1e-9] = 1.0
    if len(np.unique(y)) < 2:
        rate = ((y * w).sum() + 1) / (w.sum() + 2)
        return float(np.log(rate / (1 - rate))), np.zeros(x.shape[1])
    model = LogisticRegression(C=strength, solver="newton-cholesky").fit((x - mean) / scale, y, sample_weight=w)
    weights: Array = model.coef_[0] / scale
    return float(model.intercept_[0] - (weights * mean).sum()), weights


def _held_out(x: Array, y: Array, w: Array, folds: NDArray[np.int64], strength: float) -> Array:
    """Give the logit of each turn by a model that saw no turn of its fold."""
    logits = np.zeros(len(y))
    for fold in np.unique(folds):
        inside = folds == fold
        intercept, weights = _weights(x[~inside], y[~inside], w[~inside], strength)
        logits[inside] = intercept + x[inside] @ weights
    return logits


def _folds(groups: Sequence[str]) -> NDArray[np.int64]:
    """Put each group whole into a fold, the largest first into the emptiest one."""
    sizes = Counter(groups)
    filled = [0] * min(FOLDS, len(sizes))
    place: dict[str, int] = {}
    for name in sorted(sizes, key=lambda each: (-sizes[each], each)):
        place[name] = filled.index(min(filled))
        filled[place[name]] += sizes[name]
    return np.array([place[name] for name in groups], dtype=np.int64)


def _calibrated(
    intercept: float, weights: Array, logits: Array, y: Array, w: Array, folds: NDArray[np.int64]
) -> tuple[float, Array, Points]:
    """Choose how to calibrate, on folds that the calibration was not fitted on."""
    ways = {"none": _as_is, "platt": _platt, "isotonic": _isotonic}
    errors = {"none": brier(1 / (1 + np.exp(-logits)), y, w)}
    for name in ("platt", "isotonic"):
        chances = np.zeros(len(y))
        for fold in np.unique(folds):
            inside = folds == fold
            slope, offset, points = ways[name](logits[~inside], y[~inside], w[~inside])
            raw = 1 / (1 + np.exp(-(slope * logits[inside] + offset)))
            chances[inside] = [mapped(float(each), points) for each in raw]
        errors[name] = brier(chances, y, w)
    slope, offset, points = ways[min(errors, key=lambda each: errors[each])](logits, y, w)
    return intercept * slope + offset, weights * slope, points


def _as_is(logits: Array, y: Array, w: Array) -> tuple[float, float, Points]:
    del logits, y, w
    return 1.0, 0.0, ()


def _platt(logits: Array, y: Array, w: Array) -> tuple[float, float, Points]:
    if len(np.unique(y)) < 2:
        return 1.0, 0.0, ()
    offset, slopes = _weights(logits[:, None], y, w, 1.0)
    return (float(slopes[0]), offset, ()) if slopes[0] > 0 else (1.0, 0.0, ())


def _isotonic(logits: Array, y: Array, w: Array) -> tuple[float, float, Points]:
    from sklearn.isotonic import IsotonicRegression

    chances = 1 / (1 + np.exp(-logits))
    found = IsotonicRegression(y_min=0.01, y_max=0.99, out_of_bounds="clip").fit(chances, y, sample_weight=w)
    pairs = zip(found.X_thresholds_, found.y_thresholds_, strict=True)
    return 1.0, 0.0, tuple((round(float(at), 6), round(float(gives), 6)) for at, gives in pairs)


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
