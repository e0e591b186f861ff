"""What was understood of a turn is said, and only what is missing is asked for; nothing is asked that asks itself."""

import pytest

from tests.booking.callers import Caller, act, assert_speakable, flight, leg, text
from voice.cascade.words import Action, Outcome, OutcomeKind

NOBODY = act("clarify", missing="request")
DOING = "What would you like me to do with it?"


async def read_back(caller: Caller, *actions: Action) -> Outcome:
    return await caller.does(act("clarify", missing="confirmation", actions=[action.as_dict() for action in actions]))


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Boston to Denver.", "I have Boston to Denver. What day would you like to fly?"),
        ("A gizmo to Denver on Friday.", "I have a flight to Denver, on Friday. Where are you flying from?"),
        (
            "From Boston on Friday, the thing.",
            "I have a flight from Boston, on Friday. Where would you like to fly to?",
        ),
    ],
)
async def test_a_part_of_a_trip_is_kept_and_the_rest_asked_for(caller: Caller, said: str, asked: str) -> None:
    outcome = await caller.does_in(said, NOBODY)
    assert text(outcome) == asked
    assert outcome.kind is OutcomeKind.CLARIFY


async def test_a_code_that_was_heard_is_said_and_kept(caller: Caller) -> None:
    outcome = await caller.does_in("The gizmo for A B C 1 2 3.", NOBODY)
    assert "ooking A, B, C, 1, 2, 3" in text(outcome)
    assert_speakable(outcome)
    assert "London" in text(await caller.says("Cancel it."))


async def test_a_code_that_no_booking_has_is_not_kept(caller: Caller) -> None:
    assert DOING not in text(await caller.does_in("The gizmo for Q Q 7 7 Q Q.", NOBODY))
    assert caller.dialogue.bookings == ()


async def test_a_whole_trip_that_nobody_else_read_is_said_back(caller: Caller) -> None:
    outcome = await caller.does_in("The purple gizmo, Boston to Denver on December 11, whatever.", NOBODY)
    assert "Boston to Denver" in text(outcome)
    assert outcome.say[-1] == "Is that right?"
    assert "nonstop" in text(await caller.says("Yes."))


async def test_one_thing_at_a_time_is_asked_for_only_where_several_were_said(caller: Caller) -> None:
    one = await caller.does_in("The gizmo on the 12th or 14th.", NOBODY)
    assert text(one) == "Sorry, I didn't get all of that. Could you say it another way?"


async def test_a_part_of_a_request_is_said_back_with_the_rest_of_it(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "December 11"))
    outcome = await read_back(caller, act("search", legs=[leg(time="in the evening")]))
    assert "flying from Boston to Denver, on December 11, in the evening" in text(outcome)
    await caller.says("No.")
    await caller.does(flight("Boston", "Denver", "December 11"))
    again = await read_back(caller, act("search", legs=[leg(date="the next day")]))
    assert "on Saturday, December 12th" in text(again)


async def test_a_change_is_said_back_with_its_flight(caller: Caller) -> None:
    await caller.says("Look up QT44LZ.")
    outcome = await read_back(caller, act("change", leg="home", time="in the afternoon"))
    assert "changing the flight from Denver to Boston on booking Q, T, 4, 4, L, Z, in the afternoon" in text(outcome)


@pytest.mark.parametrize(
    ("action", "asked"),
    [
        (act("change", code="QT44LZ", time="in the afternoon"), "Which flight do you mean"),
        (act("change", time="in the afternoon"), "What is your six-character confirmation code?"),
        (act("cancel", code="QT44LZ"), "Shall I cancel it?"),
        (act("bags", code="QT44LZ", count="one"), "Shall I add it?"),
        (act("lookup", code="QT44LZ"), "Booking Q, T, 4, 4, L, Z is confirmed"),
    ],
)
async def test_what_asks_by_itself_is_not_asked_about_before(caller: Caller, action: Action, asked: str) -> None:
    outcome = await read_back(caller, action)
    assert asked in text(outcome)
    assert "Is that right?" not in text(outcome)
    assert not outcome.wrote


async def test_after_a_no_the_details_stay_and_one_is_put_right(caller: Caller) -> None:
    await read_back(caller, flight("Boston", "Denver", "December 11"))
    assert text(await caller.says("No.")) == "Sorry. What should be different?"
    found = await caller.does(act("search", legs=[leg(date="December 12")]))
    assert "Boston to Denver on Saturday, December 12th" in text(found)


async def test_after_a_no_a_whole_other_trip_is_sought_as_it_was_said(caller: Caller) -> None:
    await read_back(caller, flight("Boston", "Denver", "December 11"))
    await caller.says("No.")
    assert "Chicago" in text(await caller.says("From Seattle to Chicago on December 12."))


async def test_what_had_content_is_repeated_and_no_apology(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "December 11"))
    offered = caller.dialogue.said
    await caller.does_in("Blah the purple 12th 14th.", NOBODY)
    again = await caller.does_in("Sorry, what did you say?", act("repeat"))
    assert again.say == offered
    assert (await caller.says("Yes.")).wrote


async def test_a_booking_is_repeated_behind_an_apology(caller: Caller) -> None:
    told = await caller.says("Look up QT44LZ.")
    await caller.does_in("Grmbl.", NOBODY)
    assert (await caller.does_in("Say that again?", act("repeat"))).say == told.say


async def test_rules_on_nothing_in_particular_are_not_said_back(caller: Caller) -> None:
    assert "a question on our rules" not in text(await read_back(caller, act("policy", topic="other")))
