"""A rule learned after the fact, on quantiles and checks."""

from __future__ import annotations

from dataclasses import dataclass

from voice.cascade.fitted import Fitted
from voice.cascade.policy import RulePolicy
from voice.cascade.rules.evidence import Evidence, Judgement, by_score
from voice.cascade.rules.features import features


@dataclass(frozen=True, slots=True)
class Learned:
    """Accept a draft that is right with at least the tier's probability.

    The post-hoc rule of "Language Model Cascades: Token-level uncertainty and beyond" (arXiv 2404.10136, section 4):
    logistic regression on quantiles of the token log-probabilities; here of action and argument tokens apart, with the
    desk's checks, the agreement with the rules and the reading beside them. The score is a calibrated probability.
    """

    policy: RulePolicy
    fitted: Fitted
    name: str = "learned"

    @property
    def version(self) -> str:
        """That of what was learned."""
        return self.fitted.version

    def judge(self, evidence: Evidence) -> Judgement:
        """Score by the probability that the draft is right."""
        fit = self.fitted.tiers.get(evidence.tier.name)
        score = fit.right.probability(features(evidence)) if fit else None
        return by_score(self, score, self.policy.least(evidence.tier.name))
