"""Recorded outcomes in the form that decisions are made from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from voice.bench.turns.outcomes import RecordedOutcome
from voice.bench.turns.yardstick import Yardstick
from voice.cascade.policy import RiskPolicy, Tier
from voice.cascade.routing_features import Facts
from voice.cascade.rules import Evidence, risk_of
from voice.cascade.words import Draft, Reading


class BadData(ValueError):
    """Outcomes can't be used for what was asked; the message says why and what to do."""


@dataclass(frozen=True)
class Case:
    """A turn with what each tier made of it.

    Attributes:
        outcome: As recorded.
        reading: By rules.
        evidence: What a rule sees of each tier's draft, by tier, the cheapest first. A turn of a call has those of the
            tiers that were asked.
        yardstick: Of the desk.
    """

    outcome: RecordedOutcome
    reading: Reading
    evidence: Mapping[str, Evidence]
    yardstick: Yardstick

    def right(self, tier: str) -> bool:
        """Say whether what comes of asking this tier, after the smaller ones, is exactly what the label says."""
        made = self.outcome.tiers[tier]
        return made.voted.exact if made.voted else made.exact

    def same(self, larger: str, smaller: str) -> bool:
        """Say whether two tiers read the turn the same."""
        return self.yardstick.is_exact(self.outcome.tiers[larger].actions, self.outcome.tiers[smaller].actions)

    def alone(self, tier: str) -> Evidence:
        """Give what a rule sees of this tier's draft where no smaller one was asked."""
        made = self.outcome.tiers[tier]
        return replace(self.evidence[tier], draft=made.draft(tier), findings=made.findings(), below=None)

    def weight(self, tier: str) -> float:
        """Give what this tier's draft weighs where something is learned from it; 0 if nobody knows whether it is right.

        A larger tier that gave a second opinion stands for the turns on which it was not asked.
        """
        made = self.outcome.tiers.get(tier)
        if made is None:
            return 0.0
        return made.weight * (1.0 if tier == next(iter(self.outcome.tiers)) else self.outcome.stands_for)

    def whole(self, tiers: Iterable[str]) -> bool:
        """Say whether it is known what the rules and each of these tiers make of the turn, and if that is right."""
        return all(self.weight(tier) > 0 for tier in tiers) and (not self.reading.actions or self.read_weight > 0)

    @property
    def read_weight(self) -> float:
        """What the reading by rules weighs."""
        return self.outcome.reading.weight

    @property
    def played_weight(self) -> float:
        """What a whole turn weighs when a policy is played on it: the same, whoever answers."""
        least = min(made.weight for made in self.outcome.tiers.values())
        return self.outcome.stands_for * (min(least, self.read_weight) if self.reading.actions else least)

    @property
    def facts(self) -> Facts:
        """What the router knows besides the reading."""
        return self.yardstick.facts

    @property
    def group(self) -> str:
        """Name the turns that are alike: those of one call, or those of one kind in one split."""
        return self.outcome.call or f"{self.outcome.split}/{self.outcome.kind}"


def cases_of(
    outcomes: Sequence[RecordedOutcome],
    tiers: Sequence[Tier],
    yardstick: Yardstick,
    risk: RiskPolicy | None = None,
) -> list[Case]:
    """Prepare outcomes.

    Args:
        outcomes: Of one version of the models.
        tiers: The profile's, the cheapest first.
        yardstick: Of the profile's desk.
        risk: What actions may spoil.

    Raises:
        BadData: there are none, they are of several versions or of another desk, or a tier is missing in a turn that is
            not of a call.
    """
    if not outcomes:
        raise BadData("there are no outcomes: make some with `voice eval TURNS --record OUT.jsonl`")
    versions = {outcome.version for outcome in outcomes}
    if len(versions) > 1:
        raise BadData(f"these outcomes were made by {len(versions)} versions of the models; record them again")
    if others := {outcome.desk for outcome in outcomes} - {yardstick.name}:
        raise BadData(
            f"these outcomes were made at {' and '.join(sorted(map(_named, others)))}, and the profile's desk is "
            f"{_named(yardstick.name)}: give its profile with --profile, or record them again"
        )
    risk = risk or RiskPolicy()
    return [_case(outcome, tiers, yardstick, risk) for outcome in outcomes]


def _named(desk: str) -> str:
    return desk or "the airline's"


def _case(outcome: RecordedOutcome, tiers: Sequence[Tier], yardstick: Yardstick, risk: RiskPolicy) -> Case:
    reading = outcome.reading.reading()
    evidence: dict[str, Evidence] = {}
    below: Draft | None = None
    for index, tier in enumerate(tiers):
        made = outcome.tiers.get(tier.name)
        if made is None and outcome.call:
            continue
        if made is None:
            there = ", ".join(outcome.tiers)
            raise BadData(f"turn {outcome.id} has no outcome of the tier {tier.name!r}, only of {there}")
        draft, findings = made.decided(tier.name) if below else (made.draft(tier.name), made.findings())
        evidence[tier.name] = Evidence(
            reading,
            draft,
            findings,
            tier,
            tuple(tiers[index + 1 :]),
            risk=risk_of(draft, findings, risk),
            below=below,
        )
        below = None if made.error else made.draft(tier.name)
    return Case(outcome, reading, evidence, yardstick)


def tiers_in(outcomes: Sequence[RecordedOutcome], known: Sequence[Tier]) -> tuple[Tier, ...]:
    """Give the tiers that outcomes tell of, in their order, as the profile knows them where it does.

    Where no turn tells of all, the order is the profile's.
    """
    by_name = {tier.name: tier for tier in known}
    there = {name for outcome in outcomes for name in outcome.tiers}
    whole = next((list(outcome.tiers) for outcome in outcomes if len(outcome.tiers) == len(there)), [])
    names = whole or [name for name in by_name if name in there]
    return tuple(by_name.get(name, Tier(name)) for name in names)


def part(cases: Sequence[Case], name: str) -> list[Case]:
    """Give all cases of a split, to learn from."""
    return [case for case in cases if case.outcome.split == name]


def split(cases: Sequence[Case], name: str) -> list[Case]:
    """Give the cases of a split on which policies can be played; see `Case.whole`.

    Raises:
        BadData: there are none.
    """
    tiers = {tier for case in cases for tier in case.evidence}
    found = [case for case in part(cases, name) if case.whole(tiers)]
    if not found and part(cases, name):
        raise BadData(
            f"of no turn with split = {name!r} it is known what every tier makes of it: give labelled turns too"
        )
    if not found:
        there = sorted({case.outcome.split or "(none)" for case in cases})
        raise BadData(
            f"no outcome has split = {name!r}; there are {', '.join(there)}: give turns the splits train, dev "
            "and test, or give none of them a split and have them shared out"
        )
    return found


def fingerprint(cases: Sequence[Case]) -> str:
    """Name the data: which turns, and what was made of them."""
    lines = sorted(
        f"{case.outcome.id} {case.outcome.split} {case.outcome.reading.exact}{_weighed(case.outcome.reading.weight)} "
        + " ".join(f"{name} {one.text} {one.exact}{_weighed(one.weight)}" for name, one in case.outcome.tiers.items())
        for case in cases
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _weighed(weight: float) -> str:
    return "" if weight == 1 else f" {weight:g}"
