"""What can happen in a call, and what the core can ask for. Two closed unions, nothing else crosses its border.

Times are seconds on the runtime's clock. A *generation* is one attempt to answer one hearing; results that carry an old
one are stale and change nothing, except that a write which did happen is always told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from voice.cascade.delivery import Delivery
from voice.cascade.policy import Weights
from voice.cascade.words import Action, Dialogue, Draft, Findings, Outcome, Reading

# ---- events


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A caller is on the line.

    Attributes:
        at: When.
        call_id: Names the call in the trace and in idempotency keys.
        dialogue: The desk's opening one.
        greeting: Spoken first, if not empty.
        read_only: The desk's actions that change nothing, and may be carried out before the caller has finished.
        pace: How much longer than configured each tier has taken lately, in other calls too.
        weights: What this call values, None for the policy's; see rule ``utility``.
    """

    at: float
    call_id: str
    dialogue: Dialogue
    greeting: str = ""
    read_only: frozenset[str] = frozenset()
    pace: Mapping[str, float] = field(default_factory=dict[str, float])
    weights: Weights | None = None


@dataclass(frozen=True, slots=True)
class CallerSpoke:
    """The caller began to speak, whether or not the agent was speaking.

    ``since`` is when their voice began, if that became clear later than it was heard.
    """

    at: float
    since: float | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A transcript of the turn so far.

    Attributes:
        at: When it became known.
        text: Everything said in the turn; empty for a cough or noise.
        final: Whether the caller yielded the floor. Until then work may start, but nothing is spoken or written.
        spoke_until: When the caller's last word ended.
        confidence: 0…1, the transcriber's lowest confidence in a word, 1 if unknown.
        words: Every word with its confidence; empty if unknown.
        weights: What this turn values, None for the call's. The last hearing of a turn counts.
        deaf: Whether nothing is known of what was said because the ears failed.
    """

    at: float
    text: str
    final: bool
    spoke_until: float
    confidence: float = 1.0
    words: tuple[tuple[str, float], ...] = ()
    weights: Weights | None = None
    deaf: bool = False


@dataclass(frozen=True, slots=True)
class WasRead:
    """The desk's reading of the transcript by rules.

    ``mention`` are words heard that a filler may repeat, ``prompts`` the most tokens that its prompt has, by tier;
    empty where that is not known.
    """

    at: float
    generation: int
    reading: Reading
    mention: tuple[str, ...] = ()
    prompts: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class Drafting:
    """A draft has grown; ``draft`` is what there is of it."""

    at: float
    generation: int
    draft: Draft


@dataclass(frozen=True, slots=True)
class Drafted:
    """A tier answered, failed, or was cancelled (``draft.error == "cancelled"``: billed all the same).

    ``shadow`` is that of its `StartDraft`.
    """

    at: float
    generation: int
    draft: Draft
    shadow: int = 0


@dataclass(frozen=True, slots=True)
class Examined:
    """The desk's findings about the draft of ``tier``. ``shadow`` is that of its `Examine`."""

    at: float
    generation: int
    tier: str
    findings: Findings
    shadow: int = 0


@dataclass(frozen=True, slots=True)
class Performed:
    """The actions were carried out, or could not be."""

    at: float
    generation: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class SpeechDone:
    """An utterance is over: it was played to its end, unless the voice failed."""

    at: float
    utterance: int
    played: bool = True


@dataclass(frozen=True, slots=True)
class TimerFired:
    """A timer set for this generation ran out."""

    at: float
    generation: int
    name: TimerName


