"""Scripted doubles for tests, of this project and of those who build on it.

They are strict. What the script does not foresee raises where it happens, and is held against the test at the end of
the ``with`` block, because a runtime turns a raising part into an apology; so is a step that was never used.

    with ScriptedModel("fast", '{"actions": []}') as fast:
        ...
"""

from __future__ import annotations

import asyncio
import json
import math
from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

import numpy as np

from voice.cascade.words import Action, Dialogue, Draft, Findings, Outcome, OutcomeKind, Reading
from voice.ports import Message, Samples, Transcript, Watch

_Step = TypeVar("_Step")


class ScriptError(AssertionError):
    """What happened is not what the script says."""


class Script(Generic[_Step]):
    """Steps to be taken in order, each once. A context manager that checks so at its end."""

    def __init__(self, what: str, steps: Iterable[_Step] = ()) -> None:
        self._what = what
        self._steps = deque(steps)
        self._broken: list[str] = []

    def take(self, asked: str) -> _Step:
        """Give the next step.

        Raises:
            ScriptError: there is none.
        """
        if not self._steps:
            raise self.broken(f"{self._what}: unexpected call: {asked}")
        return self._steps.popleft()

    def broken(self, why: str) -> ScriptError:
        """Remember that the script was not followed; give the error to raise."""
        self._broken.append(why)
        return ScriptError(why)

    def finish(self) -> None:
        """Check that everything happened as written.

        Raises:
            ScriptError: something unforeseen was asked for, or a step was never used.
        """
        faults = [*self._broken, *(f"{self._what}: never used: {step}" for step in self._steps)]
        if faults:
            raise ScriptError("\n".join(faults))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if kind is None:
            self.finish()


@dataclass(frozen=True, slots=True)
class Reply:
    """What a scripted tier answers, after ``seconds``."""

    text: str = ""
    seconds: float = 0.0
    logprobs: tuple[float, ...] = (-0.01,)
    prompt_tokens: int = 100
    output_tokens: int = 10
    error: str | None = None


class ScriptedModel(Script[Reply]):
    """A tier that gives these replies in turn. A string is a reply's text, given at once."""

    def __init__(self, name: str, *replies: Reply | str) -> None:
        super().__init__(name, (Reply(reply) if isinstance(reply, str) else reply for reply in replies))
        self.name = name
        self.asked: list[Sequence[Message]] = []

    async def draft(
        self, messages: Sequence[Message], schema: Mapping[str, Any], *, watch: Watch | None = None
    ) -> Draft:
        """Give the next reply, whole."""
        del schema, watch
        self.asked.append(messages)
        reply = self.take(messages[-1].content)
        await asyncio.sleep(reply.seconds)
        tokens = reply.prompt_tokens, reply.output_tokens
        return Draft(self.name, (), reply.text, reply.logprobs, *tokens, reply.error)

    async def warm(self, messages: Sequence[Message]) -> None:
        """Do nothing."""


class ScriptedTranscriber(Script[str]):
    """Ears that hear these words, one transcript a stretch of speech."""

    def __init__(self, *texts: str) -> None:
        super().__init__("transcriber", texts)

    async def transcribe(self, audio: Samples, *, context: str = "", names: Sequence[str] = ()) -> Transcript:
        """Give the next transcript."""
        del context, names
        return Transcript(self.take(f"{len(audio) / 16_000:.2f} s of speech"))


class ToneSpeaker:
    """A voice that hums: ``seconds_per_word`` of a tone for each word, made at once.

    Attributes:
        said: Every text that was asked for.
    """

    sample_rate = 16_000

    def __init__(self, *, seconds_per_word: float = 0.05, hertz: float = 440.0) -> None:
        self._seconds = seconds_per_word
        self._hertz = hertz
        self.said: list[str] = []

    async def speak(self, text: str) -> AsyncIterator[bytes]:
        """Give the tone as 16-bit mono PCM."""
        self.said.append(text)
        count = round(self._seconds * self.sample_rate) * max(1, len(text.split()))
        wave = np.sin(np.arange(count) * (2 * math.pi * self._hertz / self.sample_rate))
        yield (wave * 12_000).astype(np.int16).tobytes()


