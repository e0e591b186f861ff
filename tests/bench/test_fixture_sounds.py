import numpy as np
import pytest

from voice.bench.fixtures import sounds
from voice.bench.fixtures.conditions import parse
from voice.bench.fixtures.signals import STUDIO_RATE, STUDIO_RMS, rms, speech_rms
from voice.bench.fixtures.studio import record_sound


@pytest.mark.parametrize("name", sounds.NOISES)
def test_a_sound_is_short_not_louder_than_the_caller_and_the_same_for_the_same_chance(name: str) -> None:
    first, again = (sounds.make(name, "", np.random.default_rng(3)) for _ in range(2))

    np.testing.assert_array_equal(first, again)
    assert 0.3 < len(first) / STUDIO_RATE < 2
    assert speech_rms(first, STUDIO_RATE) <= STUDIO_RMS
    assert np.abs(first).max() <= 1


def test_a_faint_sound_has_the_noise_of_the_call_and_not_less() -> None:
    condition = parse("clean-16k+street-10dB")
    cough = sounds.make("cough", "", np.random.default_rng(3))
    loud, faint = (record_sound(sound, condition, np.random.default_rng(1), seed=1) for sound in (cough, (0.1 * cough)))

    lead = slice(0, int(0.15 * STUDIO_RATE))
    assert rms(loud.samples[lead]) == pytest.approx(rms(faint.samples[lead]), rel=0.01)
    assert loud.speech == faint.speech
