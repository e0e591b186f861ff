"""What the core remembers of a call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from voice.cascade.budget import Budget
from voice.cascade.commands import Command, SpeechKind
from voice.cascade.delivery import Delivery
from voice.cascade.events import Heard
from voice.cascade.policy import PLAIN_TOKENS, Policy, Tier, Weights
from voice.cascade.words import Action, Dialogue, Outcome, Remember, as_it_was
from voice.cascade.work import Answered, Shadow, Turn, Unfinished

_FORGET = 0.3
"""What a new measurement weighs in a moving average."""

_PREFILL_TOKENS = 8
"""What reading the turn costs, in tokens written."""

_SAID_ONLY = ("clarify", "handoff")
"""Actions that the core names itself: a desk says something for them."""


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
        remember: The desk's, as in `voice.cascade.events.CallStarted`.
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
    remember: Remember = as_it_was
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

    def knowing_of(self, written: Outcome) -> State:
        """Go on from a write that is still to be told; what was said before it is taken up no more."""
        news = (*self.news, *written.say)
        return replace(self, dialogue=written.dialogue, news=news, given=None, resuming=None, cut=None)

    def knowing_of_late_write(self) -> State:
        """Have a dialogue that moved on know of a late write that has ended, whether or not the caller does yet."""
        late = self.unfinished
        if not (late and late.outcome and late.outcome.wrote and self.moved_on):
            return self
        return replace(self, dialogue=self.remember(self.dialogue, late.outcome))

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
