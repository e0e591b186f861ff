"""Phone lines: webhooks answered, providers told apart, sound both ways, and what a provider may do wrong."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pipecat.frames.frames import InputAudioRawFrame, InterruptionFrame, OutputAudioRawFrame
from pipecat.processors.frame_processor import FrameProcessorSetup
from pipecat.runner.types import CallData
from pipecat.serializers.base_serializer import FrameSerializer

from tests.server.switchboard import Socket, bags, booking, desk, pcm, switchboard
from voice.bench.wire.twilio import from_mulaw, to_mulaw
from voice.server import handshake
from voice.server.documents import provider_of
from voice.server.providers import Credentials, UnknownStream, serializer_of

Messages = list[dict[str, Any]]


def twilio() -> Messages:
    start = {"streamSid": "MZ1", "callSid": "CA1", "accountSid": "AC1", "customParameters": {}}
    return [{"event": "connected", "protocol": "Call"}, {"event": "start", "streamSid": "MZ1", "start": start}]


def telnyx() -> Messages:
    start = {"call_control_id": "v3:1", "media_format": {"encoding": "PCMU", "sample_rate": 8000, "channels": 1}}
    return [{"event": "connected", "version": "1.0.0"}, {"event": "start", "stream_id": "s1", "start": start}]


def plivo() -> Messages:
    start = {"event": "start", "start": {"callId": "c1", "streamId": "s1", "tracks": ["inbound"]}}
    return [start, {"event": "media", "media": {"payload": ""}}]


def exotel() -> Messages:
    start = {"stream_sid": "s1", "call_sid": "c1", "account_sid": "a1", "from": "1", "to": "2"}
    return [{"event": "connected"}, {"event": "start", "stream_sid": "s1", "start": start}]


PROVIDERS: dict[str, Callable[[], Messages]] = {"twilio": twilio, "telnyx": telnyx, "plivo": plivo, "exotel": exotel}


def media(packet: bytes, provider: str) -> str:
    """Give the message by which a provider sends this sound of 8 kHz."""
    payload = packet if provider == "exotel" else to_mulaw(packet)
    return json.dumps({"event": "media", "media": {"payload": base64.b64encode(payload).decode(), "track": "inbound"}})


def sound(message: str | bytes | None, provider: str) -> bytes:
    """Give the sound of 8 kHz in a message to a provider."""
    assert message
    payload = base64.b64decode(json.loads(message)["media"]["payload"])
    return payload if provider == "exotel" else from_mulaw(payload)


async def line_of(provider: str, rate: int = 8000) -> FrameSerializer:
    """Give what speaks a provider's protocol in a call that has begun."""
    line = serializer_of(provider, CallData(stream_id="s1"), Credentials(), rate=rate)
    nobody: Any = None
    await line.setup(FrameProcessorSetup(nobody, nobody, nobody, audio_in_sample_rate=16_000))
    return line


def hum(seconds: float, rate: int) -> bytes:
    return pcm(seconds, loud=True, rate=rate)


def packets(audio: bytes, size: int) -> list[bytes]:
    return [audio[start : start + size] for start in range(0, len(audio), size)]


def lag(original: bytes, arrived: bytes, rate: int) -> float:
    """Give how many seconds later the same sound arrived."""
    one, other = (np.frombuffer(audio, np.int16).astype(float) for audio in (original, arrived))
    return (int(np.argmax(np.correlate(other, one, "full"))) - (len(one) - 1)) / rate


async def speak(caller: Socket, provider: str) -> None:
    """Say a turn in 20 ms frames of 8 kHz, as providers send them, and then be quiet."""
    for loud in (True,) * 10 + (False,) * 15:
        await caller.send(media(pcm(0.02, loud=loud, rate=8000), provider))


