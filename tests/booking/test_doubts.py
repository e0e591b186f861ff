"""Cities and days that were heard with little confidence are asked about by name."""

from typing import Any

import pytest

from tests.booking.callers import Caller, act, flight, text
from voice.booking.context import TurnContext
from voice.booking.offers.doubts import asked_instead
from voice.booking.reading.reader import read
from voice.cascade.words import Action, Outcome, OutcomeKind, Reading


async def does(caller: Caller, action: Action, *doubted: str) -> Outcome:
    reading = Reading("", (action,), doubted=doubted)
    outcome = await caller.desk.perform((action,), reading, caller.dialogue, key="call-1/9")
    caller.dialogue = outcome.dialogue
    return outcome


def test_places_days_and_codes_can_be_doubted_and_other_words_not() -> None:
    reading = read("Two people from Singapore to New York on Friday after 9 AM, code QT44LZ", TurnContext())
    assert {entity.text for entity in reading.entities if entity.rivalry} == {
        "Singapore",
        "New York",
        "Friday",
        "QT44LZ",
    }


def test_what_answers_a_question_or_is_known_or_asked_about_anyway_is_not_doubted() -> None:
    def rivalry(said: str, **context: Any) -> list[float]:
        return [entity.rivalry for entity in read(said, TurnContext(**context)).entities]

    assert rivalry("Denver, please.", asked="to", pending="search") == [0.0]
    assert rivalry("It's QT44LZ.", asked="code", pending="lookup") == [1.0]
    assert rivalry("Look up QT44LZ.", bookings=("QT44LZ",)) == [0.0]
    assert rivalry("I'd like to fly to Blenkinsop.") == [0.0]


async def test_a_city_in_doubt_is_asked_about_beside_its_rival_and_the_rest_is_kept(caller: Caller) -> None:
    asked = await does(caller, flight("Boston", "New York", "December 11"), "New York")
    assert text(asked) == "Did you say New York, or Newark?"
    answered = await caller.does(flight("Boston", "Newark", "December 11"))
    assert "Newark" in text(answered)


async def test_a_day_in_doubt_is_settled_by_a_yes(caller: Caller) -> None:
    asked = await does(caller, flight("Boston", "Denver", "December 11"), "December 11")
    assert text(asked) == "Did you say December 11?"
    assert "Denver" in text(await caller.does(act("confirm", answer="yes")))


@pytest.mark.parametrize(
    ("city", "question"), [("Minneapolis", "Did you say Minneapolis?"), ("Tulsa", "Did you say Tulsa?")]
)
async def test_a_city_that_nothing_sounds_like_is_asked_about_alone(caller: Caller, city: str, question: str) -> None:
    assert text(await does(caller, flight("Boston", city, "December 11"), city)) == question
    assert city in text(await caller.says("Yes."))


@pytest.mark.parametrize("answer", ["No, Denver.", "No, to Denver.", "I said Denver."])
async def test_a_no_with_another_city_replaces_it(caller: Caller, answer: str) -> None:
    await does(caller, flight("Boston", "Minneapolis", "December 11"), "Minneapolis")
    outcome = await caller.says(answer)
    assert "from Boston to Denver on Friday, December 11th" in text(outcome)


@pytest.mark.parametrize(
    ("doubt", "question", "answer"),
    [
        ("Minneapolis", "Which city, then?", "Denver."),
        ("Seattle", "Which city, then?", "Denver."),
        ("December 11", "Which day, then?", "The 12th."),
    ],
)
async def test_a_bare_no_is_followed_by_an_open_question(caller: Caller, doubt: str, question: str, answer: str):
    await does(caller, flight("Seattle", "Minneapolis", "December 11"), doubt)
    assert text(await caller.says("No.")) == question
    assert "Shall I book it?" in text(await caller.says(answer))


async def test_the_question_is_asked_again_after_something_else(caller: Caller) -> None:
    await does(caller, flight("Boston", "Minneapolis", "December 11"), "December 11")
    assert (await caller.says("What is your pet policy?")).say[-1] == "Did you mean December 11?"
    assert "Friday, December 11th" in text(await caller.says("Yes."))


