"""Codes that are put right or broken off while they are spelled."""

import pytest

from tests.booking.callers import Caller, text
from voice.booking.codes.locators import find_codes


@pytest.mark.parametrize(
    "said",
    [
        "my code is Q as in queen T as in tango four... no wait yeah four four L Z",
        "it's Q T five, no sorry, four four L Z",
        "Q T 4 4 M, sorry, L Z",
        "the code is Q T 4 5 K, I mean, 4 L Z",
    ],
)
def test_what_comes_behind_a_correction_takes_the_place_of_the_last_symbols(said: str) -> None:
    assert [span.name for span in find_codes(said)] == ["QT44LZ"]


def test_a_whole_code_behind_a_correction_stands_for_itself() -> None:
    assert "WK7R2M" in [span.name for span in find_codes("it's M K 7, sorry no, W K 7 R 2 M")]


def test_the_one_behind_a_code_is_no_symbol() -> None:
    assert [span.name for span in find_codes("my booking, the H N 5 B 8 C one, how much")] == ["HN5B8C"]


@pytest.mark.parametrize(
    ("said", "rest"),
    [
        ("I'd like to change my booking and the code is, let me see, uh, R for Romeo, four", "T nine X K"),
        ("Move my flight, the reference is R 4 T", "9 X K"),
    ],
)
async def test_the_rest_of_a_code_that_only_begins_is_asked_for(caller: Caller, said: str, rest: str) -> None:
    assert (await caller.says(said)).say == ("And the rest of the code?",)
    assert "Which flight do you mean, Los Angeles to Mexico City" in text(await caller.says(rest))


@pytest.mark.parametrize(
    "said",
    ["My code is lost.", "The confirmation is for two.", "What's the code for a pet?", "the number is wrong, A 4"],
)
def test_other_words_begin_no_code(said: str) -> None:
    assert find_codes(said) == []
