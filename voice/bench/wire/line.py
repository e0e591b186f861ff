"""What a line to an agent is, whatever protocol it speaks. A line carries 16-bit mono PCM both ways."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

import websockets
from websockets.asyncio.client import ClientConnection


class LineError(RuntimeError):
    """The agent can't be reached, the line broke, or what came over it makes no sense. The message says which."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Audio from the agent: 16-bit mono PCM at ``sample_rate``."""

    pcm: bytes
    sample_rate: int


@dataclass(frozen=True, slots=True)
class Clear:
    """The agent takes back what was not yet played."""


class Line(Protocol):
    """An open line to an agent."""

    @property
    def sample_rate(self) -> int:
        """What `send` takes, in samples a second."""
        ...

    async def send(self, pcm: bytes) -> None:
        """Send 16-bit mono PCM that was just spoken.

        Raises:
            LineError: the agent hung up.
        """
        ...

    def receive(self) -> AsyncIterator[Sound | Clear]:
        """Give what the agent sends, until it hangs up.

        Raises:
            LineError: what it sends makes no sense.
        """
        ...

    async def close(self) -> None:
        """Hang up."""
        ...


async def connect(url: str, timeout_seconds: float) -> ClientConnection:
    """Open a WebSocket.

    Raises:
        LineError: nobody answers at ``url``.
    """
    try:
        return await asyncio.wait_for(websockets.connect(url, max_size=None), timeout_seconds)
    except (OSError, TimeoutError, websockets.exceptions.WebSocketException) as error:
        raise LineError(f"no agent answers at {url}: {error or type(error).__name__}") from error


async def transmit(connection: ClientConnection, message: str | bytes) -> None:
    """Send a message.

    Raises:
        LineError: the agent hung up.
    """
    try:
        await connection.send(message)
    except websockets.exceptions.ConnectionClosed as error:
        raise LineError(f"the agent hung up: {error}") from error
