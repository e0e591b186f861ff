"""Chow's rule on token log-probabilities: "Language Model Cascades: Token-level uncertainty and beyond", 2404.10136.

Sum falls with length whatever is said, Average hides one bad token among many good ones, a quantile does neither.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from voice.cascade.confidence import quantile
from voice.cascade.policy import RulePolicy
from voice.cascade.rules.evidence import Evidence, Judgement, by_score


@dataclass(frozen=True, slots=True)
class ChowSum:
    """Accept by the probability of the whole draft: exp Σ log p (arXiv 2404.10136, section 3)."""

    policy: RulePolicy = field(default_factory=RulePolicy)
    name: str = "chow_sum"
    version: str = "1"

    def judge(self, evidence: Evidence) -> Judgement:
        """Score by the product of all token probabilities."""
        logprobs = evidence.draft.logprobs
        return by_score(self, math.exp(sum(logprobs)) if logprobs else None, self.policy.least(evidence.tier.name))


@dataclass(frozen=True, slots=True)
class ChowAverage:
    """Accept by the geometric mean of the token probabilities (arXiv 2404.10136, section 3)."""

    policy: RulePolicy = field(default_factory=RulePolicy)
    name: str = "chow_average"
    version: str = "1"

    def judge(self, evidence: Evidence) -> Judgement:
        """Score by the mean log-probability."""
        sure = evidence.confidence
        return by_score(self, sure.mean if sure else None, self.policy.least(evidence.tier.name))


@dataclass(frozen=True, slots=True)
class ChowQuantile:
    """Accept by the quantile α of the token probabilities; α = 0 is the least certain one (arXiv 2404.10136)."""

    policy: RulePolicy = field(default_factory=RulePolicy)
    name: str = "chow_quantile"
    version: str = "1"

    def judge(self, evidence: Evidence) -> Judgement:
        """Score by the policy's quantile."""
        logprobs = evidence.draft.logprobs
        score = math.exp(quantile(logprobs, self.policy.quantile)) if logprobs else None
        return by_score(self, score, self.policy.least(evidence.tier.name))
