"""What transcribers make of the words of this trade."""

from __future__ import annotations

import pytest

from voice.booking.corrections.mishearings import as_said


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("What does a checked bad cost?", "What does a checked bag cost?"),
        ("Please add two backs to my booking.", "Please add two bags to my booking."),
        ("Can I have the exit roll?", "Can I have the exit row?"),
        ("I want to can sell my booking.", "I want to cancel my booking."),
        ("Is there why I own board?", "Is there Wi-Fi on board?"),
        ("A flight too Denver Tamara.", "A flight to Denver tomorrow."),
        ("The one at 1105.", "The one at 11:05."),
        ("It's age 4RT9B.", "it is H 4RT9B."),
    ],
)
def test_words_that_make_no_sense_here_are_those_that_were_said(heard: str, said: str):
    assert as_said(heard) == said


@pytest.mark.parametrize(
    "said",
    [
        "I'm coming back on Thursday.",
        "Add two bags and bring my seat back forward.",
        "My plain bagel is in the bag.",
        "I paid 1105 dollars.",
        "This Thursday is the first day of school.",
        "The council meets on Monday.",
        "I can sell you mine.",
    ],
)
def test_words_that_do_are_left_alone(said: str):
    assert as_said(said) == said
