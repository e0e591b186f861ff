"""A recorded caller: speaks its turns in real time and listens, as a person on the phone would."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import soxr

from voice.bench.activity import AGENT
from voice.bench.manifest import RecordedTurn
from voice.bench.recording import SAMPLE_RATE, Recording, Track
from voice.bench.wire import Clear, Line, LineError
from voice.hearing import audio

CHUNK_SECONDS = 0.02
_CHUNK = round(CHUNK_SECONDS * SAMPLE_RATE)


@dataclass(frozen=True, slots=True)
class Manners:
    """When the caller speaks.

    Attributes:
        first_after: Silence before the first turn, after any greeting, in seconds. Stock pipelines load their ears and
            their voice when a call begins, and are not to be measured at that.
        after_reply: How long the agent must have been silent, having spoken, before the next turn. A caller can't tell
            filler from an answer other than by what follows, so this is longer than any pause between the two.
        gives_up_after: How long the caller waits for any sound before going on.
        hangs_up_after: Silence after the last reply before hanging up.
        longest_reply: The next turn comes at the latest this long after the last one.
    """

    first_after: float = 2.0
    after_reply: float = 2.8
    gives_up_after: float = 15.0
    hangs_up_after: float = 3.5
    longest_reply: float = 45.0


@dataclass(frozen=True, slots=True)
class Utterance:
    """A sound that the caller makes.

    Attributes:
        audio: 16 kHz mono, shape ``(n,)``.
        barge_in: It begins this many seconds after the agent began to speak in reply to the last turn, or as soon
            after that as the agent is heard again; None waits for the end of the reply. Where the agent does not come
            to be heard then, it begins when a turn without ``barge_in`` would.
        is_turn: Whether a reply is waited for.
    """

    audio: Track
    barge_in: float | None = None
    is_turn: bool = True


@dataclass(frozen=True, slots=True)
class Placed:
    """A call that was made.

    Attributes:
        recording: Both directions.
        turns: When each utterance's audio began, in seconds of the recording. Fewer than were asked for if the line
            broke.
        late: The most that a chunk was sent behind its time, in seconds: what the measuring can't see below.
        broken: Why the call ended early, or None.
        late_share: The share of chunks that were sent more than a chunk's length behind their time, 0…1.
    """

    recording: Recording
    turns: tuple[float, ...]
    late: float
    broken: str | None = None
    late_share: float = 0.0


def utterances(turns: Sequence[RecordedTurn]) -> list[Utterance]:
    """Read what a caller says.

    Raises:
        AudioError: a recording can't be read.
    """
    return [Utterance(_read(turn), turn.barge_in, turn.kind == "turn") for turn in turns]


async def place_call(
    line: Line,
    said: Sequence[Utterance],
    manners: Manners = Manners(),
    on_turn: Callable[[int, float], None] = lambda number, at: None,
) -> Placed:
    """Speak, each utterance when its time has come.

    Sound goes out in chunks, each when its last sample was spoken, as from a telephone: the agent can't hear a turn's
    end before it is in the recording.

    Args:
        line: An open line; it is closed at the end.
        said: What to say, in order.
        manners: When to speak.
        on_turn: Told the number of each utterance, from 1, and the second of the recording at which it begins.
    """
    clock = asyncio.get_running_loop().time
    voices = [_Voice(utterance.audio, line.sample_rate) for utterance in said]
    recording = Recording(clock())
    floor = _Floor(manners, recording.began)
    listening = asyncio.create_task(_listen(line, recording))
    starts: list[float] = []
    late, behind, broken, tick = 0.0, 0, None, 0
    voice: _Voice | None = None
    try:
        while True:
            spoken = recording.began + tick * CHUNK_SECONDS
            due = spoken + CHUNK_SECONDS
            await asyncio.sleep(max(0.0, due - clock()))
            lag = clock() - due
            late, behind = max(late, lag), behind + (lag > CHUNK_SECONDS)
            tick += 1
            if listening.done():
                broken = _why(listening)
                break
            floor.hears(spoken, due, recording)
            number = len(starts)
            if voice is None and floor.is_free(spoken, said[number] if number < len(said) else None):
                if number == len(said):
                    break
                voice = voices[number]
                starts.append(spoken - recording.began)
                on_turn(number + 1, spoken - recording.began)
            heard, sent = voice.next() if voice else _silence(line.sample_rate)
            if voice and voice.over:
                voice = None
                floor.spoke(due, is_turn=said[len(starts) - 1].is_turn)
            recording.caller(spoken, heard)
            await line.send(sent)
    except LineError as error:
        broken = str(error)
    finally:
        with contextlib.suppress(Exception):
            await line.close()
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await listening
    return Placed(recording, tuple(starts), late, broken, behind / max(1, tick))


class _Floor:
    """Knows when the caller may speak: from what was heard of the agent, at the pace at which it was played."""

    def __init__(self, manners: Manners, began: float) -> None:
        self._manners = manners
        self._turns = 0
        self._turn_ended = began
        self._sound_ended = began
        self._agent_began: float | None = None
        self._agent_heard = False
        self._agent_until = began

    def hears(self, start: float, end: float, recording: Recording) -> None:
        """Listen to the agent between two moments of the clock."""
        self._agent_heard = recording.agent_level(start, end) > AGENT.least_db
        if not self._agent_heard:
            return
        if start - self._agent_until > AGENT.join and self._agent_began is None and start >= self._turn_ended:
            self._agent_began = start
        self._agent_until = end

    def spoke(self, until: float, *, is_turn: bool) -> None:
        """Note the end of an utterance."""
        self._sound_ended = until
        if is_turn:
            self._turns += 1
            self._turn_ended = until
            self._agent_began = None

    def is_free(self, now: float, utterance: Utterance | None) -> bool:
        """Say whether an utterance, or hanging up where there is none, has come to its time."""
        if utterance and utterance.barge_in is not None and self._agent_began is not None and self._agent_heard:
            return now >= self._agent_began + utterance.barge_in
        return now >= self._polite(hangs_up=utterance is None)

    def _polite(self, *, hangs_up: bool) -> float:
        manners = self._manners
        if not self._turns:
            return max(self._sound_ended, self._agent_until) + manners.first_after
        quiet = manners.hangs_up_after if hangs_up else manners.after_reply
        if self._agent_until <= self._turn_ended:
            return self._turn_ended + manners.gives_up_after
        return min(max(self._agent_until, self._sound_ended) + quiet, self._turn_ended + manners.longest_reply)


class _Voice:
    """An utterance in chunks, as it is recorded and as it is sent."""

    def __init__(self, audio: Track, sample_rate: int) -> None:
        self._recorded = audio
        # As a whole, because a stream's filter would hold each chunk back.
        self._sent = audio if sample_rate == SAMPLE_RATE else soxr.resample(audio, SAMPLE_RATE, sample_rate)
        self._size = round(CHUNK_SECONDS * sample_rate)
        self._chunk = 0

    @property
    def over(self) -> bool:
        return self._chunk * _CHUNK >= len(self._recorded)

    def next(self) -> tuple[bytes, bytes]:
        index, self._chunk = self._chunk, self._chunk + 1
        return _cut(self._recorded, index, _CHUNK), _cut(self._sent, index, self._size)


def _cut(audio: Track, index: int, size: int) -> bytes:
    return audio[index * size : (index + 1) * size].tobytes().ljust(2 * size, b"\0")


def _silence(sample_rate: int) -> tuple[bytes, bytes]:
    return bytes(2 * _CHUNK), bytes(2 * round(CHUNK_SECONDS * sample_rate))


def _read(turn: RecordedTurn) -> Track:
    return (np.clip(audio.read(turn.audio, rate=SAMPLE_RATE).samples, -1, 1) * 32767).astype(np.int16)


def _why(listening: asyncio.Task[None]) -> str:
    error = None if listening.cancelled() else listening.exception()
    return str(error) if isinstance(error, LineError) else "the agent hung up"


async def _listen(line: Line, recording: Recording) -> None:
    clock = asyncio.get_running_loop().time
    async for heard in line.receive():
        if isinstance(heard, Clear):
            recording.clear(clock())
        else:
            recording.agent(clock(), heard.pcm, heard.sample_rate)
