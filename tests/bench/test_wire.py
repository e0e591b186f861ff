"""Twilio's Media Streams, from Twilio's side of the line."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import numpy as np
import pytest
from pipecat.frames.frames import InterruptionFrame
from pipecat.runner.utils import parse_telephony_websocket
from pipecat.serializers.twilio import TwilioFrameSerializer
from scripted_agent import tone

from voice.bench.wire import Clear, LineError, ProtobufLine, Sound, TwilioLine
from voice.bench.wire import twilio as twilio_wire
from voice.bench.wire.twilio import from_mulaw, to_mulaw
from voice.testing import in_virtual_time

NO_HANG_UP = TwilioFrameSerializer.InputParams(auto_hang_up=False)


class Connection:
    """Both ends of a WebSocket. What is put into ``incoming`` arrives; None hangs up."""

    def __init__(self) -> None:
        self.sent: list[tuple[float, Any]] = []
        self.incoming: asyncio.Queue[str | bytes | None] = asyncio.Queue()

    async def send(self, message: str) -> None:
        self.sent.append((asyncio.get_running_loop().time(), json.loads(message)))

    async def close(self) -> None:
        pass

    async def __aiter__(self) -> AsyncIterator[str | bytes]:
        while (message := await self.incoming.get()) is not None:
            yield message

    def said(self, event: str) -> list[tuple[float, Any]]:
        return [(at, message) for at, message in self.sent if message["event"] == event]


@asynccontextmanager
async def opened(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[tuple[TwilioLine, Connection, list[Sound | Clear]]]:
    connection = Connection()

    async def connect(url: str, timeout_seconds: float) -> Connection:
        return connection

    monkeypatch.setattr(twilio_wire, "connect", connect)
    opened = await TwilioLine.open("ws://agent")
    heard: list[Sound | Clear] = []

    async def listen() -> None:
        async for each in opened.receive():
            heard.append(each)

    listening = asyncio.create_task(listen())
    yield opened, connection, heard
    connection.incoming.put_nowait(None)
    await listening


def media(seconds: float) -> str:
    payload = base64.b64encode(to_mulaw(tone(seconds, sample_rate=8_000).tobytes())).decode()
    return json.dumps({"event": "media", "streamSid": "MZ", "media": {"payload": payload}})


def mark(name: str) -> str:
    return json.dumps({"event": "mark", "streamSid": "MZ", "mark": {"name": name}})


def test_mu_law_is_as_close_as_eight_bits_can_be_and_silence_stays_silent():
    sound = tone(0.5, sample_rate=8_000)
    back = np.frombuffer(from_mulaw(to_mulaw(sound.tobytes())), np.int16).astype(int)
    assert np.abs(back - sound).max() <= np.abs(sound).max() / 32
    assert from_mulaw(to_mulaw(bytes(320))) == bytes(320)
    assert len(to_mulaw(bytes(320))) == 160


@in_virtual_time
async def test_pipecat_takes_the_first_messages_for_twilios_and_hears_what_is_sent(monkeypatch: pytest.MonkeyPatch):
    async with opened(monkeypatch) as (call, connection, _):
        await call.send(tone(0.02, sample_rate=8_000).tobytes())
        await call.send(bytes(320))
    kind, about = await parse_telephony_websocket(cast("Any", Replayed(connection)))
    assert (kind, about["call_id"][:2], about["stream_id"][:2]) == ("twilio", "CA", "MZ")
    chunks = [message["media"] for _, message in connection.said("media")]
    assert [(chunk["chunk"], chunk["timestamp"]) for chunk in chunks] == [("1", "0"), ("2", "20")]
    assert base64.b64decode(chunks[1]["payload"]) == b"\xff" * 160


class Replayed:
    """Gives what a connection was sent, as FastAPI's WebSocket does."""

    def __init__(self, connection: Connection) -> None:
        self._sent = iter([json.dumps(message) for _, message in connection.sent])

    async def iter_text(self) -> AsyncIterator[str]:
        for message in self._sent:
            yield message


@in_virtual_time
async def test_a_mark_is_answered_when_the_sound_before_it_was_played(monkeypatch: pytest.MonkeyPatch):
    async with opened(monkeypatch) as (_, connection, heard):
        for message in (mark("at once"), media(1.5), media(0.5), mark("later")):
            connection.incoming.put_nowait(message)
        await asyncio.sleep(5)
    marks = [(at, message["mark"]["name"]) for at, message in connection.said("mark")]
    assert marks == [(0.0, "at once"), (pytest.approx(2.0), "later")]
    assert [len(sound.pcm) / 16_000 for sound in heard if isinstance(sound, Sound)] == [1.5, 0.5]


@in_virtual_time
async def test_a_clear_ends_what_is_played_and_gives_all_marks_back(monkeypatch: pytest.MonkeyPatch):
    async with opened(monkeypatch) as (_, connection, heard):
        for message in (media(9.0), mark("one"), mark("two")):
            connection.incoming.put_nowait(message)
        await asyncio.sleep(1)
        clear = await TwilioFrameSerializer("MZ", params=NO_HANG_UP).serialize(InterruptionFrame())
        connection.incoming.put_nowait(cast("str", clear))
        connection.incoming.put_nowait(media(0.5))
        connection.incoming.put_nowait(mark("three"))
        await asyncio.sleep(5)
    marks = [(at, message["mark"]["name"]) for at, message in connection.said("mark")]
    assert marks == [(pytest.approx(1.0), "one"), (pytest.approx(1.0), "two"), (pytest.approx(1.5), "three")]
    assert [type(each) for each in heard] == [Sound, Clear, Sound]


@pytest.mark.parametrize("message", ["{", "[]", b"\x00\x01", '{"event": "media"}', '{"event": "media", "media": {}}'])
@in_virtual_time
async def test_what_is_no_media_stream_breaks_the_line(message: str | bytes):
    connection = Connection()
    connection.incoming.put_nowait(message)
    with pytest.raises(LineError, match="the agent sends"):
        _ = [each async for each in TwilioLine(cast("Any", connection)).receive()]


@in_virtual_time
async def test_what_is_no_pipecat_frame_breaks_the_line():
    connection = Connection()
    connection.incoming.put_nowait(b"\xff\xff\xff")
    with pytest.raises(LineError, match="another --protocol"):
        _ = [each async for each in ProtobufLine(cast("Any", connection)).receive()]
