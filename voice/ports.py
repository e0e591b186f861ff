"""What the runtime needs from the outside, as protocols. Every implementation can be replaced."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from voice.cascade.commands import Say
from voice.cascade.delivery import Delivery
from voice.cascade.words import Action, Dialogue, Draft, Findings, Outcome, Reading

Samples = NDArray[np.float32]
"""Mono audio, shape ``(n,)``, values in -1…1."""


@dataclass(frozen=True, slots=True)
class Word:
    """A transcribed word. Times in seconds from the start of the audio, ``confidence`` in 0…1."""

    text: str
    start: float
    end: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was heard in a stretch of audio; empty ``text`` for silence or noise."""

    text: str
    words: tuple[Word, ...] = ()


class Transcriber(Protocol):
    """Speech to text. Shared by all calls of a process; safe to call concurrently."""

    async def transcribe(self, audio: Samples, *, context: str = "", names: Sequence[str] = ()) -> Transcript:
        """Transcribe 16 kHz mono audio.

        Args:
            audio: Shape ``(n,)``, float32, 16,000 samples a second, at most 30 s.
            context: What was heard just before, to carry on from.
            names: What callers may say and the model may not know, such as places: up to thousands. Ears that can't
                make use of them leave them out.
        """
        ...


@dataclass(frozen=True, slots=True)
class Message:
    """A chat message. ``role`` is ``system``, ``user`` or ``assistant``."""

    role: str
    content: str


Watch = Callable[[Draft], None]
"""Is shown a draft as it grows, with its bill so far."""


class LanguageModel(Protocol):
    """A tier: it reads messages and writes JSON that satisfies a schema."""

    name: str

    async def draft(
        self, messages: Sequence[Message], schema: Mapping[str, Any], *, watch: Watch | None = None
    ) -> Draft:
        """Ask for one reply.

        The provider's errors come back in ``Draft.error``. Cancelling the task cancels the call. ``watch``, if given,
        is shown the draft so far whenever it has grown, or its bill has; one with an error is of a request that failed,
        and may be followed by another. A tier that can't stream need not call it.
        """
        ...

    async def warm(self, messages: Sequence[Message]) -> None:
        """Have the constant prefix of every prompt cached where the provider can."""
        ...


@runtime_checkable
class Prefills(Protocol):
    """A tier that can read the beginning of a prompt ahead of need, for nothing."""

    async def prefill(self, messages: Sequence[Message]) -> None:
        """Have these messages cached, the last one as far as it goes. Cancelling the task ends it; errors are kept."""
        ...


class Speaker(Protocol):
    """Text to speech. Shared by all calls of a process.

    Attributes:
        sample_rate: Of what `speak` gives, in samples a second.
    """

    sample_rate: int

    def speak(self, text: str) -> AsyncIterator[bytes]:
        """Give 16-bit mono PCM as it is made.

        Raises:
            SpeechError: the voice can't be used now.
        """
        ...


@runtime_checkable
class Paced(Protocol):
    """A voice that can speak slower or faster than it was made."""

    def speak_at(self, text: str, rate: float) -> AsyncIterator[bytes]:
        """Give what `Speaker.speak` does at this rate, 1 as the voice was made; at 0.8 it takes a quarter longer."""
        ...


class SpeechError(RuntimeError):
    """A voice failed; the message says why and what to do."""


class Mouth(Protocol):
    """Where a call's speech goes. All return at once; whoever subclasses it need only be able to `say`."""

    def prepare(self, text: str) -> None:
        """Have the sound of this ready: it will probably be said next."""
        return

    def say(self, utterance: Say) -> None:
        """Speak after whatever is being spoken."""
        ...

    def deliver(self, delivery: Delivery) -> None:
        """Speak like this from now on."""
        return

    def stop(self) -> None:
        """Be silent, and forget what was still to be said."""
        return

    def hand_off(self) -> None:
        """The caller heard that they are passed to a person: the agent says no more."""
        return

    def hang_up(self) -> None:
        """End the call, after what is being said."""
        return


@runtime_checkable
class Named(Protocol):
    """A desk whose callers say names that ears should know."""

    @property
    def names(self) -> Sequence[str]:
        """The names, as they are written; the same each time, since ears keep what they made of them."""
        ...


@runtime_checkable
class Remembering(Protocol):
    """A desk whose callers may come back to what was written for them while they talked of something else."""

    def remember(self, dialogue: Dialogue, outcome: Outcome) -> Dialogue:
        """Give a dialogue that knows of what another turn wrote meanwhile, so that "cancel it" finds it.

        A write that takes longer than the deadline may end when the call has gone on to something else. ``outcome`` is
        what it came to; ``outcome.wrote`` is not empty. What ``dialogue`` proposes still stands, unless that was
        written. Pure and quick; twice comes to the same as once.
        """
        ...


