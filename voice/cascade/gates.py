"""What an action needs before it is carried out: a tier, a read-back, or a person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from voice.cascade.policy import HUMAN, READ_BACK, Policy, Tier
from voice.cascade.words import Action


@dataclass(frozen=True, slots=True)
class Unmet:
    """An action whose gate is shut, and what would open it: a tier's name, ``read_back`` or ``human``."""

    action: str
    need: str


def unmet(actions: Sequence[Action], source: str, read_only: Collection[str], policy: Policy) -> Unmet | None:
    """Give the first gate that is shut, or None; a person's comes before all others.

    Args:
        actions: What would be carried out.
        source: Who understood it: a tier's name, ``code`` or ``rules``, which are below all tiers.
        read_only: The desk's actions that write nothing by themselves. One that only proposes is among them, since the
            caller's yes is asked for before anything is written.
        policy: Whose gates.
    """
    shut = [Unmet(action.name, need) for action in actions for need in policy.gates.get(action.name, ())]
    shut = [gate for gate in shut if not _met(gate, source, read_only, policy)]
    return min(shut, key=lambda gate: gate.need != HUMAN, default=None)


def least_tier(actions: Sequence[Action], policy: Policy) -> Tier | None:
    """Give the largest tier that a gate of these asks for, None if none does."""
    ranks = [policy.rank(need) for action in actions for need in policy.gates.get(action.name, ())]
    highest = max(ranks, default=-1)
    return policy.tiers[highest] if highest >= 0 else None


def _met(gate: Unmet, source: str, read_only: Collection[str], policy: Policy) -> bool:
    if gate.need == HUMAN:
        return False
    if gate.need == READ_BACK:
        return gate.action in read_only
    return policy.rank(source) >= policy.rank(gate.need)
