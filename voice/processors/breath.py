"""The agent holds its breath when somebody seems to speak, and goes on where it was if it was nothing."""

from __future__ import annotations

import asyncio

from pipecat.frames.frames import (
    CancelFrame,
    EndFrame,
    Frame,
    InterruptionFrame,
    StartFrame,
    SystemFrame,
    TTSAudioRawFrame,
    UserStoppedSpeakingFrame,
    VADUserStartedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from voice.processors.frames import MurmurFrame, VoiceFrame

LEAD_SECONDS = 0.06
"""Sound that is sent ahead of time: what is on its way can't be held back. Less makes a busy machine stutter."""

LONGEST_SECONDS = 3.0
"""Longest breath. Nobody has claimed the floor by then, so the agent keeps it."""

_PIECE_SECONDS = 0.02


class BreathProcessor(FrameProcessor):
    """Sends speech in real time and pauses it while somebody seems to speak. Put it before the output transport.

    It pauses at the first sign of a voice and goes on when that was none (`VoiceFrame`) or a murmur (`MurmurFrame`); an
    interruption drops what is left.
    """

    def __init__(self) -> None:
        super().__init__()
        self._frames: asyncio.Queue[Frame] = asyncio.Queue()
        self._free = asyncio.Event()
        self._free.set()
        self._certain = False
        self._drops = 0
        self._until = 0.0
        self._sending: asyncio.Task[None] | None = None
        self._limit: asyncio.TimerHandle | None = None

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Hold, let go, or queue up."""
        await super().process_frame(frame, direction)
        if isinstance(frame, StartFrame):
            self._sending = self.create_task(self.send(), "speech")
        elif isinstance(frame, CancelFrame):
            await self._stop()
        else:
            self.follow(frame)
        if direction is FrameDirection.UPSTREAM or isinstance(frame, SystemFrame):
            await self.push_frame(frame, direction)
        else:
            self._frames.put_nowait(frame)
            if isinstance(frame, EndFrame) and self._sending:
                await self._sending

    def follow(self, frame: Frame) -> None:
        """Hold or let go, as this frame calls for."""
        match frame:
            case VoiceFrame(on=True):
                self._hold()
            case VoiceFrame(on=False):
                if not self._certain:
                    self._go_on()
            case VADUserStartedSpeakingFrame():
                self._certain = True
            case MurmurFrame() | UserStoppedSpeakingFrame() | EndFrame():
                self._go_on()
            case InterruptionFrame():
                self._drop()
                self._go_on()
            case _:
                pass

    async def cleanup(self) -> None:
        """Stop sending."""
        await self._stop()
        await super().cleanup()

    async def send(self) -> None:
        """Send what waits, in real time, up to the end frame."""
        while True:
            frame = await self._frames.get()
            if isinstance(frame, TTSAudioRawFrame):
                await self._pace(frame)
            else:
                await self.push_frame(frame)
            if isinstance(frame, EndFrame):
                self._sending = None
                return

    async def _pace(self, frame: TTSAudioRawFrame) -> None:
        loop = asyncio.get_running_loop()
        size = 2 * frame.num_channels * int(_PIECE_SECONDS * frame.sample_rate)
        dropped = self._drops
        for start in range(0, len(frame.audio), size):
            await asyncio.sleep(max(0.0, self._until - LEAD_SECONDS - loop.time()))
            await self._free.wait()
            if self._drops != dropped:
                return
            piece = TTSAudioRawFrame(frame.audio[start : start + size], frame.sample_rate, frame.num_channels)
            piece.context_id, piece.transport_destination = frame.context_id, frame.transport_destination
            await self.push_frame(piece)
            self._until = max(self._until, loop.time()) + piece.num_frames / piece.sample_rate

    def _drop(self) -> None:
        """Forget what was still to be said; what may not be interrupted stays."""
        self._drops += 1
        kept = [frame for frame in _drain(self._frames) if not frame.interruptible]
        for frame in kept:
            self._frames.put_nowait(frame)

    def _hold(self) -> None:
        if self._free.is_set():
            self._free.clear()
            self._limit = asyncio.get_running_loop().call_later(LONGEST_SECONDS, self._go_on)

    def _go_on(self) -> None:
        self._certain = False
        self._free.set()
        if self._limit:
            self._limit.cancel()
            self._limit = None

    async def _stop(self) -> None:
        self._go_on()
        if self._sending:
            task, self._sending = self._sending, None
            await self.cancel_task(task)


def _drain(queue: asyncio.Queue[Frame]) -> list[Frame]:
    frames: list[Frame] = []
    while not queue.empty():
        frames.append(queue.get_nowait())
    return frames
