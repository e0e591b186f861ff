"""Phone lines: media streams of Twilio, Telnyx, Plivo and Exotel, told apart by their first messages.

Point the number's webhook at ``POST /phone``: the answer connects the call's sound to the WebSocket ``/phone`` of this
server. Exotel's Voicebot applet takes the WebSocket's address itself, or ``GET /phone``, which gives it. Sound is
8 kHz on the line, and 16 kHz in the pipeline.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qs
from xml.etree import ElementTree as Xml

from fastapi import APIRouter, HTTPException, Request, Response, WebSocket
from pipecat.frames.frames import AudioRawFrame, Frame, InputAudioRawFrame, InterruptionFrame, OutputAudioRawFrame
from pipecat.processors.frame_processor import FrameProcessorSetup
from pipecat.runner.types import CallData
from pipecat.runner.utils import parse_telephony_websocket
from pipecat.serializers.base_serializer import FrameSerializer
from pipecat.serializers.exotel import ExotelFrameSerializer
from pipecat.serializers.plivo import PlivoFrameSerializer
from pipecat.serializers.telnyx import TelnyxFrameSerializer
from pipecat.serializers.twilio import TwilioFrameSerializer

from voice.server.door import REFUSED, TRY_AGAIN_LATER, address, answer, from_elsewhere, refuse
from voice.server.lines import SAMPLE_RATE, CallRefused, Lines, LinesBusy
from voice.server.resampling import Doubler, Halver

LINE_RATE = SAMPLE_RATE // 2
"""Of the sound on every provider's line: 8 kHz."""

HANDSHAKE_SECONDS = 5.0
"""How long a provider may take to say which call its stream belongs to."""

Webhook = Literal["twilio", "telnyx", "plivo"]

_ID = re.compile(r"[A-Za-z0-9:_+=-]{1,256}")
"""Of a call or a stream. Anybody may open one, and addresses that we give our credentials to are made of its ids."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Credentials:
    """What hanging up through a provider's interface takes. Without them the closed stream ends the call.

    Twilio takes ``account`` and ``token``, Plivo too; Telnyx takes ``token``. Exotel has no such interface.
    """

    twilio: tuple[str, str] | None = field(default=None, repr=False)
    plivo: tuple[str, str] | None = field(default=None, repr=False)
    telnyx: str | None = field(default=None, repr=False)

    @classmethod
    def found_in(cls, environ: Mapping[str, str]) -> Credentials:
        """Take them from the environment variables that the providers' own tools use."""

        def pair(account: str, token: str) -> tuple[str, str] | None:
            return (environ[account], environ[token]) if environ.get(account) and environ.get(token) else None

        return cls(
            twilio=pair("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"),
            plivo=pair("PLIVO_AUTH_ID", "PLIVO_AUTH_TOKEN"),
            telnyx=environ.get("TELNYX_API_KEY") or None,
        )


class UnknownStream(ValueError):
    """These are not the first messages of a provider that is known."""


class AtLineRate(FrameSerializer):
    """A provider's protocol whose sound is 8 kHz, for a pipeline whose sound is 16 kHz.

    Sound goes on without a seam over gaps between packets; only what is cut off is not gone on from.
    """

    def __init__(self, protocol: FrameSerializer) -> None:
        super().__init__()
        self._protocol = protocol
        self._heard = Doubler()
        self._said = Halver()

    async def setup(self, setup: FrameProcessorSetup) -> None:
        """Get ready for a pipeline."""
        await self._protocol.setup(setup)

    async def serialize(self, frame: Frame) -> str | bytes | None:
        """Give the provider's message for a frame, if it has any."""
        if isinstance(frame, InterruptionFrame):
            self._said.clear()
        elif isinstance(frame, AudioRawFrame):
            frame = OutputAudioRawFrame(self._said(frame.audio), LINE_RATE, 1)
        return await self._protocol.serialize(frame)

    async def deserialize(self, data: str | bytes) -> Frame | None:
        """Give the frame that a provider's message stands for, if any."""
        frame = await self._protocol.deserialize(data)
        if isinstance(frame, InputAudioRawFrame):
            return InputAudioRawFrame(self._heard(frame.audio), SAMPLE_RATE, 1)
        return frame


def router(lines: Lines, credentials: Credentials, public_url: str | None = None) -> APIRouter:
    """Give the webhook and the media stream, both at ``/phone``."""
    router = APIRouter()

    @router.get("/phone")
    async def where(request: Request) -> dict[str, str]:
        """Give the stream's address, in the form that Exotel asks for."""
        return {"url": address(request, "/phone", public_url, socket=True)}

    @router.post("/phone")
    async def ring(request: Request) -> Response:
        """Answer a provider's webhook: connect the stream, or say that the line is busy."""
        form = {key: values[0] for key, values in parse_qs((await request.body()).decode("latin-1")).items()}
        provider = webhook_of(form)
        if provider is None:
            raise HTTPException(400, "this is no webhook of Twilio, Telnyx or Plivo: CallSid or CallUUID is missing")
        stream = address(request, "/phone", public_url, socket=True)
        body = busy_answer(provider) if lines.busy else stream_answer(provider, stream)
        return Response(body, media_type="application/xml")

    @router.websocket("/phone")
    async def stream(websocket: WebSocket, call: str | None = None) -> None:
        """A provider's media stream. ``call`` names the call, as at ``/ws``; providers give none."""
        if from_elsewhere(websocket, public_url):
            await refuse(websocket, REFUSED, "this page is of another site")
            return
        try:
            seat = lines.take(call)
        except LinesBusy as busy:
            await refuse(websocket, TRY_AGAIN_LATER, str(busy))
            return
        except CallRefused as refused:
            await refuse(websocket, REFUSED, str(refused))
            return
        with seat:
            await websocket.accept()
            try:
                provider, data, serializer = await _meet(websocket, credentials)
            except UnknownStream as unknown:
                await refuse(websocket, REFUSED, str(unknown))
                return
            about = {"provider_call": data.call_id}
            await answer(websocket, lines, seat, serializer, line=provider, about=about)

    return router