class Desk(Protocol):
    """What an agent can do for its callers: eight methods, and what ``read_only`` lists. All that knows the domain.

    Whatever a method raises, or gives instead of what it should, is logged with its traceback and is in the trace; it
    costs the caller a turn, not the call.
    """

    @property
    def read_only(self) -> frozenset[str]:
        """Names of the actions that change nothing, and may be carried out before the caller has finished."""
        ...

    def open(self, call_id: str) -> Dialogue:
        """Give the dialogue that a new call starts with."""
        ...

    def read(self, text: str, dialogue: Dialogue) -> Reading:
        """Read a transcript by rules. Pure and quick."""
        ...

    def prompt(self, reading: Reading, dialogue: Dialogue, *, fine_tuned: bool = False) -> Sequence[Message]:
        """Give the messages for a tier. All but the last one are constant, so that a server's prompt cache hits.

        A ``fine_tuned`` model has learned this desk's turns: it needs neither instructions nor examples. The reading
        comes without ``actions`` where such a model is not to see them.
        """
        ...

    def schema(self, reading: Reading, dialogue: Dialogue, *, fine_tuned: bool = False) -> Mapping[str, Any]:
        """Give the JSON schema of this turn's reply, an object; it makes unheard values unsayable.

        A ``fine_tuned`` model copies values well by itself: it may say what rules did not find. A schema of type
        ``string`` stands for bare text that matches its ``pattern``.
        """
        ...

    def parse(self, text: str, reading: Reading) -> tuple[Action, ...]:
        """Turn a tier's answer into actions.

        Raises:
            ValueError: it can't be read, or is not of the vocabulary.
        """
        ...

    def examine(self, actions: Sequence[Action], reading: Reading, dialogue: Dialogue) -> Findings:
        """Check a draft by rules. Pure and quick; reads no database."""
        ...

    async def perform(self, actions: Sequence[Action], reading: Reading, dialogue: Dialogue, *, key: str) -> Outcome:
        """Do what the actions say, and give the sentences to speak.

        Nothing is written unless ``actions`` confirms a proposal that ``dialogue`` holds. ``key`` makes a write
        idempotent: the same key writes once, and gives the same outcome again. It is the call's id in the trace and the
        turn's number, so it is unique as far as the ids of calls are (`voice.trace.Trace`).
        Never raises for trouble of the database or of the caller's words: that is an `Outcome` of kind ``failed`` or
        ``clarify``.
        """
        ...

    def mention(self, reading: Reading) -> Sequence[str]:
        """Give the words heard that a filler may repeat, in order, such as city names. Never anything unheard."""
        ...


@runtime_checkable
class Resumes(Protocol):
    """A desk whose labelled turns may begin in the middle of a call. Without it each of them begins one."""

    def resume(self, context: Mapping[str, Any]) -> Dialogue:
        """Give the dialogue that a labelled turn begins with, made from its ``context``, which is of the desk's making.

        Raises:
            ValueError: there is no such context; the message says why, and is shown with the turn's line.
        """
        ...


@runtime_checkable
class Compares(Protocol):
    """A desk that says itself whether a turn was understood as labelled. Without it values are compared as texts."""

    def is_exact(self, expected: Sequence[Mapping[str, Any]], actions: Sequence[Mapping[str, Any]]) -> bool:
        """Say whether these actions are exactly what a label asks for, both in their flat form.

        A value of a label may hold alternatives, joined with ``|``; ``"open": true`` beside arguments allows others.
        """
        ...


Allowed = type[bool] | Collection[str] | Mapping[str, Collection[str]]
"""What an argument may be: `bool` for true or false, the texts of which it is one, none of them for any text or number;
or a list of objects, each key with its texts."""


@runtime_checkable
class Vocabulary(Protocol):
    """A desk that tells what a label may say, so that a typo in one is an error. Without it nothing is."""

    @property
    def vocabulary(self) -> Mapping[str, Mapping[str, Allowed]]:
        """Every action with its arguments; ``clarify`` and ``handoff``, which are the core's, need not be told."""
        ...


@runtime_checkable
class AsksInstead(Protocol):
    """A desk that asks about words which may have been misheard, in place of doing what they were understood as."""

    def asked_instead(self, actions: Sequence[Action], doubted: Sequence[str]) -> str:
        """Give the question that is all that becomes of actions while these words are in doubt; ``""`` if none."""
        ...
