"""A no to a question for more leaves what it was about."""

import pytest

from tests.booking.callers import Caller, act, flight
from voice.cascade.words import Reading


@pytest.mark.parametrize("said", ["No.", "No, thank you.", "Nah, I'm good."])
async def test_a_no_to_a_question_for_more_drops_it(caller: Caller, said: str) -> None:
    await caller.does(flight("Boston", "Denver"))
    assert caller.dialogue.asked is not None
    reading = Reading(said)
    for action in (act("chat"), act("confirm", answer="no")):
        outcome = await caller.desk.perform([action], reading, caller.dialogue, key="9")
        assert outcome.say == ("No problem, I'll leave that.", "What else can I do for you?")
        assert outcome.dialogue.asked is None


async def test_a_yes_to_a_question_for_more_asks_just_that(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver"))
    outcome = await caller.desk.perform([act("chat")], Reading("Yes."), caller.dialogue, key="9")
    assert outcome.say == ("What day would you like to fly?",)


async def test_a_no_to_a_question_for_more_goes_on_to_what_waits(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver"), act("cancel", code="QT44LZ"))
    outcome = await caller.desk.perform([act("chat")], Reading("No."), caller.dialogue, key="9")
    assert outcome.say[0] == "No problem, I'll leave that."
    assert outcome.say[-1] == "Shall I cancel it?"


@pytest.mark.parametrize("said", ["No thanks.", "None.", "Zero.", "Not really."])
async def test_no_bags_after_all_are_no_bags(caller: Caller, said: str) -> None:
    await caller.does(act("bags", code="QT44LZ"))
    outcome = await caller.says(said)
    assert outcome.say[-1] == "What else can I do for you?"
    assert caller.dialogue.asked is None
