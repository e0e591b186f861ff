import numpy as np

from voice.bench.recordings.activity import AGENT, CALLER, SAMPLE_RATE, envelope, first_onset, longest_silence, voiced


def track(seconds: float, *tones: tuple[float, float], level: int = 6000, noise: int = 0) -> np.ndarray:
    samples = np.random.default_rng(1).normal(0, noise, round(seconds * SAMPLE_RATE)) if noise else None
    samples = samples if samples is not None else np.zeros(round(seconds * SAMPLE_RATE))
    for start, end in tones:
        first, last = round(start * SAMPLE_RATE), round(end * SAMPLE_RATE)
        samples[first:last] += level * np.sin(np.arange(last - first) * 0.1)
    return np.clip(samples, -32768, 32767).astype(np.int16)


def test_sounds_are_located_to_a_frame() -> None:
    assert voiced(track(3, (0.5, 1.0), (2.0, 2.5)), AGENT) == [(0.5, 1.0), (2.0, 2.5)]


def test_a_pause_within_a_word_does_not_split_a_sound() -> None:
    assert voiced(track(2, (0.5, 0.8), (0.9, 1.2)), AGENT) == [(0.5, 1.2)]


def test_a_click_is_no_sound() -> None:
    assert voiced(track(2, (0.5, 0.51)), AGENT) == []


def test_silence_and_emptiness_have_no_sounds() -> None:
    assert voiced(track(2), AGENT) == []
    assert voiced(track(0), CALLER) == []
    assert voiced(np.zeros(40, dtype=np.int16), CALLER) == []


def test_a_caller_is_found_in_noise() -> None:
    found = voiced(track(4, (1.0, 2.0), noise=400), CALLER)
    assert [(round(start, 1), round(end, 1)) for start, end in found] == [(1.0, 2.0)]


def test_the_loudest_sample_does_not_overflow() -> None:
    peak, rms = envelope(np.full(1600, -32768, dtype=np.int16), 100)
    assert set(peak.tolist()) == {255}
    assert set(rms.tolist()) == {255}


def test_an_onset_is_no_sound_that_is_under_way() -> None:
    sounds = [(1.0, 2.0), (3.0, 4.0)]
    assert first_onset(sounds, 1.5, 9.0) == 3.0
    assert first_onset(sounds, 1.5, 3.0) is None


def test_the_longest_silence_is_counted_to_both_ends() -> None:
    assert longest_silence([(1.0, 2.0), (2.5, 3.0)], 0.0, 3.0) == 1.0
    assert longest_silence([], 1.0, 4.0) == 3.0
    assert longest_silence([(0.0, 9.0)], 1.0, 4.0) == 0.0