async def test_no_word_is_asked_about_twice_in_a_call(caller: Caller) -> None:
    await does(caller, flight("Boston", "Minneapolis", "December 11"), "Minneapolis")
    await caller.says("No.")
    outcome = await does(caller, flight("Boston", "minneapolis", "December 11"), "minneapolis")
    assert "from Boston to Minneapolis" in text(outcome)


async def test_of_two_words_in_doubt_the_second_is_asked_about_after_the_first(caller: Caller) -> None:
    outcome = await does(caller, flight("Boston", "Minneapolis", "December 11"), "December 11", "Minneapolis")
    assert text(outcome) == "Did you say Minneapolis?"
    assert text(await caller.says("Yes.")) == "Did you say December 11?"
    assert "Shall I book it?" in text(await caller.says("Yes."))


async def test_a_word_that_is_said_again_clearly_is_not_asked_about(caller: Caller) -> None:
    await does(caller, flight("Boston", "Minneapolis", "December 11"), "December 11", "Minneapolis")
    assert "Shall I book it?" in text(await caller.says("Yes, on December 11."))


async def test_a_doubt_is_forgotten_when_no_question_is_open(caller: Caller) -> None:
    await does(caller, flight("Boston", "Minneapolis", "December 11"), "Denver")
    assert "Did you say" not in text(await caller.does(flight("Boston", "Denver", "December 12")))


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
        (DOUBTED, act("cancel", code="QT44LZ")),
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
        (SURE, act("lookup", code="QT44LZ")),
    ],
)
async def test_what_is_carried_out_or_asked_for_another_reason_is_no_such_question(
    caller: Caller, actions: tuple[Action, ...]
):
    reading = Reading("", actions, doubted=("New York",))
    outcome = await caller.desk.perform(actions, reading, caller.dialogue, key="call-1/9")
    assert asked_instead(actions, reading.doubted) == ""
    assert text(outcome) != "Did you say New York, or Newark?"


@pytest.mark.parametrize(
    "action", [act("lookup"), act("cancel"), act("bags", count="two"), act("change", date="the 20th")]
)
async def test_a_code_in_doubt_is_read_back_before_anything_is_told_or_done(caller: Caller, action: Action) -> None:
    action = Action(action.name, {"code": "QT44LZ", **action.args})
    outcome = await does(caller, action, "qt44lz")
    assert text(outcome) == asked_instead((action,), ("qt44lz",)) == "Is the code Q, T, 4, 4, L, Z?"


@pytest.mark.parametrize("legs", [({"to": "Blenkinsop"},), ({"from": "Boston", "to": "Denver"}, {"to": "Blenkinsop"})])
async def test_a_place_that_is_like_no_name_is_asked_about_whatever_was_heard(caller: Caller, legs: tuple[Any, ...]):
    action = act("search", legs=list(legs))
    assert asked_instead((action,), ()).startswith("I didn't catch the city.")
    outcome = await caller.does(action)
    assert outcome.kind is OutcomeKind.CLARIFY


def test_a_place_that_is_understood_is_no_such_question() -> None:
    for place in ("Denver", "Tulsa", "back", "home", ""):
        assert asked_instead((act("search", legs=[{"from": "Boston", "to": place}]),), ()) == ""
    assert asked_instead((act("change", to="Blenkinsop"),), ()) != ""
    assert asked_instead((act("search", legs=[{"to": "Blenkinsop"}]), act("policy", topic="pets")), ()) == ""


def test_nothing_is_asked_of_actions_that_can_not_be_meant_or_are_answers() -> None:
    assert asked_instead((), ("New York",)) == ""
    assert asked_instead((act("chat"),), ("New York",)) == ""
    assert asked_instead((act("search", legs=["New York", None]),), ("New York",)) == ""
    assert asked_instead((act("confirm", answer="no"), DOUBTED), ("New York",)) == ""
    assert asked_instead((act("chat"), DOUBTED), ("New York",)) == "Did you say New York, or Newark?"
    assert asked_instead((DOUBTED,), ()) == ""


async def test_a_word_in_doubt_goes_with_the_question_that_was_dropped(caller: Caller) -> None:
    await does(caller, flight("Boston", "Minneapolis", "December 11"), "December 11", "Minneapolis")
    await caller.says("Look up QT44LZ.")
    await caller.does(flight("Seattle", "Denver"))
    assert "Did you say" not in text(await caller.does(flight("Seattle", "Denver", "December 11")))
