"""What a draft of a change leaves out is taken from the rules' reading; what it says beyond that stays."""

from datetime import date
from typing import Any

import pytest

from voice.booking.context import TurnContext
from voice.booking.drafting.borrowed import borrowed
from voice.booking.drafting.examine import examine
from voice.booking.drafting.grammar import parse
from voice.booking.reading.reader import read

BOOKED = TurnContext(bookings=("WK7R2M",))
MOVING = TurnContext(
    agent="For $59 in all I can move it to Friday at 6 AM. Shall I change it?",
    proposed="change",
    proposal=True,
    bookings=("WK7R2M",),
)
OFFERED = TurnContext(agent="$584 in total. Shall I book it?", proposal=True, offers=True, searching=True)


def mended(text: str, draft: str, context: TurnContext = BOOKED) -> list[dict[str, Any]]:
    reading = read(text, context)
    return [action.as_dict() for action in borrowed(parse(draft, reading), reading)]


def change(**args: str) -> dict[str, Any]:
    return {"action": "change", **{key.removesuffix("_"): value for key, value in args.items()}}


@pytest.mark.parametrize(
    ("text", "draft", "whole"),
    [
        ("Same day, just later, like in the evening.", "change/leg same day just later", {"time": "in the evening"}),
        ("Same day, just later, like in the evening.", "change/time evening", {"time": "in the evening"}),
        ("Can you put me on a nonstop in the afternoon instead?", "change/time afternoon nonstop", {}),
        ("Actually, is there something in the afternoon?", "search/time in the afternoon", {}),
        ("Move the flight to the eighth.", "change/leg the flight to the eighth", {"date": "the eighth"}),
    ],
)
def test_the_day_and_the_hour_of_a_change_are_not_lost(text: str, draft: str, whole: dict[str, str]):
    (made,) = mended(text, draft)
    reading = read(text, BOOKED)
    assert reading.actions is not None
    assert made == reading.actions[0].as_dict()
    assert made.items() >= whole.items()


def test_the_places_of_a_change_are_not_lost():
    text = "Move my Osaka to Seoul flight to the nineteenth."
    assert mended(text, "change/date the nineteenth") == [
        change(from_="Osaka", to="Seoul", date="the nineteenth"),
    ]
    assert mended(text, "change/leg Osaka to Seoul/date the nineteenth")[0]["leg"] == "Osaka to Seoul"


@pytest.mark.parametrize("leg", ["the return", "home", "flight home", "the afternoon flight home"])
def test_a_flight_is_named_as_it_was_said(leg: str):
    text = "Change my flight R4T9XK, I want the afternoon flight home instead of the morning."
    (made,) = mended(text, f"change R4T9XK/leg {leg}/time afternoon")
    assert made["leg"] == "flight home"


def test_the_flight_that_is_to_be_cancelled_is_not_lost():
    (made,) = mended("Please cancel the second flight only, code WK7R2M.", "cancel WK7R2M")
    assert made["leg"] == "second flight"


@pytest.mark.parametrize(
    ("text", "draft"),
    [
        ("Move the first flight to the 20th.", "change/leg the second flight/date the 20th"),
        ("Move it to the 20th.", "change/date the 21st"),
        ("Move my flight from Denver to the 20th.", "change/leg flight to Denver/date the 20th"),
        ("Move my return to the 20th.", "change/leg outbound/date the 20th"),
    ],
)
def test_what_a_draft_says_otherwise_stays(text: str, draft: str):
    reading = read(text, BOOKED)
    assert borrowed(parse(draft, reading), reading) == parse(draft, reading)


@pytest.mark.parametrize("text", ["No, I said the nineteenth.", "No, I meant on the 19th."])
def test_a_no_that_puts_right_a_change_is_no_mere_no(text: str):
    (made,) = mended(text, "confirm no", MOVING)
    assert made["action"] == "change"
    assert "19" in made["date"] or "nineteenth" in made["date"]


@pytest.mark.parametrize("text", ["No, leave it.", "No, that's too late.", "No, I can't on the nineteenth."])
def test_another_no_stays_one(text: str):
    assert mended(text, "confirm no", MOVING) == [{"action": "confirm", "answer": "no"}]


def test_a_part_of_two_parts_of_the_day_is_both():
    text = "Can I come back in the afternoon or evening on the nineteenth?"
    (made,) = mended(text, "search/time evening", OFFERED)
    assert made["legs"] == [{"time": "in the afternoon or evening", "date": "the nineteenth"}]


def problems(text: str, draft: str, context: TurnContext) -> tuple[str, ...]:
    reading = read(text, context)
    return examine(parse(draft, reading), reading, context, date(2026, 12, 1)).problems


@pytest.mark.parametrize("day", ["a day earlier", "one day earlier", "the day before", "a week before that"])
def test_a_day_seen_from_the_booked_flight_is_one(day: str):
    assert problems(f"Change WK7R2M to {day}.", f"change WK7R2M/date {day}", BOOKED) == ()


@pytest.mark.parametrize("day", ["yesterday", "last Friday", "February 30th"])
def test_a_day_that_is_none_is_still_wrong(day: str):
    assert problems(f"Change WK7R2M to {day}.", f"change WK7R2M/date {day}", BOOKED)


def test_a_no_beside_another_change_may_be_left_out():
    text = "Oh no, is there something in the afternoon?"
    assert problems(text, "change/time in the afternoon", MOVING) == ()
    assert problems("No, and tell me about bags.", "policy baggage", MOVING)


def test_later_is_said_by_the_hour_beside_it():
    text = "No, the same day just later, in the evening."
    assert problems(text, "change/date the same day/time in the evening", BOOKED) == ()
    assert problems("A later flight, please.", "change", BOOKED)
