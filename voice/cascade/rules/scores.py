"""The three checks of a draft, as numbers."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

from voice.cascade.confidence import quantile
from voice.cascade.rules.evidence import Evidence

_LEAST_SURE = 0.1
"""Of action and argument tokens, the tenth that is least sure tells more than the mean (AUROC .71 against .69)."""


@dataclass(frozen=True, slots=True)
class Scores:
    """The checks of one draft, each in 0…1. The confidences are None where the provider gives no log-probabilities.

    Attributes:
        completeness: See `voice.cascade.words.Findings`.
        correctness: See there.
        confidence: The geometric mean of the token probabilities.
        agreement: Whether the draft equals the reading by rules, None without one.
        action_confidence: The lowest tenth of the probabilities of the tokens that choose actions and arguments.
        argument_confidence: The same of the tokens of values; None also where there are none.
        support: See `voice.cascade.voting.support`; None where fewer than two others read the turn.
    """

    completeness: float
    correctness: float
    confidence: float | None
    agreement: bool | None
    action_confidence: float | None = None
    argument_confidence: float | None = None
    support: float | None = None

    def as_dict(self) -> dict[str, float | bool | None]:
        """Give the scores for the trace."""
        return asdict(self)


def score(evidence: Evidence) -> Scores:
    """Put the checks of a draft together."""
    findings, sure = evidence.findings, evidence.confidence
    return Scores(
        findings.completeness,
        findings.correctness,
        sure.mean if sure else None,
        findings.agreement,
        _low(sure.actions) if sure else None,
        _low(sure.arguments) if sure else None,
        evidence.support,
    )


def _low(logprobs: tuple[float, ...]) -> float | None:
    return math.exp(quantile(logprobs, _LEAST_SURE)) if logprobs else None
