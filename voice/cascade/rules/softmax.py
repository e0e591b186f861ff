"""Rules of a classifier's softmax, carried over to drafts: the choice of actions is the class."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from voice.cascade.policy import RulePolicy
from voice.cascade.rules.evidence import Evidence, Judgement, by_score


def _choice(evidence: Evidence) -> tuple[float, ...]:
    sure = evidence.confidence
    return () if sure is None else sure.actions or sure.all


@dataclass(frozen=True, slots=True)
class MaxProb:
    """Accept by the largest softmax probability: "Model Cascading", arXiv 2210.05528.

    A draft chooses its actions in several tokens, so its class has the product of their probabilities.
    """

    policy: RulePolicy = field(default_factory=RulePolicy)
    name: str = "max_prob"
    version: str = "1"

    def judge(self, evidence: Evidence) -> Judgement:
        """Score by the probability of the chosen actions."""
        choice = _choice(evidence)
        return by_score(self, math.exp(sum(choice)) if choice else None, self.policy.least(evidence.tier.name))


@dataclass(frozen=True, slots=True)
class DistanceToUniform:
    """Accept by the distance of the softmax from the uniform distribution (DTU): "Model Cascading", arXiv 2210.05528.

    Only the chosen token's probability p is known; the rest is taken to be spread evenly over the other classes,
    which is the least distance it can have: sqrt(K / (K - 1)) * (p - 1/K), divided by what it is at p = 1, never below
    0. The score is the mean over the tokens that choose.

    Attributes:
        classes: How many ways a token had to go on, the paper's number of classes.
    """

    policy: RulePolicy = field(default_factory=RulePolicy)
    classes: int = 4
    name: str = "dtu"
    version: str = "1"

    def judge(self, evidence: Evidence) -> Judgement:
        """Score by the mean distance of the choosing tokens."""
        choice, even = _choice(evidence), 1 / self.classes
        distances = [max(0.0, (math.exp(logprob) - even) / (1 - even)) for logprob in choice]
        score = sum(distances) / len(distances) if distances else None
        return by_score(self, score, self.policy.least(evidence.tier.name))
