"""What the desk can't do is told as that; complaints and conditions lose no proposal."""

import pytest

from tests.booking.callers import Caller, text
from voice.booking.dialogue import CancelBooking
from voice.cascade.words import OutcomeKind

CONNECT = "Shall I connect you with a colleague?"
ONLY_BY_CODE = (
    "I can only find a booking by its code.",
    "It's on your ticket and in your confirmation email, and without it a colleague can help.",
    "Can you find it there?",
)


@pytest.mark.parametrize("said", ["Can you send it to me by e-mail?", "Could you text me the details?"])
async def test_nothing_is_sent_and_the_code_is_told(caller: Caller, said: str) -> None:
    await caller.says("Look up QT44LZ.")
    outcome = await caller.says(said)
    assert outcome.say == ("I can't send anything from here.", "All you need is your code, Q, T, 4, 4, L, Z.")


async def test_mail_read_on_board_is_not_sent(caller: Caller) -> None:
    assert "send" not in text(await caller.says("Can I check my email on the plane?"))


async def test_bags_are_not_taken_off(caller: Caller) -> None:
    await caller.says("Add two bags to QT44LZ.")
    await caller.says("Yes.")
    outcome = await caller.says("Actually, take one away again.")
    assert outcome.say == ("I can only add bags, and a colleague can take them off.", CONNECT)
    assert (await caller.says("Yes.")).kind is OutcomeKind.HANDOFF


async def test_a_colleague_who_was_offered_is_forgotten_once_the_caller_goes_on(caller: Caller) -> None:
    await caller.says("You are terrible.")
    assert (await caller.says("Cancel QT44LZ.")).say[-1] == "Shall I cancel it?"
    assert (await caller.says("Yes.")).wrote == ("QT44LZ",)


async def test_a_cancelled_booking_is_not_brought_back(caller: Caller) -> None:
    await caller.says("Cancel QT44LZ.")
    await caller.says("Yes.")
    assert (await caller.says("Can you undo that?")).say[0] == "A cancelled booking can't be brought back."


@pytest.mark.parametrize(
    "said", ["I want to change my flight but I don't have the code.", "Cancel it, I lost my code."]
)
async def test_who_has_no_code_is_told_where_it_is(caller: Caller, said: str) -> None:
    outcome = await caller.says(said)
    assert outcome.say == ONLY_BY_CODE
    assert (await caller.says("It's QT44LZ.")).kind is not OutcomeKind.HANDOFF


async def test_a_name_finds_no_booking(caller: Caller) -> None:
    await caller.says("I want to cancel my booking.")
    outcome = await caller.says("Can you find it by my name? Maya Reyes.")
    assert outcome.say == ONLY_BY_CODE
    assert "Q, T, 4, 4, L, Z" not in text(outcome)


@pytest.mark.parametrize(
    "said",
    ["Yes, if I get the full amount back.", "Only if there is no fee.", "That's ridiculous.", "Can you waive the fee?"],
)
async def test_a_condition_or_a_complaint_approves_nothing_and_hears_the_sum_again(caller: Caller, said: str) -> None:
    await caller.says("Cancel QT44LZ.")
    outcome = await caller.says(said)
    assert not outcome.wrote
    assert outcome.say[-2:] == ("You get $359 back, after a $75 fee.", "Shall I cancel your booking?")
    assert (await caller.says("Fine, yes.")).wrote == ("QT44LZ",)


async def test_why_a_sum_is_as_it_is_is_told(caller: Caller) -> None:
    await caller.says("Move the return of QT44LZ to the 16th.")
    outcome = await caller.says("How come it's so much?")
    assert outcome.say == ("It's $60 in all: a $50 change fee and $10 more in fare.", "Shall I change your flight?")


async def test_a_complaint_is_answered_with_a_colleague(caller: Caller) -> None:
    outcome = await caller.says("This is the third time I'm calling. Your service is terrible.")
    assert outcome.say == ("I'm sorry about that.", CONNECT)


