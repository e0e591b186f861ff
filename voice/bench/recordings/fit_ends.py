"""Fits the coefficients of `voice.hearing.likelihood` to pauses that were heard."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from voice.bench.recordings.pauses import Pause
from voice.hearing import endings
from voice.hearing.end_of_turn import Asked
from voice.hearing.likelihood import features

RIDGE = 1.0
"""Strength of the pull of every coefficient but the first towards 0."""

_STEPS = 30


def fit(pauses: Sequence[Pause]) -> dict[str, float]:
    """Find the coefficients under which these pauses and ends are likeliest (Newton's method on the logistic loss).

    Pauses that rules decide, such as a hanging "to", are left out.

    Raises:
        ValueError: no pauses are left, or all are of one kind.
    """
    open_ones = [pause for pause in pauses if pause.heard and not endings.hanging(pause.heard)]
    rows = [features(p.heard, answers=p.asked is Asked.YES_NO, pauses=p.pauses) for p in open_ones]
    y = np.array([pause.resumed is None for pause in open_ones], float)
    if not 0 < y.sum() < len(y):
        raise ValueError("to fit, there must be pauses inside of turns and ends of turns; name a larger set")
    names = list(rows[0])
    x = np.array([[row[name] for name in names] for row in rows])
    pull = np.eye(len(names)) * RIDGE
    pull[0, 0] = 1e-6
    found = np.zeros(len(names))
    for _ in range(_STEPS):
        mean = 1 / (1 + np.exp(-x @ found))
        weight = mean * (1 - mean) + 1e-9
        found += np.linalg.solve((x.T * weight) @ x + pull, x.T @ (y - mean) - pull @ found)
    return {name: round(float(value), 2) for name, value in zip(names, found, strict=True)}
