"""Questions about flights that were read back or are booked: answered from what is known, without losing the offer."""

import pytest

from tests.booking.callers import Caller, act, assert_speakable, text
from voice.booking.dialogue import BookTrip
from voice.booking.talk.inquiries import inquiries
from voice.cascade.words import Action

ONE_WAY = "I'd like to fly from Boston to Denver on December 10th."
ROUND_TRIP = "Boston to Denver on December 10th and back on the 15th."
THREE = "Boston to Denver on the 10th, then Denver to Seattle on the 14th, then back to Boston on the 18th."


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What time does it arrive?", "You arrive in Denver at 5:45 PM."),
        ("And when do we land?", "You arrive in Denver at 5:45 PM."),
        ("Sorry, what time?", "You leave Boston on Thursday, December 10th at 3:35 PM."),
        ("What day is that?", "You leave Boston on Thursday, December 10th at 3:35 PM."),
        ("Is that nonstop?", "It's nonstop."),
        ("Do I have to change planes?", "It's nonstop."),
        ("How long is the flight?", "It takes four hours and 10 minutes."),
        ("Which airport?", "There is only one airport in Boston and Denver that we fly to."),
        ("How much is it in total?", "It's $175."),
        ("What's the flight number?", "It's flight LK 475."),
    ],
)
async def test_a_question_about_an_offer_is_answered_and_the_offer_still_waits(
    caller: Caller, question: str, answer: str
) -> None:
    await caller.says(ONE_WAY)
    outcome = await caller.says(question)
    assert outcome.say == (answer, "Shall I book that flight?")
    assert_speakable(outcome)
    assert (await caller.says_yes()).wrote


async def test_a_flight_with_a_stop_is_told_as_one(caller: Caller) -> None:
    await caller.says(ONE_WAY)
    await caller.says("Is there a later one?")
    assert (await caller.says("Is it a direct flight?")).say[0] == "You change planes in Chicago."


async def test_an_arrival_on_another_day_is_told_with_the_day(caller: Caller) -> None:
    await caller.says("New York to London on the 10th.")
    outcome = await caller.says("What time does it get in?")
    assert outcome.say[0] == "You arrive in London Heathrow at 7:20 AM on Friday, December 11th."
    assert (await caller.says("Which airport is it?")).say[0] == "It's New York JFK and London Heathrow."


@pytest.mark.parametrize(
    ("trip", "question", "answer"),
    [
        (ROUND_TRIP, "When do I arrive on the way back?", "You arrive in Boston at 7:15 PM."),
        (ROUND_TRIP, "What time do I arrive?", "You arrive in Denver at 5:45 PM and in Boston at 7:15 PM."),
        (ROUND_TRIP, "How much is the return?", "Denver to Boston is $160."),
        (ROUND_TRIP, "Are there any stops?", "All of the flights are nonstop."),
        (THREE, "What time do I arrive in Seattle?", "You arrive in Seattle at 12:35 PM."),
        (THREE, "What does the second leg cost?", "Denver to Seattle is $120."),
    ],
)
async def test_a_question_may_be_about_one_leg(caller: Caller, trip: str, question: str, answer: str) -> None:
    await caller.says(trip)
    assert (await caller.says(question)).say[0] == answer


async def test_what_a_model_reads_in_such_a_question_changes_nothing_about_the_answer(caller: Caller) -> None:
    await caller.says(ONE_WAY)
    reading = caller.desk.read("Is that nonstop?", caller.dialogue)
    for read in (act("chat"), act("clarify", missing="request"), act("search", nonstop=True)):
        outcome = await caller.desk.perform((read,), reading, caller.dialogue, key="again")
        assert outcome.say == ("It's nonstop.", "Shall I book that flight?")


async def test_a_booking_is_asked_about_as_well(caller: Caller) -> None:
    await caller.says(ONE_WAY)
    await caller.says_yes()
    assert (await caller.says("What time does it arrive?")).say == ("You arrive in Denver at 5:45 PM.",)
    assert (await caller.says("What was the code again?")).say[0].startswith("Your code is ")
    assert (await caller.says("How much was it?")).say == ("You paid $175 in total.",)


async def test_a_change_that_was_read_back_is_asked_about(caller: Caller) -> None:
    await caller.does(act("change", code="QT44LZ", leg="the return", date="the 16th"))
    outcome = await caller.says("What would that cost?")
    assert outcome.say == (
        "It's $60 in all: a $50 change fee and $10 more in fare.",
        "Shall I change your flight?",
    )
    assert (await caller.says("What time does it land?")).say[0] == "You arrive in Boston at 7:15 PM."


async def test_what_was_declined_can_still_be_asked_about(caller: Caller) -> None:
    await caller.says(ONE_WAY)
    await caller.says_no()
    assert (await caller.says("How much was it?")).say[0] == "It's $175."
    assert caller.dialogue.pending is None


async def test_a_price_for_more_people_is_that_of_another_trip(caller: Caller) -> None:
    await caller.says(ONE_WAY)
    outcome = await caller.says("How much is that for three?")
    assert "$525" in text(outcome)
    assert caller.dialogue.pending
    assert isinstance(caller.dialogue.pending.write, BookTrip)
    assert caller.dialogue.pending.write.trip.passengers == 3


@pytest.mark.parametrize(
    "said",
    [
        "How much is a bag?",
        "How long before the flight do I have to be there?",
        "How much is it to change?",
        "What time does it arrive on the 12th?",
        "Is there a nonstop?",
        "How much would I get back?",
        "When is it cheapest?",
        "Can I cancel it later?",
    ],
)
def test_rules_and_new_searches_are_no_questions_about_known_flights(said: str) -> None:
    assert inquiries(said) == ()


async def test_nothing_is_told_where_no_flight_is_known(caller: Caller) -> None:
    assert caller.desk.read("What time does it arrive?", caller.dialogue).actions != (Action("repeat"),)
    assert "arrive" not in text(await caller.says("What time does it arrive?"))
