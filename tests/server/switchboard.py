"""A server with scripted parts, and callers who reach it without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from fastapi import FastAPI
from pipecat.frames.frames import (
    Frame,
    InputAudioRawFrame,
    TranscriptionFrame,
    UserStartedSpeakingFrame,
    UserStoppedSpeakingFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.frames.protobufs import frames_pb2
from pipecat.pipeline.pipeline import Pipeline
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.transports.base_transport import BaseTransport

from voice.cascade.policy import FillerPolicy, Policy, Tier
from voice.cascade.words import Action, Reading
from voice.config import Config, TierSettings
from voice.ports import Desk, Transcriber
from voice.processors.call import Call
from voice.processors.cascade import CascadeProcessor
from voice.processors.playback import PlaybackProcessor
from voice.processors.speaker import SpeakerTTSService
from voice.server import live
from voice.server.app import make_app
from voice.server.desks import SharedDesk
from voice.server.documents import PHONES
from voice.server.lines import Lines
from voice.server.providers import Credentials
from voice.stack import Stack
from voice.telemetry.spans import Spans
from voice.testing import Performance, ScriptedDesk, ScriptedModel, ScriptedTranscriber, ToneSpeaker, answer

PATIENCE_SECONDS = 10.0
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
"""How long a test waits for what must happen."""

BAGS = Reading("how many bags", (Action("policy"),), certain=True, asked=True)
BOOK = Reading("yes book it", (Action("confirm"),), certain=True)


def bags(*say: str) -> Performance:
    return Performance((Action("policy"),), answer(*(say or ("Two bags.",))))


def booking(gate: asyncio.Event | None = None) -> Performance:
    return Performance((Action("confirm"),), answer("Booked.", wrote=("QT44LZ",)), gate)


def desk(*performances: Performance) -> ScriptedDesk:
    return ScriptedDesk({reading.text: reading for reading in (BAGS, BOOK)}, performances, read_only={"policy"})


class LoudnessEars(FrameProcessor):
    """Stands for VAD, ears and end of turn: the caller's turn is loud, and over at the first quiet chunk."""

    def __init__(self, transcriber: Transcriber) -> None:
        super().__init__()
        self._transcriber = transcriber
        self._heard: list[bytes] = []

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if not isinstance(frame, InputAudioRawFrame):
            await self.push_frame(frame, direction)
            return
        loud = np.abs(np.frombuffer(frame.audio, np.int16)).max(initial=0) > 2000
        if loud:
            if not self._heard:
                await self.push_frame(VADUserStartedSpeakingFrame())
                await self.push_frame(UserStartedSpeakingFrame())
            self._heard.append(frame.audio)
        elif self._heard:
            await self.push_frame(VADUserStoppedSpeakingFrame())
            samples = np.frombuffer(b"".join(self._heard), np.int16).astype(np.float32) / 32768
            self._heard.clear()
            transcript = await self._transcriber.transcribe(samples)
            await self.push_frame(TranscriptionFrame(transcript.text, "", "", result=transcript))
            await self.push_frame(UserStoppedSpeakingFrame())


def build(transport: BaseTransport, call: Call) -> Pipeline:
    cascade = CascadeProcessor(call.runtime)
    ears = LoudnessEars(call.stack.transcriber)
    mouth = SpeakerTTSService(call.stack.speaker)
    return Pipeline([transport.input(), ears, cascade, mouth, transport.output(), PlaybackProcessor(cascade)])


def stack(transcriber: Transcriber, speaker: ToneSpeaker) -> Stack:
    tiers = {name: ScriptedModel(name) for name in ("fast", "strong")}
    config = Config(name="scripted", tiers=tuple(TierSettings(name=name, model="none") for name in tiers))
    policy = Policy(tuple(Tier(name) for name in tiers), filler=FillerPolicy(enabled=False))
    return Stack(config, policy, tiers, {}, transcriber, speaker)


