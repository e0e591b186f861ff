"""The live view: every decision of the running calls as it is made, in a browser.

The lines hold callers' words. Whoever reaches the server can read them, so `voice serve` listens on this machine only
unless told otherwise, and leaves the view out with ``--no-live``. While it listens on this machine only, the view is
for browsers on it: not for what a tunnel or a proxy lets through, as phone lines need, nor for pages under other names
that lead here.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import OrderedDict, deque
from collections.abc import AsyncGenerator

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import HTMLResponse, StreamingResponse

from voice.server.web import PAGES, page_headers
from voice.trace import Line, jsonable

KEEP_ALIVE_SECONDS = 15.0
"""How often an idle stream sends a comment, so that nothing between takes it for dead."""

_HERE = re.compile(r"(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?", re.IGNORECASE)
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")


class Feed:
    """A trace sink that hands every line to whoever watches, and the recent ones to whoever comes later.

    Args:
        most_calls: How many calls are remembered.
        most_lines: How many lines of a call are remembered, the newest ones.
        most_waiting: How many lines a watcher may be behind before it is dropped. Its browser comes back by itself.
        here_only: Whether only browsers on this machine may watch.
    """

    def __init__(
        self, *, most_calls: int = 50, most_lines: int = 2000, most_waiting: int = 1000, here_only: bool = False
    ) -> None:
        self.here_only = here_only
        self._most_calls = most_calls
        self._most_lines = most_lines
        self._most_waiting = most_waiting
        self._calls: OrderedDict[str, deque[str]] = OrderedDict()
        self._watchers: set[asyncio.Queue[str | None]] = set()
        self._closed = False

    def __call__(self, line: Line) -> None:
        """Take a line."""
        text = json.dumps(line, default=jsonable, ensure_ascii=False)
        call = str(line["call"])
        if call not in self._calls:
            self._calls[call] = deque(maxlen=self._most_lines)
            while len(self._calls) > self._most_calls:
                self._calls.popitem(last=False)
        self._calls[call].append(text)
        for watcher in list(self._watchers):
            if watcher.qsize() >= self._most_waiting:
                self._drop(watcher)
            else:
                watcher.put_nowait(text)

    @property
    def watchers(self) -> int:
        """How many watch."""
        return len(self._watchers)

    async def watch(self) -> AsyncGenerator[str | None]:
        """Give what is remembered, then every line as it comes; None when nothing came for a while."""
        if self._closed:
            return
        queue: asyncio.Queue[str | None] = asyncio.Queue()
        remembered = [text for call in self._calls.values() for text in call]
        self._watchers.add(queue)
        try:
            for text in remembered:
                yield text
            while queue in self._watchers or not queue.empty():
                try:
                    text = await asyncio.wait_for(queue.get(), KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    yield None
                    continue
                if text is None:
                    break
                yield text
        finally:
            self._watchers.discard(queue)

    def close(self) -> None:
        """Send every watcher away."""
        self._closed = True
        for watcher in list(self._watchers):
            self._drop(watcher)

    def _drop(self, watcher: asyncio.Queue[str | None]) -> None:
        self._watchers.discard(watcher)
        watcher.put_nowait(None)


def router(feed: Feed) -> APIRouter:
    """Give the page ``/live`` and its stream ``/live/lines``."""
    router = APIRouter(dependencies=[Depends(_only_here)] if feed.here_only else [])
    page = (PAGES / "live.html").read_text(encoding="utf-8")
    headers = page_headers()

    @router.get("/live")
    async def show() -> HTMLResponse:
        return HTMLResponse(page, headers=headers)

    @router.get("/live/lines")
    async def lines() -> StreamingResponse:
        """Server-sent events: one ``now`` event with the server's clock, then trace lines."""
        return StreamingResponse(events(feed), media_type="text/event-stream", headers=headers)

    return router


async def _only_here(request: Request) -> None:
    """Let nobody in who may be elsewhere. A proxy connects from here too: it shows by what it adds."""
    here = _HERE.fullmatch(request.headers.get("host", ""))
    if not here or any(header in request.headers for header in _FORWARDED):
        raise HTTPException(404)


async def events(feed: Feed) -> AsyncGenerator[str]:
    """Give server-sent events: the server's clock, then every trace line."""
    now = asyncio.get_running_loop().time()
    yield f"retry: 1000\nevent: now\ndata: {now:.3f}\n\n"
    async for text in feed.watch():
        yield f"data: {text}\n\n" if text is not None else ": still here\n\n"
