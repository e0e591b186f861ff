"""The web page to talk to the agent: WebRTC to this machine, or a WebSocket where WebRTC does not get through.

Nothing of it comes from elsewhere. Only addresses of this machine and its network are offered for the sound (no STUN or
TURN server is asked), so that the page works without a network. Pipecat's own SmallWebRTC clients can call too.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import AsyncGenerator, Awaitable
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles
from pipecat.transports.base_transport import TransportParams
from pipecat.transports.smallwebrtc.connection import SmallWebRTCConnection
from pipecat.transports.smallwebrtc.request_handler import (
    SmallWebRTCPatchRequest,
    SmallWebRTCRequest,
    SmallWebRTCRequestHandler,
)
from pipecat.transports.smallwebrtc.transport import SmallWebRTCTransport

from voice.server.background import mixer
from voice.server.door import from_elsewhere
from voice.server.lines import Lines, LinesBusy

CONNECT_SECONDS = 30.0
"""How long a connection may take to stand, from its offer. After that its line is given to others."""

_log = logging.getLogger(__name__)

PAGES = Path(str(files("voice.server"))) / "pages"


def page_headers(scripts: str) -> dict[str, str]:
    """Give the headers of a page that takes nothing from elsewhere, is shown in no frame, and is kept nowhere.

    Args:
        scripts: Where its scripts come from, in the words of a content security policy.
    """
    policy = f"default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; connect-src 'self'; img-src data:"
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": f"{policy}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def scripts() -> StaticFiles:
    """Serve the pages' scripts."""
    return StaticFiles(directory=PAGES)


def router(lines: Lines) -> APIRouter:
    """Give the page ``/``, and the offers and candidates of WebRTC behind it."""
    handler = SmallWebRTCRequestHandler()
    calls: dict[str, asyncio.Task[None]] = {}  # by every id that their connections have had
    waiting: set[asyncio.Task[None]] = set()
    html = (PAGES / "talk.html").read_text(encoding="utf-8")

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        yield
        await handler.close()

    router = APIRouter(lifespan=lifespan)

    @router.get("/")
    async def page() -> HTMLResponse:
        return HTMLResponse(html, headers=page_headers("'self'"))

    @router.post("/start")
    async def start() -> dict[str, str]:
        """Give pipecat's clients a session; they send their offer to ``/sessions/<id>/api/offer``."""
        if lines.busy:
            raise _busy()
        return {"sessionId": uuid.uuid4().hex}

    @router.post("/api/offer")
    @router.post("/sessions/{session}/api/offer")
    async def offer(request: Request, offer: SmallWebRTCRequest) -> dict[str, str] | None:
        """Answer a WebRTC offer; the call begins when the connection stands."""
        if from_elsewhere(request):
            raise HTTPException(403, "this page is of another site")
        if call := calls.get(offer.pc_id or ""):
            answer = await _answered(handler.handle_web_request(offer, _ignore))
            if answer and not call.done():
                calls[answer["pc_id"]] = call  # another one, if the connection was made anew
            return answer
        offer.pc_id = None
        if "m=audio" not in offer.sdp:
            raise HTTPException(400, "this is no offer that can be answered: it has no sound")
        try:
            seat = lines.take()
        except LinesBusy as busy:
            raise _busy() from busy

        begun = False

        async def begin(connection: SmallWebRTCConnection) -> None:
            nonlocal begun
            begun = True
            transport = SmallWebRTCTransport(connection, _sound(lines))
            settled = _connected_or_closed(transport, connection)
            waiting.add(wait := asyncio.create_task(_give_up(settled, connection), name="web call connects"))
            wait.add_done_callback(waiting.discard)
            call = asyncio.create_task(lines.answer(transport, seat, line="web", rtvi=True), name="web call")
            calls[connection.pc_id] = call
            call.add_done_callback(lambda call: _over(calls, call))

        try:
            return await _answered(handler.handle_web_request(offer, begin))
        finally:
            if not begun:
                seat.release()

    @router.patch("/api/offer")
    @router.patch("/sessions/{session}/api/offer")
    async def candidate(request: SmallWebRTCPatchRequest) -> dict[str, str]:
        """Take a late candidate of an offer."""
        await handler.handle_patch_request(request)
        return {"status": "success"}

    return router


def _sound(lines: Lines) -> TransportParams:
    background = mixer(lines.stack.config.background)
    return TransportParams(audio_in_enabled=True, audio_out_enabled=True, audio_out_mixer=background)


async def _ignore(connection: SmallWebRTCConnection) -> None:
    """Begin nothing: the call of this connection runs."""


def _over(calls: dict[str, asyncio.Task[None]], call: asyncio.Task[None]) -> None:
    for connection in [connection for connection, its in calls.items() if its is call]:
        del calls[connection]
    if not call.cancelled() and (error := call.exception()):
        _log.error("a call could not be answered", exc_info=error)


def _connected_or_closed(transport: SmallWebRTCTransport, connection: SmallWebRTCConnection) -> asyncio.Event:
    settled = asyncio.Event()

    async def settle(*_: object) -> None:
        settled.set()

    transport.add_event_handler("on_client_connected", settle)
    connection.add_event_handler("closed", settle)
    return settled


async def _give_up(settled: asyncio.Event, connection: SmallWebRTCConnection) -> None:
    """Close a connection that does not come to stand."""
    try:
        await asyncio.wait_for(settled.wait(), CONNECT_SECONDS)
    except TimeoutError:
        await connection.disconnect()


async def _answered(answer: Awaitable[dict[str, str] | None]) -> dict[str, str] | None:
    try:
        return await answer
    except Exception as error:
        raise HTTPException(400, f"this is no offer that can be answered: {error or type(error).__name__}") from error


def _busy() -> HTTPException:
    return HTTPException(503, "all lines are busy: try again later", {"Retry-After": "30"})
