"""Phone lines: media streams of Twilio, Telnyx, Plivo and Exotel, told apart by their first messages.

Point the number's webhook at ``POST /phone``: the answer connects the call's sound to the WebSocket ``/phone`` of this
server. Exotel's Voicebot applet takes the WebSocket's address itself, or ``GET /phone``, which gives it. Where the
profile says who is dialled for callers who are handed to a person, the providers with a webhook ask ``POST
/phone/after`` when the stream has ended.
"""

from __future__ import annotations

import asyncio
import logging
from urllib.parse import parse_qs

from fastapi import APIRouter, HTTPException, Request, Response, WebSocket

from voice.server import documents
from voice.server.door import REFUSED, TRY_AGAIN_LATER, address, answer, from_elsewhere, refuse
from voice.server.handshake import meet
from voice.server.lines import Lines
from voice.server.passing import Onward, Passing
from voice.server.providers import Credentials, UnknownStream, serializer_of
from voice.server.seats import CallRefused, LinesBusy

_log = logging.getLogger(__name__)


def router(lines: Lines, credentials: Credentials, public_url: str | None = None) -> APIRouter:
    """Give the webhooks and the media stream, at ``/phone``."""
    router = APIRouter()
    passing = Passing(lambda: asyncio.get_running_loop().time())

    @router.get("/phone")
    async def where(request: Request) -> dict[str, str]:
        """Give the stream's address, in the form that Exotel asks for."""
        return {"url": address(request, "/phone", public_url, socket=True)}

    @router.post("/phone")
    async def ring(request: Request) -> Response:
        """Answer a provider's webhook: connect the stream, or say that the line is busy."""
        provider = _known(await _form(request))
        if lines.busy:
            return _xml(documents.busy(provider))
        stream = address(request, "/phone", public_url, socket=True)
        after = address(request, "/phone/after", public_url, socket=False)
        return _xml(documents.stream(provider, stream, after if lines.stack.config.hand_off.dial else None))

    @router.post("/phone/after")
    async def go_on(request: Request) -> Response:
        """Say what follows the stream: a call that was handed off is dialled on, any other is over."""
        form = await _form(request)
        provider, call, to = _known(form), documents.call_of(form), lines.stack.config.hand_off
        if not to.dial or not passing.has(provider, call):
            return _xml(documents.hang_up())
        _log.info("%s dials %s for its call %s", provider, to.masked, call)
        return _xml(documents.dial(provider, to.dial))

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
                provider, data, rate = await meet(websocket)
                onward = Onward(passing, lines.stack.config.hand_off, provider, data.call_id)
                serializer = serializer_of(provider, data, credentials, rate=rate, handed_off=onward.hand_off)
            except UnknownStream as unknown:
                _log.warning("a media stream can't become a call: %s", unknown)
                await refuse(websocket, REFUSED, str(unknown))
                return
            about = {"provider_call": data.call_id}
            await answer(websocket, lines, seat, serializer, line=provider, about=about, ending=onward.told)

    return router


async def _form(request: Request) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs((await request.body()).decode("latin-1")).items()}


def _known(form: dict[str, str]) -> documents.Provider:
    if provider := documents.provider_of(form):
        return provider
    raise HTTPException(400, "this is no webhook of Twilio, Telnyx or Plivo: CallSid or CallUUID is missing")


def _xml(body: bytes) -> Response:
    return Response(body, media_type="application/xml")
