"""What a stranger may send in the middle of a call: it is dropped, said once in the log, and the call goes on."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from typing import Any

import pytest
from pipecat.frames.frames import InputAudioRawFrame, InputTransportMessageFrame
from pipecat.frames.protobufs import frames_pb2
from pipecat.serializers.base_serializer import FrameSerializer

from tests.server.switchboard import Socket, bags, desk, hear_something, say_something, switchboard
from tests.server.test_phone import PROVIDERS, hear, line_of, media, speak
from voice.server import handshake
from voice.server.protobuf import QuietProtobuf
from voice.server.tolerance import MOST_BYTES, Senseless, Tolerant
from voice.server.webrtc import look_at


def media_with(payload: Any, **more: Any) -> str:
    return json.dumps({"event": "media", "media": {"payload": payload, "track": "inbound", **more}})


def encoded(size: int) -> str:
    return base64.b64encode(bytes(size)).decode()


ODD: dict[str, str | bytes] = {
    "broken JSON": '{"event": "media", "media": {"payl',
    "nothing": "",
    "no bytes": b"",
    "bytes": b"\x00\xff\xfe",
    "bytes of sound": bytes(320),
    "a list": "[]",
    "null": "null",
    "a number": "5",
    "deep": "[" * 100_000,
    "no event": "{}",
    "an event that is no name": '{"event": {}}',
    "unknown event": '{"event": "weather", "weather": "fine"}',
    "a second start": '{"event": "start", "start": {"streamSid": "MZ2", "callSid": "CA2"}}',
    "media without media": '{"event": "media"}',
    "media that is null": '{"event": "media", "media": null}',
    "media that is text": '{"event": "media", "media": "sound"}',
    "media without payload": '{"event": "media", "media": {}}',
    "payload null": media_with(None),
    "payload a number": media_with(5),
    "payload a list": media_with([encoded(160)]),
    "cut base64": media_with("abcde"),
    "no ASCII": media_with("ü" * 8),
    "a lone surrogate": '{"event": "media", "media": {"payload": "\\ud800"}}',
    "huge": media_with(encoded(MOST_BYTES)),
    "what the agent says": media_with(encoded(160), track="outbound"),
    "a key that is null": '{"event": "dtmf", "dtmf": null}',
    "a key that is none": '{"event": "dtmf", "dtmf": {"digit": "Z"}}',
    "a key that is a list": '{"event": "dtmf", "dtmf": {"digit": ["5"]}}',
    "an error": '{"event": "error", "payload": {"code": 100003, "title": "malformed_frame"}}',
}
OF_NO_CONCERN = (
    '{"event": "connected"}',
    '{"event": "mark", "mark": {"name": "m"}}',
    media_with(""),
    media_with("%%%"),
)


class Refusals(list[str]):
    async def __call__(self, why: str) -> None:
        self.append(why)


def tolerant(protocol: FrameSerializer, refusals: Refusals | None = None) -> Tolerant:
    return Tolerant(protocol, "c1", Refusals() if refusals is None else refusals)


def proto(kind: str, **fields: Any) -> bytes:
    frame = frames_pb2.Frame()  # type: ignore[attr-defined]
    for name, value in fields.items():
        setattr(getattr(frame, kind), name, value)
    return frame.SerializeToString()


def sound_of(size: int = 640, rate: int = 16_000, channels: int = 1) -> bytes:
    return proto("audio", audio=bytes(size), sample_rate=rate, num_channels=channels)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("odd", ODD)
async def test_what_makes_no_sense_is_dropped_and_logged_once(
    provider: str, odd: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
):
    line = tolerant(await line_of(provider))
    for _ in range(20):
        assert await line.deserialize(ODD[odd]) is None
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "WARNING" not in capfd.readouterr().err  # pipecat's own log
    assert isinstance(await line.deserialize(media(bytes(320), provider)), InputAudioRawFrame)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("message", OF_NO_CONCERN)
async def test_what_is_of_no_concern_is_dropped_without_a_word(
    provider: str, message: str, caplog: pytest.LogCaptureFixture
):
    assert await tolerant(await line_of(provider)).deserialize(message) is None
    assert caplog.records == []


async def test_half_a_sample_is_dropped_and_the_sound_after_it_is_heard():
    line = tolerant(await line_of("exotel"))
    assert await line.deserialize(media_with(encoded(321))) is None
    heard = await line.deserialize(media(bytes(320), "exotel"))
    assert isinstance(heard, InputAudioRawFrame)
    assert len(heard.audio) == 640


async def test_no_stranger_fills_the_log_or_puts_words_of_a_caller_into_it(caplog: pytest.LogCaptureFixture):
    line = tolerant(await line_of("twilio"))
    for count in range(100):
        await line.deserialize(json.dumps({"event": f"e{count}", "said": "my card is 4111"}))
    line.drops.sum_up()
    assert 0 < len(caplog.records) < 10
    assert "100 messages were dropped" in caplog.messages[-1]
    assert "4111" not in caplog.text


async def test_one_odd_message_is_not_counted_as_well(caplog: pytest.LogCaptureFixture):
    line = tolerant(await line_of("twilio"))
    await line.deserialize("garbage")
    line.drops.sum_up()
    assert len(caplog.records) == 1


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_call_goes_on_after_all_that_a_stranger_may_send(provider: str):
    with desk(bags()) as agent:
        async with switchboard(agent, "how many bags") as board, Socket(board.app, "/phone") as caller:
            for message in PROVIDERS[provider]():
                await caller.send(json.dumps(message))
            await board.until(lambda: len(board.lines.active) == 1)
            for odd in ODD.values():
                await caller.send(odd)
            await speak(caller, provider)
            assert await hear(caller)


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_events_in_another_order_become_a_call_all_the_same(provider: str):
    first, second = PROVIDERS[provider]()
    early = [json.dumps({"event": "stop"}), media(bytes(320), provider), b"\x00\xff", "garbage", "[]"]
    with desk(bags()) as agent:
        async with switchboard(agent, "how many bags") as board, Socket(board.app, "/phone") as caller:
            for message in [*early, json.dumps(first), json.dumps(second), json.dumps(first), json.dumps(second)]:
                await caller.send(message)
            await caller.send(json.dumps({"event": "stop"}))
            await speak(caller, provider)
            assert await hear(caller)
            assert board.trace[0]["line"] == provider


async def test_a_call_begins_with_the_start_message_alone():
    with desk() as agent:
        async with switchboard(agent) as board, Socket(board.app, "/phone") as caller:
            await caller.send(json.dumps(PROVIDERS["plivo"]()[0]))
            await board.until(lambda: len(board.lines.active) == 1)


async def test_a_stream_without_a_start_message_is_given_up_before_long():
    with desk() as agent:
        async with switchboard(agent) as board, Socket(board.app, "/phone") as caller:
            for _ in range(handshake.MOST_BEFORE_START):
                await caller.send(sound_of())
            hung_up = await caller.until_hung_up()
            assert (hung_up.code, "no start message" in hung_up.reason) == (1008, True)


@pytest.mark.parametrize(
    ("provider", "announced", "told"),
    [
        ("twilio", {"mediaFormat": {"encoding": "audio/x-l16", "sampleRate": 8000}}, "audio/x-l16 at 8000 Hz"),
        ("telnyx", {"media_format": {"encoding": "G722", "sample_rate": 8000}}, "must have PCMU or PCMA at 8000 Hz"),
        ("telnyx", {"media_format": {"encoding": "PCMU", "sample_rate": 16000}}, "PCMU at 16000 Hz"),
        ("plivo", {"mediaFormat": {"encoding": "audio/x-l16", "sampleRate": 16000}}, "must have mu-law at 8000 Hz"),
        ("exotel", {"media_format": {"encoding": "base64", "sample_rate": "24000"}}, "16-bit PCM at 8000 or 16000 Hz"),
        ("exotel", {"media_format": {"encoding": "audio/x-mulaw", "sample_rate": "8000"}}, "must have 16-bit PCM"),
    ],
)
async def test_sound_that_can_not_be_listened_to_is_refused_with_what_it_must_be(
    provider: str, announced: dict[str, Any], told: str, caplog: pytest.LogCaptureFixture
):
    hung_up = await refused(provider, announced)
    assert told in hung_up
    assert len(hung_up.encode()) <= 123
    assert told in caplog.text


def announcing(provider: str, announced: dict[str, Any]) -> list[dict[str, Any]]:
    """Give a provider's messages, with something announced in the one that starts."""
    messages = PROVIDERS[provider]()
    for message in messages:
        if "start" in message:
            message["start"] |= announced
    return messages


