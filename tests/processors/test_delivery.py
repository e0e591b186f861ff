"""What callers ask of the voice, on its way to voices of every make."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, cast

import numpy as np
import pytest
from pipecat.clocks.system_clock import SystemClock
from pipecat.frames.frames import Frame, TTSAudioRawFrame, TTSUpdateSettingsFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessorSetup
from pipecat.services.openai.tts import OpenAITTSService
from pipecat.services.tts_service import TTSService
from pipecat.utils.asyncio.task_manager import TaskManager

from voice.processors.delivery import DeliveryProcessor
from voice.processors.frames import DeliveryFrame
from voice.processors.speaker import SpeakerTTSService
from voice.testing import in_virtual_time

RATE = 16_000


class Paced:
    """Says a quiet second for every text, and notes at what rate."""

    sample_rate = RATE

    def __init__(self) -> None:
        self.rates: list[float] = []

    def speak(self, text: str) -> AsyncIterator[bytes]:
        return self.speak_at(text, 1.0)

    async def speak_at(self, text: str, rate: float) -> AsyncIterator[bytes]:
        self.rates.append(rate)
        yield np.full(RATE, 3000, "<i2").tobytes()


async def loudest(service: SpeakerTTSService) -> int:
    frames = [frame async for frame in service.run_tts("Okay.", "context")]
    return max(int(np.frombuffer(frame.audio, "<i2").max()) for frame in frames if isinstance(frame, TTSAudioRawFrame))


@in_virtual_time
async def test_what_follows_a_delivery_is_slower_and_louder() -> None:
    speaker = Paced()
    service = SpeakerTTSService(speaker)
    await service.setup(FrameProcessorSetup(SystemClock(), TaskManager(), cast(Any, None), audio_out_sample_rate=RATE))
    assert await loudest(service) == 3000
    await service.process_frame(DeliveryFrame(rate=0.8, gain_db=6.0), FrameDirection.DOWNSTREAM)
    assert await loudest(service) == pytest.approx(6000, rel=0.01)
    assert speaker.rates == [1.0, 0.8]
    await service.cleanup()


class Before(DeliveryProcessor):
    def __init__(self, service: TTSService) -> None:
        super().__init__(service)
        self.sent: list[Frame] = []

    async def push_frame(self, frame: Frame, direction: FrameDirection = FrameDirection.DOWNSTREAM) -> None:
        self.sent.append(frame)


async def test_a_service_of_pipecats_is_told_its_speed_if_it_has_one(caplog: pytest.LogCaptureFixture) -> None:
    for service, told in ((OpenAITTSService(api_key="none"), [0.8]), (SpeakerTTSService(Paced()), [])):
        before = Before(service)
        await before.process_frame(DeliveryFrame(rate=0.8), FrameDirection.DOWNSTREAM)
        updates = [frame for frame in before.sent if isinstance(frame, TTSUpdateSettingsFrame)]
        assert [cast(Any, update.delta).speed for update in updates] == told
        assert isinstance(before.sent[-1], DeliveryFrame)
    assert "SpeakerTTSService has no speed" in caplog.text
