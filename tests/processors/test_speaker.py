"""Speech on its way to a transport of another rate, and what is rendered ahead of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any, cast
from unittest.mock import AsyncMock

import numpy as np
import pytest
import soxr
from pipecat.clocks.system_clock import SystemClock
from pipecat.frames.frames import Frame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessorSetup
from pipecat.utils.asyncio.task_manager import TaskManager

from voice.processors.frames import PrepareSpeechFrame, UnspokenFrame
from voice.processors.speaker import SpeakerTTSService, resampled
from voice.speaking.clips import ClippedSpeaker
from voice.testing import in_virtual_time

RATE = 22_050
TONE = (8000 * np.sin(np.arange(RATE) / 20)).astype(np.int16)


async def parts(sizes: list[int], closed: list[bool] | None = None) -> AsyncIterator[bytes]:
    try:
        for part in np.split(TONE, np.cumsum(sizes)):
            yield part.tobytes()
    finally:
        if closed is not None:
            closed.append(True)


@pytest.mark.parametrize("wanted", [8_000, 16_000, 22_050, 24_000])
async def test_an_utterance_in_parts_is_resampled_as_one_and_to_its_end(wanted: int) -> None:
    given = b"".join([part async for part in resampled(parts([1, 50, 6000, 9000]), RATE, wanted)])
    whole = soxr.resample(TONE, RATE, wanted, quality="HQ")
    np.testing.assert_allclose(np.frombuffer(given, np.int16), whole, atol=3)  # soxr dithers


async def test_who_stops_listening_ends_the_speaking() -> None:
    closed: list[bool] = []
    heard = resampled(parts([6000] * 3, closed), RATE, RATE)
    await anext(heard)
    await heard.aclose()
    assert closed == [True]


class SlowSpeaker:
    """Takes a second for every text."""

    sample_rate = RATE

    def __init__(self) -> None:
        self.made: list[str] = []

    async def speak(self, text: str) -> AsyncIterator[bytes]:
        await asyncio.sleep(1.0)
        self.made.append(text)
        yield b"00"


@in_virtual_time
async def test_a_caller_who_hangs_up_while_a_filler_is_rendered_ahead_leaves_no_task() -> None:
    speaker = SlowSpeaker()
    tasks = TaskManager()
    service = SpeakerTTSService(ClippedSpeaker(speaker))
    await service.setup(FrameProcessorSetup(SystemClock(), tasks, cast(Any, None)))
    await service.process_frame(PrepareSpeechFrame(text="Okay."), FrameDirection.DOWNSTREAM)
    await asyncio.sleep(1.5)
    assert not [task for task in tasks.current_tasks() if "render ahead" in task.get_name()]
    for text in ("Seattle, then Osaka.", "Just a moment."):
        await service.process_frame(PrepareSpeechFrame(text=text), FrameDirection.DOWNSTREAM)
    await asyncio.sleep(0.5)
    await service.cleanup()
    assert list(tasks.current_tasks()) == []
    await asyncio.sleep(1.0)
    assert speaker.made == ["Okay.", "Seattle, then Osaka.", "Just a moment."]  # the clips stay, for other calls
    assert asyncio.all_tasks() == {asyncio.current_task()}


class BrokenSpeaker:
    """Breaks off after its first part, as a connection does."""

    sample_rate = RATE

    async def speak(self, text: str) -> AsyncIterator[bytes]:
        yield TONE.tobytes()
        raise OSError("the connection broke off")


async def test_a_voice_that_breaks_off_says_so_behind_its_sound() -> None:
    service = SpeakerTTSService(BrokenSpeaker())
    service._sample_rate = RATE  # set by a start frame
    frames = [type(frame).__name__ async for frame in service.run_tts("One, two.", "context")]
    assert frames == ["TTSAudioRawFrame", "UnspokenFrame", "ErrorFrame"]


async def test_an_utterance_without_any_sound_is_not_waited_for(monkeypatch: pytest.MonkeyPatch):
    service = SpeakerTTSService(BrokenSpeaker())
    monkeypatch.setattr(service, "append_to_audio_context", AsyncMock())

    async def nothing() -> AsyncGenerator[Frame | None, None]:
        yield UnspokenFrame()

    await service.tts_process_generator("context", nothing())
    assert service._is_yielding_frames_synchronously, "or pipecat takes 3 s of silence for the rest of it"
