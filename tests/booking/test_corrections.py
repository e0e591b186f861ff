"""What the caller took back is gone, and everything else that they said stays."""

from __future__ import annotations

import pytest

from voice.booking.corrections.tidying import tidy


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Fly me to Boston, no wait, Chicago, on Friday.", "Fly me to Chicago, on Friday."),
        ("I'd go on the 12th, hang on, the 13th of December.", "I'd go on the 13th of December."),
        ("From Austin, or rather from Dallas, to Reno.", "From Dallas, to Reno."),
        ("Two bags, no, three.", "three bags."),
        ("Under 300 dollars, actually 400.", "Under 400 dollars."),
        ("From Boston to Denver, sorry, from Austin to Dallas on Friday.", "From Austin to Dallas on Friday."),
        ("Book me from Newark tomorrow. Scratch that, from JFK.", "Book me from JFK tomorrow."),
        ("I want to change my flight. Scratch that, cancel my booking.", "I want to cancel my booking."),
        ("Cancel QT44LZ, no, change it to Monday.", "QT44LZ, change it to Monday."),
        ("From Tampa to Austin, no, the other way round, Austin to Tampa.", "Austin to Tampa."),
        ("On Tuesday, Wednesday rather, to Denver.", "On Wednesday to Denver."),
        ("To Denver on Friday. Forget Friday, Saturday is better.", "To Denver on Saturday."),
        ("On Monday to Miami. I said it wrong, on Tuesday.", "On Tuesday to Miami."),
        ("To Dallas, not Houston.", "To Dallas."),
        ("On December 23rd instead of the 22nd.", "On December 23rd."),
        ("Two tickets to Miami on Saturday, actually make it three tickets.", "three tickets to Miami on Saturday."),
    ],
)
def test_a_correction_leaves_only_what_was_settled_on(said: str, meant: str):
    assert tidy(said) == (meant, True)


@pytest.mark.parametrize(
    "said",
    [
        "Actually, I'd like to fly to Boston.",
        "No, Chicago.",
        "Friday, actually could I also add a bag?",
        "From Boston to Denver on Friday, and actually from Denver to Dallas on Monday.",
        "Denver on Friday, wait, is Saturday cheaper?",
        "Not Friday.",
        "Make it three people.",
    ],
)
def test_a_cue_without_something_to_replace_changes_nothing(said: str):
    text, corrected = tidy(said)
    assert not corrected
    assert text == said


def test_fillers_and_stutters_go_without_counting_as_corrections():
    assert tidy("Uh, I need to to fly on, um, Monday.") == ("I need to fly on Monday.", False)
