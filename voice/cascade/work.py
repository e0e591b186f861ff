"""The work on one hearing: while it is under way, and what may be left of it once the turn is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from voice.cascade.policy import PLAIN_TOKENS
from voice.cascade.router import Routing
from voice.cascade.rules import Scores
from voice.cascade.words import Action, Dialogue, Draft, Outcome, OutcomeKind, Reading

Lack = Literal["draft", "budget", "deadline", "gate", "provider"]
"""What a turn lacks that can't be answered: a usable draft, budget, time, the tier of a gate, any tier at all."""


@dataclass(frozen=True, slots=True)
class Running:
    """A draft under way, and since when."""

    tier: str
    since: float


@dataclass(frozen=True, slots=True)
class Turn:
    """The work on one hearing, from its first transcript to the first word of the answer.

    Attributes:
        number: Counts the turns that the caller finished; also makes the idempotency key.
        text: Everything said in it.
        final: Whether the caller yielded the floor.
        spoke_until: When the caller's last word ended.
        words: Every word with the transcriber's confidence, where it is known.
        reading: The desk's reading, once it is there.
        mention: Words heard that a filler may repeat.
        prompts: The most tokens that a tier's prompt for it has, by tier, where that is known.
        routing: The router's decision, once made.
        running: The drafts under way.
        tried: Who was asked for a draft, the rules included.
        draft: The draft that is being examined, or was accepted.
        held: A larger tier's draft that came before a smaller one's; it counts if that can't be used.
        written: The whole drafts so far, also those that were refused.
        judged_early: Whether its beginning was examined; that is done once.
        scores: Its scores.
        escalated: Whether a larger tier was asked after a draft failed, or instead of it.
        actions: What was accepted, and by whom it was read.
        source: The tier's name, ``code``, or ``fallback``.
        gave_up: Why no tier could answer what was heard so far; it counts once the turn is final.
        lack: What it lacked.
        setback: An outcome whose arguments did not work; it is the answer if a larger tier has no better one.
        performing: Whether the desk is at it.
        outcome: The answer, until it is spoken.
        phrases: How many filler phrases were said.
        desk_since: When a filler was first due while the desk was at it.
    """

    number: int
    text: str
    final: bool
    spoke_until: float
    words: tuple[tuple[str, float], ...] = ()
    reading: Reading | None = None
    mention: tuple[str, ...] = ()
    prompts: Mapping[str, int] = field(default_factory=dict[str, int])
    routing: Routing | None = None
    running: tuple[Running, ...] = ()
    tried: frozenset[str] = frozenset()
    draft: Draft | None = None
    held: Draft | None = None
    written: tuple[Draft, ...] = ()
    judged_early: bool = False
    scores: Scores | None = None
    escalated: bool = False
    actions: tuple[Action, ...] | None = None
    source: str = ""
    gave_up: str = ""
    lack: Lack = "draft"
    setback: Outcome | None = None
    performing: bool = False
    outcome: Outcome | None = None
    phrases: int = 0
    desk_since: float | None = None

    @property
    def tokens(self) -> int:
        """How long a draft is likely to be, from what was read."""
        return max(8, len(self.reading.wires[0]) // 4) if self.reading and self.reading.wires else PLAIN_TOKENS

    @property
    def has_another(self) -> bool:
        """Whether another draft is under way, or there already, if the one that is examined can't be used."""
        return bool(self.running or self.held)

    def runs(self, tier: str) -> Running | None:
        """Give the draft of this tier that is under way, if one is."""
        return next((running for running in self.running if running.tier == tier), None)

    def without(self, tier: str) -> tuple[Running, ...]:
        """Give the drafts under way but this tier's."""
        return tuple(running for running in self.running if running.tier != tier)


@dataclass(frozen=True, slots=True)
class Shadow:
    """An answered turn that a larger tier is to read too, as the caller said it and in the dialogue it was said in.

    ``tries`` is how often it was asked, ``since`` when it was asked last; ``prompt_tokens`` is the most that its prompt
    has, None where that is not known.
    """

    turn: int
    tier: str
    reading: Reading
    dialogue: Dialogue
    actions: tuple[Action, ...]
    source: str
    tries: int = 0
    since: float = 0.0
    prompt_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A write that outlasted the deadline: its turn's work, whether the caller knows of it, and what it came to.

    ``dialogue`` is the one that it was begun in.
    """

    generation: int
    turn: Turn
    dialogue: Dialogue
    told: bool = False
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """A turn that was answered, by whom and how."""

    number: int
    source: str
    kind: OutcomeKind