@dataclass(frozen=True, slots=True)
class Allowance:
    """What the limits of the hour still allow all calls together, by ``money``, ``model_calls``, … as it changes."""

    at: float
    left: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Broke:
    """An event could not be taken in: an error of the program's own.

    Attributes:
        at: When.
        lost: The event.
        error: What went wrong.
        say: What to tell a caller who waits for an answer.
    """

    at: float
    lost: Event
    error: str
    say: str


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The caller hung up or the line broke."""

    at: float


TimerName = Literal["filler", "deadline", "idle"]
SpeechKind = Literal["greeting", "filler", "answer", "prompt"]
Event = (
    CallStarted
    | CallerSpoke
    | Heard
    | WasRead
    | Drafting
    | Drafted
    | Examined
    | Performed
    | SpeechDone
    | TimerFired
    | Allowance
    | Broke
    | CallEnded
)

# ---- commands


@dataclass(frozen=True, slots=True)
class Read:
    """Have the desk read ``text`` by rules; answer with `WasRead`."""

    generation: int
    text: str
    dialogue: Dialogue


@dataclass(frozen=True, slots=True)
class StartDraft:
    """Ask a tier for a draft, within ``seconds`` if that is all that the budget allows; answer with `Drafted`.

    ``problems`` is what was wrong with a smaller tier's draft, ``carried_out`` what was done in vain. ``shadow`` is the
    number of the answered turn that this is a second opinion about, which nobody waits for; 0 for all other drafts.
    """

    generation: int
    tier: str
    reading: Reading
    dialogue: Dialogue
    problems: tuple[str, ...] = ()
    carried_out: tuple[Action, ...] = ()
    seconds: float | None = None
    shadow: int = 0


@dataclass(frozen=True, slots=True)
class CancelDrafts:
    """Cancel this generation's model calls, or one tier's, or the second opinion under way if ``shadow`` is set.

    Each still answers with `Drafted`, for the bill.
    """

    generation: int
    tier: str | None = None
    shadow: bool = False


@dataclass(frozen=True, slots=True)
class Examine:
    """Have the desk check a draft; answer with `Examined`. ``shadow`` is that of the draft."""

    generation: int
    tier: str
    actions: tuple[Action, ...]
    reading: Reading
    dialogue: Dialogue
    shadow: int = 0


@dataclass(frozen=True, slots=True)
class Perform:
    """Have the desk carry out actions; answer with `Performed`. Never cancelled: a write ends on its own terms."""

    generation: int
    actions: tuple[Action, ...]
    reading: Reading
    dialogue: Dialogue
    key: str


@dataclass(frozen=True, slots=True)
class Prepare:
    """Have the sound of ``text`` ready: it will probably be said next."""

    text: str


@dataclass(frozen=True, slots=True)
class Expect:
    """The caller's next words will be said to this: have the tiers read as much of the prompt as is known.

    For tiers that can (`voice.ports.Prefills`), which is free of charge. Work of less use than any other: it ends when
    a draft starts.
    """

    dialogue: Dialogue


@dataclass(frozen=True, slots=True)
class Say:
    """Speak ``text`` after whatever is being spoken; answer with `SpeechDone`."""

    utterance: int
    text: str
    kind: SpeechKind


@dataclass(frozen=True, slots=True)
class Deliver:
    """Speak like this from now on: the caller asked for it."""

    delivery: Delivery


@dataclass(frozen=True, slots=True)
class StopSpeaking:
    """Be silent at once, and forget what was still to be said."""


@dataclass(frozen=True, slots=True)
class SetTimer:
    """Answer with `TimerFired` after ``seconds``; a timer of the same name is replaced."""

    generation: int
    name: TimerName
    seconds: float


@dataclass(frozen=True, slots=True)
class HandOff:
    """Pass the caller to a person: they were told, and the agent is silent from now on."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call."""


@dataclass(frozen=True, slots=True)
class Record:
    """Write a line to the trace: a decision with everything it was made from."""

    kind: str
    turn: int
    data: Mapping[str, Any] = field(default_factory=dict[str, Any])


Command = (
    Read
    | StartDraft
    | CancelDrafts
    | Examine
    | Perform
    | Prepare
    | Expect
    | Say
    | Deliver
    | StopSpeaking
    | SetTimer
    | HandOff
    | HangUp
    | Record
)
Commands = Sequence[Command]
