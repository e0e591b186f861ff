import numpy as np
import pytest

from voice.bench.fixtures import noises
from voice.bench.fixtures.conditions import QUIET_DB, Condition, hear, mu_law, parse
from voice.bench.fixtures.impairments import BURST_PACKETS, packets_lost, through_packets
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
        ("phone-8k+cafe-10dB+loss-3%", Condition("phone-8k", "cafe", 10.0, lost=0.03)),
        ("phone-8k+gaps-5%+clip-6dB", Condition("phone-8k", lost=0.05, concealed=False, clip_db=6.0)),
        ("clean-16k+quiet-20dB", Condition("clean-16k", snr_db=QUIET_DB - 20, quiet_db=20.0)),
    ],
)
def test_a_condition_is_read(text: str, condition: Condition) -> None:
    assert parse(text) == condition


@pytest.mark.parametrize(
    "text", ["", "radio", "phone-8k+rain-10dB", "phone-8k+cafe", "cafe-10dB", "phone-8k+loss-60%", "phone-8k+loss-3dB"]
)
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


def heard(text: str) -> Samples:
    return hear(tone(440), parse(text), np.random.default_rng(1), seed=1)


def test_a_quiet_caller_is_fainter_and_the_room_is_not() -> None:
    usual, quiet = heard("clean-16k"), heard("clean-16k+quiet-20dB")

    assert 20 * np.log10(rms(usual) / rms(quiet)) == pytest.approx(20, abs=0.2)


def test_an_overdriven_microphone_cuts_peaks_flat() -> None:
    flat = np.abs(heard("clean-16k+clip-9dB")) > 0.999

    assert 0.3 < flat.mean() < 0.9


@pytest.mark.parametrize("share", [0.02, 0.05])
def test_packets_are_lost_in_the_share_that_was_asked_for_and_in_bursts(share: float) -> None:
    lost = packets_lost(200_000, share, np.random.default_rng(1))

    bursts = np.count_nonzero(lost[1:] & ~lost[:-1])
    assert lost.mean() == pytest.approx(share, rel=0.1)
    assert lost.sum() / bursts == pytest.approx(BURST_PACKETS, rel=0.1)


def test_a_lost_packet_is_a_gap_or_a_fainter_copy_of_the_one_before() -> None:
    sent = np.random.default_rng(2).uniform(0.5, 1, 320 * 100).astype(np.float32)
    gaps, filled = (
        through_packets(sent, 16_000, 0.1, np.random.default_rng(1), concealed=concealed).reshape(100, 320)
        for concealed in (False, True)
    )
    lost = np.flatnonzero(~gaps.any(axis=1))

    assert len(lost)
    kept = np.setdiff1d(np.arange(100), lost)
    np.testing.assert_array_equal(gaps[kept], sent.reshape(100, 320)[kept])
    for index in lost:
        faded = 0.6 * filled[index - 1]
        np.testing.assert_allclose(filled[index], faded if filled[index].any() else 0 * faded, rtol=1e-6)
    assert sum(filled[index].any() for index in lost) > len(lost) / 2


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