@dataclass
class Switchboard:
    lines: Lines
    app: FastAPI
    feed: live.Feed
    trace: list[dict[str, Any]]
    http: httpx.AsyncClient
    speaker: ToneSpeaker

    def kinds(self, call: str | None = None) -> list[str]:
        return [line["kind"] for line in self.trace if call is None or line["call"] == call]

    async def until(self, happened: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not happened():
                await asyncio.sleep(0.01)

    async def until_traced(self, kind: str, times: int = 1) -> None:
        await self.until(lambda: self.kinds().count(kind) >= times)


@asynccontextmanager
async def switchboard(
    of: Desk,
    *heard: str,
    most: int = 8,
    calls: Path | None = None,
    credentials: Credentials | None = None,
    public_url: str | None = None,
    phones: Collection[str] = PHONES,
    spans: Callable[[], Spans] | None = None,
) -> AsyncGenerator[Switchboard]:
    """Run a server, and check at its end that nothing of it goes on."""
    before = asyncio.all_tasks()
    trace: list[dict[str, Any]] = []
    feed = live.Feed()
    speaker = ToneSpeaker()
    with ScriptedTranscriber(*heard) as transcriber:
        parts = stack(transcriber, speaker)
        sinks = [trace.append, feed]
        lines = Lines(parts, build, SharedDesk(of), calls, most=most, sinks=sinks, now=lambda: NOW, spans=spans)
        app = make_app(lines, feed=feed, credentials=credentials, public_url=public_url, phones=phones)
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://agent.example") as http,
        ):
            yield Switchboard(lines, app, feed, trace, http, speaker)
    assert not lines.active
    async with asyncio.timeout(PATIENCE_SECONDS):
        while left := asyncio.all_tasks() - before:
            await asyncio.wait(left)


class HungUp(Exception):
    def __init__(self, code: int, reason: str) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


@dataclass
class Socket:
    """A WebSocket client in the server's own event loop."""

    app: FastAPI
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    reads: bool = True

    async def __aenter__(self) -> Socket:
        self._to: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._from: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._gone = False
        headers = {"host": "agent.example", **self.headers}
        scope = {
            "type": "websocket",
            "asgi": {"version": "3.0"},
            "scheme": "ws",
            "path": self.path,
            "raw_path": self.path.encode(),
            "root_path": "",
            "query_string": self.query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "subprotocols": [],
            "client": ("caller", 1),
            "server": ("agent.example", 80),
        }
        self._task = asyncio.create_task(self.app(scope, self._to.get, self._send))
        await self._to.put({"type": "websocket.connect"})
        message = await self._next()
        if message["type"] != "websocket.accept":
            await self._task
            raise HungUp(message.get("code", 0), message.get("reason") or "")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.hang_up()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await asyncio.wait([self._task])

    async def _send(self, message: Any) -> None:
        if self._gone:
            raise OSError("nobody is there")
        if not self.reads and message["type"] == "websocket.send":
            await asyncio.Event().wait()  # what a full socket buffer looks like
        await self._from.put(message)
        if message["type"] == "websocket.close":
            await self._to.put({"type": "websocket.disconnect", "code": message.get("code", 1000)})

    async def _next(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self._from.get()

    async def send(self, data: bytes | str) -> None:
        kind = "bytes" if isinstance(data, bytes) else "text"
        await self._to.put({"type": "websocket.receive", kind: data})

    async def receive(self) -> bytes | str:
        message = await self._next()
        if message["type"] == "websocket.close":
            raise HungUp(message.get("code", 1000), message.get("reason") or "")
        return message.get("bytes") or message["text"]

    async def hang_up(self) -> None:
        self._gone = True
        await self._to.put({"type": "websocket.disconnect", "code": 1006})

    async def until_served(self) -> None:
        """Wait until the server is done with the connection. What it could not cope with is raised."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._task

    async def until_hung_up(self) -> HungUp:
        while True:
            try:
                await self.receive()
            except HungUp as hung_up:
                return hung_up


def pcm(seconds: float, *, loud: bool, rate: int = 16_000) -> bytes:
    """Give 16-bit mono: a hum, or silence."""
    wave = np.sin(np.arange(round(seconds * rate)) * 2 * np.pi * 200 / rate)
    return (wave * (12_000 if loud else 0)).astype(np.int16).tobytes()


async def say_something(socket: Socket) -> None:
    """Speak a turn over ``/ws``: the scripted ears know what it was."""
    for loud in (True, True, True, False):
        frame = frames_pb2.Frame()  # type: ignore[attr-defined]
        frame.audio.audio = pcm(0.02, loud=loud)
        frame.audio.sample_rate = 16_000
        frame.audio.num_channels = 1
        await socket.send(frame.SerializeToString())


async def hear_something(socket: Socket) -> None:
    """Wait for sound that is not silence."""
    while True:
        message = await socket.receive()
        assert isinstance(message, bytes)
        frame = frames_pb2.Frame.FromString(message)  # type: ignore[attr-defined]
        if frame.WhichOneof("frame") == "audio" and np.frombuffer(frame.audio.audio, np.int16).any():
            return
