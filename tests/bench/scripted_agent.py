"""An agent without models: after each stretch of sound it waits, and answers with a tone."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from pipecat.frames.protobufs import frames_pb2
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from voice.bench.manifest import MANIFEST, RecordedCall, load
from voice.bench.recording import SAMPLE_RATE
from voice.bench.wire import Clear, LineError, Sound
from voice.ports import Word

LOUD = 1000
CHUNK_SECONDS = 0.02


def tone(seconds: float, hertz: float = 440.0, level: float = 0.3) -> NDArray[np.int16]:
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (32767 * level * np.cos(2 * np.pi * hertz * time)).astype(np.int16)


def track(seconds: float, *sounds: tuple[float, float], level: float = 0.3) -> NDArray[np.int16]:
    """Silence with tones from … to … seconds."""
    samples = np.zeros(round(seconds * SAMPLE_RATE), np.int16)
    for start, end in sounds:
        first = round(start * SAMPLE_RATE)
        samples[first : round(end * SAMPLE_RATE)] = tone(end - start, level=level)
    return samples


def fixtures(folder: Path, **calls: Sequence[Sequence[tuple[float, float]]]) -> list[RecordedCall]:
    """Write a fixture set: for each call the spans of sound of its turns. A turn of one span is simple."""
    folder.mkdir(parents=True, exist_ok=True)
    lines: list[str] = []
    for call, turns in calls.items():
        written = []
        for number, spans in enumerate(turns, start=1):
            name = f"{call}-{number}.wav"
            soundfile.write(folder / name, track(spans[-1][1] + 0.2, *spans), SAMPLE_RATE)
            label = "simple" if len(spans) == 1 else "complex"
            written.append({"audio": name, "speech": [list(span) for span in spans], "complexity": label})
        lines.append(json.dumps({"id": call, "turns": written}))
    (folder / MANIFEST).write_text("\n".join(lines))
    return load(folder)


@dataclass
class Manner:
    """How the agent answers. ``patience`` is the silence that it takes for the end of a turn, in seconds."""

    delay: float = 0.5
    seconds: float = 1.0
    patience: float = 0.0
    answers: int = 1_000
    hangs_up_after: int = 1_000
    filler: float | None = None


@dataclass
class Ear:
    """Says when a turn is over, from the chunks that arrive."""

    patience: float
    _loud: bool = False
    _quiet: float = 0.0

    def hears(self, pcm: bytes) -> bool:
        if np.abs(np.frombuffer(pcm, np.int16).astype(int)).max(initial=0) > LOUD:
            self._loud, self._quiet = True, 0.0
            return False
        self._quiet += CHUNK_SECONDS
        if self._loud and self._quiet > self.patience + CHUNK_SECONDS / 2:
            self._loud = False
            return True
        return False


class ScriptedLine:
    """A line to such an agent without a socket."""

    sample_rate = SAMPLE_RATE

    def __init__(self, manner: Manner) -> None:
        self.manner = manner
        self.turns = 0
        self.closed = False
        self._ear = Ear(manner.patience)
        self._sent: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()

    async def send(self, pcm: bytes) -> None:
        if self.closed:
            raise LineError("the agent hung up")
        if self._ear.hears(pcm):
            self.turns += 1
            if self.turns >= self.manner.hangs_up_after:
                self.closed = True
                self._sent.put_nowait(None)
            elif self.turns <= self.manner.answers:
                task = asyncio.create_task(self._answer())
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _answer(self) -> None:
        manner = self.manner
        waits = [manner.delay] if manner.filler is None else [manner.filler, manner.delay - manner.filler]
        for index, wait in enumerate(waits):
            await asyncio.sleep(wait)
            self._sent.put_nowait(tone(manner.seconds if index == len(waits) - 1 else 0.3).tobytes())

    async def receive(self) -> AsyncIterator[Sound | Clear]:
        while (pcm := await self._sent.get()) is not None:
            yield Sound(pcm, SAMPLE_RATE)

    async def close(self) -> None:
        self.closed = True


@asynccontextmanager
async def scripted_server(manner: Manner) -> AsyncGenerator[str]:
    """Run such an agent behind a real WebSocket that speaks pipecat's protobuf frames; give its address."""

    async def answer(connection: ServerConnection) -> None:
        ear, turns = Ear(manner.patience), 0
        tasks: set[asyncio.Task[None]] = set()

        async def reply() -> None:
            await asyncio.sleep(manner.delay)
            frame = frames_pb2.Frame()  # type: ignore[attr-defined]
            frame.audio.audio = tone(manner.seconds).tobytes()
            frame.audio.sample_rate, frame.audio.num_channels = SAMPLE_RATE, 1
            with contextlib.suppress(ConnectionClosed):
                await connection.send(frame.SerializeToString())

        with contextlib.suppress(ConnectionClosed):
            async for message in connection:
                frame = frames_pb2.Frame.FromString(message)  # type: ignore[attr-defined]
                if ear.hears(frame.audio.audio):
                    turns += 1
                    if turns >= manner.hangs_up_after:
                        break
                    if turns <= manner.answers:
                        tasks.add(asyncio.create_task(reply()))
        for task in tasks:
            task.cancel()

    async with serve(answer, "127.0.0.1", 0) as server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/ws"


@dataclass
class ScriptedListener:
    """Hears the same words in every passage, evenly spread, and counts the passages."""

    text: str = ""
    every: float = 0.1
    heard: list[float] = field(default_factory=list)

    def words(self, audio: NDArray[np.int16]) -> list[Word]:
        self.heard.append(len(audio) / SAMPLE_RATE)
        return [
            Word(f" {word}", 0.3 + self.every * index, 0.3 + self.every * (index + 1), 1.0)
            for index, word in enumerate(self.text.split())
        ]
