"""What is asked of a booking itself is answered from it, whatever the turn was read as."""

import pytest

from tests.booking.callers import Caller, act, assert_speakable, leg, text
from voice.booking.dialogue import AddBags, ChangeLeg
from voice.booking.talk.of_booking import booking_question
from voice.cascade.words import Action, OutcomeKind

REFUND = "You get $1,344 back, after a $150 fee."
BAGS = "Your booking has one checked bag in all, for two passengers."
NO_STATUS = "I can't see live flight status, only the schedule."


@pytest.mark.parametrize(
    "said",
    [
        "What do I get back if I cancel ABC123?",
        "I want to know how much I'd get back for my booking A B C 1 2 3.",
        "If I cancel A B C 1 2 3 what's the refund?",
        "Would we get our money back for ABC123?",
        "For my booking, the A B C 1 2 3 one, how much would I get back?",
    ],
)
async def test_the_refund_of_a_booking_is_told_with_its_code_at_once_and_nothing_cancelled(
    caller: Caller, said: str
) -> None:
    outcome = await caller.says(said)
    assert outcome.say == (REFUND,)
    assert_speakable(outcome)
    assert caller.dialogue.pending is None


@pytest.mark.parametrize(
    "read",
    [
        (act("policy", topic="refunds"),),
        (act("lookup", code="ABC123"), act("policy", topic="refunds")),
        (act("cancel", code="ABC123"),),
        (act("clarify", missing="request"),),
        (act("clarify", missing="confirmation", actions=[{"action": "policy", "topic": "refunds"}]),),
    ],
    ids=str,
)
async def test_the_refund_is_told_whatever_the_question_was_read_as(caller: Caller, read: tuple[Action, ...]) -> None:
    assert (await caller.does_in("How much do I get back if I cancel ABC123?", *read)).say == (REFUND,)


async def test_a_no_to_a_change_and_the_question_for_the_refund_are_both_heard(caller: Caller) -> None:
    await caller.says("Move my flight to Denver to the day after, QT44LZ.")
    outcome = await caller.says("No, leave it. What would I get back if I cancel it?")
    assert "stays as it is" in outcome.say[0]
    assert "You get $359 back, after a $75 fee." in outcome.say


@pytest.mark.parametrize(
    "said",
    [
        "Do I get refunded if I'm sick?",
        "Do I get my money back if the flight is cancelled?",
        "When do I get my money back?",
        "What's the refund policy?",
        "How many bags can I bring?",
        "How many bags are free?",
        "What happens if my flight is late?",
        "I need to be there on time.",
        "Do I get a hotel if my flight is delayed?",
        "I want the return on the same day.",
        "What about the return flight on the 12th?",
        "Read it again.",
        "How much is a bag on my booking?",
        "Change my return to the 5th.",
    ],
)
def test_rules_wishes_and_repeats_are_no_questions_of_a_booking(said: str) -> None:
    assert booking_question(said) == ""


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("How many bags does each of us get?", act("bags")),
        ("So do we already have one bag each or just the one?", act("policy", topic="baggage")),
        ("The booking, does it have one bag for both of us together?", act("bags", count="one")),
        ("Great and how many bags is that now altogether?", act("policy", topic="baggage")),
        ("Are there any suitcases on my booking?", act("chat")),
    ],
)
async def test_the_bags_of_a_booking_are_counted_and_none_added(caller: Caller, said: str, read: Action) -> None:
    await caller.says("Look up ABC123.")
    assert (await caller.does_in(said, read)).say == (BAGS,)
    assert caller.dialogue.pending is None


async def test_whom_an_offered_bag_is_for_is_answered_and_it_is_still_offered(caller: Caller) -> None:
    await caller.says("Add a bag to ABC123.")
    outcome = await caller.does_in("Is that for one of us or both?", act("clarify", missing="request"))
    assert outcome.say[0] == "It's one more bag for the whole booking, whoever brings it."
    assert caller.dialogue.pending
    assert isinstance(caller.dialogue.pending.write, AddBags)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("Thanks and what's my trip look like now?", act("repeat")),
        ("Can you read me my booking again?", act("repeat")),
        ("Could you go over my itinerary once more?", act("chat")),
        ("Remind me what I've booked.", act("clarify", missing="request")),
        ("What flights am I on now?", act("search")),
    ],
)
async def test_a_booking_is_read_again_after_it_was_changed(caller: Caller, said: str, read: Action) -> None:
    await caller.says("Move my flight to Denver to the day after, QT44LZ.")
    await caller.says("Yes.")
    outcome = await caller.does_in(said, read)
    assert "Boston to Denver on Saturday, December 12th" in outcome.say[0]
    assert "Denver to Boston on Tuesday, December 15th" in outcome.say[1]


