"""What a deferral rule gets to see, and what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from voice.cascade.confidence import Confidence, confidence_of
from voice.cascade.policy import Risk, Tier, Weights
from voice.cascade.voting import support
from voice.cascade.words import Action, Draft, Findings, Reading


def alike(some: Sequence[Action], others: Sequence[Action]) -> bool:
    """Whether two drafts ask for the same in the same words, but for capitals."""
    return _plain(some) == _plain(others)


def _plain(actions: Sequence[Action]) -> str:
    return repr([action.as_dict() for action in actions]).casefold()


Verdict = Literal["accept", "escalate", "ask"]
"""Use the draft; have a larger tier try; or ask the caller, since no tier is likely to be right."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A draft with all that is known when it is judged.

    Attributes:
        reading: What rules made of the turn.
        draft: With its tokens and their log-probabilities, where the provider gives them.
        findings: The desk's checks.
        tier: Who drafted.
        above: The larger tiers that may still be asked, the cheapest first; empty at the top.
        repairs: How often the caller had to say something again in this call.
        risk: What performing the draft would do.
        below: The whole draft of the next smaller tier in this turn, if it made one: a second opinion.
        spent: Money that the turns of this call cost on average.
        weights: What this call or turn values, None for the policy's.
    """

    reading: Reading
    draft: Draft
    findings: Findings
    tier: Tier
    above: tuple[Tier, ...] = ()
    repairs: int = 0
    risk: Risk = "read"
    spent: float = 0.0
    weights: Weights | None = None
    below: Draft | None = None

    @property
    def seconded(self) -> bool | None:
        """Whether the next smaller tier read the same; None where it was not asked."""
        return None if self.below is None or not self.below.actions else alike(self.draft.actions, self.below.actions)

    @property
    def support(self) -> float | None:
        """How far the rules and the next smaller tier bear the draft out; None unless both read the turn."""
        return support(self.draft.actions, (self.below.actions if self.below else (), self.reading.actions or ()))

    @property
    def confidence(self) -> Confidence | None:
        """How sure the tier was, None where the provider does not tell."""
        return confidence_of(self.draft)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a rule says of a draft.

    Attributes:
        verdict: What to do.
        score: 0…1, the higher the better the draft; comparable between the drafts of one tier under one rule.
        thresholds: What each score had to reach, by name.
        failed: One short line for each score that fell short.
        rule: The rule's name.
        version: The rule's version.
    """

    verdict: Verdict
    score: float
    thresholds: Mapping[str, float] = field(default_factory=dict[str, float])
    failed: tuple[str, ...] = ()
    rule: str = ""
    version: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Give what the trace keeps of it, besides the verdict that was acted on."""
        return {
            "rule": self.rule,
            "rule_version": self.version,
            "score": round(self.score, 4),
            "thresholds": dict(self.thresholds),
            "failed": self.failed,
        }


class Rule(Protocol):
    """Turns evidence into a verdict. Pure; the same evidence always gets the same judgement."""

    @property
    def name(self) -> str:
        """How profiles and traces call it."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever the same evidence could be judged otherwise."""
        ...

    def judge(self, evidence: Evidence) -> Judgement:
        """Judge a draft."""
        ...


def by_score(rule: Rule, score: float | None, least: float) -> Judgement:
    """Accept what scores at least so much; nothing can be said against a draft that has no score."""
    if score is None:
        return Judgement("accept", 1.0, {rule.name: least}, (), rule.name, rule.version)
    failed = () if score >= least else (f"{rule.name} {score:.2f} < {least:.2f}",)
    verdict: Verdict = "escalate" if failed else "accept"
    return Judgement(verdict, score, {rule.name: least}, failed, rule.name, rule.version)
