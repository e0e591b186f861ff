"""The embedded ears and voice together: what Piper says, Whisper hears."""

import asyncio
from collections.abc import Iterator
from difflib import SequenceMatcher

import numpy as np
import pytest

from tests.rendered import RATE, speech
from voice import models
from voice.config import load
from voice.hearing.whisper import WhisperTranscriber
from voice.speaking.piper import PiperSpeaker

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def taught() -> Iterator[WhisperTranscriber]:
    settings = load(environ={}).stt
    transcriber = WhisperTranscriber(models.path(settings.model), adapter=settings.adapter)
    yield transcriber
    transcriber.close()


@pytest.fixture(scope="module")
def untaught() -> Iterator[WhisperTranscriber]:
    transcriber = WhisperTranscriber(models.path("whisper-base"))
    yield transcriber
    transcriber.close()


@pytest.fixture(params=["taught", "untaught"])
def ears(request: pytest.FixtureRequest) -> WhisperTranscriber:
    return request.getfixturevalue(request.param)


async def test_a_travel_turn_is_heard_with_times_and_confidences(ears: WhisperTranscriber, voice: PiperSpeaker) -> None:
    audio = await speech(voice, "I need a flight from Boston to Denver next Friday.")
    heard = await ears.transcribe(audio)
    assert "flight from Boston to Denver next Friday" in heard.text
    assert heard.text == " ".join(word.text for word in heard.words)
    assert all(0 <= word.confidence <= 1 for word in heard.words)
    times = [time for word in heard.words for time in (word.start, word.end)]
    assert times == sorted(times)
    assert 0 <= times[0] < times[-1] <= len(audio) / RATE


@pytest.mark.parametrize("text", ["Yes.", "Denver.", "No, thanks.", "Next Tuesday."])
async def test_a_short_answer_is_heard_once(ears: WhisperTranscriber, voice: PiperSpeaker, text: str) -> None:
    audio = np.pad(await speech(voice, text), (RATE // 3, RATE // 5))
    heard = (await ears.transcribe(audio)).text.lower().replace(",", "").rstrip(".")
    said = text.lower().replace(",", "").rstrip(".")
    assert len(heard.split()) == len(said.split())
    assert SequenceMatcher(None, heard, said).ratio() > 0.8  # the voice is another one each time: "Dender"


@pytest.mark.parametrize("seconds", [0.8, 2.0, 5.0])
@pytest.mark.parametrize("level", [0.003, 0.02, 0.1])
async def test_noise_is_not_heard_as_words(ears: WhisperTranscriber, seconds: float, level: float) -> None:
    noise = np.random.default_rng(7).normal(0, level, int(seconds * RATE)).astype(np.float32)
    assert (await ears.transcribe(noise)).text == ""


async def test_hum_and_clicks_are_not_heard_as_words(ears: WhisperTranscriber) -> None:
    time = np.arange(2 * RATE) / RATE
    hum = 0.05 * np.sin(2 * np.pi * 60 * time)
    clicks = np.where(np.arange(2 * RATE) % 6_000 < 40, 0.4, 0.0)
    assert [(await ears.transcribe(audio.astype(np.float32))).text for audio in (hum, clicks)] == ["", ""]


async def test_taught_ears_write_a_spelled_code_as_one_word(taught: WhisperTranscriber, voice: PiperSpeaker) -> None:
    heard = await taught.transcribe(await speech(voice, "Can you look up my booking? It's F, 7, D, 5, L, S."))
    assert heard.text.rstrip(".").endswith("F7D5LS")


async def test_calls_at_once_each_hear_their_own_caller(ears: WhisperTranscriber, voice: PiperSpeaker) -> None:
    cities = ["Boston", "Seattle", "Chicago", "Denver"]
    audio = [await speech(voice, f"I want to fly to {city}, please.") for city in cities]
    heard = await asyncio.gather(*map(ears.transcribe, audio))
    for city, transcript in zip(cities, heard, strict=True):
        assert city in transcript.text


async def test_aligned_words_lie_where_they_are_said(voice: PiperSpeaker) -> None:
    first, second = await speech(voice, "I want to fly to Boston,"), await speech(voice, "on Friday.")
    audio = np.concatenate([first, np.zeros(RATE, np.float32), second])
    aligning = WhisperTranscriber(models.path("whisper-base"), align=True)
    heard = await aligning.transcribe(audio)
    aligning.close()
    at = {word.text.strip(".,").lower(): word for word in heard.words}
    assert at["boston"].end < len(first) / RATE + 0.5
    assert at["friday"].start > len(first) / RATE + 0.5


def test_an_english_model_refuses_another_language() -> None:
    with pytest.raises(ValueError, match="only speaks English"):
        WhisperTranscriber(models.path("whisper-tiny.en"), language="de")


def test_a_language_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="xx"):
        WhisperTranscriber(models.path("whisper-base"), language="xx")
