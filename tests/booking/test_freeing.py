"""A limit that is taken off a search is dropped, and all else of it stays."""

from datetime import date

import pytest

from tests.booking.callers import Caller, act, text
from voice.booking.dialogue import BookTrip
from voice.booking.talk.limits import freed, lifts_nonstop
from voice.booking.trips import Trip
from voice.cascade.words import Action

LIMITED = "Boston to Denver on December 10th in the morning, nonstop, under 400 dollars."


def offered(caller: Caller) -> Trip:
    assert caller.dialogue.pending
    assert isinstance(caller.dialogue.pending.write, BookTrip)
    return caller.dialogue.pending.write.trip


@pytest.mark.parametrize("said", ["Actually, any time.", "Any time is fine.", "The time doesn't matter."])
async def test_any_time_drops_the_hour_and_searches_again(caller: Caller, said: str) -> None:
    await caller.says(LIMITED)
    assert offered(caller).legs[0].departs.hour < 12
    outcome = await caller.says(said)
    assert not outcome.wrote
    assert (offered(caller).legs[0].departs.date(), offered(caller).legs[0].departs.hour) == (date(2026, 12, 10), 15)
    assert caller.dialogue.search
    assert caller.dialogue.search.args["nonstop"] is True


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("It doesn't have to be nonstop.", "nonstop"),
        ("I don't mind stops.", "nonstop"),
        ("The price doesn't matter.", "max_price"),
        ("I don't care about the price.", "max_price"),
    ],
)
async def test_a_limit_of_the_whole_trip_is_dropped_alone(caller: Caller, said: str, name: str) -> None:
    await caller.says(LIMITED)
    await caller.says(said)
    assert offered(caller).legs[0].departs.hour < 12
    assert caller.dialogue.search
    (kept,) = {"nonstop", "max_price"} - {name}
    assert (bool(caller.dialogue.search.args[name]), bool(caller.dialogue.search.args[kept])) == (False, True)


async def test_the_hour_of_one_flight_is_dropped_and_the_other_keeps_its_own(caller: Caller) -> None:
    await caller.says("Boston to Denver on December 10th in the morning and back on the 15th in the evening.")
    before = offered(caller)
    await caller.says("Any time for the way back.")
    after = offered(caller)
    assert after.legs[0].departs.hour < 12
    assert before.legs[1].departs.hour >= 17 > after.legs[1].departs.hour


@pytest.mark.parametrize("read", [(), (act("chat"),), (act("clarify", missing="request"),), (act("search"),)], ids=str)
async def test_it_is_dropped_whatever_it_was_read_as(caller: Caller, read: tuple[Action, ...]) -> None:
    await caller.says(LIMITED)
    reading = caller.desk.read("Actually, any time.", caller.dialogue)
    outcome = await caller.desk.perform(read, reading, caller.dialogue, key="free")
    assert outcome.say[0].startswith("At 3:35 PM")


@pytest.mark.parametrize("said", ["Any time is fine.", "The price doesn't matter."])
async def test_where_there_is_no_such_limit_nothing_is_booked_and_the_offer_waits(caller: Caller, said: str) -> None:
    await caller.says("Boston to Denver on December 10th.")
    outcome = await caller.says(said)
    assert not outcome.wrote
    assert text(outcome).endswith("Shall I book that flight?")
    assert (await caller.says_yes()).wrote


@pytest.mark.parametrize(
    "said", ["Any time on the 11th.", "You can call me any time.", "It doesn't matter.", "No stops is fine."]
)
def test_other_words_take_no_limit_off(said: str) -> None:
    assert freed(said) == ()


NO_NONSTOP = "Houston to Minneapolis on December 23rd, nonstop."
ROUND_TRIP = "Houston to Minneapolis on December 23rd and back on the 27th, nonstop."


async def test_a_round_trip_falls_back_to_stops_and_says_which_ways_have_no_nonstop(caller: Caller) -> None:
    outcome = await caller.says(ROUND_TRIP)
    assert outcome.say[0] == "There is no nonstop from Houston to Minneapolis that day, nor on the way back."
    assert [bool(leg.stops) for leg in offered(caller).legs] == [True, True]


async def test_where_nothing_leaves_at_those_hours_the_nearest_flights_are_offered(caller: Caller) -> None:
    said = "From Newark to Nashville on Friday after 10 PM and back on Sunday before 4 AM."
    outcome = await caller.says(said)
    assert outcome.say[0] == "There is nothing from New York to Nashville at that time, nor on the way back."
    assert [leg.departs.weekday() for leg in offered(caller).legs] == [4, 6]


@pytest.mark.parametrize(
    "said",
    [
        "No, I don't need nonstop anymore.",
        "no nonstop needed then just the cheapest",
        "one stop is okay",
        "we can live with a layover",
        "forget about the nonstop",
        "okay then with a stop is fine on the 22nd",
        "December 22nd back the 27th stops are okay",
    ],
)
async def test_the_wish_for_no_stop_is_taken_back_in_any_words(caller: Caller, said: str) -> None:
    await caller.says(ROUND_TRIP)
    outcome = await caller.says(said)
    assert not outcome.wrote
    assert "no nonstop" not in text(outcome)
    assert offered(caller)
    assert caller.dialogue.search
    assert not caller.dialogue.search.args.get("nonstop")


@pytest.mark.parametrize(
    "said",
    ["I don't want a stop okay", "nonstop is required", "nonstop, but one stop is fine", "no stop is fine with me"],
)
def test_what_still_wants_no_stop_takes_nothing_back(said: str) -> None:
    assert not lifts_nonstop(said)


async def test_agreeing_to_the_stop_that_was_found_instead_takes_that_flight(caller: Caller) -> None:
    await caller.says(NO_NONSTOP)
    reading = caller.desk.read("Okay, with a stop is fine then.", caller.dialogue)
    assert reading.actions == (act("confirm", answer="yes"),)
    assert (await caller.says("Okay, with a stop is fine then.")).wrote


@pytest.mark.parametrize("said", ["Stops are fine.", "Is a stop okay?", "Okay, a stop is fine, on the 22nd."])
async def test_no_more_than_that_books_nothing(caller: Caller, said: str) -> None:
    await caller.says(NO_NONSTOP)
    outcome = await caller.says(said)
    assert not outcome.wrote
    assert "Shall I book" in text(outcome)


async def test_a_stop_that_was_not_found_instead_of_a_nonstop_is_not_agreed_to(caller: Caller) -> None:
    await caller.says("Houston to Minneapolis on December 23rd.")
    assert not (await caller.says("Okay, with a stop is fine then.")).wrote
