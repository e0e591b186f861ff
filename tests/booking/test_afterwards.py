"""After something was done: whether it worked, what was paid, and a yes that comes once more writes nothing."""

import pytest

from tests.booking.callers import Caller, act, assert_speakable, flight, text
from voice.cascade.words import Action

CANCELLED = ("Booking Q, T, 4, 4, L, Z is cancelled.", "$359 goes back to your card within seven business days.")


@pytest.mark.parametrize("read", [(act("chat"),), (act("confirm", answer="yes"),), ()], ids=str)
async def test_a_second_yes_is_told_that_it_is_done(caller: Caller, read: tuple[Action, ...]) -> None:
    await caller.says("Cancel QT44LZ.")
    assert (await caller.says("Yes.")).say == CANCELLED
    reading = caller.desk.read("Yes, please.", caller.dialogue)
    outcome = await caller.desk.perform(read, reading, caller.dialogue, key="again")
    assert outcome.say == ("That's done already.", "Is there anything else?")
    assert not outcome.wrote


async def test_a_second_yes_after_a_booking_books_nothing_more(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    await caller.says("Yes.")
    outcome = await caller.says("Yes, book it.")
    assert (outcome.say[0], outcome.wrote) == ("That's done already.", ())


@pytest.mark.parametrize("said", ["Did that work?", "Is it cancelled now?", "Have you cancelled it?", "So it's done?"])
async def test_whether_it_worked_is_told_with_what_was_done(caller: Caller, said: str) -> None:
    await caller.says("Cancel QT44LZ.")
    await caller.says("Yes.")
    outcome = await caller.says(said)
    assert outcome.say == ("Yes, it's done.", *CANCELLED)
    assert_speakable(outcome)


async def test_what_waits_for_a_yes_is_not_done_yet(caller: Caller) -> None:
    await caller.says("Cancel QT44LZ.")
    assert (await caller.says("Is it cancelled now?")).say == ("Not yet.", "Shall I cancel your booking?")
    assert (await caller.says("Yes.")).wrote == ("QT44LZ",)


@pytest.mark.parametrize(
    ("wish", "paid"),
    [
        ("Move the return of QT44LZ to the 16th.", "You paid $60 for the change."),
        ("Add two bags to QT44LZ.", "You paid $160 for the bags."),
        ("Cancel QT44LZ.", "$359 goes back to your card within seven business days."),
    ],
)
@pytest.mark.parametrize("question", ["What did I just pay?", "How much was I charged?"])
async def test_what_was_paid_is_that_of_the_last_write(caller: Caller, wish: str, paid: str, question: str) -> None:
    await caller.says(wish)
    await caller.says("Yes.")
    outcome = await caller.says(question)
    assert outcome.say[0] == paid
    assert_speakable(outcome)


async def test_what_a_booking_cost_is_told_without_a_write(caller: Caller) -> None:
    await caller.says("Look up QT44LZ.")
    assert (await caller.says("How much did I pay?")).say == ("You paid $434 in total.",)


async def test_what_is_paid_for_an_offer_is_its_own_price(caller: Caller) -> None:
    await caller.says("Add a bag to QT44LZ.")
    await caller.says("Yes.")
    await caller.does(flight("Boston", "Denver", "next Friday"))
    assert "$70" not in (await caller.says("How much would that be?")).facts


@pytest.mark.parametrize(("said", "answer"), [("No.", "Thanks for calling"), ("Yes.", "What can I do for you?")])
async def test_an_answer_to_anything_else_is_understood(caller: Caller, said: str, answer: str) -> None:
    await caller.says("Look up QT44LZ.")
    assert (await caller.says("Thank you.")).say[-1] == "Is there anything else?"
    assert (await caller.says(said)).say[0].startswith(answer)


async def test_an_okay_after_it_is_done_goes_on(caller: Caller) -> None:
    await caller.says("Cancel QT44LZ.")
    await caller.says("Yes.")
    assert (await caller.says("Okay.")).say == ("Is there anything else?",)
    await caller.says("Look up WK7R2M.")
    assert (await caller.says("Wait, no.")).say[0] == "That's done already."


async def test_a_yes_where_nothing_was_done_is_asked_about(caller: Caller) -> None:
    assert "done already" not in " ".join((await caller.says("Yes.")).say)


@pytest.mark.parametrize("said", ["And the way back?", "What about the return?", "And the one from Denver?"])
async def test_a_flight_of_the_booking_that_is_only_named_is_told(caller: Caller, said: str) -> None:
    await caller.says("Look up QT44LZ.")
    await caller.says("What time do I land?")
    outcome = await caller.says(said)
    assert outcome.say == ("Denver to Boston on Tuesday, December 15th at 1:05 PM, arriving at 7:15 PM.",)
    assert caller.dialogue.search is None


async def test_a_flight_that_is_not_booked_is_searched(caller: Caller) -> None:
    await caller.says("Look up QT44LZ.")
    await caller.says("And a flight from Boston to Seattle?")
    assert caller.dialogue.asked
    assert caller.dialogue.asked.action.name == "search"


async def test_the_bags_of_the_booking_are_told(caller: Caller) -> None:
    await caller.says("Look up HN5B8C.")
    assert (await caller.says("How many bags do I have?")).say == (
        "Your booking has two checked bags in all, for three passengers.",
    )
    assert "$35" in (await caller.says("How many bags can I take?")).facts


async def test_the_last_flight_again_is_told_and_not_changed(caller: Caller) -> None:
    await caller.says("Look up WK7R2M.")
    outcome = await caller.says("What was the last flight again?")
    assert outcome.say == ("Seoul to Boston on Sunday, December 20th at 8:55 AM.",)


@pytest.mark.parametrize("said", ["Okay, cancel the booking.", "Sure, cancel it.", "Go ahead and cancel it."])
async def test_another_wish_with_a_yes_in_it_is_taken_up(caller: Caller, said: str) -> None:
    await caller.says("Add two bags to QT44LZ.")
    await caller.says("Yes.")
    assert (await caller.says(said)).say[-1] == "Shall I cancel it?"
    assert (await caller.says("Yes.")).wrote == ("QT44LZ",)
    assert (await caller.says("Yes, cancel it.")).say[0] == "That's done already."


async def test_the_same_wish_for_another_booking_is_taken_up(caller: Caller) -> None:
    await caller.says("Cancel QT44LZ.")
    await caller.says("Yes.")
    await caller.says("Look up WK7R2M.")
    assert (await caller.says("Okay, cancel the booking.")).say[-1] == "Shall I cancel it?"
    assert (await caller.says("Yes.")).wrote == ("WK7R2M",)


async def test_a_wish_in_answer_to_anything_else_is_taken_up(caller: Caller) -> None:
    await caller.says("Look up QT44LZ.")
    assert (await caller.says("Thank you.")).say[-1] == "Is there anything else?"
    assert (await caller.says("Yes, cancel the booking.")).say[-1] == "Shall I cancel it?"


async def test_what_was_done_is_told_beside_what_waits(caller: Caller) -> None:
    await caller.says("Move the return of QT44LZ to the 16th.")
    await caller.says("Yes.")
    await caller.says("Add a bag.")
    outcome = await caller.says("Did the change go through?")
    assert outcome.say[0].startswith("Your flight from Denver to Boston now leaves on Wednesday, December 16th")
    assert outcome.say[-2:] == ("Those bags aren't added yet.", "Shall I add the bags?")
    assert_speakable(outcome)
    assert (await caller.says("Yes.")).wrote == ("QT44LZ",)


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ("Add a bag to QT44LZ.", "Those bags aren't added yet."),
        ("Move the return of QT44LZ to the 16th.", "That change isn't made yet."),
    ],
)
async def test_what_waits_is_named_so_that_the_booking_seems_not_lost(caller: Caller, wish: str, told: str) -> None:
    await caller.says(wish)
    assert (await caller.says("Is my booking confirmed?")).say[0] == told


