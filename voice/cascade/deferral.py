"""After a draft: its three scores, and the rule that turns them into accept or escalate."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Literal

from voice.cascade.policy import CheckPolicy
from voice.cascade.words import Draft, Findings

Verdict = Literal["accept", "escalate"]


@dataclass(frozen=True, slots=True)
class Scores:
    """The checks of one draft, each in 0…1. ``confidence`` is None where the provider gives no log-probabilities."""

    completeness: float
    correctness: float
    confidence: float | None
    agreement: bool | None

    def as_dict(self) -> dict[str, float | bool | None]:
        """Give the scores for the trace."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rule says of a draft, every score that spoke against it, and what each had to reach."""

    verdict: Verdict
    failed: tuple[str, ...]
    thresholds: Mapping[str, float]


def confidence(draft: Draft) -> float | None:
    """Score a draft by the geometric mean of its token probabilities.

    Chow-Average of "Language Model Cascades: Token-level uncertainty and beyond" (arXiv 2404.10136).
    """
    if not draft.logprobs:
        return None
    return math.exp(sum(draft.logprobs) / len(draft.logprobs))


def score(draft: Draft, findings: Findings) -> Scores:
    """Put the three checks of a draft together."""
    return Scores(findings.completeness, findings.correctness, confidence(draft), findings.agreement)


def judge(scores: Scores, policy: CheckPolicy) -> Judgement:
    """Accept a draft whose scores all reach their thresholds."""
    least = policy.confidence_when_agreed if scores.agreement else policy.confidence
    thresholds = {"completeness": policy.completeness, "correctness": policy.correctness, "confidence": least}
    failed: list[str] = []
    for name, threshold in thresholds.items():
        value: float | None = getattr(scores, name)
        if value is not None and value < threshold:
            failed.append(f"{name} {value:.2f} < {threshold:.2f}")
    return Judgement("escalate" if failed else "accept", tuple(failed), thresholds)


def last_resort(scores: Scores, policy: CheckPolicy) -> bool:
    """Say whether the largest tier's draft may be used although it is not confident.

    Nobody is left to ask, so what counts is that nothing was left out and nothing made up.
    """
    return scores.completeness >= policy.completeness and scores.correctness >= policy.correctness
