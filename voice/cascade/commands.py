"""What the core can ask for: a closed union. What comes of it is told as an event (`voice.cascade.events`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from voice.cascade.delivery import Delivery
from voice.cascade.events import TimerName
from voice.cascade.words import Action, Dialogue, Reading

SpeechKind = Literal["greeting", "filler", "answer", "prompt"]


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
