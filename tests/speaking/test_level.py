import numpy as np
import pytest

from voice.speaking.level import KNEE, LEAD_SECONDS, loudness, pcm, raised, without_lead

RATE = 22_050
TONE = np.sin(np.arange(RATE) / 20).astype(np.float32)


def test_pauses_do_not_count_as_quiet_speech() -> None:
    spoken = np.concatenate([np.zeros(RATE, np.float32), 0.2 * TONE])
    assert loudness(spoken) == pytest.approx(0.2 / np.sqrt(2), rel=0.05)
    assert loudness(np.zeros(9, np.float32)) == loudness(np.empty(0, np.float32)) == 0


def test_what_is_loud_is_bent_and_never_cut_nor_changed_by_what_stands_beside_it() -> None:
    given = np.linspace(-1.2, 1.2, 4801, dtype=np.float32)
    heard = np.frombuffer(pcm(given, 1.0), "<i2").astype(np.float32) / 32767
    quiet = np.abs(given) <= KNEE
    np.testing.assert_allclose(heard[quiet], given[quiet], atol=1 / 32767)
    assert np.all(np.diff(heard) >= 0)
    assert 0.9 < heard.max() < 1
    assert pcm(given[:2000], 1.0) + pcm(given[2000:], 1.0) == pcm(given, 1.0)


def test_speech_begins_just_before_its_first_sound() -> None:
    lead = round(LEAD_SECONDS * RATE)
    late = np.concatenate([np.zeros(2000, np.float32), TONE[1:]])
    np.testing.assert_array_equal(without_lead(late, RATE), late[2000 - lead :])
    for kept in (TONE, np.zeros(2000, np.float32), np.empty(0, np.float32)):
        np.testing.assert_array_equal(without_lead(kept, RATE), kept)


def test_sound_is_raised_by_decibels_and_left_alone_by_none() -> None:
    audio = pcm(0.2 * TONE, 1.0)
    louder = np.frombuffer(raised(audio, 6.0), "<i2").astype(np.float32) / 32767
    assert np.abs(louder).max() == pytest.approx(0.4, rel=0.01)
    assert raised(audio, 0.0) is audio