def webhook_of(form: Mapping[str, str]) -> Webhook | None:
    """Tell which provider's webhook a form is, or None."""
    if form.get("CallUUID"):
        return "plivo"
    sid = form.get("CallSid")
    if not sid:
        return None
    return "twilio" if sid.startswith("CA") else "telnyx"


def stream_answer(provider: Webhook, url: str) -> bytes:
    """Give the document that connects a call's sound to the WebSocket ``url``, both ways."""
    response = Xml.Element("Response")
    match provider:
        case "twilio":
            Xml.SubElement(Xml.SubElement(response, "Connect"), "Stream", url=url)
        case "telnyx":
            Xml.SubElement(Xml.SubElement(response, "Connect"), "Stream", url=url, bidirectionalMode="rtp")
        case "plivo":
            stream = Xml.SubElement(
                response, "Stream", bidirectional="true", keepCallAlive="true", contentType="audio/x-mulaw;rate=8000"
            )
            stream.text = url
    return Xml.tostring(response, "utf-8", xml_declaration=True)


def busy_answer(provider: Webhook) -> bytes:
    """Give the document by which the caller hears the busy tone."""
    response = Xml.Element("Response")
    Xml.SubElement(response, "Hangup" if provider == "plivo" else "Reject", reason="busy")
    return Xml.tostring(response, "utf-8", xml_declaration=True)


async def _meet(websocket: WebSocket, credentials: Credentials) -> tuple[str, CallData, FrameSerializer]:
    """Read a stream's first messages.

    Raises:
        UnknownStream: they did not come, or make no sense.
    """
    try:
        async with asyncio.timeout(HANDSHAKE_SECONDS):
            provider, call = await parse_telephony_websocket(websocket)
    except TimeoutError:
        raise UnknownStream(f"no start message came within {HANDSHAKE_SECONDS:g} s") from None
    except Exception as error:  # whatever the other side's first messages make of the parser
        raise UnknownStream(f"the first messages are of no known provider: {error or type(error).__name__}") from error
    serializer = serializer_of(provider, call, credentials)
    return provider, call, serializer


def serializer_of(provider: str, call: CallData, credentials: Credentials) -> FrameSerializer:
    """Give what speaks a provider's protocol, with 16 kHz. It hangs up through the provider where credentials allow.

    Raises:
        UnknownStream: the provider is not known, or its stream has no id, or one that no provider gives.
    """
    if not call.stream_id:
        raise UnknownStream("the first messages are of no known provider: use Twilio, Telnyx, Plivo or Exotel")
    if not all(_ID.fullmatch(each) for each in (call.stream_id, call.call_id) if each):
        raise UnknownStream("the first messages are of no known provider: none gives such an id")
    return AtLineRate(_protocol(provider, call.stream_id, call, credentials))


def _protocol(provider: str, stream: str, call: CallData, credentials: Credentials) -> FrameSerializer:
    """Give pipecat's serializer of a provider, told that the pipeline has the line's rate: it resamples nothing."""
    match provider:
        case "twilio":
            account, token = credentials.twilio or (None, None)
            hangs_up = bool(account and call.call_id)
            params = TwilioFrameSerializer.InputParams(auto_hang_up=hangs_up, sample_rate=LINE_RATE)
            return TwilioFrameSerializer(stream, call.call_id, account, token, params=params)
        case "telnyx":
            key = credentials.telnyx
            return TelnyxFrameSerializer(
                stream,
                outbound_encoding=call.get("outbound_encoding") or "PCMU",
                inbound_encoding="PCMU",
                call_control_id=call.call_id,
                api_key=key,
                params=TelnyxFrameSerializer.InputParams(
                    auto_hang_up=bool(key and call.call_id), sample_rate=LINE_RATE
                ),
            )
        case "plivo":
            account, token = credentials.plivo or (None, None)
            hangs_up = bool(account and call.call_id)
            params = PlivoFrameSerializer.InputParams(auto_hang_up=hangs_up, sample_rate=LINE_RATE)
            return PlivoFrameSerializer(stream, call.call_id, account, token, params=params)
        case "exotel":
            params = ExotelFrameSerializer.InputParams(sample_rate=LINE_RATE)
            return ExotelFrameSerializer(stream, call.call_id, params)
        case _:
            raise UnknownStream(f"there are no phone lines for {provider!r}: use Twilio, Telnyx, Plivo or Exotel")
