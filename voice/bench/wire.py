"""The protocols in which a recorded caller talks to an agent. A line carries 16-bit mono PCM both ways."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

import websockets
from pipecat.frames.protobufs import frames_pb2
from websockets.asyncio.client import ClientConnection


class LineError(RuntimeError):
    """The agent can't be reached, or the line broke. The message says which."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Audio from the agent: 16-bit mono PCM at ``sample_rate``."""

    pcm: bytes
    sample_rate: int


@dataclass(frozen=True, slots=True)
class Clear:
    """The agent takes back what was not yet played."""


class Line(Protocol):
    """An open line to an agent.

    Attributes:
        sample_rate: What `send` takes.
    """

    sample_rate: int

    async def send(self, pcm: bytes) -> None:
        """Send 16-bit mono PCM."""
        ...

    def receive(self) -> AsyncIterator[Sound | Clear]:
        """Give what the agent sends, until it hangs up."""
        ...

    async def close(self) -> None:
        """Hang up."""
        ...


class ProtobufLine:
    """Pipecat's protobuf frames over a WebSocket."""

    sample_rate = 16_000

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    @classmethod
    async def open(cls, url: str, *, timeout_seconds: float = 10.0) -> ProtobufLine:
        """Connect.

        Raises:
            LineError: nobody answers at ``url``.
        """
        try:
            return cls(await asyncio.wait_for(websockets.connect(url, max_size=None), timeout_seconds))
        except (OSError, TimeoutError, websockets.exceptions.WebSocketException) as error:
            raise LineError(f"no agent answers at {url}: {error or type(error).__name__}") from error

    async def send(self, pcm: bytes) -> None:
        """Send 16 kHz PCM."""
        frame = frames_pb2.Frame()  # type: ignore[attr-defined]
        frame.audio.audio = pcm
        frame.audio.sample_rate = self.sample_rate
        frame.audio.num_channels = 1
        try:
            await self._connection.send(frame.SerializeToString())
        except websockets.exceptions.ConnectionClosed as error:
            raise LineError(f"the agent hung up: {error}") from error

    async def receive(self) -> AsyncIterator[Sound | Clear]:
        """Give what the agent sends."""
        async for message in self._connection:
            if isinstance(message, str):
                continue
            frame = frames_pb2.Frame.FromString(message)  # type: ignore[attr-defined]
            match frame.WhichOneof("frame"):
                case "audio":
                    yield Sound(frame.audio.audio, frame.audio.sample_rate)
                case "interruption":
                    yield Clear()
                case _:
                    pass

    async def close(self) -> None:
        """Hang up."""
        await self._connection.close()
