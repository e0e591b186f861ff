"""An utterance as tokens, and kept in a file."""

from pathlib import Path

import numpy as np

from voice.finetuning.lessons import Lesson, kept, lesson_of
from voice.finetuning.utterances import Utterance


class Tokens:
    timestamp_begin, eot, sot_sequence = 1000, 99, (1, 2, 3)

    def encode(self, text: str) -> list[int]:
        return [len(word) for word in text.split()]


class Whisper:
    tokens = Tokens()

    def encode(self, audio: np.ndarray, window_seconds: float) -> np.ndarray:
        return np.full((round(window_seconds * 50), 4), window_seconds, np.float32)


def test_words_stand_between_the_times_at_which_they_were_said():
    turn = Utterance(np.zeros(16_000 * 4, np.float32), ((0.2, 1.5, "To Oslo."), (2.0, 3.5, "Two of us.")))
    made = lesson_of(turn, Whisper())  # type: ignore[arg-type]
    assert made.prompt == (1, 2, 3)
    assert made.answer == (1000, 2, 5, 1075, 1100, 3, 2, 3, 1175, 99)
    assert made.encoded.shape == (350, 4)


def test_a_lesson_is_made_once(tmp_path: Path):
    made: list[int] = []

    def make() -> Lesson:
        made.append(1)
        return Lesson(np.ones((2, 3), np.float16), (1,), (2, 3))

    first, again = (kept(tmp_path / "a.npz", make) for _ in range(2))
    assert made == [1]
    assert first == again
    assert again.frames == 2
    lesson = again.load()
    assert (lesson.prompt, lesson.answer) == ((1,), (2, 3))
    assert np.array_equal(lesson.encoded, np.ones((2, 3)))


def test_a_file_that_was_cut_off_is_made_again(tmp_path: Path):
    (tmp_path / "a.npz").write_bytes(b"PK\x03\x04")
    assert kept(tmp_path / "a.npz", lambda: Lesson(np.ones((2, 3), np.float16), (1,), (2,))).load().answer == (2,)
