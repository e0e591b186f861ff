"""Phone lines: media streams of Twilio, Telnyx, Plivo and Exotel, told apart by their first messages.

Point the number's webhook at ``POST /phone``: the answer connects the call's sound to the WebSocket ``/phone`` of this
server. Exotel's Voicebot applet takes the WebSocket's address itself, or ``GET /phone``, which gives it. Where the
profile says who is dialled for callers who are handed to a person, the providers with a webhook ask ``POST
/phone/after`` when the stream has ended. Whether it is the provider who asks, `voice.server.guard` checks.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request, Response, WebSocket
from starlette.requests import HTTPConnection

from voice.server import documents, signatures
from voice.server.door import REFUSED, TRY_AGAIN_LATER, address, answer, from_elsewhere, refuse
from voice.server.guard import Guard, Refused
from voice.server.handshake import meet
from voice.server.lines import Lines
from voice.server.passing import Onward, Passing
from voice.server.providers import Credentials, UnknownStream, serializer_of
from voice.server.seats import CallRefused, LinesBusy

_log = logging.getLogger(__name__)


def router(
    lines: Lines, credentials: Credentials, public_url: str | None = None, answered: Collection[str] = documents.PHONES
) -> APIRouter:
    """Give the webhooks and the media stream, at ``/phone``."""
    router = APIRouter()
    passing = Passing(_seconds)
    guard = Guard(credentials, answered, clock=_seconds)

    async def webhook(request: Request) -> tuple[documents.Provider, str, str | None]:
        """Read a webhook; gives the provider, its id of the call, and the ticket that the stream needs, if any."""
        signed = _signed(request, public_url, await request.body())
        form = {name: values[0] for name, values in signed.form.items()}
        provider = documents.provider_of(form)
        if not provider:
            raise HTTPException(400, "this is no webhook of Twilio, Telnyx or Plivo: CallSid or CallUUID is missing")
        try:
            return provider, documents.call_of(form), guard.webhook(provider, signed)
        except Refused as refused:
            raise HTTPException(403, str(refused)) from None

    @router.get("/phone")
    async def where(request: Request) -> dict[str, str]:
        """Give the stream's address, in the form that Exotel asks for."""
        return {"url": address(request, "/phone", public_url, socket=True)}

    @router.post("/phone")
    async def ring(request: Request) -> Response:
        """Answer a provider's webhook: connect the stream, or say that the line is busy."""
        provider, _, ticket = await webhook(request)
        if lines.busy:
            return _xml(documents.busy(provider))
        stream = address(request, f"/phone/{ticket}" if ticket else "/phone", public_url, socket=True)
        after = address(request, "/phone/after", public_url, socket=False)
        return _xml(documents.stream(provider, stream, after if lines.stack.config.hand_off.dial else None))

    @router.post("/phone/after")
    async def go_on(request: Request) -> Response:
        """Say what follows the stream: a call that was handed off is dialled on, any other is over."""
        provider, call, _ = await webhook(request)
        to = lines.stack.config.hand_off
        if not to.dial or not passing.has(provider, call):
            return _xml(documents.hang_up())
        _log.info("%s dials %s for its call %s", provider, to.masked, call)
        return _xml(documents.dial(provider, to.dial))

    @router.websocket("/phone")
    @router.websocket("/phone/{ticket}")
    async def stream(websocket: WebSocket, call: str | None = None, ticket: str | None = None) -> None:
        """A provider's media stream. ``call`` names the call, as at ``/ws``; providers give none."""
        if from_elsewhere(websocket, public_url):
            await refuse(websocket, REFUSED, "this page is of another site")
            return
        signed = _signed(websocket, public_url)
        try:
            proven = guard.handshake(signed, ticket)
        except Refused:
            await websocket.close(REFUSED)  # before it is accepted: 403
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
                guard.stream(provider, proven, signed.url)
                onward = Onward(passing, lines.stack.config.hand_off, provider, data.call_id)
                serializer = serializer_of(provider, data, credentials, rate=rate, handed_off=onward.hand_off)
            except UnknownStream as unknown:
                _log.warning("a media stream can't become a call: %s", unknown)
                await refuse(websocket, REFUSED, str(unknown))
                return
            except Refused as refused:
                await refuse(websocket, REFUSED, str(refused))
                return
            about = {"provider_call": data.call_id}
            await answer(websocket, lines, seat, serializer, line=provider, about=about, ending=onward.told)

    return router


def _seconds() -> float:
    return asyncio.get_running_loop().time()


def _signed(connection: HTTPConnection, public_url: str | None, body: bytes = b"") -> signatures.Request:
    """Give what a provider signs, with the address as it must have written it: path and query are as they came."""
    scope = connection.scope
    path = bytes(scope.get("raw_path") or quote(scope["path"]).encode()).decode("latin-1")
    query = bytes(scope["query_string"]).decode("latin-1")
    url = address(connection, path, public_url, socket=scope["type"] == "websocket")
    return signatures.Request(f"{url}?{query}" if query else url, connection.headers, body)


def _xml(body: bytes) -> Response:
    return Response(body, media_type="application/xml")
