"""The embedded ears with a desk's names: what they never met they write as it is written."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.rendered import RATE, speech
from voice import models
from voice.booking.places.names import spoken_names
from voice.config import load
from voice.hearing.audio import read
from voice.hearing.decoder import Abandoned, WhisperDecoder
from voice.hearing.whisper import WhisperTranscriber
from voice.ports import Samples
from voice.speaking.piper import PiperSpeaker

pytestmark = pytest.mark.real
RECORDINGS = Path(__file__).parents[2] / "audio_fixtures"
NEVER_MET = ("Kinshasa", "Saskatoon", "Yerevan", "Bishkek", "Manzini", "Isla Margarita")


@pytest.fixture(scope="module")
def decoder() -> WhisperDecoder:
    settings = load(environ={}).stt
    return WhisperDecoder(models.path(settings.model), adapter=settings.adapter)


@pytest.fixture
def ears(decoder: WhisperDecoder) -> Iterator[WhisperTranscriber]:
    transcriber = WhisperTranscriber("", decoder=decoder)
    yield transcriber
    transcriber.close()


@pytest.fixture(scope="module")
def misheard() -> Samples:
    """The recording of a caller whose "Salt Lake City" drowns in other voices."""
    return read(RECORDINGS / "hard-names-2.flac", rate=RATE).samples


async def test_a_name_that_was_misheard_is_written_once_it_is_listened_for(
    ears: WhisperTranscriber, misheard: Samples
) -> None:
    before, after = await ears.transcribe(misheard), await ears.transcribe(misheard, names=spoken_names())
    assert "Salt Lake" not in before.text
    assert after.text == "Actually, make that Monday, and from Salt Lake City."
    assert after.text == " ".join(word.text for word in after.words)
    assert all(0.3 < word.confidence <= 1 for word in after.words[-3:])
    times = [time for word in after.words for time in (word.start, word.end)]
    assert times == sorted(times)


async def test_names_are_those_of_the_desk_that_asks(ears: WhisperTranscriber, misheard: Samples) -> None:
    desks = (("Salt Lake City",), ["Oslo"], (), ["Salt Lake City"])
    heard = [(await ears.transcribe(misheard, names=names)).text for names in desks]
    assert ["Salt Lake" in text for text in heard] == [True, False, False, True]


async def test_no_name_that_was_heard_is_lost_to_another(ears: WhisperTranscriber, voice: PiperSpeaker) -> None:
    right = 0
    for name in NEVER_MET:
        audio = await speech(voice, f"I want to fly from Boston to {name} next Friday.")
        before, after = await ears.transcribe(audio), await ears.transcribe(audio, names=spoken_names())
        assert name in after.text or name not in before.text
        right += name in after.text
    assert right >= len(NEVER_MET) // 2


@pytest.mark.parametrize("text", ["Yes, please.", "I need two tickets to Denver on Friday.", "No, thanks."])
async def test_what_was_heard_for_certain_stays(ears: WhisperTranscriber, voice: PiperSpeaker, text: str) -> None:
    audio = np.pad(await speech(voice, text), (RATE // 3, RATE // 5))
    assert await ears.transcribe(audio, names=spoken_names()) == await ears.transcribe(audio)


@pytest.mark.parametrize("seconds", [0.4, 0.8, 2.0, 5.0])
@pytest.mark.parametrize("level", [0.003, 0.02, 0.1])
async def test_noise_is_not_heard_as_a_name(ears: WhisperTranscriber, seconds: float, level: float) -> None:
    for seed in range(3):
        noise = np.random.default_rng(seed).normal(0, level, int(seconds * RATE)).astype(np.float32)
        assert (await ears.transcribe(noise, names=spoken_names())).text == ""


async def test_who_no_longer_waits_is_left_before_the_next_look(
    decoder: WhisperDecoder, misheard: Samples, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, scored = False, 0
    score = decoder._score

    def leaves(*asked: Any) -> Sequence[float]:
        nonlocal gone, scored
        gone, scored = True, scored + 1
        return score(*asked)

    monkeypatch.setattr(decoder, "_score", leaves)
    with pytest.raises(Abandoned):
        decoder.decode(
            misheard, window_seconds=8, names=spoken_names(), context="", token_limit=60, abandoned=lambda: gone
        )
    assert scored == 1


async def test_the_scores_of_texts_are_those_of_what_was_said(decoder: WhisperDecoder, voice: PiperSpeaker) -> None:
    audio = await speech(voice, "I want to fly from Boston to Denver.")
    sound = decoder.encode(audio, len(audio) / RATE + 3)[None]
    texts = [f"I want to fly from Boston to {name}." for name in ("Denver", "Dallas", "Vancouver")]
    scores = decoder._score(sound, lambda: False, texts)
    assert scores[0] > -10
    assert scores[0] - max(scores[1:]) > 5
    assert all(np.isfinite(scores))
    (alone,) = decoder._score(sound, lambda: False, texts[:1])
    assert alone == pytest.approx(scores[0], abs=0.5)
