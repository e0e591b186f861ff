"""A longer or a shorter stay moves the flight that leaves there, and a stop on the way is two flights."""

from datetime import date

import pytest

from tests.booking.callers import Caller, legs, text
from voice.booking.context import TurnContext
from voice.booking.dialogue import BookTrip, ChangeLeg
from voice.booking.reading.reader import read
from voice.booking.wishes.stays import Stay, stay_in


async def offered(caller: Caller) -> None:
    await caller.does(
        legs(("Boston", "Seattle", "the 8th"), ("Seattle", "Denver", "the 12th"), ("Denver", "Boston", "the 15th"))
    )


def days(caller: Caller) -> list[int]:
    assert caller.dialogue.pending
    assert isinstance(caller.dialogue.pending.write, BookTrip)
    return [leg.departs.day for leg in caller.dialogue.pending.write.trip.legs]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Stay a day longer in Seattle.", [8, 13, 15]),
        ("Could we stay in Denver two nights more?", [8, 12, 17]),
        ("I'd like another night in Seattle.", [8, 13, 15]),
        ("Make it three days in Seattle.", [8, 11, 15]),
        ("One day less in Denver, please.", [8, 12, 14]),
    ],
)
async def test_a_stay_moves_the_flight_that_leaves_there(caller: Caller, said: str, expected: list[int]) -> None:
    await offered(caller)
    await caller.says(said)
    assert days(caller) == expected


async def test_a_stay_of_a_round_trip_needs_no_place(caller: Caller) -> None:
    await caller.does(legs(("Boston", "Denver", "the 8th"), ("Denver", "Boston", "the 12th")))
    await caller.says("Can we stay two days longer?")
    assert days(caller) == [8, 14]


async def test_a_stay_of_a_booked_trip_is_a_change_that_is_read_back(caller: Caller) -> None:
    await caller.says("My code is QT44LZ.")
    outcome = await caller.says("I want to stay a day longer in Denver.")
    assert not outcome.wrote
    assert caller.dialogue.pending
    write = caller.dialogue.pending.write
    assert isinstance(write, ChangeLeg)
    assert (write.leg.origin, write.leg.departs.date()) == ("DEN", date(2026, 12, 16))


@pytest.mark.parametrize(
    "said",
    ["Another day, please.", "A day longer in Seattle for three people.", "Two days later.", "Seattle to Denver"],
)
def test_other_turns_are_no_stay(said: str) -> None:
    assert stay_in(said) is None


def test_a_week_counts_as_seven_days() -> None:
    assert stay_in("Let's stay another week in Rome.") == Stay(7, False, "Rome")


@pytest.mark.parametrize(
    ("said", "ways"),
    [
        (
            "Boston to Tokyo with two days in Seattle on the way, leaving on the 8th.",
            [("Boston", "Seattle", "the 8th"), ("Seattle", "Tokyo", "two days later")],
        ),
        (
            "From Boston to Rome on the 8th, stopping over in London for two nights, and back on the 18th.",
            [("Boston", "London", "the 8th"), ("London", "Rome", "two nights"), ("Rome", "Boston", "the 18th")],
        ),
    ],
)
def test_a_stay_on_the_way_parts_the_flight(said: str, ways: list[tuple[str, str, str]]) -> None:
    (search,) = read(said, TurnContext()).actions or ()
    assert [(leg["from"], leg["to"], leg["date"]) for leg in search.args["legs"]] == ways


async def test_a_stay_that_follows_the_trip_is_no_stop_on_the_way(caller: Caller) -> None:
    outcome = await caller.says("Boston to Denver on December 9th, and then spend two days in Seattle.")
    assert text(outcome) == "What day would you like to fly from Denver to Seattle?"
