"""What can be set about judging a draft: checks, the rule, what a turn is worth, and what actions may spoil."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Literal

Risk = Literal["read", "quote", "write", "money"]
"""What performing an action does, in growing order of what it can spoil: tell, offer, write, pay or lose money."""

RISKS: tuple[Risk, ...] = ("read", "quote", "write", "money")


@dataclass(frozen=True, slots=True)
class CheckPolicy:
    """The least score that each check must give for a draft to be accepted.

    Confidence is the geometric mean of the token probabilities (Chow-Average, arXiv 2404.10136). A draft that equals
    the reading by rules, or that of the next smaller tier, needs only ``confidence_when_agreed``. What is complete is
    measured by what the rules heard, and they may be the ones that are wrong, also about what is no place or no day:
    where two tiers drafted the same, or others bear out every part of a draft, ``completeness_when_seconded`` and
    ``correctness_when_seconded`` are enough, but never for what writes or costs money.
    ``support`` is how much of the largest tier's draft the smaller tier or the rules must have read as well, where both
    read the turn; 0 trusts that tier alone.
    ``action_confidence`` and ``argument_confidence`` are for the least certain tenth of the tokens that choose and of
    those that fill in; 0 leaves them out.

    Attributes:
        read: Thresholds that are others for drafts that only tell, by the check's name.
        quote: The same for offers.
        write: The same for what writes.
        money: The same for what costs or loses money.

    Raises:
        ValueError: one of them names no check, or a threshold does not lie in 0…1.
    """

    completeness: float = 0.8
    completeness_when_seconded: float = 0.5
    correctness: float = 1.0
    correctness_when_seconded: float = 0.6
    confidence: float = 0.85
    confidence_when_agreed: float = 0.5
    support: float = 0.0
    action_confidence: float = 0.0
    argument_confidence: float = 0.0
    read: Mapping[str, float] = field(default_factory=dict[str, float])
    quote: Mapping[str, float] = field(default_factory=dict[str, float])
    write: Mapping[str, float] = field(default_factory=dict[str, float])
    money: Mapping[str, float] = field(default_factory=dict[str, float])

    def __post_init__(self) -> None:
        known = {each.name for each in fields(self)} - {*RISKS}
        if unknown := {*self.read, *self.quote, *self.write, *self.money} - known:
            raise ValueError(f"there is no check {', '.join(sorted(unknown))}: use {', '.join(sorted(known))}")
        thresholds = {name: getattr(self, name) for name in known}
        for risk in RISKS:
            thresholds |= {f"{risk}.{name}": least for name, least in getattr(self, risk).items()}
        for name, least in thresholds.items():
            if not 0 <= least <= 1:
                raise ValueError(f"{name} must lie in 0…1, got {least:g}")

    def for_draft(self, risk: Risk, *, seconded: bool) -> CheckPolicy:
        """Give the thresholds of drafts of a class, which two tiers made alike or one alone."""
        own: Mapping[str, float] = getattr(self, risk)
        checks = replace(self, **own) if own else self
        if seconded and risk in ("read", "quote"):
            completeness = min(checks.completeness, checks.completeness_when_seconded)
            correctness = min(checks.correctness, checks.correctness_when_seconded)
            return replace(checks, completeness=completeness, correctness=correctness)
        return checks


@dataclass(frozen=True, slots=True)
class Weights:
    """What a turn is worth by: shares of quality (0…1), cost and latency (of the dearest and slowest tier's).

    Raises:
        ValueError: a weight is negative or not finite, or all are 0.
    """

    cost: float = 0.3
    quality: float = 0.6
    latency: float = 0.1

    def __post_init__(self) -> None:
        weights = self.cost, self.quality, self.latency
        if not all(0 <= weight < math.inf for weight in weights) or sum(weights) <= 0:
            raise ValueError(f"weights are finite, at least 0 and not all 0, got {self}")


@dataclass(frozen=True, slots=True)
class Targets:
    """What must hold whatever the weights say; None is no target.

    Attributes:
        max_cost: Money that a turn may cost on average.
        min_quality: A draft less likely right than this is not used while a larger tier can still be asked.
        max_risk: The most that an accepted draft may be likely to be wrong.
        max_seconds: No larger tier is asked that usually takes longer than this.

    Raises:
        ValueError: an amount is negative or not finite, or a share does not lie in 0…1.
    """

    max_cost: float | None = None
    min_quality: float | None = None
    max_risk: float | None = None
    max_seconds: float | None = None

    def __post_init__(self) -> None:
        for name in ("max_cost", "max_seconds"):
            amount: float | None = getattr(self, name)
            if amount is not None and not 0 <= amount < math.inf:
                raise ValueError(f"{name} must be a finite number, at least 0, got {amount}")
        for name in ("min_quality", "max_risk"):
            share: float | None = getattr(self, name)
            if share is not None and not 0 <= share <= 1:
                raise ValueError(f"{name} must lie in 0…1, got {share}")


@dataclass(frozen=True, slots=True)
class RulePolicy:
    """Which deferral rule decides about drafts, and by what.

    Attributes:
        name: One of `voice.cascade.rules.NAMES`.
        threshold: The least score of a draft to be used.
        thresholds: The same for single tiers, by name.
        quantile: The α of ``chow_quantile``.
        with_checks: Whether completeness and correctness must reach their thresholds whatever the rule says.
        weights: What ``utility`` weighs; a call or a turn may bring its own.
        targets: What ``utility`` keeps to.
        ask_value: What asking the caller is worth to ``utility``, as a probability of being right. 0 never asks while a
            larger tier can be asked.
    """

    name: str = "static"
    threshold: float = 0.5
    thresholds: Mapping[str, float] = field(default_factory=dict[str, float])
    quantile: float = 0.1
    with_checks: bool = True
    weights: Weights = Weights()
    targets: Targets = Targets()
    ask_value: float = 0.0

    def least(self, tier: str) -> float:
        """Give the least score of this tier's drafts."""
        return self.thresholds.get(tier, self.threshold)


_MARGINS: dict[Risk, float] = {"write": 0.05, "money": 0.05}


@dataclass(frozen=True, slots=True)
class RiskPolicy:
    """What actions may spoil, and how much better their drafts must be.

    Attributes:
        actions: The class of an action by its name. One that is not named is ``write`` if the desk's checks call the
            draft irreversible, else ``read``.
        margins: What a class adds to the least score of a rule, so that nothing irreversible rests on a draft that only
            just passed.

    Raises:
        ValueError: a class does not exist.
    """

    actions: Mapping[str, Risk] = field(default_factory=dict[str, Risk])
    margins: Mapping[Risk, float] = field(default_factory=lambda: _MARGINS)

    def __post_init__(self) -> None:
        unknown = {*self.actions.values(), *self.margins} - {*RISKS}
        if unknown:
            raise ValueError(f"there is no risk {', '.join(sorted(unknown))}: use {', '.join(RISKS)}")
