"""The server: a web page to talk to the agent, phone lines, and the WebSocket that recorded callers use."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI, Response, WebSocket

from voice.server import phone, web
from voice.server.documents import PHONES
from voice.server.door import REFUSED, TRY_AGAIN_LATER, answer, from_elsewhere, refuse
from voice.server.lines import Lines
from voice.server.live import Feed
from voice.server.live import router as live_router
from voice.server.plain import answer_plainly
from voice.server.protobuf import QuietProtobuf
from voice.server.providers import Credentials
from voice.server.seats import CallRefused, LinesBusy

MOST_BYTES = 2**20
"""Of a request's body. Offers and webhooks have some kilobytes."""


def make_app(
    lines: Lines,
    *,
    feed: Feed | None = None,
    credentials: Credentials | None = None,
    public_url: str | None = None,
    phones: Collection[str] = PHONES,
) -> FastAPI:
    """Give the web application that answers on these lines.

    Args:
        lines: Answer the calls.
        feed: What ``/live`` shows; without one there is no live view.
        credentials: Of the phone providers, to hang up with, and to know them by.
        public_url: Where the server is reached from outside, if its requests can't tell. Its pages may call.
        phones: The phone providers whose lines are answered.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        yield
        await lines.hang_up()
        if feed:
            feed.close()

    app = FastAPI(
        title="voice", lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None, max_body_size=MOST_BYTES
    )
    answer_plainly(app)
    app.include_router(_sockets(lines, public_url, live=feed is not None))
    app.include_router(web.router(lines, public_url))
    app.include_router(phone.router(lines, credentials or Credentials(), public_url, phones))
    if feed:
        app.include_router(live_router(feed))
    app.mount("/pages", web.scripts())
    return app


def _sockets(lines: Lines, public_url: str | None, *, live: bool) -> APIRouter:
    router = APIRouter()

    @router.get("/health")
    async def health(response: Response) -> dict[str, object]:
        """Tell what works: 503 when no tier is left to answer; until then callers are better off here than cut off."""
        stack = lines.stack
        down = stack.down()
        ready = len(down) < len(stack.tiers)
        response.status_code = 200 if ready else 503
        return {"ready": ready, "down": down, "calls": len(lines.active), "profile": stack.config.name, "live": live}

    @router.websocket("/ws")
    async def websocket(websocket: WebSocket, call: str | None = None, rtvi: bool = False) -> None:
        """Pipecat's protobuf frames, 16 kHz both ways. ``call`` names the call, ``rtvi`` is for web clients."""
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
            await answer(websocket, lines, seat, QuietProtobuf(rtvi=rtvi), line="socket", rtvi=rtvi)

    return router
