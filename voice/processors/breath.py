"""The agent holds its breath when somebody seems to speak, and goes on where it was if it was nothing."""

from __future__ import annotations

import asyncio

import numpy as np
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
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from voice.processors.frames import MurmurFrame, VoiceFrame

LEAD_SECONDS = 0.06
"""Sound that is sent ahead of time: what is on its way can't be held back. Less makes a busy machine stutter."""

LONGEST_SECONDS = 3.0
"""Longest breath. Nobody has claimed the floor by then, so the agent keeps it."""

BREATH_SECONDS = 0.6
"""A voice that has ended by then was a listener's, unless words say otherwise first. They take 0.14 s from its end, on
a busy machine twice that; a "stop" has 0.3 to 0.5 s of voice, and is heard in time."""

ENDED_SECONDS = 0.64
"""From the first sign of a voice to its last, for one that ended just after a breath: 15 of 27 listeners' words. "No,
wait" and whatever takes the floor with two words or more is heard for 0.75 s and more, and words are waited for."""

_PIECE_SECONDS = 0.02

_QUIET_POWER = 32768.0**2 * 10 ** (-50.0 / 10)
"""Below the onset of any voice."""


class BreathProcessor(FrameProcessor):
    """Sends speech in real time and pauses it while somebody seems to speak. Put it before the output transport.

    It pauses at the first sign of a voice and goes on when that was none (`VoiceFrame`) or a murmur (`MurmurFrame`); an
    interruption drops what is left. Of a voice that ended within a breath the words are not waited for any longer than
    that: should they take the floor after all, the interruption comes then. What was to be silence after the pause was
    heard in it, and is left out.
    """

    def __init__(self) -> None:
        super().__init__()
        self._frames: asyncio.Queue[Frame] = asyncio.Queue()
        self._free = asyncio.Event()
        self._free.set()
        self._speaking = False  # by the detector's firm word
        self._certain = False  # that it is a voice that is held the breath for
        self._held_since = 0.0
        self._stretches = 0  # of voice in this breath
        self._in_midst = False  # of speech
        self._heard_silence = 0.0  # seconds of it, in place of what is silent in the speech
        self._drops = 0
        self._until = 0.0
        self._sending: asyncio.Task[None] | None = None
        self._limit: asyncio.TimerHandle | None = None
        self._breath: asyncio.TimerHandle | None = None

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
                if self._certain:
                    self._go_on_after_a_breath(frame.since)
                else:
                    self._go_on()
            case VADUserStartedSpeakingFrame():
                self._speaking = self._certain = True
                self._wait_for_words()
            case VADUserStoppedSpeakingFrame():
                self._speaking = False
            case MurmurFrame() | UserStoppedSpeakingFrame() | EndFrame():
                self._go_on()
            case InterruptionFrame():
                self._drop()
                self._go_on()
                self._heard_silence = 0.0
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
            if self._was_heard(piece):
                continue
            piece.context_id, piece.transport_destination = frame.context_id, frame.transport_destination
            await self.push_frame(piece)
            self._until = max(self._until, loop.time()) + piece.num_frames / piece.sample_rate

    def _drop(self) -> None:
        """Forget what was still to be said; what may not be interrupted stays."""
        self._drops += 1
        kept = [frame for frame in _drain(self._frames) if not frame.interruptible]
        for frame in kept:
            self._frames.put_nowait(frame)

    def _was_heard(self, piece: TTSAudioRawFrame) -> bool:
        """Tell whether this is silence, and as long a silence was heard just now."""
        if self._heard_silence <= 0.0:
            return False
        samples = np.frombuffer(piece.audio, dtype=np.int16).astype(np.float32)
        if float(np.mean(np.square(samples))) >= _QUIET_POWER:
            self._heard_silence = 0.0
            return False
        self._heard_silence -= piece.num_frames / piece.sample_rate
        return True

    def _hold(self) -> None:
        self._wait_for_words()
        self._stretches += 1
        if self._free.is_set():
            loop = asyncio.get_running_loop()
            self._free.clear()
            self._certain, self._held_since, self._stretches = self._speaking, loop.time(), 1
            self._in_midst = self._until > loop.time()
            self._limit = loop.call_later(LONGEST_SECONDS, self._go_on)

    def _go_on_after_a_breath(self, seconds: float) -> None:
        """Go on when the breath is over, unless the voice was too long for a listener's or is heard again.

        Its length is that of the audio, where it is known: on a busy machine the clock says more.
        """
        loop = asyncio.get_running_loop()
        if not seconds or self._stretches > 1:
            seconds = loop.time() - self._held_since
        if not self._free.is_set() and seconds <= ENDED_SECONDS + 1e-9:
            self._wait_for_words()
            self._breath = loop.call_at(max(loop.time(), self._held_since + BREATH_SECONDS), self._go_on)

    def _wait_for_words(self) -> None:
        if self._breath:
            self._breath.cancel()
            self._breath = None

    def _go_on(self) -> None:
        self._wait_for_words()
        self._certain = False
        if not self._free.is_set():
            self._heard_silence = asyncio.get_running_loop().time() - self._held_since if self._in_midst else 0.0
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
