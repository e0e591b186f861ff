"""An agent without models: after each stretch of sound it waits, and answers with a tone."""

from __future__ import annotations

import asyncio
import base64
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

from voice.bench.recordings.manifest import MANIFEST, RecordedCall, load
from voice.bench.recordings.recording import SAMPLE_RATE
from voice.bench.wire import Clear, LineError, Protocol, Sound
from voice.bench.wire.twilio import from_mulaw, to_mulaw
from voice.ports import Word

LOUD = 1000
CHUNK_SECONDS = 0.02


def tone(seconds: float, hertz: float = 440.0, level: float = 0.3, sample_rate: int = SAMPLE_RATE) -> NDArray[np.int16]:
    time = np.arange(round(seconds * sample_rate)) / sample_rate
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
    """Says how long ago a turn ended, from the chunks that arrive: each is heard when its last sample was spoken."""

    patience: float
    sample_rate: int = SAMPLE_RATE
    _loud: bool = False
    _quiet: float = 0.0

    def hears(self, pcm: bytes) -> float | None:
        samples = np.frombuffer(pcm, np.int16).astype(int)
        loud = np.flatnonzero(np.abs(samples) > LOUD)
        if len(loud):
            self._loud, self._quiet = True, (len(samples) - 1 - loud[-1]) / self.sample_rate
            return None
        self._quiet += len(samples) / self.sample_rate
        if self._loud and self._quiet > self.patience + CHUNK_SECONDS / 2:
            self._loud = False
            return self._quiet - self.patience
        return None


class ScriptedLine:
    """A line to such an agent without a socket."""

    def __init__(self, manner: Manner, sample_rate: int = SAMPLE_RATE) -> None:
        self.manner = manner
        self.sample_rate = sample_rate
        self.turns = 0
        self.closed = False
        self._ear = Ear(manner.patience, sample_rate)
        self._sent: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()

    async def send(self, pcm: bytes) -> None:
        if self.closed:
            raise LineError("the agent hung up")
        if (ago := self._ear.hears(pcm)) is not None:
            self.turns += 1
            if self.turns >= self.manner.hangs_up_after:
                self.closed = True
                self._sent.put_nowait(None)
            elif self.turns <= self.manner.answers:
                task = asyncio.create_task(self._answer(ago))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _answer(self, ago: float) -> None:
        manner = self.manner
        waits = [manner.delay] if manner.filler is None else [manner.filler, manner.delay - manner.filler]
        for index, wait in enumerate(waits):
            await asyncio.sleep(max(0.0, wait - (ago if index == 0 else 0.0)))
            seconds = manner.seconds if index == len(waits) - 1 else 0.3
            self._sent.put_nowait(tone(seconds, sample_rate=self.sample_rate).tobytes())

    async def receive(self) -> AsyncIterator[Sound | Clear]:
        while (pcm := await self._sent.get()) is not None:
            yield Sound(pcm, self.sample_rate)

    async def close(self) -> None:
        self.closed = True


@asynccontextmanager
async def scripted_server(manner: Manner, protocol: Protocol = "protobuf") -> AsyncGenerator[str]:
    """Run such an agent behind a real WebSocket; give its address."""
    sample_rate = SAMPLE_RATE if protocol == "protobuf" else 8_000
    understood, said = (_of_protobuf, _as_protobuf) if protocol == "protobuf" else (_of_twilio, _as_twilio)

    async def answer(connection: ServerConnection) -> None:
        ear, turns = Ear(manner.patience, sample_rate), 0
        tasks: set[asyncio.Task[None]] = set()

        async def reply(ago: float) -> None:
            await asyncio.sleep(max(0.0, manner.delay - ago))
            with contextlib.suppress(ConnectionClosed):
                await connection.send(said(tone(manner.seconds, sample_rate=sample_rate).tobytes()))

        with contextlib.suppress(ConnectionClosed):
            async for message in connection:
                pcm = understood(message)
                if pcm and (ago := ear.hears(pcm)) is not None:
                    turns += 1
                    if turns >= manner.hangs_up_after:
                        break
                    if turns <= manner.answers:
                        tasks.add(asyncio.create_task(reply(ago)))
        for task in tasks:
            task.cancel()

    async with serve(answer, "127.0.0.1", 0) as server:
        yield f"ws://127.0.0.1:{server.sockets[0].getsockname()[1]}/ws"


def _of_protobuf(message: str | bytes) -> bytes:
    return frames_pb2.Frame.FromString(message).audio.audio  # type: ignore[attr-defined]


def _as_protobuf(pcm: bytes) -> bytes:
    frame = frames_pb2.Frame()  # type: ignore[attr-defined]
    frame.audio.audio, frame.audio.sample_rate, frame.audio.num_channels = pcm, SAMPLE_RATE, 1
    return frame.SerializeToString()


def _of_twilio(message: str | bytes) -> bytes:
    data = json.loads(message)
    return from_mulaw(base64.b64decode(data["media"]["payload"])) if data["event"] == "media" else b""


def _as_twilio(pcm: bytes) -> str:
    payload = base64.b64encode(to_mulaw(pcm)).decode()
    return json.dumps({"event": "media", "streamSid": "MZ", "media": {"payload": payload}})


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
