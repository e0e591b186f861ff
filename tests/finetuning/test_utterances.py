"""What ears learn from: words with the times at which they were said."""

import random
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from voice.bench.fixtures.engines import EngineMissing
from voice.bench.fixtures.spelling import written
from voice.bench.recordings.manifest import RecordedTurn
from voice.finetuning import utterances
from voice.finetuning.errors import CannotTeach
from voice.finetuning.utterances import read_aloud, readers, recorded


class Beep:
    """A voice that hums as long as it would take to say the text."""

    def speak(self, text: str, speed: float) -> tuple[np.ndarray, int]:
        count = int(16_000 * 0.06 * len(text) / speed)
        return 0.3 * np.sin(np.arange(count) * 0.07).astype(np.float32), 16_000


class Mute:
    def speak(self, text: str, speed: float) -> tuple[np.ndarray, int]:
        raise EngineMissing("it is not installed: apt-get install it")


@pytest.fixture
def beep(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    monkeypatch.setattr(utterances, "READERS", {"beep": (Beep(), 1.0), "mute": (Mute(), 2.0)})
    monkeypatch.setattr(utterances, "LINES", {"clean-16k": 1.0, "phone-8k": 1.0})
    return readers()


def test_only_voices_that_can_speak_here_read(beep: dict[str, float]):
    assert beep == {"beep": 1.0}


def test_where_no_voice_can_speak_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(utterances, "READERS", {"mute": (Mute(), 2.0)})
    with pytest.raises(EngineMissing, match="apt-get install"):
        readers()


def test_stretches_hold_all_the_words_in_order_within_the_audio(beep: dict[str, float]):
    text = "I need a flight to Oslo on Friday, and then on to Bergen. Two of us. The code is M-4-V-B-6-T."
    several = unfinished = 0
    for seed in range(20):
        made = read_aloud(text, beep, random.Random(seed))
        words = " ".join(words for _, _, words in made.stretches)
        assert written(text).startswith(words)
        unfinished += words != written(text)
        times = [time for start, end, _ in made.stretches for time in (start, end)]
        assert times == sorted(times)
        assert times[-1] <= len(made.audio) / 16_000
        several += len(made.stretches) > 1
    assert several > 3
    assert 2 < unfinished < 15


def test_the_same_chance_reads_the_same_way(beep: dict[str, float]):
    first, again = (read_aloud("Oslo to Bergen, please.", beep, random.Random(3)) for _ in range(2))
    assert np.array_equal(first.audio, again.audio)


def test_a_recording_is_taken_as_it_is_with_codes_as_words(tmp_path: Path):
    sf.write(tmp_path / "a.wav", np.zeros(16_000, np.float32), 8_000)
    turn = RecordedTurn(tmp_path / "a.wav", " It's F, 7, D, 5, L, S. ", speech=((0.2, 0.9), (1.1, 1.8)))
    made = recorded(turn)
    assert made.stretches == ((0.2, 1.8, "It's F7D5LS."),)
    assert len(made.audio) == 32_000
    assert recorded(RecordedTurn(tmp_path / "a.wav", "To Oslo.")).stretches == ((0.0, 2.0, "To Oslo."),)


def test_what_is_too_long_is_refused_with_advice(tmp_path: Path, beep: dict[str, float]):
    sf.write(tmp_path / "long.wav", np.zeros(8_000 * 31, np.float32), 8_000)
    with pytest.raises(CannotTeach, match=r"long\.wav has 31 s, more than 30: cut it at a pause"):
        recorded(RecordedTurn(tmp_path / "long.wav", "To Oslo."))
    with pytest.raises(CannotTeach, match="more than 30 s to say, make two turns"):
        read_aloud("I need a flight to Oslo " * 40, beep, random.Random(1))


def test_a_long_turn_is_read_up_to_a_pause(beep: dict[str, float]):
    for seed in range(6):
        made = read_aloud("I need a flight to Oslo, and then on to Bergen. " * 12, beep, random.Random(seed))
        assert len(made.audio) <= 30 * 16_000
        assert made.stretches[-1][1] <= len(made.audio) / 16_000
