"""Any `voice.ports.Speaker` as a pipecat TTS service."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator

import numpy as np
import soxr
from pipecat.frames.frames import ErrorFrame, Frame, TTSAudioRawFrame
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.settings import TTSSettings
from pipecat.services.tts_service import TTSService

from voice.ports import Speaker, SpeechError
from voice.processors.frames import DeliveryFrame, PrepareSpeechFrame, UnspokenFrame
from voice.speaking import level
from voice.speaking.pacing import spoken


class SpeakerTTSService(TTSService):
    """Speaks every utterance with the given speaker, resampled to what the transport wants.

    A `DeliveryFrame` changes rate and loudness of what comes behind it.

    What is still being rendered ahead when the call ends is let go: no task of it outlives the pipeline.
    """

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(
            push_start_frame=True,
            push_stop_frames=True,
            max_consecutive_zero_audio_contexts=0,  # a voice that fails is asked again for the next sentence
            settings=TTSSettings(model=None, voice=None, language=None),
        )
        self._speaker = speaker
        self._delivery = DeliveryFrame()
        self._ahead: set[asyncio.Task[None]] = set()

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Speak what is to be spoken, and render ahead what will be."""
        if isinstance(frame, DeliveryFrame):
            self._delivery = frame
        await super().process_frame(frame, direction)
        if isinstance(frame, PrepareSpeechFrame):
            task = self.create_task(self._prepare(frame.text), "render ahead")
            self._ahead.add(task)
            task.add_done_callback(self._ahead.discard)

    async def cleanup(self) -> None:
        """Let go of what is being rendered ahead."""
        for task in tuple(self._ahead):
            await self.cancel_task(task)
        await super().cleanup()

    async def _prepare(self, text: str) -> None:
        """Let a speaker that keeps clips make this one; trouble is told when it is spoken."""
        with contextlib.suppress(SpeechError):
            async for _ in spoken(self._speaker, text, self._delivery.rate):
                pass

    async def tts_process_generator(self, context_id: str, generator: AsyncGenerator[Frame | None, None]) -> None:
        """See `TTSService`, which takes a voice that gave no sound at all for one whose sound is still to come."""
        await super().tts_process_generator(context_id, generator)
        self._is_yielding_frames_synchronously = True

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        """Give the frames of one utterance; who closes it ends the speaking. A voice that fails leaves it unspoken."""
        parts = spoken(self._speaker, text, self._delivery.rate)
        gain = self._delivery.gain_db
        try:
            async with contextlib.aclosing(resampled(parts, self._speaker.sample_rate, self.sample_rate)) as pieces:
                async for piece in pieces:
                    yield TTSAudioRawFrame(level.raised(piece, gain), self.sample_rate, 1, context_id=context_id)
        except Exception as error:
            yield UnspokenFrame()
            yield ErrorFrame(f"speech failed: {error}")


async def resampled(parts: AsyncIterator[bytes], rate: int, wanted: int) -> AsyncGenerator[bytes]:
    """Bring an utterance to another rate, however long its parts keep it waiting.

    The parts of one utterance are one stream, all of which is given: pipecat's own resampler forgets what it holds back
    (0.15 s at 8 kHz) when a part takes longer than 0.2 s, and at the end.

    Args:
        parts: 16-bit mono PCM.
        rate: Of the parts, in samples a second.
        wanted: Of what is given.
    """
    stream = soxr.ResampleStream(rate, wanted, 1, dtype="int16", quality="HQ")
    try:
        async for part in parts:
            samples = np.frombuffer(part, np.int16)
            if len(audio := samples if rate == wanted else stream.resample_chunk(samples)):
                yield audio.tobytes()
        if rate != wanted and len(rest := stream.resample_chunk(np.empty(0, np.int16), last=True)):
            yield rest.tobytes()
    finally:
        if isinstance(parts, AsyncGenerator):
            await parts.aclose()
