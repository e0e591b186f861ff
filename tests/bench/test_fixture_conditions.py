import numpy as np
import pytest

from voice.bench.fixtures import noises
from voice.bench.fixtures.conditions import QUIET_DB, Condition, hear, mu_law, parse
from voice.bench.fixtures.signals import band_pass, rms
from voice.ports import Samples


def tone(hertz: float, rate: int = 16_000) -> Samples:
    return (0.3 * np.sin(2 * np.pi * hertz * np.arange(rate) / rate)).astype(np.float32)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("clean-16k", Condition("clean-16k", "room", QUIET_DB)),
        ("phone-8k", Condition("phone-8k", "room", QUIET_DB)),
        ("phone-8k+cafe-10dB", Condition("phone-8k", "cafe", 10.0)),
        ("clean-16k+street-12dB", Condition("clean-16k", "street", 12.0)),
    ],
)
def test_a_condition_is_read(text: str, condition: Condition) -> None:
    assert parse(text) == condition


@pytest.mark.parametrize("text", ["", "radio", "phone-8k+rain-10dB", "phone-8k+cafe", "cafe-10dB"])
def test_an_unknown_condition_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must b"):
        parse(text)


def test_a_phone_line_keeps_voices_and_loses_rumble_and_hiss() -> None:
    kept, low, high = (rms(band_pass(tone(hertz, 8_000), 8_000, 300, 3_400)) for hertz in (1_000, 60, 3_900))

    assert kept == pytest.approx(rms(tone(1_000, 8_000)), rel=0.01)
    assert low < 0.01 * kept
    assert high < 0.5 * kept


def test_an_eight_bit_line_has_few_levels() -> None:
    assert len(np.unique(mu_law(tone(440)))) <= 255


def test_loud_speech_in_noise_is_never_clipped() -> None:
    heard = hear(tone(440) * 10, Condition("clean-16k", "room", 0.0), np.random.default_rng(1), seed=1)

    assert np.abs(heard).max() <= 0.951


@pytest.mark.parametrize("name", ["street", "room"])
def test_a_noise_is_as_loud_as_any_other_and_its_own_for_each_seed(name: str) -> None:
    first, second = noises.bed(name, 1), noises.bed(name, 2)

    assert rms(first) == pytest.approx(1, rel=0.01)
    assert not np.array_equal(first, second)


def test_an_unknown_noise_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no noise 'rain'"):
        noises.bed("rain", 1)