async def hear(caller: Socket) -> bytes:
    """Wait for the agent's first sound."""
    while True:
        message = json.loads(await caller.receive())
        if message["event"] in ("media", "playAudio"):
            return base64.b64decode(message["media"]["payload"])


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_each_provider_is_known_by_its_first_messages_and_carries_sound_both_ways(provider: str):
    with desk(bags()) as agent:
        async with switchboard(agent, "how many bags") as board, Socket(board.app, "/phone") as caller:
            for message in PROVIDERS[provider]():
                await caller.send(json.dumps(message))
            await speak(caller, provider)
            sound = await hear(caller)
            assert len(set(sound)) > 4
            assert board.trace[0]["line"] == provider
            assert board.trace[0]["provider_call"]


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_each_packet_is_heard_and_sent_whole_as_it_comes(provider: str):
    line = await line_of(provider)
    heard = bytearray()
    for packet in packets(hum(0.48, 8000), 320):
        frame = await line.deserialize(media(packet, provider))
        assert isinstance(frame, InputAudioRawFrame)
        assert (frame.sample_rate, len(frame.audio)) == (16_000, 640)
        heard += frame.audio
    assert 0.0 < lag(hum(0.48, 16_000), bytes(heard), 16_000) < 0.002
    said = bytearray()
    for packet in packets(hum(0.48, 16_000), 1280):
        said += sound(await line.serialize(OutputAudioRawFrame(packet, 16_000, 1)), provider)
        assert len(said) % 640 == 0
    assert len(said) == len(hum(0.48, 8000))
    assert 0.0 < lag(hum(0.48, 8000), bytes(said), 8000) < 0.002


async def test_a_line_with_the_pipelines_own_rate_is_not_resampled():
    line = await line_of("exotel", 16_000)
    for packet in packets(hum(0.1, 16_000), 640):
        heard = await line.deserialize(media(packet, "exotel"))
        assert isinstance(heard, InputAudioRawFrame)
        assert (heard.sample_rate, heard.audio) == (16_000, packet)
        assert sound(await line.serialize(OutputAudioRawFrame(packet, 16_000, 1)), "exotel") == packet
    await line.serialize(InterruptionFrame())


async def test_sound_goes_on_where_it_was_after_a_pause_and_not_after_an_interruption():
    line = await line_of("exotel")
    loud, quiet = OutputAudioRawFrame(hum(0.02, 16_000), 16_000, 1), OutputAudioRawFrame(bytes(640), 16_000, 1)
    await line.serialize(loud)
    assert any(sound(await line.serialize(quiet), "exotel"))
    await line.serialize(loud)
    await line.serialize(InterruptionFrame())
    assert not any(sound(await line.serialize(quiet), "exotel"))


async def test_a_caller_who_hangs_up_the_phone_in_the_middle_of_a_booking_leaves_one_whole_booking():
    gate = asyncio.Event()
    with desk(booking(gate)) as agent:
        async with switchboard(agent, "yes book it") as board:
            async with Socket(board.app, "/phone") as caller:
                for message in twilio():
                    await caller.send(json.dumps(message))
                await speak(caller, "twilio")
                await board.until_traced("perform")
                await caller.send(json.dumps({"event": "stop"}))
                await caller.hang_up()
                await board.until_traced("ended")
                gate.set()
            assert len(agent.writes) == 1


