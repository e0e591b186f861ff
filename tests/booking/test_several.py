"""Several flights or bookings in one call: each is read back, and approved, by itself."""

import pytest

from tests.booking.callers import Caller, text

LATER = "Please move everything a day later, code is B4F6MX."


async def test_everything_is_moved_one_flight_after_the_other(caller: Caller) -> None:
    first = await caller.says(LATER)
    assert first.say[-2:] == ("Then I'll do the other.", "Shall I change it?")
    assert "That's Seattle to Boston" in text(first)  # the last one first, so that none crosses the next
    second = await caller.says("Yes.")
    assert second.wrote == ("B4F6MX",)
    assert "That's Boston to Seattle" in text(second)
    assert {"Thursday, December 24th", "Friday, December 18th"} <= set(second.facts)
    assert (await caller.says("Yes.")).wrote == ("B4F6MX",)
    assert caller.dialogue.later == ()


async def test_a_no_to_the_first_leaves_all_as_they_are(caller: Caller) -> None:
    await caller.says(LATER)
    outcome = await caller.says("No.")
    assert outcome.say == ("Okay, your flight stays as it is.", "What would you like instead?")
    assert caller.dialogue.later == ()


@pytest.mark.parametrize("said", ["I mean both flights.", "Both of them.", "And the way out too."])
async def test_the_other_flight_may_be_added_while_one_waits(caller: Caller, said: str) -> None:
    await caller.says("Move my return of QT44LZ a day later.")
    outcome = await caller.says(said)
    assert outcome.say == ("One after the other, this one first.", "Shall I change your flight?")
    assert "That's Boston to Denver" in text(await caller.says("Yes."))


async def test_all_flights_on_the_same_day_are_asked_about(caller: Caller) -> None:
    await caller.says("Move the return of QT44LZ to the 20th.")
    outcome = await caller.says("I mean both flights.")
    assert outcome.say == ("I change one flight at a time.", "Shall I change your flight?")


async def test_the_first_of_two_bookings_is_the_one_told_first(caller: Caller) -> None:
    await caller.says("Look up QT44LZ and B4F6MX.")
    outcome = await caller.says("Cancel the first one.")
    assert "Q, T, 4, 4, L, Z" in outcome.facts
    assert "I can only cancel" not in text(outcome)
    assert (await caller.says("Yes.")).wrote == ("QT44LZ",)
    outcome = await caller.says("And add a bag to the other one.")
    assert "B, 4, F, 6, M, X" in outcome.facts


@pytest.mark.parametrize(
    ("said", "code"), [("Cancel the trip to Denver.", "QT44LZ"), ("Cancel my Seattle trip.", "B4F6MX")]
)
async def test_a_booking_is_named_by_where_it_goes(caller: Caller, said: str, code: str) -> None:
    await caller.says("Look up QT44LZ and B4F6MX.")
    await caller.says(said)
    assert (await caller.says("Yes.")).wrote == (code,)


@pytest.mark.parametrize(
    ("said", "told"),
    [("What about Los Angeles?", "from Seattle to Los Angeles instead"), ("To Portland.", "from Seattle to Portland")],
)
async def test_another_place_is_another_end_of_the_change(caller: Caller, said: str, told: str) -> None:
    await caller.says("I'm on booking M2P6WD. I'd rather fly to San Diego.")
    outcome = await caller.says(said)
    assert told in text(outcome)
    assert outcome.say[-1] == "Shall I change it?"


async def test_another_flight_beside_the_change_is_searched(caller: Caller) -> None:
    await caller.says("Move the return of QT44LZ to the 16th.")
    await caller.says("I also need a flight to Miami.")
    assert caller.dialogue.asked
    assert caller.dialogue.asked.action.name == "search"


async def test_a_flight_that_has_left_is_not_changed(caller: Caller) -> None:
    await caller.says("Change G3H8TY to tomorrow.")
    assert (await caller.says("The flight to San Francisco.")).say == ("That flight has left already.",)
    assert caller.dialogue.pending is None


@pytest.mark.parametrize("said", ["Can you repeat everything, please?", "Say the whole thing again."])
async def test_all_that_is_to_be_said_again_is_no_other_flight(caller: Caller, said: str) -> None:
    read = await caller.says("Move my return of QT44LZ a day later.")
    assert (await caller.says(said)).say == read.say
    assert caller.dialogue.later == ()


async def test_a_booking_of_one_flight_has_no_other(caller: Caller) -> None:
    await caller.says("Move M2P6WD a day later.")
    outcome = await caller.says("I mean both flights.")
    assert outcome.say == ("That's the only flight ahead of you.", "Shall I change your flight?")
    assert caller.dialogue.later == ()
