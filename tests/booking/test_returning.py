"""After a trip one way is booked, the way back is searched; words of changing change what is booked."""

from datetime import date

import pytest

from tests.booking.callers import Caller, act, text
from voice.booking.dialogue import BookTrip, ChangeLeg
from voice.cascade.words import Action


async def booked(caller: Caller, trip: str = "Boston to Denver on December 7th for two.") -> None:
    await caller.says(trip)
    assert (await caller.says_yes()).wrote


def way_back(caller: Caller) -> tuple[str, str, int, date]:
    assert caller.dialogue.pending
    assert isinstance(caller.dialogue.pending.write, BookTrip)
    (leg,) = caller.dialogue.pending.write.trip.legs
    return leg.origin, leg.destination, leg.passengers, leg.departs.date()


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("And back on the ninth.", 9),
        ("The return flight on the ninth.", 9),
        ("I need to fly back on the ninth too.", 9),
        ("And back two days later.", 9),
        ("And then home in the morning on the tenth.", 10),
    ],
)
async def test_the_way_back_is_searched_for_the_same_people(caller: Caller, said: str, day: int) -> None:
    await booked(caller)
    await caller.says(said)
    assert way_back(caller) == ("DEN", "BOS", 2, date(2026, 12, day))
    assert (await caller.says_yes()).wrote


async def test_the_way_back_is_after_the_way_out_and_in_the_same_cabin(caller: Caller) -> None:
    await booked(caller, "Boston to Denver on December 20th in business class.")
    outcome = await caller.says("And back on the ninth.")
    assert way_back(caller) == ("DEN", "BOS", 1, date(2027, 1, 9))
    assert "in business class" in text(outcome)


async def test_the_day_of_the_way_back_is_asked_for(caller: Caller) -> None:
    await booked(caller)
    outcome = await caller.says("I need a flight back too.")
    assert text(outcome) == "What day would you like to fly from Denver to Boston?"
    await caller.says("The ninth.")
    assert way_back(caller) == ("DEN", "BOS", 2, date(2026, 12, 9))


@pytest.mark.parametrize(
    "read",
    [
        act("change", date="the ninth"),
        act("change", leg="return flight", date="the ninth"),
        act("search", legs=[{"to": "back", "date": "the ninth"}]),
        act("search", legs=[{"from": "Denver", "to": "Boston", "date": "the ninth"}]),
    ],
    ids=str,
)
async def test_it_is_searched_whatever_it_was_read_as(caller: Caller, read: Action) -> None:
    await booked(caller)
    reading = caller.desk.read("And back on the ninth.", caller.dialogue)
    outcome = await caller.desk.perform((read,), reading, caller.dialogue, key="back")
    caller.dialogue = outcome.dialogue
    assert way_back(caller) == ("DEN", "BOS", 2, date(2026, 12, 9))


@pytest.mark.parametrize(
    "said", ["Move it to the ninth.", "On the ninth instead.", "Can I fly back on the ninth instead?"]
)
async def test_words_of_changing_change_the_booking(caller: Caller, said: str) -> None:
    await booked(caller)
    await caller.says(said)
    assert caller.dialogue.pending
    assert isinstance(caller.dialogue.pending.write, ChangeLeg)


async def test_the_return_of_a_round_trip_is_there_to_be_changed(caller: Caller) -> None:
    await booked(caller, "Boston to Denver on December 7th and back on the 12th.")
    await caller.says("The return flight on the 14th.")
    assert caller.dialogue.pending
    assert isinstance(caller.dialogue.pending.write, ChangeLeg)
    assert caller.dialogue.pending.write.position == 2
