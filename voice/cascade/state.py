"""What the core remembers of a call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from voice.cascade.budget import Budget
from voice.cascade.delivery import Delivery
from voice.cascade.events import Command, Heard, SpeechKind
from voice.cascade.policy import PLAIN_TOKENS, Policy, Tier, Weights
from voice.cascade.router import Routing
from voice.cascade.rules import Scores
from voice.cascade.words import Action, Dialogue, Draft, Outcome, OutcomeKind, Reading

_FORGET = 0.3
"""What a new measurement weighs in a moving average."""

_PREFILL_TOKENS = 8
"""What reading the turn costs, in tokens written."""


_SAID_ONLY = ("clarify", "handoff")
"""Actions that the core names itself: a desk says something for them."""

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


@dataclass(frozen=True, slots=True)
class Given:
    """The turn that was answered last, and what the call was like before it. It may turn out to be half a turn."""

    text: str
    spoke_until: float
    dialogue: Dialogue
    words: tuple[tuple[str, float], ...] = ()
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Resuming:
    """The first half of a turn, and the dialogue to go on with if what follows turns out to be no second half."""

    first: Given
    otherwise: Dialogue


@dataclass(frozen=True, slots=True)
class Utterance:
    """Something that is being spoken or waits to be."""

    number: int
    text: str
    kind: SpeechKind


@dataclass(frozen=True, slots=True)
class Cut:
    """What was being said when a voice cut in, and what held until then: it may turn out to have been a cough.

    Attributes:
        unsaid: From the sentence on that was not heard to its end; no fillers.
        dialogue: What the desk remembered, as in `State`; so are the others.
    """

    unsaid: tuple[Utterance, ...]
    dialogue: Dialogue
    unheard: Dialogue | None
    given: Given | None
    news: tuple[str, ...] = ()
    telling: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class State:
    """A call. ``turn`` is None while there is nothing to answer.

    Attributes:
        pace: How much longer than configured each tier takes, a moving average.
        thrown_away: Drafts of the turn under way that were started while the caller could go on, and did.
        unheard: The dialogue to go on with if the answer that is being spoken is not heard to its end.
        given: The turn that was answered last, unless something was written for it.
        resuming: What the turn under way may be the second half of: the agent took a pause for an end.
        cut: What the voice that is heard now cut short.
        news: Sentences about a write whose turn was interrupted before they could be spoken.
        telling: The sentences about a write that are being spoken, until the first of them was heard to its end.
        waiting: A hearing that came while a write was under way; it is taken up when the write is known, or late.
        unfinished: The write that outlasted the deadline. Until it has ended nothing else is written.
        prompted: How often a silent caller was spoken to since they last spoke.
        failures: Turns in a row that no tier could answer.
        shadow: The second opinion under way.
        shadows: Those that wait.
        shadow_spent: Money that second opinions took.
        answered: The last turns, which the caller may still repair.
        repairs: How many they did.
        weights: What this call values, None for the policy's.
        turn_weights: What the turn heard last values, None for the call's.
        delivery: How the agent speaks.
        wrote: What was written in this call.
        handed_off: Whether the caller was told that they are passed to a person.
        handing_off: Whether the last answer said so; it is done once that was heard.
        passed_on: Whether it is done: from then on the agent says nothing and takes nothing in.
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
    pace: Mapping[str, float] = field(default_factory=dict[str, float])
    thrown_away: int = 0
    unheard: Dialogue | None = None
    given: Given | None = None
    resuming: Resuming | None = None
    cut: Cut | None = None
    budget: Budget = field(default_factory=Budget)
    news: tuple[str, ...] = ()
    telling: tuple[str, ...] = ()
    waiting: Heard | None = None
    unfinished: Unfinished | None = None
    prompted: int = 0
    failures: int = 0
    shadow: Shadow | None = None
    shadows: tuple[Shadow, ...] = ()
    shadow_spent: float = 0.0
    answered: tuple[Answered, ...] = ()
    repairs: int = 0
    weights: Weights | None = None
    turn_weights: Weights | None = None
    delivery: Delivery = field(default_factory=Delivery)
    wrote: tuple[str, ...] = ()
    handed_off: bool = False
    handing_off: bool = False
    passed_on: bool = False
    ended: bool = False

    def with_turn(self, turn: Turn | None) -> State:
        """Give the state with this turn."""
        return replace(self, turn=turn)

    def current(self, generation: int) -> Turn | None:
        """Give the turn that a result of this generation belongs to; None if it is stale."""
        return self.turn if generation == self.generation and not self.ended else None

    def may_write(self, actions: Sequence[Action]) -> bool:
        """Say whether carrying these out may change something."""
        return any(action.name not in self.read_only and action.name not in _SAID_ONLY for action in actions)

    @property
    def moved_on(self) -> bool:
        """Whether something else was talked of since a write turned out to be late."""
        return self.unfinished is not None and self.dialogue != self.unfinished.dialogue

    @property
    def writing(self) -> bool:
        """Whether the desk may be writing for the turn: nothing amends that before it has ended, or is late."""
        turn = self.turn
        return turn is not None and turn.performing and turn.final and self.may_write(turn.actions or ())

    def expected_seconds(self, tier: Tier, tokens: int = PLAIN_TOKENS) -> float:
        """How long a draft of so many tokens takes, as configured and as measured lately."""
        return tier.expected_seconds * _size(tokens) * self.pace.get(tier.name, 1.0)

    def measured(self, tier: Tier, seconds: float, tokens: int) -> State:
        """Note how long a draft of so many tokens took."""
        old = self.pace.get(tier.name)
        ratio = seconds / (tier.expected_seconds * _size(tokens))
        new = ratio if old is None else (1 - _FORGET) * old + _FORGET * ratio
        return replace(self, pace={**self.pace, tier.name: new})


Step = tuple[State, list[Command]]


def then(commands: list[Command], following: Step) -> Step:
    """Give the following step with these commands before its own."""
    state, more = following
    return state, [*commands, *more]


def _size(tokens: int) -> float:
    return (_PREFILL_TOKENS + tokens) / (_PREFILL_TOKENS + PLAIN_TOKENS)


def begin(policy: Policy) -> State:
    """Give the state before the call starts."""
    return State(policy=policy, budget=Budget(policy.budget))
