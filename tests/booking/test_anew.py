"""The trip of a cancelled booking is sought again on other days."""

import pytest

from tests.booking.callers import Caller, act, leg, text


@pytest.mark.parametrize(
    "said",
    [
        "Yes. And then I want the same thing but on January ninth.",
        "Yes please, and book me the same flight for January ninth.",
        "Yes, and rebook it for January ninth.",
    ],
)
async def test_a_yes_to_the_cancellation_and_the_same_on_another_day_are_both_done(caller: Caller, said: str) -> None:
    await caller.says("Cancel M2P6WD.")
    outcome = await caller.does_in(said, act("confirm", answer="yes"), act("change", date="January ninth"))
    assert outcome.wrote == ("M2P6WD",)
    assert "from Seattle to San Francisco on Saturday, January 9th" in text(outcome)
    assert outcome.say[-1] == "Shall I book it?"


async def test_the_same_is_sought_in_a_later_turn_and_its_day_asked_for(caller: Caller) -> None:
    await caller.says("Cancel M2P6WD.")
    await caller.says("Yes.")
    outcome = await caller.does_in("I want the same again.", act("clarify", missing="request"))
    assert outcome.say == ("What day would you like to fly from Seattle to San Francisco?",)


async def test_there_and_back_for_as_many_as_before(caller: Caller) -> None:
    await caller.says("Cancel everything on A B C 1 2 3 and then book London again for January tenth.")
    outcome = await caller.says("Yes.")
    assert "$1,250 in total for the round trip" in text(outcome)
    assert "back on Sunday, January 17th" in text(outcome)


async def test_same_as_before_answers_where_from_and_keeps_the_day_that_was_said(caller: Caller) -> None:
    await caller.says("Cancel ABC123.")
    await caller.says("Yes.")
    await caller.does(act("search", legs=[leg(to="London", date="January 5th")]))
    said = "Same as before New York, back on the seventeenth, two people."
    outcome = await caller.does_in(said, act("search", legs=[leg(from_="New York", date="the seventeenth")], pax="two"))
    assert "Tuesday, January 5th" in text(outcome)
    assert "back on Sunday, January 17th" in text(outcome)


async def test_another_trip_is_sought_as_it_was_said(caller: Caller) -> None:
    await caller.says("Cancel ABC123.")
    await caller.says("Yes.")
    assert "Boston to Denver" in text(await caller.says("Book Boston to Denver on December 10th."))


async def test_a_no_cancels_nothing_and_a_move_is_a_move(caller: Caller) -> None:
    await caller.says("Cancel M2P6WD.")
    outcome = await caller.says("No, move it to the tenth of December.")
    assert outcome.say[0] == "Okay, your booking stays as it is."
    assert outcome.say[-1] == "Shall I change it?"
