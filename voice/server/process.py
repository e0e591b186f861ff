"""The serving process: its socket, its signals, its parent, and the order in which it starts and stops."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import threading
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI

GRACE_SECONDS = 20
"""How long open connections may take to end once the calls have."""

PING_SECONDS = 10.0
"""How often a WebSocket's other side must show that it lives; one that stops reading is hung up on after twice that."""


MOST_BYTES = 2**20
"""Of a WebSocket's message: half a minute of sound. More at once would hold up every call while it is listened to."""


class CannotListen(RuntimeError):
    """The address can't be served on. The message says why and what to do."""


def bind(host: str, port: int) -> socket.socket:
    """Take an address without listening yet, so that who comes too early is refused rather than kept waiting.

    Args:
        host: A name or address of this machine.
        port: 0 takes a free one.

    Raises:
        CannotListen: it is taken, not allowed, or not of this machine.
    """
    if not 0 <= port <= 65_535:
        raise CannotListen(f"there is no port {port}: give one up to 65535, or 0 for any free one")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise CannotListen(
            f"there is no address {host}:{port} here ({error}): give another --host or --port"
        ) from error
    family, kind, protocol, _, where = found[0]
    sock = socket.socket(family, kind, protocol)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(where)
    except OSError as error:
        sock.close()
        raise _cannot_listen(host, port, error) from error
    return sock


class Stopper:
    """Stops the process: at first in good order, with every call on the line ended; the second time at once.

    Made in the task that serves. Until a server is given to it, stopping cancels that task.
    """

    def __init__(self) -> None:
        task = asyncio.current_task()
        assert task
        self._task = task
        self._server: uvicorn.Server | None = None

    def __call__(self) -> None:
        """Stop."""
        if self._server is None or self._server.should_exit:
            self._task.cancel()
        else:
            self._server.should_exit = True

    def on_signals(self) -> None:
        """Stop at SIGINT and SIGTERM."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self)

    def with_parent(self) -> None:
        """Stop when standard input closes: the parent holds its other end, and lets go of it however it dies."""
        loop = asyncio.get_running_loop()

        def watch() -> None:
            # Unbuffered, because a thread that holds standard input's lock would stand in the way of a normal exit.
            while os.read(0, 4096):
                pass
            loop.call_soon_threadsafe(self)

        threading.Thread(target=watch, name="parent", daemon=True).start()

    def takes(self, server: uvicorn.Server) -> None:
        """From here on, stopping asks this server to."""
        self._server = server


async def run(
    app: FastAPI,
    sock: socket.socket,
    stopper: Stopper,
    *,
    ready: Callable[[int], None],
    hang_up: Callable[[], Awaitable[None]],
) -> None:
    """Serve until stopped.

    Args:
        app: What is served.
        sock: A bound socket; closed at the end.
        stopper: Stops it.
        ready: Told the port, once connections are answered.
        hang_up: Ends every call; run before connections are closed.

    Raises:
        CannotListen: another process began to listen there meanwhile.
    """
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        ws_max_size=MOST_BYTES,
        ws_per_message_deflate=False,  # sound does not get smaller, and trying costs more than sending it
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    host, port = sock.getsockname()[:2]
    try:
        # What uvicorn can't do about a listener is printed and ends the process: it is found out here instead.
        sock.listen(config.backlog)
    except OSError as error:
        sock.close()
        raise _cannot_listen(host, port, error) from error
    server = _Server(config, lambda: ready(port), hang_up)
    stopper.takes(server)
    await server.serve([sock])


class _Server(uvicorn.Server):
    """Uvicorn's server, with its signals left to a `Stopper` and its calls ended before its connections."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], hang_up: Callable[[], Awaitable[None]]):
        super().__init__(config)
        self._ready = ready
        self._hang_up = hang_up

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            # A full collection goes through all that was loaded, and no call is heard for the 0.1 s that it takes.
            gc.collect()
            gc.freeze()
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        gc.unfreeze()
        await self._hang_up()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Generator[None, Any, None]:
        yield


def _cannot_listen(host: str, port: int, error: OSError) -> CannotListen:
    return CannotListen(f"can't serve on {host}:{port} ({error.strerror}): give another --port, or 0 for any free one")
