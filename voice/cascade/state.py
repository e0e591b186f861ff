"""What the core remembers of a call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from voice.cascade.budget import Budget
from voice.cascade.deferral import Scores
from voice.cascade.events import Heard
from voice.cascade.policy import Policy, Tier
from voice.cascade.router import Routing
from voice.cascade.words import Action, Dialogue, Draft, Outcome, Reading


@dataclass(frozen=True, slots=True)
class Turn:
    """The work on one hearing, from its first transcript to the first word of the answer.

    Attributes:
        number: Counts the turns that the caller finished; also makes the idempotency key.
        text: Everything said in it.
        final: Whether the caller yielded the floor.
        spoke_until: When the caller's last word ended.
        reading: The desk's reading, once it is there.
        mention: Words heard that a filler may repeat.
        routing: The router's decision, once made.
        running: The tier that is drafting.
        running_since: When it started.
        draft: The draft that is being examined, or was accepted.
        scores: Its scores.
        escalated: Whether a larger tier was asked after a draft failed, or instead of it.
        actions: What was accepted, and by whom it was read.
        source: The tier's name, ``code``, or ``fallback``.
        performing: Whether the desk is at it.
        outcome: The answer, until it is spoken.
        phrases: How many filler phrases were said.
    """

    number: int
    text: str
    final: bool
    spoke_until: float
    reading: Reading | None = None
    mention: tuple[str, ...] = ()
    routing: Routing | None = None
    running: str | None = None
    running_since: float = 0.0
    draft: Draft | None = None
    scores: Scores | None = None
    escalated: bool = False
    actions: tuple[Action, ...] | None = None
    source: str = ""
    performing: bool = False
    outcome: Outcome | None = None
    phrases: int = 0


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something that is being spoken or waits to be."""

    number: int
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class State:
    """A call. ``turn`` is None while there is nothing to answer.

    Attributes:
        latency: Measured seconds to a whole draft by tier, a moving average.
        news: Sentences about a write whose turn was interrupted before they could be spoken.
        waiting: A hearing that came while a write was under way; it is taken up when the write is known.
        failures: Turns in a row that no tier could answer.
    """

    policy: Policy
    call_id: str = ""
    dialogue: Dialogue = None
    read_only: frozenset[str] = frozenset()
    generation: int = 0
    turns: int = 0
    turn: Turn | None = None
    caller_speaking: bool = False
    speaking: tuple[Utterance, ...] = ()
    utterances: int = 0
    used_fillers: frozenset[str] = frozenset()
    latency: Mapping[str, float] = field(default_factory=dict[str, float])
    budget: Budget = field(default_factory=Budget)
    news: tuple[str, ...] = ()
    waiting: Heard | None = None
    failures: int = 0
    ended: bool = False

    def with_turn(self, turn: Turn | None) -> State:
        """Give the state with this turn."""
        return replace(self, turn=turn)

    def expected_seconds(self, tier: Tier) -> float:
        """How long a draft of this tier takes, as measured in this call or else as configured."""
        return self.latency.get(tier.name, tier.expected_seconds)

    def measured(self, tier: str, seconds: float) -> State:
        """Note how long a draft took; a new measurement weighs 0.3."""
        old = self.latency.get(tier)
        new = seconds if old is None else 0.7 * old + 0.3 * seconds
        return replace(self, latency={**self.latency, tier: new})


def begin(policy: Policy) -> State:
    """Give the state before the call starts."""
    return State(policy=policy, budget=Budget(policy.budget))
