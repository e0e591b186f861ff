"""Sound between 8 and 16 kHz: soon, whole, unchanged where speech is, and without mirror images."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from voice.server.resampling import Doubler, Halver

Samples = NDArray[np.int16]
Resampler = Callable[[bytes], bytes]

LOUD = 10_000
WAYS = pytest.mark.parametrize(("resampler", "rate", "made"), [(Doubler, 8000, 16_000), (Halver, 16_000, 8000)])


def tone(frequency: float, rate: int, seconds: float = 1.0) -> Samples:
    return (LOUD * np.sin(np.arange(round(rate * seconds)) * 2 * np.pi * frequency / rate)).astype(np.int16)


def resampled(samples: Samples, resampler: Resampler, packet: int) -> Samples:
    """Send samples through in packets of so many."""
    parts = [resampler(samples[start : start + packet].tobytes()) for start in range(0, len(samples), packet)]
    return np.frombuffer(b"".join(parts), np.int16)


def level(samples: Samples, frequency: float, rate: int) -> float:
    """Give how loud a frequency is beside a tone as it went in, in dB; the beginning does not count."""
    late = samples[rate // 10 :]
    phase = np.exp(-2j * np.pi * frequency / rate * np.arange(len(late)))
    return 20 * np.log10(max(1e-6, 2 * abs(np.mean(late * phase)) / LOUD))


@WAYS
@pytest.mark.parametrize("frequency", [100, 300, 1000, 2000, 3000, 3400])
def test_speech_passes_unchanged(resampler: Callable[[], Resampler], rate: int, made: int, frequency: int):
    there = resampled(tone(frequency, rate), resampler(), rate // 50)
    assert level(there, frequency, made) == pytest.approx(0.0, abs=0.1)


@pytest.mark.parametrize("frequency", [300, 1000, 2000, 3000, 3400])
def test_nothing_is_mirrored_at_4_khz(frequency: int):
    mirrored = 8000 - frequency
    assert level(resampled(tone(frequency, 8000), Doubler(), 160), mirrored, 16_000) < -50
    assert level(resampled(tone(mirrored, 16_000), Halver(), 320), frequency, 8000) < -50


@WAYS
def test_a_click_is_heard_a_millisecond_and_a_half_later(resampler: Callable[[], Resampler], rate: int, made: int):
    click = np.zeros(rate, np.int16)
    click[rate // 2] = LOUD
    heard = np.argmax(np.abs(resampled(click, resampler(), rate // 50)))
    assert 0.001 < heard / made - 0.5 < 0.0015


@WAYS
@pytest.mark.parametrize("packet", [1, 3, 160, 161, 320])
def test_packets_of_any_size_sound_the_same_and_come_out_at_once(
    resampler: Callable[[], Resampler], rate: int, made: int, packet: int
):
    noise = np.random.default_rng(1).integers(-20_000, 20_000, rate // 2, np.int16)
    one = resampler()
    came = went = 0
    for start in range(0, len(noise), packet):
        part = noise[start : start + packet]
        came, went = came + len(part), went + len(one(part.tobytes())) // 2
        assert went == came * made // rate
    whole = resampled(noise, resampler(), len(noise))
    assert np.array_equal(resampled(noise, resampler(), packet), whole)


@WAYS
def test_what_gets_too_loud_is_cut_off_and_does_not_turn_over(resampler: Callable[[], Resampler], rate: int, made: int):
    step = np.repeat(np.array([-32_768, 32_767], np.int16), rate // 10)
    there = resampled(step, resampler(), rate // 50)
    before, after = there[made // 100 : made // 10], there[made // 10 + made // 500 :]
    assert (before.min(), after.max()) == (-32_768, 32_767)
    assert before.max() < -25_000
    assert after.min() > 25_000


@WAYS
def test_nothing_comes_of_nothing(resampler: Callable[[], Resampler], rate: int, made: int):
    assert resampler()(b"") == b""


def test_what_is_cleared_is_not_gone_on_from():
    halver = Halver()
    halver(tone(440, 16_000, 0.02).tobytes())
    halver.clear()
    assert not any(halver(bytes(640)))
