"""Tells the runtime what the caller has really been played."""

from __future__ import annotations

import asyncio

from pipecat.frames.frames import CancelFrame, EndFrame, Frame, InterruptionFrame, TTSAudioRawFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor

from voice.hearing.end_of_turn import Asked, asked_by
from voice.processors.cascade import CascadeProcessor
from voice.processors.frames import QuestionFrame, UnspokenFrame, UtteranceEndFrame, UtteranceStartFrame


class PlaybackProcessor(FrameProcessor):
    """Follows the sound that left the output transport. Put it last.

    Transports send ahead of real time, so the moment at which the caller has heard something is counted from the
    length of the audio: each piece is heard after the one before it. With the first sound of an utterance goes a
    `QuestionFrame` to the ears, since an "okay" over the sentences before a question does not answer it.
    """

    def __init__(self, cascade: CascadeProcessor) -> None:
        super().__init__()
        self._cascade = cascade
        self._heard_until = 0.0
        self._starting: UtteranceStartFrame | None = None
        self._failed = False
        self._timers: set[asyncio.TimerHandle] = set()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Follow utterances and their audio."""
        await super().process_frame(frame, direction)
        now = asyncio.get_running_loop().time()
        match frame:
            case TTSAudioRawFrame():
                begins = max(now, self._heard_until)
                if self._starting:
                    starting, self._starting = self._starting, None
                    self._note_start(starting, begins)
                    asked = asked_by(starting.text)
                    if starting.speech != "filler" and (starting.speech, asked) != ("prompt", Asked.OPEN):
                        await self.push_frame(QuestionFrame(asked=asked, text=starting.text), FrameDirection.UPSTREAM)
                self._heard_until = begins + frame.num_frames / frame.sample_rate
            case UtteranceStartFrame():
                self._starting, self._failed = frame, False
            case UnspokenFrame():
                self._failed = True
            case UtteranceEndFrame():
                self._starting = None
                over = max(now, self._heard_until)
                self._cascade.runtime.note("sound_over", at=over, utterance=frame.utterance, played=not self._failed)
                self._later(over - now, frame.utterance, played=not self._failed)
            case InterruptionFrame():
                self._forget(now)
            case EndFrame() | CancelFrame():
                self._forget(now)
            case _:
                pass
        await self.push_frame(frame, direction)

    def _note_start(self, frame: UtteranceStartFrame, begins: float) -> None:
        self._cascade.runtime.note("sound", at=begins, utterance=frame.utterance, speech=frame.speech, text=frame.text)

    def _later(self, seconds: float, utterance: int, *, played: bool) -> None:
        loop = asyncio.get_running_loop()

        def fire() -> None:
            self._timers.discard(timer)
            self._cascade.runtime.spoken(utterance, played=played)

        timer = loop.call_later(seconds, fire)
        self._timers.add(timer)

    def _forget(self, now: float) -> None:
        self._heard_until = now
        self._starting = None
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()
