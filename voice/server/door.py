"""What stands between a connection and the lines: who is let in, and how the others are told."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from urllib.parse import urlsplit

from fastapi import WebSocket
from pipecat.serializers.base_serializer import FrameSerializer
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams, FastAPIWebsocketTransport
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocketDisconnect, WebSocketState

from voice.server.background import mixer
from voice.server.lines import Lines
from voice.server.seats import Seat
from voice.server.tolerance import Tolerant

TRY_AGAIN_LATER = 1013
REFUSED = 1008
OUR_FAULT = 1011

_MOST_BYTES = 123
"""Of the reason in the frame that closes a WebSocket."""

_log = logging.getLogger(__name__)


def from_elsewhere(connection: HTTPConnection, public_url: str | None) -> bool:
    """Tell whether a browser made this connection for a page of another site. Programs name no origin.

    Args:
        connection: Tells the page's origin, and under which name this server was asked: a proxy may put in another.
        public_url: Where the server is reached from outside, if anywhere: its pages are ours, too.
    """
    origin = connection.headers.get("origin")
    ours = {connection.headers.get("host"), _host(public_url or "")}
    return origin is not None and (_host(origin) or origin) not in ours


def _host(url: str) -> str | None:
    """Give a URL's host and port as browsers write them: without the port that its scheme has anyway."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts.netloc.lower().removesuffix({"https": ":443", "http": ":80"}.get(parts.scheme, "")) or None


async def refuse(websocket: WebSocket, code: int, why: str) -> None:
    """Close a WebSocket with a code and a reason that the caller can read, unless it is closed already."""
    _log.info("refused a call on %s: %s", websocket.url.path, why)
    if websocket.client_state is WebSocketState.CONNECTING:
        await websocket.accept()
    if websocket.client_state is websocket.application_state is WebSocketState.CONNECTED:
        with suppress(WebSocketDisconnect):
            await websocket.close(code, why.encode(errors="replace")[:_MOST_BYTES].decode(errors="ignore"))


async def answer(
    websocket: WebSocket,
    lines: Lines,
    seat: Seat,
    serializer: FrameSerializer,
    *,
    line: str,
    rtvi: bool = False,
    about: Mapping[str, object] | None = None,
    ending: Callable[[], Mapping[str, object]] = dict[str, object],
) -> None:
    """Answer a call over an accepted WebSocket; as `Lines.answer` does. Tells the caller if it breaks.

    What makes no sense is dropped; a protocol that raises `voice.server.tolerance.NoCall` ends the call.
    """
    tolerant = Tolerant(serializer, seat.call_id, partial(refuse, websocket, REFUSED))
    params = FastAPIWebsocketParams(
        audio_in_enabled=True,
        audio_out_enabled=True,
        audio_out_mixer=mixer(lines.stack.config.background),
        serializer=tolerant,
    )
    transport = FastAPIWebsocketTransport(websocket, params)
    try:
        await lines.answer(transport, seat, line=line, rtvi=rtvi, about=about, ending=ending)
    except Exception:
        _log.exception("call %s broke", seat.call_id)
        await refuse(websocket, OUR_FAULT, "something is broken here: the server's log says what")
    finally:
        tolerant.drops.sum_up()


def address(connection: HTTPConnection, path: str, public_url: str | None, *, socket: bool) -> str:
    """Give the absolute address of a path of this server, as the other side must write it.

    Args:
        connection: Tells under which name the other side knows this server.
        path: Begins with a slash.
        public_url: Where the server is reached from outside, if the connection can't tell.
        socket: Whether a WebSocket address is wanted.
    """
    base = urlsplit(public_url or str(connection.base_url))
    secure = base.scheme in ("https", "wss")
    scheme = ("wss" if secure else "ws") if socket else ("https" if secure else "http")
    return f"{scheme}://{base.netloc}{base.path.rstrip('/')}{path}"
