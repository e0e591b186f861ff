"""Words made of a model's tokens."""

from collections.abc import Sequence

import numpy as np
import pytest

from voice.hearing.written import probability, shared_out, written_words

EOT, STAMPS = 50, 100


class Pieces:
    """A tokenizer of few pieces: a token is the number of its text, timestamps follow from 100 on."""

    eot = EOT
    timestamp_begin = STAMPS

    def __init__(self, *texts: str) -> None:
        self.texts = texts

    def split_to_word_tokens(self, ids: Sequence[int]) -> tuple[list[str], list[list[int]]]:
        """Split before spaces and punctuation, as faster-whisper's does."""
        words: list[str] = []
        tokens: list[list[int]] = []
        for token in ids:
            text = "<|endoftext|>" if token == EOT else self.texts[token]
            if not words or token == EOT or text.startswith(" ") or text.strip() in ".,?!-":
                words.append(text)
                tokens.append([token])
            else:
                words[-1] += text
                tokens[-1].append(token)
        return words, tokens


def stamp(seconds: float) -> int:
    return STAMPS + round(seconds / 0.02)


def written(ids: Sequence[int], sure: Sequence[float], tokenizer: Pieces, seconds: float = 2.0):
    return written_words(ids, sure, seconds, tokenizer)


def test_a_word_is_its_pieces_and_as_sure_as_the_least_sure_of_them() -> None:
    found = written([0, 1, 2], [0.9, 0.8, 0.3], Pieces(" to", " Den", "ver"))
    assert [(each.word.text, each.word.confidence, each.first) for each in found] == [
        ("to", 0.9, 0),
        ("Denver", 0.3, 1),
    ]


def test_punctuation_belongs_to_the_word_before_and_says_nothing_of_how_sure_that_is() -> None:
    (found,) = written([0, 1], [0.9, 0.1], Pieces(" Denver", "."))
    assert (found.word.text, found.word.confidence) == ("Denver.", 0.9)


def test_the_parts_of_a_hyphenated_word_count() -> None:
    (found,) = written([0, 1, 2], [0.9, 0.8, 0.2], Pieces(" Sea", "-", "Tac"))
    assert (found.word.text, found.word.confidence, found.first) == ("Sea-Tac", 0.2, 0)


def test_first_tokens_are_counted_among_the_timestamps() -> None:
    tokenizer = Pieces(" to", " Denver", " on", " Friday")
    ids = [stamp(0), 0, 1, stamp(1), stamp(1), 2, 3, stamp(2)]
    found = written(ids, [1.0] * len(ids), tokenizer)
    assert [each.first for each in found] == [1, 2, 5, 6]
    assert [(each.word.start, each.word.end) for each in found] == [
        (0.0, pytest.approx(0.25)),
        (pytest.approx(0.25), pytest.approx(1.0)),
        (1.0, pytest.approx(1.25)),
        (pytest.approx(1.25), pytest.approx(2.0)),
    ]


def test_words_without_a_last_timestamp_last_until_the_end_of_the_audio() -> None:
    found = written([stamp(0.5), 0], [1.0, 1.0], Pieces(" Denver"), seconds=1.5)
    assert [(each.word.start, each.word.end) for each in found] == [(0.5, 1.5)]


def test_no_word_lies_behind_the_audio() -> None:
    found = written([stamp(0), 0, stamp(9), 0], [1.0] * 4, Pieces(" Denver"), seconds=1.0)
    assert all(0 <= each.word.start <= each.word.end <= 1.0 for each in found)


@pytest.mark.parametrize("ids", [[], [stamp(0)], [stamp(0), stamp(1)], [0]], ids=["nothing", "one", "two", "blank"])
def test_timestamps_and_blanks_are_no_words(ids: list[int]) -> None:
    assert written(ids, [1.0] * len(ids), Pieces(" ")) == ()


def test_time_is_shared_out_by_length() -> None:
    assert shared_out(["to", "Rome"], 1.0, 4.0) == [(1.0, 2.0), (2.0, 4.0)]
    assert shared_out([], 1.0, 4.0) == []
    assert shared_out(["Rome"], 4.0, 1.0) == [(4.0, 4.0)]


def test_probabilities_add_up_to_one_however_large_the_scores() -> None:
    scores = np.array([[900.0, 901.0, -np.inf]], np.float32)
    assert sum(probability(scores, token) for token in range(3)) == pytest.approx(1.0)
    assert probability(scores, 1) > probability(scores, 0) > probability(scores, 2) == 0.0
