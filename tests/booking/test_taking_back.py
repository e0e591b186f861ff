"""What callers take back before they go on: no later yes carries it out, and no farewell does."""

import pytest

from tests.booking.callers import Caller, act, flight, text
from voice.booking.context import TurnContext
from voice.booking.reading.reader import read
from voice.booking.talk.taking_back import only_leaves, takes_back, without_hold

CHANGE = act("change", code="F7D5LS", leg="first leg", date="one day earlier")


@pytest.mark.parametrize(
    "said",
    [
        "Oh, no, forget it. What does it cost to add two bags instead?",
        "Actually never mind. How much would two bags be?",
        "You know what, leave it. What's the price of two more bags?",
        "I changed my mind. How much is it for two extra suitcases?",
        "Don't change it, please. What would two bags cost?",
        "What would two bags cost? Forget the change.",
    ],
)
async def test_a_question_behind_what_is_taken_back_leaves_nothing_for_a_yes(caller: Caller, said: str) -> None:
    await caller.does(CHANGE)
    priced = await caller.says(said)
    assert "$240" in text(priced)
    wrote = await caller.says("Yes, do that.")
    assert wrote.wrote == ("F7D5LS",)
    assert "two" in text(wrote)
    assert "now leaves" not in text(wrote)


@pytest.mark.parametrize("topic", ["baggage", "pets", "changes"])
async def test_what_a_model_makes_of_the_question_does_not_keep_the_proposal(caller: Caller, topic: str) -> None:
    await caller.does(act("cancel", code="ABC123"))
    reading = caller.desk.read("Forget that. Is there a rule for it?", caller.dialogue)
    outcome = await caller.desk.perform((act("policy", topic=topic),), reading, caller.dialogue, key="k")
    assert outcome.dialogue.pending is None
    assert "stays as it is" in text(outcome)


async def test_a_question_that_a_model_left_out_is_answered_too(caller: Caller) -> None:
    await caller.does(act("cancel", code="ABC123"))
    reading = caller.desk.read("Hmm no, leave it. How much would two more bags be?", caller.dialogue)
    outcome = await caller.desk.perform((act("confirm", answer="no"),), reading, caller.dialogue, key="k")
    assert "stays as it is" in text(outcome)
    assert "two more checked bags" in text(outcome)


async def test_no_model_reads_a_yes_where_the_proposal_is_taken_back(caller: Caller) -> None:
    await caller.does(act("cancel", code="ABC123"))
    reading = caller.desk.read("Don't cancel it. When does it leave?", caller.dialogue)
    outcome = await caller.desk.perform((act("confirm", answer="yes"),), reading, caller.dialogue, key="k")
    assert not outcome.wrote


@pytest.mark.parametrize("said", ["Scratch that, how many bags do I have?", "Let's not. What time do I land?"])
async def test_a_question_on_the_booking_is_answered_and_the_cancellation_is_off(caller: Caller, said: str) -> None:
    await caller.does(act("cancel", code="ABC123"))
    assert "stays as it is" in text(await caller.says(said))
    assert not (await caller.says("Yes.")).wrote


@pytest.mark.parametrize("said", ["Great, goodbye.", "Okay, thanks, bye bye.", "Perfect. Have a nice day."])
async def test_a_farewell_approves_nothing(caller: Caller, said: str) -> None:
    await caller.does(act("cancel", code="ABC123"))
    reading = caller.desk.read(said, caller.dialogue)
    assert not any(action.name == "confirm" for action in reading.actions or ())
    outcome = await caller.desk.perform((act("confirm", answer="yes"),), reading, caller.dialogue, key="k")
    assert not outcome.wrote


@pytest.mark.parametrize("said", ["Yes, cancel it. Bye.", "Yes please, goodbye."])
async def test_a_yes_before_a_farewell_still_is_one(caller: Caller, said: str) -> None:
    await caller.does(act("cancel", code="ABC123"))
    assert (await caller.says(said)).wrote == ("ABC123",)


async def test_bags_are_taken_back_by_name(caller: Caller) -> None:
    await caller.does(act("bags", code="ABC123", count="one"))
    await caller.says("Skip the bag. When do we land?")
    assert not (await caller.says("Yes.")).wrote