@dataclass(frozen=True, slots=True)
class Performance:
    """What a scripted desk must be asked to do, and what comes of it.

    Attributes:
        actions: Exactly these.
        outcome: What it gives back.
        gate: Awaited before the work is done, for a test that looks at what happens meanwhile.
    """

    actions: tuple[Action, ...]
    outcome: Outcome
    gate: asyncio.Event | None = field(default=None, compare=False)


def answer(*say: str, wrote: Sequence[str] = ()) -> Outcome:
    """Give the outcome of a turn that went well."""
    return Outcome(OutcomeKind.ANSWER, say, None, wrote=tuple(wrote))


class ScriptedDesk(Script[Performance]):
    """A desk that reads what its script knows, and does what its script says.

    Like a real one it writes once for a key, however often it is asked.

    Args:
        readings: The reading of a transcript, by its text. Any other text is read as nothing but itself.
        performances: What is done, in order.
        read_only: The actions that change nothing.

    Attributes:
        writes: The key of every write, in order.
    """

    def __init__(
        self,
        readings: Mapping[str, Reading] | None = None,
        performances: Iterable[Performance] = (),
        *,
        read_only: Iterable[str] = (),
    ) -> None:
        super().__init__("desk", performances)
        self.read_only = frozenset(read_only)
        self.writes: list[str] = []
        self._readings = readings or {}
        self._done: dict[str, Outcome] = {}

    def open(self, call_id: str) -> Dialogue:
        """Give an empty dialogue."""
        del call_id

    def read(self, text: str, dialogue: Dialogue) -> Reading:
        """Give the script's reading."""
        del dialogue
        return self._readings.get(text, Reading(text))

    def prompt(self, reading: Reading, dialogue: Dialogue, *, fine_tuned: bool = False) -> Sequence[Message]:
        """Give a constant message and the transcript; a fine-tuned model gets the transcript alone."""
        del dialogue
        if fine_tuned:
            return [Message("user", reading.text)]
        return [Message("system", "Answer in JSON."), Message("user", reading.text)]

    def schema(self, reading: Reading, dialogue: Dialogue, *, fine_tuned: bool = False) -> Mapping[str, Any]:
        """Allow everything."""
        del reading, dialogue, fine_tuned
        return {}

    def parse(self, text: str, reading: Reading) -> tuple[Action, ...]:
        """Read ``{"actions": [{"action": name, …}]}``.

        Raises:
            ValueError: it is anything else.
        """
        del reading
        try:
            return tuple(Action.from_dict(action) for action in json.loads(text)["actions"])
        except (KeyError, TypeError) as error:
            raise ValueError(f"no actions in {text!r}") from error

    def examine(self, actions: Sequence[Action], reading: Reading, dialogue: Dialogue) -> Findings:
        """Find everything in order."""
        del reading, dialogue
        return Findings(1.0, 1.0, irreversible=any(action.name not in self.read_only for action in actions))

    async def perform(self, actions: Sequence[Action], reading: Reading, dialogue: Dialogue, *, key: str) -> Outcome:
        """Do the next thing of the script."""
        del reading, dialogue
        if key in self._done:
            return self._done[key]
        asked = tuple(actions)
        performance = self.take(f"perform {asked}")
        if performance.actions != asked:
            raise self.broken(f"desk: asked for {asked} where the script has {performance.actions}")
        if performance.gate:
            await performance.gate.wait()
        self._done[key] = performance.outcome
        if performance.outcome.wrote:
            self.writes.append(key)
        return performance.outcome

    def mention(self, reading: Reading) -> Sequence[str]:
        """Repeat nothing."""
        del reading
        return ()