async def test_a_hotel_is_no_flight(caller: Caller) -> None:
    assert (await caller.says("Book me a hotel in Denver.")).say == ("I only book flights, no hotels, cars or trains.",)
    assert caller.dialogue.asked is None


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("What can you do?", "I can find and book flights"),
        ("Who am I talking to?", "I'm the automated agent"),
        ("Can you sing?", "I can't help with that"),
    ],
)
async def test_questions_about_the_agent_are_answered(caller: Caller, said: str, answer: str) -> None:
    assert (await caller.says(said)).say[0].startswith(answer)


async def test_another_number_of_bags_approves_none_that_were_read_back(caller: Caller) -> None:
    await caller.says("Add two bags to QT44LZ.")
    outcome = await caller.says("Hmm, okay. Make it one.")
    assert not outcome.wrote
    assert "$70" in outcome.facts
    assert "one checked bag" in text(await caller.says("Yes."))


@pytest.mark.parametrize("said", ["Okay, make it one.", "Yes, make it just one.", "Make it one."])
async def test_another_number_of_travellers_approves_none_that_were_read_back(caller: Caller, said: str) -> None:
    await caller.says("Boston to Denver on the 11th for two people.")
    outcome = await caller.says(said)
    assert not outcome.wrote
    assert "$251" in outcome.facts
    assert "$502" not in outcome.facts


BAGS_STAY = "I can only add bags, and a colleague can take them off."


@pytest.mark.parametrize(
    "said",
    [
        "Can I take two bags?",
        "Where do I drop my bags?",
        "What if you lose my suitcase?",
        "Can we take a cake in the hand luggage?",
        "When can I get my bags back?",
        "Do I have to take out my laptop from the bag?",
        "Can I drop off the luggage early?",
    ],
)
async def test_what_is_done_with_bags_takes_none_off(caller: Caller, said: str) -> None:
    await caller.says("Add two bags to QT44LZ.")
    await caller.says("Yes.")
    outcome = await caller.says(said)
    assert BAGS_STAY not in outcome.say
    assert not isinstance(caller.dialogue.pending and caller.dialogue.pending.write, CancelBooking)


@pytest.mark.parametrize(
    "said",
    [
        "Take the bags off again.",
        "Can you take off one bag?",
        "Remove one of my two bags, please.",
        "I'd like to drop one suitcase.",
        "Please cancel the luggage.",
        "I want fewer bags.",
        "Cancel one.",
    ],
)
async def test_bags_are_taken_off_by_a_colleague(caller: Caller, said: str) -> None:
    await caller.says("Add two bags to QT44LZ.")
    await caller.says("Yes.")
    assert (await caller.says(said)).say == (BAGS_STAY, CONNECT)


async def test_bags_to_take_along_are_added(caller: Caller) -> None:
    await caller.says("Look up QT44LZ.")
    assert "two checked bags" in text(await caller.says("I'd like to take two bags."))


@pytest.mark.parametrize("other", ["", "Look up WK7R2M."])
async def test_after_bags_a_booking_can_be_cancelled(caller: Caller, other: str) -> None:
    await caller.says("Add two bags to QT44LZ.")
    await caller.says("Yes.")
    if other:
        await caller.says(other)
    assert (await caller.says("Cancel it.")).say[-1] == "Shall I cancel it?"


async def test_bags_of_another_booking_are_not_what_is_taken_away(caller: Caller) -> None:
    await caller.says("Add two bags to QT44LZ.")
    await caller.says("Yes.")
    await caller.says("Look up WK7R2M.")
    assert BAGS_STAY not in (await caller.says("Actually, take one away again.")).say


async def test_who_lost_a_code_that_was_misheard_is_offered_a_colleague(caller: Caller) -> None:
    assert (await caller.says("Look up QT94LZ.")).say[-1] == "Which character is wrong?"
    asked = await caller.says("I don't have the code with me.")
    assert asked.say == ONLY_BY_CODE
    assert (await caller.says("I lost the code.")).say[-1] == CONNECT
    assert (await caller.says("Yes.")).kind is OutcomeKind.HANDOFF