@pytest.mark.parametrize(
    "said", ["Is my flight still on time?", "Has my flight been delayed?", "Any delays on my flight?"]
)
async def test_live_status_is_not_known_and_the_schedule_is_told(caller: Caller, said: str) -> None:
    await caller.says("Look up HN5B8C.")
    outcome = await caller.says(said)
    assert outcome.say == (NO_STATUS, "You leave Chicago O'Hare on Saturday, December 19th at 1 PM.")
    assert (await caller.says("Okay so it's on time?")).say[-1] == "Shall I connect you with a colleague?"
    assert (await caller.says("Yes.")).kind is OutcomeKind.HANDOFF


async def test_no_code_is_asked_for_what_no_booking_tells(caller: Caller) -> None:
    assert (await caller.says("Is my flight on time?")).say == (NO_STATUS, "Shall I connect you with a colleague?")


@pytest.mark.parametrize("said", ["Yes do it. Does my return stay the same?", "Yes. Will the flight home be affected?"])
async def test_the_other_flight_stays_as_it_is_and_the_yes_holds(caller: Caller, said: str) -> None:
    await caller.says("Move my flight to Denver to the day after, QT44LZ.")
    outcome = await caller.does_in(said, act("confirm", answer="yes"), act("policy", topic="changes"))
    assert outcome.wrote == ("QT44LZ",)
    assert outcome.say[-1] == "Your flight from Denver to Boston on Tuesday, December 15th at 1:05 PM stays as it is."


async def test_when_a_booked_flight_lands_is_told_with_its_code(caller: Caller) -> None:
    outcome = await caller.says("Hi what time do I land in London, booking A B C 1 2 3?")
    assert outcome.say == ("You arrive in London Heathrow at 7:20 AM on Saturday, December 19th.",)
    assert "7:20 AM" in text(await caller.does_in("I asked when it lands.", act("lookup")))


async def test_a_code_that_follows_answers_the_question_that_lacked_it(caller: Caller) -> None:
    assert (await caller.says("What time does my flight land?")).say == (
        "What is your six-character confirmation code?",
    )
    assert (await caller.says("QT44LZ.")).say == ("You arrive in Denver at 10:50 AM and in Boston at 7:15 PM.",)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("Hmm what time does the one on the sixteenth get in?", (act("lookup"),)),
        ("What time does it land on the 16th?", (act("change", date="the 16th"),)),
        (
            "No I mean when does it land in Boston?",
            (act("confirm", answer="no"), act("search", legs=[leg(to="Boston")])),
        ),
        ("But when does that one land?", (act("lookup", code="QT44LZ"),)),
    ],
)
async def test_when_an_offered_flight_lands_is_told_and_the_offer_still_waits(
    caller: Caller, said: str, read: tuple[Action, ...]
) -> None:
    await caller.says("Look up QT44LZ.")
    await caller.does(act("change", code="QT44LZ", leg="the return", date="the 16th"))
    outcome = await caller.does_in(said, *read)
    assert outcome.say == ("You arrive in Boston at 7:15 PM.", "Shall I change your flight?")
    assert caller.dialogue.pending
    assert isinstance(caller.dialogue.pending.write, ChangeLeg)


async def test_another_day_is_another_flight(caller: Caller) -> None:
    await caller.does(act("change", code="QT44LZ", leg="the return", date="the 16th"))
    outcome = await caller.does_in("What time does it land on the 20th?", act("change", date="the 20th"))
    assert "December 20th" in text(outcome)


@pytest.mark.parametrize("said", ["Oh ok why is there a fee?", "Why am I charged that?", "How come I pay a penalty?"])
async def test_why_there_is_a_fee_is_told_by_its_rule(caller: Caller, said: str) -> None:
    await caller.says("Cancel WK7R2M.")
    outcome = await caller.does_in(said, act("policy", topic="other"))
    assert outcome.say[0] == "That's our rule: cancelling economy costs $75 per passenger, and business is free."
    assert outcome.say[-1] == "Shall I cancel your booking?"
