"""The numbers that learned rules see of a draft. Names are what policy files and traces show."""

from __future__ import annotations

import math

from voice.cascade.confidence import Confidence, quantile
from voice.cascade.rules.evidence import Evidence
from voice.cascade.words import Reading

_QUANTILES = {"min": 0.0, "q10": 0.1, "q30": 0.3}
_LEAST = -5.0
"""A log-probability below this says no more than this does."""


def features(evidence: Evidence) -> dict[str, float]:
    """Give all that is known of a draft, each number within a few units of 0."""
    findings, draft = evidence.findings, evidence.draft
    return {
        **reading_features(evidence.reading),
        **_confidences(evidence.confidence),
        "completeness": findings.completeness,
        "correctness": findings.correctness,
        "complete_and_correct": float(findings.completeness >= 1 and findings.correctness >= 1),
        "problems": min(3.0, len(findings.problems)),
        "agrees": float(findings.agreement is True),
        "disagrees": float(findings.agreement is False),
        "certain_but_disagrees": float(evidence.reading.certain and findings.agreement is False),
        "draft_actions": min(3.0, max(0, len(draft.actions) - 1)),
        "asks": float(any(action.name == "clarify" for action in draft.actions)),
        "repairs": min(2.0, evidence.repairs),
        "seconded": float(evidence.seconded is True),
        "contradicted": float(evidence.seconded is False),
        "unsupported": 0.0 if evidence.support is None else 1 - evidence.support,
        "borne_out": float(evidence.support == 1.0),
    }


def scorer_features(evidence: Evidence) -> dict[str, float]:
    """Give what rule ``frugal`` scores by: the checks, one confidence and the length."""
    sure = evidence.confidence
    return {
        "completeness": evidence.findings.completeness,
        "correctness": evidence.findings.correctness,
        "mean_logprob": max(_LEAST, math.log(sure.mean)) if sure and sure.mean > 0 else (_LEAST if sure else 0.0),
        "words": _log_words(evidence.reading),
    }


def reading_features(reading: Reading) -> dict[str, float]:
    """Give what the reading by rules says of the turn."""
    return {
        "certain": float(reading.certain),
        "unread": float(not reading.actions),
        "asked": float(reading.asked),
        "answers": float(bool(reading.question)),
        "approves": float(reading.approves),
        "extra_legs": min(3.0, max(0, reading.legs - 1)),
        "extra_requests": min(3.0, max(0, reading.requests - 1)),
        "corrected": float(reading.corrected),
        "entities": math.log1p(len(reading.entities)),
        "misheard": min(2.0, len(reading.misheard)),
        "words": _log_words(reading),
    }


def _confidences(sure: Confidence | None) -> dict[str, float]:
    if sure is None:
        return {"no_logprobs": 1.0}
    found = {"mean_logprob": max(_LEAST, sum(sure.all) / len(sure.all)), "tokens": math.log1p(len(sure.all))}
    for kind, logprobs in (("action", sure.actions), ("argument", sure.arguments)):
        for name, share in _QUANTILES.items():
            found[f"{kind}_{name}"] = max(_LEAST, quantile(logprobs, share)) if logprobs else 0.0
    return found


def _log_words(reading: Reading) -> float:
    return math.log1p(len(reading.text.split()))
