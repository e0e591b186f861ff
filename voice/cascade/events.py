"""What can happen in a call: a closed union. Nothing crosses the core's border but these and `voice.cascade.commands`.

Times are seconds on the runtime's clock. A *generation* is one attempt to answer one hearing; results that carry an old
one are stale and change nothing, except that a write which did happen is always told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from voice.cascade.policy import Weights
from voice.cascade.words import Dialogue, Draft, Findings, Outcome, Reading, Remember, as_it_was


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
        remember: The desk's way to have a dialogue know of a write that ended when the call had moved on.
    """

    at: float
    call_id: str
    dialogue: Dialogue
    greeting: str = ""
    read_only: frozenset[str] = frozenset()
    pace: Mapping[str, float] = field(default_factory=dict[str, float])
    weights: Weights | None = None
    remember: Remember = as_it_was


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