@pytest.mark.parametrize("said", ["Forget the bags, when does it land?", "Skip the bag, how long is the flight?"])
async def test_no_flight_is_off_with_the_bags_that_are(caller: Caller, said: str) -> None:
    await caller.does(flight("Denver", "Austin", "December 12th"))
    await caller.says(said)
    assert caller.dialogue.pending


async def test_another_day_in_the_place_of_what_is_taken_back_is_found(caller: Caller) -> None:
    await caller.does(flight("Denver", "Austin", "December 12th"))
    assert "Friday, December 11th" in text(await caller.says("Never mind, what about Friday?"))


async def test_two_bookings_are_dealt_with_in_turn(caller: Caller) -> None:
    first = await caller.says("I've got two things. First, add a bag to QT44LZ. Second, cancel T5S8GR.")
    assert "$70" in text(first)
    second = await caller.says("Yes to the bag.")
    assert second.wrote == ("QT44LZ",)
    assert "$273" in text(second)
    assert (await caller.says("Yes, cancel that one.")).wrote == ("T5S8GR",)


@pytest.mark.parametrize("said", ["Never mind, keep it.", "Oh, forget it, leave it as it is.", "Don't cancel it then."])
async def test_no_code_is_asked_for_once_the_wish_is_taken_back(caller: Caller, said: str) -> None:
    await caller.does(act("cancel"))
    outcome = await caller.says(said)
    assert caller.dialogue.asked is None
    assert "code" not in text(outcome)


@pytest.mark.parametrize(
    "said",
    [
        "Hi, I need to change a flight. Hold on a second, let me find the code.",
        "I want to cancel my booking. One moment, I'm looking for the code.",
        "I'd like to add a bag. Just a second, please.",
    ],
)
async def test_a_caller_who_looks_for_a_code_is_waited_for(caller: Caller, said: str) -> None:
    assert "take your time" in text(await caller.says(said))
    assert caller.dialogue.asked
    assert caller.dialogue.asked.argument == "code"
    await caller.says("Here it is, T5S8GR.")
    assert caller.dialogue.bookings == ("T5S8GR",)


async def test_what_models_make_of_a_wish_without_its_code_is_not_asked_about(caller: Caller) -> None:
    reading = caller.desk.read("I need to change a flight. Hold on a second, let me find the code.", caller.dialogue)
    outcome = await caller.desk.perform((act("clarify", missing="request"),), reading, caller.dialogue, key="k")
    assert outcome.say == ("Of course, take your time.",)
    assert outcome.dialogue.asked
    assert outcome.dialogue.asked.action.name == "change"


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("Forget it. What's a bag?", True),
        ("Wait, don't cancel. When does it leave?", True),
        ("Never mind the price, book it.", False),
        ("Is it nonstop? If not, don't book me on it tomorrow.", False),
        ("Don't forget the bag.", False),
        ("I never mind a stop.", False),
        ("Book it, please.", False),
        ("Keep the window seat.", False),
    ],
)
def test_taking_back_is_told_from_what_only_sounds_like_it(said: str, taken: bool) -> None:
    assert takes_back(said) is taken


def test_a_yes_or_a_wish_beside_a_farewell_is_more_than_a_farewell() -> None:
    assert only_leaves("Great, thanks. That's all.")
    assert only_leaves("No, that's everything. Bye.")
    assert not only_leaves("No, thanks. That's all.")
    assert not only_leaves("Yes, do it. Bye.")
    assert not only_leaves("Book it and have a nice day.")


def test_only_what_stands_before_the_moment_that_is_asked_for_is_wanted() -> None:
    assert without_hold("I need to change a flight. Hold on, let me find the code.") == "I need to change a flight."
    assert without_hold("Hold on a second. I need to change a flight.") == ""
    assert without_hold("I need to change a flight.") == ""


def test_what_is_taken_back_within_a_turn_is_still_left_out() -> None:
    reading = read("I'd like to fly to Boston. No, forget that. Can I bring a dog?", TurnContext())
    assert [action.name for action in reading.actions or ()] == ["policy"]
