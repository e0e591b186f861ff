"""A recorded caller: speaks its turns in real time and listens, as a person on the phone would."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from voice.bench.recording import SAMPLE_RATE, Recording, Track
from voice.bench.wire import Clear, Line, LineError

CHUNK_SECONDS = 0.02
_CHUNK = round(CHUNK_SECONDS * SAMPLE_RATE)


@dataclass(frozen=True, slots=True)
class Manners:
    """When the caller speaks.

    Attributes:
        first_after: Silence before the first turn, after any greeting, in seconds.
        after_reply: How long the agent must have been silent, having spoken, before the next turn. A caller can't tell
            filler from an answer other than by what follows, so this is longer than any pause between the two.
        gives_up_after: How long the caller waits for any sound before going on.
        hangs_up_after: Silence after the last reply before hanging up.
        longest_reply: The next turn comes at the latest this long after the last one.
    """

    first_after: float = 0.8
    after_reply: float = 2.8
    gives_up_after: float = 15.0
    hangs_up_after: float = 3.5
    longest_reply: float = 45.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A call that was made.

    Attributes:
        recording: Both directions.
        turns: When each turn's audio began, in seconds of the recording. Fewer than were asked for if the line broke.
        late: The most that a chunk was sent behind its time, in seconds: what the measuring can't see below.
        broken: Why the call ended early, or None.
    """

    recording: Recording
    turns: tuple[float, ...]
    late: float
    broken: str | None = None


async def place_call(
    line: Line,
    turns: Sequence[Track],
    manners: Manners = Manners(),
    on_turn: Callable[[int, float], None] = lambda number, at: None,
) -> Placed:
    """Speak the turns, each when the agent has answered the one before.

    Args:
        line: An open line; it is closed at the end.
        turns: 16 kHz mono audio of each turn, shape ``(n,)``.
        manners: When to speak.
        on_turn: Told the number of each turn, from 1, and the second of the recording at which it begins.
    """
    loop = asyncio.get_running_loop()
    recording = Recording(loop.time())
    listening = asyncio.create_task(_listen(line, recording))
    starts: list[float] = []
    late, broken = 0.0, None
    audio: Track | None = None
    position, number, tick, ended = 0, 0, 0, recording.began
    try:
        while True:
            due = recording.began + tick * CHUNK_SECONDS
            await asyncio.sleep(max(0.0, due - loop.time()))
            late = max(late, loop.time() - due)
            tick += 1
            if listening.done():
                broken = "the agent hung up"
                break
            if audio is None:
                wait = _wait(manners, number, ended, recording, last=number == len(turns))
                if due >= wait:
                    if number == len(turns):
                        break
                    audio, position = turns[number], 0
                    number += 1
                    starts.append(due - recording.began)
                    on_turn(number, due - recording.began)
            chunk = bytes(2 * _CHUNK)
            if audio is not None:
                chunk = audio[position : position + _CHUNK].tobytes().ljust(2 * _CHUNK, b"\0")
                position += _CHUNK
                if position >= len(audio):
                    audio, ended = None, due + CHUNK_SECONDS
            recording.caller(due, chunk)
            await line.send(chunk)
    except LineError as error:
        broken = str(error)
    finally:
        with contextlib.suppress(Exception):
            await line.close()
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await listening
    return Placed(recording, tuple(starts), late, broken)


def _wait(manners: Manners, number: int, ended: float, recording: Recording, *, last: bool) -> float:
    """Say until when the caller keeps silent, on the clock."""
    quiet_since = recording.agent_until()
    if number == 0:
        return max(ended, quiet_since) + manners.first_after
    if quiet_since <= ended:
        return ended + manners.gives_up_after
    polite = quiet_since + (manners.hangs_up_after if last else manners.after_reply)
    return min(max(polite, ended), ended + manners.longest_reply)


async def _listen(line: Line, recording: Recording) -> None:
    loop = asyncio.get_running_loop()
    async for heard in line.receive():
        if isinstance(heard, Clear):
            recording.clear(loop.time())
        else:
            recording.agent(loop.time(), heard.pcm, heard.sample_rate)
