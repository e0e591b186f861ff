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
from dataclasses import dataclass
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
from voice.server.lines import Lines
from voice.server.seats import LinesBusy, Seat
from voice.server.tolerance import Drops
from voice.server.webrtc import guard, let_go_of_lost_tracks

CONNECT_SECONDS = 10.0
"""How long a connection may take to stand, from its offer. After that its line is given to others."""

_log = logging.getLogger(__name__)

PAGES = Path(str(files("voice.server"))) / "pages"


def page_headers() -> dict[str, str]:
    """Give the headers of a page that takes nothing from elsewhere, is shown in no frame, and is kept nowhere."""
    styles = "style-src 'self' 'unsafe-inline'"
    policy = f"default-src 'none'; script-src 'self'; {styles}; connect-src 'self'; img-src data:"
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": f"{policy}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def scripts() -> StaticFiles:
    """Serve the pages' scripts and styles."""
    return StaticFiles(directory=PAGES)


def router(lines: Lines, public_url: str | None = None) -> APIRouter:
    """Give the page ``/``, and the offers and candidates of WebRTC behind it.

    Args:
        lines: Answer the calls.
        public_url: Where the page is reached from outside, if its requests can't tell.
    """
    handler = SmallWebRTCRequestHandler()
    calls: dict[str, _WebCall] = {}  # by every id that their connections have had
    html = (PAGES / "talk.html").read_text(encoding="utf-8")

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        yield
        await handler.close()

    router = APIRouter(lifespan=lifespan)

    @router.get("/")
    async def page() -> HTMLResponse:
        return HTMLResponse(html, headers=page_headers())

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
        if from_elsewhere(request, public_url):
            raise HTTPException(403, "this page is of another site")
        if call := calls.get(offer.pc_id or ""):
            answer = await _answered(handler.handle_web_request(offer, _ignore))
            if answer and not call.task.done():
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
            task = asyncio.create_task(_call(lines, seat, connection), name="web call")
            calls[connection.pc_id] = _WebCall(connection, task)
            task.add_done_callback(lambda task: _over(calls, task))

        try:
            return await _answered(handler.handle_web_request(offer, begin))
        finally:
            if not begun:
                seat.release()

    @router.patch("/api/offer")
    @router.patch("/sessions/{session}/api/offer")
    async def candidate(request: SmallWebRTCPatchRequest) -> dict[str, str]:
        """Take a late candidate of an offer."""
        try:
            await handler.handle_patch_request(request)
        except HTTPException:
            raise
        except Exception as error:  # whatever the other side's candidate makes of the parser
            raise HTTPException(400, f"this is no candidate: {_why(error)}") from error
        return {"status": "success"}

    @router.delete("/api/offer", status_code=204)
    async def give_up(request: Request, pc_id: str) -> None:
        """Hang up on a connection, such as one that does not come to stand; its line is free then."""
        if from_elsewhere(request, public_url):
            raise HTTPException(403, "this page is of another site")
        if call := calls.get(pc_id):
            await call.connection.disconnect()
            await asyncio.wait([call.task])

    return router


@dataclass(frozen=True)
class _WebCall:
    """A call that rings or runs."""

    connection: SmallWebRTCConnection
    task: asyncio.Task[None]


def _sound(lines: Lines) -> TransportParams:
    background = mixer(lines.stack.config.background)
    return TransportParams(audio_in_enabled=True, audio_out_enabled=True, audio_out_mixer=background)


async def _ignore(connection: SmallWebRTCConnection) -> None:
    """Begin nothing: the call of this connection runs."""


def _over(calls: dict[str, _WebCall], task: asyncio.Task[None]) -> None:
    for connection in [connection for connection, call in calls.items() if call.task is task]:
        del calls[connection]
    if not task.cancelled() and (error := task.exception()):
        _log.error("a call could not be answered", exc_info=error)


async def _call(lines: Lines, seat: Seat, connection: SmallWebRTCConnection) -> None:
    """Run a call as soon as its connection stands; however it ends, both its line and its connection are given up."""
    drops = Drops(seat.call_id)
    with seat:
        try:
            guard(connection, drops)
            if await _stands(connection):
                params = _sound(lines)
                transport = SmallWebRTCTransport(connection, params)
                let_go_of_lost_tracks(transport, connection, params.audio_out_10ms_chunks)
                await lines.answer(transport, seat, line="web", rtvi=True)
        finally:
            drops.sum_up()
            await connection.disconnect()


async def _stands(connection: SmallWebRTCConnection) -> bool:
    """Wait until a connection stands; it does not if it ends, or takes too long.

    Pipecat tells that only to a pipeline that runs, so the peer connection below is listened to. It is another one when
    the connection is made anew.
    """
    settled = asyncio.Event()

    def look() -> None:
        if connection.pc.connectionState in ("connected", "failed", "closed"):
            settled.set()

    def listen(*_: object) -> None:
        connection.pc.on("connectionstatechange", look)
        look()

    connection.add_event_handler("connecting", listen)
    listen()
    try:
        await asyncio.wait_for(settled.wait(), CONNECT_SECONDS)
    except TimeoutError:
        return False
    return connection.pc.connectionState == "connected"


async def _answered(answer: Awaitable[dict[str, str] | None]) -> dict[str, str] | None:
    try:
        return await answer
    except Exception as error:
        raise HTTPException(400, f"this is no offer that can be answered: {_why(error)}") from error


def _why(error: Exception) -> str:
    return str(error) or "it makes no sense"


def _busy() -> HTTPException:
    return HTTPException(503, "all lines are busy: try again later", {"Retry-After": "30"})
