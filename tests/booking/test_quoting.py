"""What cancelling or changing a booking would come to is told, and nothing is proposed by it."""

import pytest

from tests.booking.callers import Caller, act, assert_speakable
from voice.booking.talk.inquiries import quotes_asked
from voice.cascade.words import Action

REFUND = "You get $359 back, after a $75 fee."
CHANGE_FEE = "It's $50 for each flight, plus any difference in fare."


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How much would I get back?", REFUND),
        ("How much do I get back if I cancel it?", REFUND),
        ("What would my refund be?", REFUND),
        ("Would I get my money back?", REFUND),
        ("What would it cost to change it?", CHANGE_FEE),
        ("How much is it to change my flight?", CHANGE_FEE),
        ("What's the change fee?", CHANGE_FEE),
        ("What would it cost to change the return flight?", "It's $50, plus any difference in fare."),
    ],
)
async def test_the_terms_of_the_booking_spoken_of_are_told_and_nothing_proposed(
    caller: Caller, question: str, answer: str
) -> None:
    await caller.says("Look up QT44LZ.")
    outcome = await caller.says(question)
    assert outcome.say == (answer,)
    assert_speakable(outcome)
    assert caller.dialogue.pending is None


@pytest.mark.parametrize("read", [(), (act("chat"),), (act("cancel"),), (act("policy", topic="refunds"),)], ids=str)
async def test_they_are_told_whatever_the_question_was_read_as(caller: Caller, read: tuple[Action, ...]) -> None:
    await caller.says("Look up QT44LZ.")
    reading = caller.desk.read("How much would I get back?", caller.dialogue)
    assert (await caller.desk.perform(read, reading, caller.dialogue, key="back")).say == (REFUND,)


async def test_the_question_that_waits_still_waits(caller: Caller) -> None:
    await caller.says("Cancel QT44LZ.")
    outcome = await caller.says("What would it cost to change it?")
    assert outcome.say == (CHANGE_FEE, "Shall I cancel your booking?")
    assert (await caller.says("How much would I get back?")).say == (REFUND, "Shall I cancel your booking?")
    assert (await caller.says_yes()).wrote == ("QT44LZ",)
    back = ("$359 goes back to your card within seven business days.",)
    assert (await caller.says("How much do I get back?")).say == back


async def test_a_change_that_was_read_back_is_told_with_its_own_price(caller: Caller) -> None:
    await caller.does(act("change", code="QT44LZ", leg="the return", date="the 16th"))
    outcome = await caller.says("How much would it cost to change it?")
    assert outcome.say == (
        "It's $60 in all: a $50 change fee and $10 more in fare.",
        "Shall I change your flight?",
    )


async def test_within_a_day_of_booking_a_change_has_no_fee(caller: Caller) -> None:
    await caller.says("Boston to Denver on December 10th.")
    await caller.says_yes()
    outcome = await caller.says("What would it cost to change it?")
    assert outcome.say == ("There is no change fee, only any difference in fare.",)


async def test_without_a_booking_the_rules_are_told(caller: Caller) -> None:
    outcome = await caller.says("What would it cost to change it?")
    assert outcome.say[0].startswith("$50 per passenger to change an economy ticket")


@pytest.mark.parametrize(
    "said",
    ["How much is it to change to the 20th?", "Cancel it if I get a refund.", "I'll get back to you.", "Change it."],
)
def test_other_words_ask_for_no_terms(said: str) -> None:
    assert quotes_asked(said) == ()
