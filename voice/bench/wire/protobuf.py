"""Pipecat's protobuf frames over a WebSocket: 16 kHz both ways."""

from __future__ import annotations

from collections.abc import AsyncIterator

from google.protobuf.message import DecodeError
from pipecat.frames.protobufs import frames_pb2
from websockets.asyncio.client import ClientConnection

from voice.bench.wire.line import Clear, LineError, Sound, connect, transmit


class ProtobufLine:
    """A line to pipecat's WebSocket transports with their protobuf serializer."""

    sample_rate = 16_000

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection

    @classmethod
    async def open(cls, url: str, *, timeout_seconds: float = 10.0) -> ProtobufLine:
        """Connect.

        Raises:
            LineError: nobody answers at ``url``.
        """
        return cls(await connect(url, timeout_seconds))

    async def send(self, pcm: bytes) -> None:
        """Send 16 kHz PCM."""
        frame = frames_pb2.Frame()  # type: ignore[attr-defined]
        frame.audio.audio = pcm
        frame.audio.sample_rate = self.sample_rate
        frame.audio.num_channels = 1
        await transmit(self._connection, frame.SerializeToString())

    async def receive(self) -> AsyncIterator[Sound | Clear]:
        """Give what the agent sends."""
        async for message in self._connection:
            if isinstance(message, str):
                continue
            try:
                frame = frames_pb2.Frame.FromString(message)  # type: ignore[attr-defined]
            except DecodeError as error:
                raise LineError(
                    f"the agent sends what is no pipecat frame; is it another --protocol? {error}"
                ) from None
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