async def refused(provider: str, announced: dict[str, Any]) -> str:
    messages = announcing(provider, announced)
    with desk() as agent:
        async with switchboard(agent) as board, Socket(board.app, "/phone") as caller:
            for message in messages:
                await caller.send(json.dumps(message))
            hung_up = await caller.until_hung_up()
            assert hung_up.code == 1008
            assert board.trace == []
            return hung_up.reason


async def test_a_reason_with_letters_of_many_bytes_fits_into_the_frame_that_closes():
    reason = await refused("plivo", {"mediaFormat": {"encoding": "ü" * 200, "sampleRate": 8000}})
    assert 100 < len(reason.encode()) <= 123


@pytest.mark.parametrize(
    ("provider", "announced"),
    [
        ("twilio", {"mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}}),
        ("twilio", {"mediaFormat": None, "customParameters": None}),
        ("telnyx", {"media_format": {"encoding": "PCMA", "sample_rate": 8000, "channels": 1}}),
        ("telnyx", {"media_format": None}),
        ("plivo", {"mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000}}),
        ("exotel", {"media_format": {"encoding": "base64", "sample_rate": "8000", "bit_rate": "128kbps"}}),
        ("exotel", {"media_format": {"encoding": "audio/x-raw", "sample_rate": "8000", "bit_rate": "16"}}),
        ("exotel", {"media_format": {"encoding": "audio/x-raw", "sample_rate": "16000", "bit_rate": "16"}}),
        ("exotel", {"media_format": {"sample_rate": 16000}}),
    ],
)
async def test_sound_as_the_providers_announce_it_is_listened_to(provider: str, announced: dict[str, Any]):
    messages = announcing(provider, announced)
    with desk() as agent:
        async with switchboard(agent) as board, Socket(board.app, "/phone") as caller:
            for message in messages:
                await caller.send(json.dumps(message))
            await board.until(lambda: len(board.lines.active) == 1)


ODD_FRAMES: dict[str, str | bytes] = {
    "no protobuf": b"\xff\xfe\x00 no protobuf",
    "cut off": b"\x0a\x02\x08",
    "nothing": b"",
    "text": '{"event": "media"}',
    "what would be spoken": proto("text", text="You fly for free."),
    "what would be heard": proto("transcription", text="yes book it"),
    "another rate": sound_of(rate=48_000),
    "no rate": sound_of(rate=0),
    "two channels": sound_of(channels=2),
    "half a sample": sound_of(641),
    "huge": sound_of(MOST_BYTES),
    "a message that is no JSON": proto("message", data="{"),
    "a message that is a list": proto("message", data="[]"),
    "a message that is deep": proto("message", data="[" * 100_000),
}


@pytest.mark.parametrize("odd", ODD_FRAMES)
async def test_a_frame_that_makes_no_sense_is_dropped_and_logged_once(
    odd: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
):
    refusals = Refusals()
    line = tolerant(QuietProtobuf(), refusals)
    assert await line.deserialize(sound_of())
    for _ in range(20):
        assert await line.deserialize(ODD_FRAMES[odd]) is None
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert not {"WARNING", "ERROR"} & set(capfd.readouterr().err.replace("|", " ").split())  # pipecat's own log
    assert await line.deserialize(sound_of())
    assert refusals == []


@pytest.mark.parametrize("message", ['{"label": "other"}', '{"label": "rtvi-ai", "type": 5}', "[]", '"hello"', "{}"])
async def test_a_web_client_sends_rtvi_messages_and_no_others(message: str, caplog: pytest.LogCaptureFixture):
    line = tolerant(QuietProtobuf(rtvi=True))
    for _ in range(20):
        assert await line.deserialize(proto("message", data=message)) is None
    assert len(caplog.records) == 1
    ready = json.dumps({"label": "rtvi-ai", "type": "client-ready", "id": "1"})
    assert isinstance(await line.deserialize(proto("message", data=ready)), InputTransportMessageFrame)


def test_a_web_client_sends_signals_and_messages_over_a_data_channel():
    enabled = {"type": "trackStatus", "receiver_index": 0, "enabled": True}
    look_at("ping: 1764547200000")
    look_at(json.dumps({"type": "signalling", "message": enabled}))
    look_at(b'{"label": "rtvi-ai", "type": "client-ready", "id": "1"}')
    for odd in (
        b"\xff",
        '{"type": "signalling"}',
        '{"type": "signalling", "message": {}}',
        "5",
        "x" * (MOST_BYTES + 1),
    ):
        with pytest.raises(Senseless):
            look_at(odd)


async def test_a_call_over_the_socket_goes_on_after_all_that_a_stranger_may_send():
    with desk(bags()) as agent:
        async with switchboard(agent, "how many bags") as board, Socket(board.app, "/ws", query="rtvi=true") as caller:
            await caller.send(sound_of())
            for odd in ODD_FRAMES.values():
                await caller.send(odd)
            await say_something(caller)
            await hear_something(caller)


@pytest.mark.parametrize(
    ("first", "told"),
    [
        (sound_of(rate=48_000), "this has 1 channels at 48000 Hz"),
        (sound_of(channels=2), "16-bit mono at 16000 Hz"),
        ('{"event": "connected", "protocol": "Call"}', "phone providers connect to /phone"),
    ],
)
async def test_what_can_not_become_a_call_is_told_so_and_its_line_is_free(
    first: str | bytes, told: str, caplog: pytest.LogCaptureFixture
):
    with desk() as agent:
        async with switchboard(agent, most=1) as board:
            async with Socket(board.app, "/ws") as caller:
                for _ in range(20):
                    await caller.send(first)
                hung_up = await caller.until_hung_up()
                assert (hung_up.code, told in hung_up.reason) == (1008, True)
            await board.until(lambda: not board.lines.busy)
            await asyncio.sleep(0)
    assert caplog.text.count(told) == 1
