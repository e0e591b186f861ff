"""What callers ask of the voice, for pipecat's own TTS services."""

from __future__ import annotations

import logging
from dataclasses import fields

from pipecat.frames.frames import Frame, TTSUpdateSettingsFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.services.tts_service import TTSService

from voice.processors.frames import DeliveryFrame

_log = logging.getLogger(__name__)


class DeliveryProcessor(FrameProcessor):
    """Sets a service's ``speed`` when a caller asks for slower speech. Put it before the service.

    For the services whose settings have one (OpenAI, ElevenLabs, Deepgram, Groq, Hume, MiniMax, …). With any other the
    last answer is only said again. `voice.processors.speaker.SpeakerTTSService` needs no such processor.

    Args:
        service: The TTS service that follows.
    """

    def __init__(self, service: TTSService) -> None:
        super().__init__()
        self._service = service
        settings = getattr(type(service), "Settings", None)
        self._settings = settings if settings and any(field.name == "speed" for field in fields(settings)) else None
        if self._settings is None:
            _log.warning("%s has no speed: callers can't have it slower", type(service).__name__)

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Set the speed; pass everything on."""
        await super().process_frame(frame, direction)
        if isinstance(frame, DeliveryFrame) and self._settings:
            update = TTSUpdateSettingsFrame(delta=self._settings(speed=frame.rate), service=self._service)
            await self.push_frame(update, direction)
        await self.push_frame(frame, direction)
