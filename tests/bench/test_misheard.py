"""Word errors are those of words that were said: once each, however often the agent took them up."""

from __future__ import annotations

import pytest

from voice.bench.measured.misheard import pooled_error_rate, understood, word_error_rate


@pytest.mark.parametrize(
    ("text", "heard", "rate"),
    [
        ("a flight to Denver", "A flight to Denver.", 0.0),
        ("on December fourth", "on December 4th", 0.0),
        ("from Boston to Denver", "from Austin to Denver", 0.25),
        ("two bags", "", 1.0),
        ("", "anything", None),
    ],
)
def test_words_are_compared_after_normalisation(text: str, heard: str, rate: float | None):
    assert word_error_rate(text, heard) == rate


@pytest.mark.parametrize(
    ("pieces", "whole"),
    [
        (["Boston to Denver.", "Boston to Denver. On the fourth."], "Boston to Denver. On the fourth."),
        (["On the twenty", "on the twenty first,", "On the twenty first, please"], "On the twenty first, please"),
        (["Two bags.", "And a window seat."], "Two bags. And a window seat."),
        (["Boston.", "Bostonian flights"], "Boston. Bostonian flights"),
        (["Yes.", "Yes."], "Yes. Yes."),
        (["", "Yes."], "Yes."),
        ([], ""),
    ],
)
def test_a_piece_that_the_next_one_took_up_is_heard_once(pieces: list[str], whole: str):
    assert understood(pieces) == whole


def test_the_rate_of_many_turns_is_that_of_all_their_words():
    assert pooled_error_rate([("Yes.", "Yet."), ("one bag to Denver", "one bag to Denver")]) == 0.2
    assert pooled_error_rate([("", "anything")]) is None
    assert pooled_error_rate([]) is None
