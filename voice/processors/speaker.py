"""Any `voice.ports.Speaker` as a pipecat TTS service."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator

from pipecat.frames.frames import ErrorFrame, Frame
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.settings import TTSSettings
from pipecat.services.tts_service import TTSService

from voice.ports import Speaker, SpeechError
from voice.processors.frames import PrepareSpeechFrame


class SpeakerTTSService(TTSService):
    """Speaks every utterance with the given speaker, resampled to what the transport wants."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(
            push_start_frame=True,
            push_stop_frames=True,
            settings=TTSSettings(model=None, voice=None, language=None),
        )
        self._speaker = speaker

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Speak what is to be spoken, and render ahead what will be."""
        await super().process_frame(frame, direction)
        if isinstance(frame, PrepareSpeechFrame):
            self.create_task(self._prepare(frame.text), "render ahead")

    async def _prepare(self, text: str) -> None:
        """Let a speaker that keeps clips make this one; trouble is told when it is spoken."""
        with contextlib.suppress(SpeechError):
            async for _ in self._speaker.speak(text):
                pass

    async def run_tts(self, text: str, context_id: str) -> AsyncGenerator[Frame | None, None]:
        """Give the frames of one utterance."""
        try:
            async for frame in self._stream_audio_frames_from_iterator(
                self._speaker.speak(text), in_sample_rate=self._speaker.sample_rate, context_id=context_id
            ):
                yield frame
        except SpeechError as error:
            yield ErrorFrame(f"speech failed: {error}")