@pytest.mark.parametrize("silence", [[], [{"event": "connected"}]])
async def test_a_provider_that_sends_no_start_message_is_hung_up_on(silence: Messages, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(handshake, "HANDSHAKE_SECONDS", 0.1)
    with desk() as agent:
        async with switchboard(agent, most=1) as board:
            async with Socket(board.app, "/phone") as caller:
                for message in silence:
                    await caller.send(json.dumps(message))
                hung_up = await caller.until_hung_up()
                assert (hung_up.code, "no start message" in hung_up.reason) == (1008, True)
            assert not board.lines.busy
            assert board.trace == []


@pytest.mark.parametrize(
    "first",
    [
        "garbage",
        "[1, 2]",
        "null",
        '{"event": "start", "start": "now"}',
        b"\x00\x01",
        '{"type": "client-message", "data": {"t": "eval-connect"}}',
    ],
)
async def test_first_messages_that_make_no_sense_are_not_waited_for_for_ever(
    first: str | bytes, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(handshake, "HANDSHAKE_SECONDS", 0.1)
    with desk() as agent:
        async with switchboard(agent) as board:
            async with Socket(board.app, "/phone") as caller:
                await caller.send(first)
                assert (await caller.until_hung_up()).code == 1008
            assert board.trace == []


@pytest.mark.parametrize(
    "start",
    [
        '{"event": "start", "start": {"streamSid": null, "callSid": "CA1"}}',
        '{"event": "start", "start": {"streamSid": "MZ1", "callSid": 1}}',
        '{"event": "start", "start": {"streamSid": "MZ1", "callSid": "CA1", "customParameters": "none"}}',
        '{"event": "start", "start": {}}',
    ],
)
async def test_a_start_message_that_makes_no_sense_is_refused_at_once(start: str):
    with desk() as agent:
        async with switchboard(agent) as board:
            async with Socket(board.app, "/phone") as caller:
                await caller.send(start)
                hung_up = await caller.until_hung_up()
                assert (hung_up.code, bool(hung_up.reason)) == (1008, True)
            assert board.trace == []


@pytest.mark.parametrize("named", ["callId", "streamId"])
@pytest.mark.parametrize("wrong", ["../Number/1", "a/b", "x?y", "\ud800", pytest.param("1" * 257, id="long")])
async def test_an_id_that_would_lead_elsewhere_in_an_address_is_refused(named: str, wrong: str):
    first, second = plivo()
    first["start"][named] = wrong
    with desk() as agent:
        async with switchboard(agent) as board:
            async with Socket(board.app, "/phone") as caller:
                for message in (first, second):
                    await caller.send(json.dumps(message))
                assert (await caller.until_hung_up()).code == 1008
            assert board.trace == []


async def test_a_call_too_many_hears_the_busy_tone_and_its_stream_is_refused():
    with desk() as agent:
        async with switchboard(agent, most=0) as board:
            for form, verb in (({"CallSid": "CA1"}, "Reject"), ({"CallUUID": "u1"}, "Hangup")):
                answer = await board.http.post("/phone", data=form)
                assert answer.status_code == 200
                assert f'<{verb} reason="busy"' in answer.text
            caller = await Socket(board.app, "/phone").__aenter__()
            assert (await caller.until_hung_up()).code == 1013


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"CallSid": "CA0123", "AccountSid": "AC1"}, '<Connect><Stream url="ws://agent.example/phone" /></Connect>'),
        ({"CallSid": "v3:abc", "AccountSid": "1"}, '<Stream url="ws://agent.example/phone" bidirectionalMode="rtp" />'),
        ({"CallUUID": "u1"}, 'contentType="audio/x-mulaw;rate=8000">ws://agent.example/phone</Stream>'),
    ],
)
async def test_a_webhook_is_answered_with_the_document_of_its_provider(form: dict[str, str], expected: str):
    with desk() as agent:
        async with switchboard(agent) as board:
            answer = await board.http.post("/phone", data=form)
            assert answer.headers["content-type"].startswith("application/xml")
            assert answer.text.startswith("<?xml")
            assert expected in answer.text
            assert "Redirect" not in answer.text


async def test_a_stream_is_reached_under_the_public_name_and_securely():
    with desk() as agent:
        async with switchboard(agent, public_url="https://voice.example/eu/") as board:
            answer = await board.http.post("/phone", data={"CallSid": "CA1"})
            assert 'url="wss://voice.example/eu/phone"' in answer.text
            assert (await board.http.get("/phone")).json() == {"url": "wss://voice.example/eu/phone"}


async def test_a_form_of_no_provider_is_refused():
    with desk() as agent:
        async with switchboard(agent) as board:
            for body in (b"", b"\xff\xfe", b"a=b", b"CallSid="):
                assert (await board.http.post("/phone", content=body)).status_code == 400


def test_credentials_are_taken_whole_or_not_at_all_and_are_not_shown():
    half = Credentials.found_in({"TWILIO_ACCOUNT_SID": "AC1", "PLIVO_AUTH_TOKEN": "t", "TELNYX_API_KEY": ""})
    assert half == Credentials()
    whole = Credentials.found_in({"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "secret", "TELNYX_API_KEY": "key"})
    assert whole.twilio == ("AC1", "secret")
    assert "secret" not in repr(whole)
    assert "key" not in repr(whole)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("call_id", ["c1", "v3:T02_-+lQ==", None])
def test_every_provider_can_be_served_with_and_without_credentials(provider: str, call_id: str | None):
    call = CallData.model_validate({"stream_id": "s1", "call_id": call_id})
    for credentials in (Credentials(), Credentials(twilio=("a", "t"), plivo=("a", "t"), telnyx="k")):
        assert serializer_of(provider, call, credentials)


def test_a_stream_without_an_id_and_an_unknown_provider_are_refused():
    with pytest.raises(UnknownStream):
        serializer_of("twilio", CallData(), Credentials())
    with pytest.raises(UnknownStream, match="'eval'"):
        serializer_of("eval", CallData(stream_id="s1"), Credentials())
    assert provider_of({}) is None
