"""FrugalGPT's cascade: a scorer a tier, thresholds found together."""

from __future__ import annotations

from dataclasses import dataclass

from voice.cascade.fitted import Fitted
from voice.cascade.policy import RulePolicy
from voice.cascade.rules.evidence import Evidence, Judgement, by_score
from voice.cascade.rules.features import scorer_features


@dataclass(frozen=True, slots=True)
class Frugal:
    """Accept when the tier's scorer g(query, answer) exceeds the tier's threshold: FrugalGPT, arXiv 2305.05176.

    ``policy.thresholds`` are the τ of the paper, found together under a mean budget by `voice.tuning.choose`.
    """

    policy: RulePolicy
    fitted: Fitted
    name: str = "frugal"

    @property
    def version(self) -> str:
        """That of what was learned."""
        return self.fitted.version

    def judge(self, evidence: Evidence) -> Judgement:
        """Score by the tier's scorer."""
        fit = self.fitted.tiers.get(evidence.tier.name)
        score = fit.scorer.probability(scorer_features(evidence)) if fit else None
        return by_score(self, score, self.policy.least(evidence.tier.name))
