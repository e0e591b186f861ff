"""A scripted server behind a real socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.server.switchboard import Switchboard
from voice.server import process


@dataclass
class Listening:
    port: int
    stopper: process.Stopper
    task: asyncio.Task[None]
    stopped: bool = False

    def stop(self) -> None:
        if not self.stopped:
            self.stopped = True
            self.stopper()

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket(self) -> str:
        return f"ws://127.0.0.1:{self.port}"


@asynccontextmanager
async def listening(board: Switchboard) -> AsyncGenerator[Listening]:
    """Serve it on a free port of this machine."""
    ready: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    stopper = process.Stopper()

    async def hang_up() -> None:
        await board.lines.hang_up()
        board.feed.close()

    sock = process.bind("127.0.0.1", 0)
    task = asyncio.create_task(process.run(board.app, sock, stopper, ready=ready.set_result, hang_up=hang_up))
    server = Listening(await ready, stopper, task)
    try:
        yield server
    finally:
        server.stop()
        await task
