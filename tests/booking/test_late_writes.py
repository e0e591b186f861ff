"""A write that ended when its caller had gone on to something else: the desk knows of it from then on."""

from __future__ import annotations

from tests.booking.callers import Caller, act, flight, text
from voice.booking.codes.locators import spell
from voice.booking.dialogue import AddBags, CancelBooking
from voice.cascade.words import Outcome


async def booked_late(caller: Caller, *meanwhile: str) -> Outcome:
    """Approve a trip, and say more before it is known to be booked."""
    await caller.does(flight("Boston", "Denver", "next Friday"))
    before = caller.dialogue
    outcome = await caller.says_yes()
    caller.dialogue = before
    for said in meanwhile:
        await caller.says(said)
    caller.dialogue = caller.desk.remember(caller.dialogue, outcome)
    return outcome


async def test_cancel_it_finds_what_was_booked_late(caller: Caller) -> None:
    booked = await booked_late(caller, "How many bags are free?")
    asked = await caller.says("Cancel that booking, please.")
    assert asked.say[-1] == "Shall I cancel it?"
    assert caller.dialogue.pending
    assert isinstance(caller.dialogue.pending.write, CancelBooking)
    assert (await caller.says_yes()).wrote == booked.wrote


async def test_a_bag_goes_to_what_was_booked_late_though_another_trip_is_proposed(caller: Caller) -> None:
    booked = await booked_late(caller, "A flight from Boston to Seattle on the tenth.")
    await caller.does(act("bags", count="one"))
    assert caller.dialogue.pending
    assert isinstance(caller.dialogue.pending.write, AddBags)
    assert (await caller.says_yes()).wrote == booked.wrote


async def test_the_code_of_what_was_booked_late_is_told_again(caller: Caller) -> None:
    (locator,) = (await booked_late(caller, "How many bags are free?")).wrote
    assert spell(locator) in text(await caller.says("What is my booking code?"))


async def test_what_was_proposed_meanwhile_still_stands(caller: Caller) -> None:
    first = await booked_late(caller, "A flight from Boston to Seattle on the tenth.")
    second = await caller.says_yes()
    assert second.wrote
    assert second.wrote != first.wrote
    assert caller.dialogue.bookings == (*first.wrote, *second.wrote)


async def test_a_yes_said_once_more_books_nothing_twice(caller: Caller) -> None:
    await booked_late(caller, "How many bags are free?")
    assert caller.dialogue.pending is None
    assert not (await caller.says_yes()).wrote


async def test_the_same_trip_sought_again_meanwhile_is_not_booked_by_the_next_yes(caller: Caller) -> None:
    await booked_late(caller, "A flight from Boston to Denver next Friday.")
    assert not (await caller.says_yes()).wrote


async def test_to_take_it_in_twice_is_to_take_it_in_once(caller: Caller) -> None:
    booked = await booked_late(caller, "How many bags are free?")
    assert caller.desk.remember(caller.dialogue, booked) == caller.dialogue


async def test_bags_that_waited_for_the_booking_are_not_asked_for_again(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    await caller.does(act("bags", count="one"))
    before = caller.dialogue
    outcome = await caller.says_yes()
    assert outcome.wrote
    assert outcome.unheard, "the bags are proposed with it"
    assert caller.desk.remember(before, outcome).later == ()
