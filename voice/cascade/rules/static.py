"""Fixed thresholds for three checks."""

from __future__ import annotations

from dataclasses import dataclass, field

from voice.cascade.policy import CheckPolicy
from voice.cascade.rules.evidence import Evidence, Judgement
from voice.cascade.rules.scores import score


@dataclass(frozen=True, slots=True)
class Static:
    """Accept a draft whose completeness, correctness and confidence all reach their thresholds.

    Needs no data to begin with. Confidence is Chow-Average, "Language Model Cascades: Token-level uncertainty and
    beyond" (arXiv 2404.10136); thresholds on several checks of a draft are the verification of cascadeflow's kind.
    The score is that of the check which comes out worst: 0.5 just passes, 1 is perfect.
    """

    checks: CheckPolicy = field(default_factory=CheckPolicy)
    name: str = "static"
    version: str = "3"

    def judge(self, evidence: Evidence) -> Judgement:
        """Compare each check with its threshold."""
        scores = score(evidence)
        checks, agreed = self.checks, scores.agreement or evidence.seconded
        thresholds = {
            "completeness": checks.completeness,
            "correctness": checks.correctness,
            "confidence": checks.confidence_when_agreed if agreed else checks.confidence,
            "action_confidence": checks.action_confidence,
            "argument_confidence": checks.argument_confidence,
        }
        worst, failed = 1.0, list[str]()
        for name, threshold in thresholds.items():
            value: float | None = getattr(scores, name)
            if value is None:
                continue
            worst = min(worst, _standing(value, threshold))
            if value < threshold:
                failed.append(f"{name} {value:.2f} < {threshold:.2f}")
        used = {name: threshold for name, threshold in thresholds.items() if threshold > 0}
        return Judgement("escalate" if failed else "accept", worst, used, tuple(failed), self.name, self.version)


def _standing(value: float, threshold: float) -> float:
    """Put a check on the scale where 0.5 just passes."""
    if value < threshold:
        return 0.5 * value / threshold
    return 1.0 if threshold >= 1 else 0.5 + 0.5 * (value - threshold) / (1 - threshold)
