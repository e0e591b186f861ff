"""A caller over WebRTC in the server's own event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import numpy as np
from aiortc import RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamTrack
from av import AudioFrame

from tests.server.switchboard import PATIENCE_SECONDS, Switchboard, pcm

RATE = 48_000


class Microphone(AudioStreamTrack):
    """Hears 0.2 s of a hum when something is said, and silence else."""

    def __init__(self) -> None:
        super().__init__()
        self._left = 0

    def say_something(self) -> None:
        self._left = 10

    async def recv(self) -> AudioFrame:
        silence = await super().recv()
        samples = np.frombuffer(pcm(0.02, loud=self._left > 0, rate=RATE), np.int16)
        self._left = max(0, self._left - 1)
        frame = AudioFrame.from_ndarray(samples[None, :], layout="mono")
        frame.sample_rate, frame.pts = RATE, (silence.pts or 0) * RATE // silence.sample_rate
        return frame


class Peer:
    """A connection that is offered first, and comes to stand when it is told to."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board
        self.answer: dict[str, Any] = {}
        self.told: list[str] = []
        self._connections: list[RTCPeerConnection] = []

    @property
    def _connection(self) -> RTCPeerConnection:
        return self._connections[-1]

    async def offer_anew(self) -> None:
        """Send an offer for a connection in place of the last one, which got lost."""
        await self.offer(pc_id=self.answer["pc_id"], restart_pc=True)

    async def offer(self, **more: Any) -> None:
        """Send an offer."""
        self._connections.append(RTCPeerConnection())
        self._sound: asyncio.Future[MediaStreamTrack] = asyncio.get_running_loop().create_future()
        self._connection.on("track", self._sound.set_result)
        self._microphone = Microphone()
        self._connection.addTrack(self._microphone)
        self._channel = self._connection.createDataChannel("messages")
        self._channel.on("message", self.told.append)
        await self._connection.setLocalDescription(await self._connection.createOffer())
        offer = {"sdp": self._connection.localDescription.sdp, "type": "offer", **more}
        answer = await self._board.http.post("/api/offer", json=offer)
        assert answer.status_code == 200
        self.answer = answer.json()

    async def stand(self) -> None:
        """Take the answer, by which both sides know where to connect, and wait until they have."""
        await self._connection.setRemoteDescription(RTCSessionDescription(self.answer["sdp"], self.answer["type"]))
        await self._until("connected", "closed")

    def say_something(self) -> None:
        """Speak a turn: the scripted ears know what it was."""
        self._microphone.say_something()

    async def hear_something(self) -> None:
        """Wait for sound that is not silence."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            track = await self._sound
            while np.abs((await track.recv()).to_ndarray()).max() < 1000:
                pass

    async def send(self, *messages: str) -> None:
        """Send messages over the data channel, once it is open."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while self._channel.readyState != "open":
                await asyncio.sleep(0.01)
        for message in messages:
            self._channel.send(message)

    async def hung_up(self) -> None:
        """Wait until the other side has ended the connection."""
        await self._until("closed")

    async def _until(self, *states: str) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while self._connection.connectionState not in states:
                await asyncio.sleep(0.01)

    async def close(self) -> None:
        for connection in self._connections:
            await connection.close()


@asynccontextmanager
async def peer(board: Switchboard) -> AsyncGenerator[Peer]:
    """Give a caller who has sent an offer."""
    caller = Peer(board)
    await caller.offer()
    try:
        yield caller
    finally:
        await caller.close()
