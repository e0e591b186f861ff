"""Other flights than the one told: others at an hour, the last of the day, the cheapest day, which one is best."""

import pytest

from tests.booking.callers import Caller, act, proposed, text
from voice.booking.talk.alternatives import alternative
from voice.cascade.words import Action, Reading

VEGAS = "Los Angeles to Las Vegas tomorrow."
SATURDAY = "New York to Miami on Saturday."


@pytest.mark.parametrize(
    "said",
    [
        "is that the only one or are there others in the evening",
        "Are there any others in the evening?",
        "Do you have any other flights in the evening?",
        "anything else after 6 pm",
    ],
)
async def test_others_at_an_hour_are_looked_for(caller: Caller, said: str) -> None:
    await caller.says(VEGAS)
    assert caller.desk.read(said, caller.dialogue).certain
    await caller.says(said)
    assert proposed(caller).legs[0].departs.hour >= 18


@pytest.mark.parametrize(
    "said",
    ["what's the last flight of the day to Vegas", "The last flight of the day?", "When's the latest one that day?"],
)
@pytest.mark.parametrize("draft", [None, act("clarify", missing="request"), act("search", legs=[{"to": "Vegas"}])])
async def test_the_last_flight_of_the_day_is_that_of_the_whole_day(
    caller: Caller, said: str, draft: Action | None
) -> None:
    await caller.says("Los Angeles to Las Vegas tomorrow morning.")
    actions = (draft,) if draft else caller.desk.read(said, caller.dialogue).actions or ()
    outcome = await caller.desk.perform(actions, Reading(said, actions), caller.dialogue, key="k")
    assert "7:50 PM" in text(outcome)


async def test_a_last_flight_elsewhere_is_another_trip(caller: Caller) -> None:
    await caller.says(VEGAS)
    await caller.says("what's the last flight of the day to Denver")
    assert not caller.dialogue.pending or proposed(caller).legs[0].destination == "DEN"


@pytest.mark.parametrize(
    "said", ["is there anything cheaper on Sunday", "Is it cheaper on Sunday?", "Would it be less expensive on Sunday?"]
)
async def test_what_costs_more_is_not_told_as_cheaper(caller: Caller, said: str) -> None:
    await caller.says(SATURDAY)
    before = proposed(caller)
    outcome = await caller.says(said)
    assert outcome.say[0].startswith("No, the cheapest I have there is $140, on Sunday")
    assert outcome.say[-1] == "Shall I book the one for $124?"
    assert proposed(caller) == before
    await caller.says("The Sunday one then.")
    assert proposed(caller).fare == 140


async def test_what_is_cheaper_is_offered(caller: Caller) -> None:
    await caller.says("New York to Miami on Sunday.")
    await caller.says("Is there anything cheaper on Saturday?")
    assert proposed(caller).fare == 124


async def test_of_two_days_the_cheaper_one_is_offered_and_the_other_told(caller: Caller) -> None:
    outcome = await caller.says("is it cheaper to fly to Las Vegas on Thursday or Friday from San Diego")
    assert outcome.say[0] == "On Friday, December 4th it's $151, and Thursday is cheaper."
    assert proposed(caller).fare == 112


@pytest.mark.parametrize(
    "said",
    [
        "what's the cheapest day that week",
        "Which day that week is the cheapest?",
        "Is there a cheaper day?",
        "When is it cheapest?",
    ],
)
async def test_the_cheapest_day_is_looked_for(caller: Caller, said: str) -> None:
    await caller.says("Boston to Chicago on Friday, December 11th.")
    outcome = await caller.says(said)
    assert "cheapest day is Tuesday, December 8th." in outcome.say[0]
    assert proposed(caller).fare == 99
    outcome = await caller.says(said)
    assert "nothing costs less than $99" in outcome.say[0]
    assert proposed(caller).fare == 99


async def test_the_cheapest_days_of_a_round_trip_keep_their_distance(caller: Caller) -> None:
    await caller.says("Boston to Chicago on December 11th and back on the 15th.")
    before = proposed(caller)
    await caller.says("What's the cheapest day that week?")
    after = proposed(caller)
    assert after.fare <= before.fare
    assert (after.legs[1].departs.date() - after.legs[0].departs.date()).days == 4


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("which one arrives earlier", "The one at 1:25 PM arrives earlier"),
        ("Which gets in first?", "The one at 1:25 PM"),
        ("Which of them is cheaper?", "The one at 1:25 PM is cheaper."),
        ("Which one leaves later?", "The one at 7:50 PM leaves later."),
    ],
)
async def test_which_of_two_is_best_is_told(caller: Caller, said: str, told: str) -> None:
    await caller.says(VEGAS)
    await caller.says("Are there any others in the evening?")
    outcome = await caller.says(said)
    assert outcome.say[0].startswith(told)
    hour = proposed(caller).legs[0].departs.hour
    assert hour == (19 if "later" in said else 13)


@pytest.mark.parametrize(
    "said",
    [
        "what's the last day to check in",
        "a flight on Friday",
        "the last one",
        "which day do I fly",
        "any other bags",
        "what's the cheapest flight to Boston on Friday",
        "what else",
    ],
)
def test_other_turns_ask_for_no_other_flights(said: str) -> None:
    assert alternative(said) is None


async def test_a_yes_that_says_again_what_was_said_back_is_a_yes(caller: Caller) -> None:
    await caller.says(VEGAS)
    flat = [{"action": "search", "legs": [{"time": "the evening"}]}]
    await caller.does(act("clarify", missing="confirmation", actions=flat))
    reading = caller.desk.read("yes in the evening please", caller.dialogue)
    assert [action.name for action in reading.actions or ()] == ["confirm"]
    await caller.says("yes in the evening please")
    assert proposed(caller).legs[0].departs.hour == 19
