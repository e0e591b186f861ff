"""The embedded voice itself, streamed."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from voice import models
from voice.speaking.level import loudness
from voice.speaking.piper import PiperSpeaker
from voice.speaking.vits import StreamedVoice

pytestmark = pytest.mark.real

SHORT = "Okay."
LONG = "I found a nonstop from Boston to Denver on Friday, December 11th at 3:35 PM for $251."
STEP = 1 / 32768


@pytest.fixture(scope="module")
def speaker() -> Iterator[PiperSpeaker]:
    speaker = PiperSpeaker(models.path("piper-joe"))
    yield speaker
    speaker.close()


@pytest.mark.parametrize("text", [SHORT, LONG])
def test_joined_windows_are_one_run(speaker: PiperSpeaker, text: str) -> None:
    voice = speaker.voice
    assert isinstance(voice, StreamedVoice)
    (ids,) = speaker.sentences(text)
    latent = voice.latent(ids)
    (whole,) = voice.windows(latent, replace(voice.sizes, first=latent.shape[-1]))
    np.testing.assert_allclose(np.concatenate([*voice.windows(latent, voice.sizes)]), whole, atol=4 * STEP)


async def test_a_long_sentence_begins_early_and_as_loud_as_it_goes_on(speaker: PiperSpeaker) -> None:
    clock = asyncio.get_running_loop().time
    began, times, pieces = clock(), list[float](), list[bytes]()
    async for piece in speaker.speak(LONG):
        times.append(clock() - began)
        pieces.append(piece)
    assert times[0] < times[-1] / 3
    samples = np.frombuffer(b"".join(pieces), "<i2").astype(np.float32) / 32768
    assert len(samples) > 5 * speaker.sample_rate
    assert 0.08 < loudness(samples) < 0.25
    assert np.abs(samples).max() < 1