async def test_what_is_not_cancelled_yet_is_said_behind_what_was_done(caller: Caller) -> None:
    await caller.says("Add two bags to QT44LZ.")
    added = await caller.says("Yes.")
    await caller.says("Cancel the booking.")
    outcome = await caller.says("Is it cancelled now?")
    assert outcome.say == (*added.say, "Your booking isn't cancelled yet.", "Shall I cancel your booking?")


async def test_a_new_trip_is_not_told_of_a_booking_that_was_looked_up(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    await caller.says("Yes.")
    assert (await caller.says("Did that work?")).say[0] == "Yes, it's done."
    await caller.says("Look up QT44LZ.")
    assert (await caller.says("Did that work?")).say == ("Booking Q, T, 4, 4, L, Z is confirmed.",)


@pytest.mark.parametrize(
    "said",
    [
        "How much do I have to pay to change it?",
        "What do I pay for a second bag?",
        "How much will I pay if I miss it?",
        "What do we owe for a third suitcase?",
    ],
)
async def test_what_something_would_cost_is_not_what_was_paid(caller: Caller, said: str) -> None:
    await caller.says("Look up QT44LZ.")
    assert "paid" not in text(await caller.says(said))


@pytest.mark.parametrize(
    "said", ["How much do I owe you now?", "What do I have to pay in total?", "How much did I have to pay?"]
)
async def test_what_is_to_be_paid_for_the_booking_was_paid(caller: Caller, said: str) -> None:
    await caller.says("Look up QT44LZ.")
    assert (await caller.says(said)).say == ("You paid $434 in total.",)
