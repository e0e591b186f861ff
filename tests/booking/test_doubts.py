"""Cities and days that were heard with little confidence are asked about by name."""

import pytest

from tests.booking.callers import Caller, act, flight, text
from voice.booking.context import TurnContext
from voice.booking.doubts import asked_instead
from voice.booking.reading import read
from voice.cascade.words import Action, Outcome, OutcomeKind, Reading


async def does(caller: Caller, action: Action, *doubted: str) -> Outcome:
    reading = Reading("", (action,), doubted=doubted)
    outcome = await caller.desk.perform((action,), reading, caller.dialogue, key="call-1/9")
    caller.dialogue = outcome.dialogue
    return outcome


def test_a_city_that_sounds_like_another_and_a_day_can_be_doubted_and_others_not() -> None:
    reading = read("From Singapore to New York on Friday, code QT44LZ", TurnContext())
    rivalry = {entity.text: entity.rivalry for entity in reading.entities}
    assert rivalry["New York"] >= 0.7
    assert rivalry["Friday"] == 0.5
    assert rivalry["Singapore"] == rivalry["QT44LZ"] == 0.0


async def test_a_city_in_doubt_is_asked_about_beside_its_rival_and_the_rest_is_kept(caller: Caller) -> None:
    asked = await does(caller, flight("Boston", "New York", "December 11"), "New York")
    assert text(asked) == "Did you say New York, or Newark?"
    answered = await caller.does(flight("Boston", "Newark", "December 11"))
    assert "Newark" in text(answered)


async def test_a_day_in_doubt_is_settled_by_a_yes(caller: Caller) -> None:
    asked = await does(caller, flight("Boston", "Denver", "December 11"), "December 11")
    assert text(asked) == "Did you say December 11?"
    assert "Denver" in text(await caller.does(act("confirm", answer="yes")))


async def test_a_doubt_about_words_that_are_not_used_asks_nothing(caller: Caller) -> None:
    outcome = await does(caller, flight("Boston", "Denver", "December 11"), "New York")
    assert "Did you say" not in text(outcome)


DOUBTED = flight("Boston", "New York", "December 11")
SURE = flight("Boston", "Denver", "December 12")


@pytest.mark.parametrize(
    "actions",
    [
        (DOUBTED,),
        (DOUBTED, SURE),
        (DOUBTED, act("bags", count="two")),
        (act("change", to="new york"), DOUBTED),
    ],
)
async def test_a_question_about_words_in_doubt_is_all_that_the_desk_says(caller: Caller, actions: tuple[Action, ...]):
    reading = Reading("", actions, doubted=("New York",))
    outcome = await caller.desk.perform(actions, reading, caller.dialogue, key="call-1/9")
    assert outcome.kind is OutcomeKind.CLARIFY
    assert text(outcome) == asked_instead(actions, reading.doubted) == "Did you say New York, or Newark?"


@pytest.mark.parametrize(
    "actions",
    [
        (SURE,),
        (SURE, DOUBTED),
        (DOUBTED, act("policy", topic="pets")),
        (DOUBTED, act("handoff")),
        (act("lookup", code="New York"),),
    ],
)
async def test_what_is_carried_out_or_asked_for_another_reason_is_no_such_question(
    caller: Caller, actions: tuple[Action, ...]
):
    reading = Reading("", actions, doubted=("New York",))
    outcome = await caller.desk.perform(actions, reading, caller.dialogue, key="call-1/9")
    assert asked_instead(actions, reading.doubted) == ""
    assert text(outcome) != "Did you say New York, or Newark?"


def test_nothing_is_asked_of_actions_that_can_not_be_meant_or_are_answers() -> None:
    assert asked_instead((), ("New York",)) == ""
    assert asked_instead((act("chat"),), ("New York",)) == ""
    assert asked_instead((act("search", legs=["New York", None]),), ("New York",)) == ""
    assert asked_instead((act("confirm", answer="no"), DOUBTED), ("New York",)) == ""
    assert asked_instead((act("chat"), DOUBTED), ("New York",)) == "Did you say New York, or Newark?"
    assert asked_instead((DOUBTED,), ()) == ""
