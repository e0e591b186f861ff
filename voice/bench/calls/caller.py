"""A recorded caller: speaks its turns in real time and listens, as a person on the phone would."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import soxr

from voice.bench.calls.floor import Floor, Manners, Utterance
from voice.bench.recordings.manifest import RecordedTurn
from voice.bench.recordings.recording import SAMPLE_RATE, Recording, Track
from voice.bench.wire import Clear, Line, LineError
from voice.hearing import audio

CHUNK_SECONDS = 0.02
_CHUNK = round(CHUNK_SECONDS * SAMPLE_RATE)


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
        never_silent: Whether the caller had to begin although the agent had not been silent for `Manners.first_after`.
    """

    recording: Recording
    turns: tuple[float, ...]
    late: float
    broken: str | None = None
    late_share: float = 0.0
    never_silent: bool = False


def utterances(turns: Sequence[RecordedTurn]) -> list[Utterance]:
    """Read what a caller says.

    Raises:
        AudioError: a recording can't be read.
    """
    return [Utterance(_read(turn), turn.barge_in, turn.kind == "turn") for turn in turns]


async def place_call(
    line: Line,
    said: Sequence[Utterance],
    manners: Manners = Manners(),  # noqa: B008 (immutable)
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
    floor = Floor(manners, recording.began)
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
                said_all = voice is None and len(starts) == len(said) and floor.answered
                broken = _why(listening, to_its_end=said_all)
                break
            floor.hears(spoken, due, recording)
            number = len(starts)
            if voice is None and floor.is_free(spoken, said[number] if number < len(said) else None):
                if number == len(said):
                    break
                voice = voices[number]
                floor.begins(spoken)
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
    return Placed(recording, tuple(starts), late, broken, behind / max(1, tick), floor.never_silent)


class _Voice:
    """An utterance in chunks, as it is recorded and as it is sent."""

    def __init__(self, audio: Track, sample_rate: int) -> None:
        self._sent = self._recorded = audio
        if sample_rate != SAMPLE_RATE:
            # As a whole, because a stream's filter would hold each chunk back.
            self._sent = soxr.resample(audio, SAMPLE_RATE, sample_rate)
            # A narrow line has no sound of a final "s": speech ends when whoever is called can know that it has.
            self._recorded = soxr.resample(self._sent, sample_rate, SAMPLE_RATE)
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


def _why(listening: asyncio.Task[None], *, to_its_end: bool) -> str | None:
    """Say why the line is down. An agent may hang up after its last reply: it has passed the caller to a person."""
    error = None if listening.cancelled() else listening.exception()
    if isinstance(error, LineError):
        return str(error)
    return None if to_its_end else "the agent hung up"


async def _listen(line: Line, recording: Recording) -> None:
    clock = asyncio.get_running_loop().time
    async for heard in line.receive():
        if isinstance(heard, Clear):
            recording.clear(clock())
        else:
            recording.agent(clock(), heard.pcm, heard.sample_rate)
