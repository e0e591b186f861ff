"""A trip that is moved as a whole, days that count from the one offered, and a weekday beside "coming from"."""

from datetime import date

import pytest

from tests.booking.callers import Caller, proposed, text
from voice.booking.context import TurnContext
from voice.booking.dates.finding import find_dates, resolve_date
from voice.booking.reading import reader

TODAY = date(2026, 12, 1)


def days(caller: Caller) -> list[int]:
    return [leg.departs.day for leg in proposed(caller).legs]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("make it the week after same days", [14, 17]),
        ("same days the following week please", [14, 17]),
        ("can we do the whole trip two weeks later", [21, 24]),
        ("both flights a week later", [14, 17]),
        ("come back a week later", [7, 17]),
    ],
)
async def test_every_flight_of_a_trip_moves_where_the_same_days_are_meant(
    caller: Caller, said: str, found: list[int]
) -> None:
    await caller.says("Boston to Denver on Monday and back on Thursday")
    await caller.says(said)
    assert days(caller) == found


async def test_the_same_day_of_another_week_is_one_day_and_no_way_back(caller: Caller) -> None:
    await caller.says("Boston to Denver on the 10th")
    await caller.says("the same day the week after")
    assert days(caller) == [17]


@pytest.mark.parametrize(
    ("said", "phrase"),
    [
        ("by noon on Thursday coming from Boston", "Thursday"),
        ("a flight on Friday coming from Dallas", "Friday"),
        ("Friday coming back to Boston", "Friday"),
        ("on Friday coming in from Reno", "Friday"),
        ("on Friday coming, please", "Friday coming"),
        ("this coming Friday", "this coming Friday"),
    ],
)
def test_coming_from_somewhere_is_no_part_of_the_day(said: str, phrase: str) -> None:
    assert [span.text for span in find_dates(said)] == [phrase]
    assert resolve_date(phrase, today=TODAY)


@pytest.mark.parametrize(
    "said",
    [
        "I need to be in Denver by noon on Thursday coming from Boston",
        "a flight to Denver on Thursday coming from Boston",
        "on Thursday, coming out of Boston, to Denver",
    ],
)
def test_who_comes_from_a_city_flies_from_there_on_that_day(said: str) -> None:
    reading = reader.read(said, TurnContext())
    assert reading.actions
    (leg,) = reading.actions[0].args["legs"]
    assert (leg["from"], leg["to"], leg["date"]) == ("Boston", "Denver", "Thursday")


@pytest.mark.parametrize("said", ["and the day before", "is that also on the day before?", "what about a day earlier"])
async def test_the_day_before_counts_from_the_flight_offered(caller: Caller, said: str) -> None:
    await caller.says("Boston to Denver on the 10th")
    reading = caller.desk.read(said, caller.dialogue)
    assert reading.actions
    assert not caller.desk.examine(reading.actions, reading, caller.dialogue).problems
    await caller.says(said)
    assert days(caller) == [9]


async def test_a_day_too_far_ahead_is_named_beside_the_last_one_on_sale(caller: Caller) -> None:
    outcome = await caller.says("Boston to Denver on April 5th")
    assert (
        outcome.say[0] == "Monday, April 5th is too far ahead: I can book flights up to Monday, January 25th. "
        "What day would you like to fly from Boston to Denver?"
    )
    assert set(outcome.facts) == {"Monday, April 5th", "Monday, January 25th"}
    assert "I can book flights up to" in text(await caller.says("in June then"))
