"""Phone lines: media streams of Twilio, Telnyx, Plivo and Exotel, told apart by their first messages.

Point the number's webhook at ``POST /phone``: the answer connects the call's sound to the WebSocket ``/phone`` of this
server. Exotel's Voicebot applet takes the WebSocket's address itself, or ``GET /phone``, which gives it. Sound is
8 kHz on the line, and 16 kHz in the pipeline.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Literal
from urllib.parse import parse_qs
from xml.etree import ElementTree as Xml

from fastapi import APIRouter, HTTPException, Request, Response, WebSocket

from voice.server.door import REFUSED, TRY_AGAIN_LATER, address, answer, from_elsewhere, refuse
from voice.server.handshake import meet
from voice.server.lines import Lines
from voice.server.providers import Credentials, UnknownStream, serializer_of
from voice.server.seats import CallRefused, LinesBusy

Webhook = Literal["twilio", "telnyx", "plivo"]

_log = logging.getLogger(__name__)


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
                provider, data = await meet(websocket)
                serializer = serializer_of(provider, data, credentials)
            except UnknownStream as unknown:
                _log.warning("a media stream can't become a call: %s", unknown)
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
