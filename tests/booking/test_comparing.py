"""Flights asked for by what they are beside the one that was read back: cheaper, earlier, the one before."""

import pytest

from tests.booking.callers import Caller, proposed, text

BOSTON_DENVER = "Boston to Denver on the 10th."


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Is there anything cheaper?", "I have nothing cheaper than that."),
        ("Is that the cheapest?", "That is the cheapest one."),
    ],
)
async def test_the_cheapest_is_said_to_be_it(caller: Caller, question: str, answer: str) -> None:
    await caller.says(BOSTON_DENVER)
    assert (await caller.says(question)).say == (answer, "Shall I book that flight?")
    assert (await caller.says_yes()).wrote


async def test_a_cheaper_one_is_offered_where_there_is_one(caller: Caller) -> None:
    await caller.says(BOSTON_DENVER)
    first = proposed(caller)
    await caller.says("What's the earliest?")
    assert proposed(caller).fare > first.fare
    await caller.says("Something cheaper.")
    assert proposed(caller) == first


@pytest.mark.parametrize(("question", "hour"), [("What's the earliest?", 6), ("And the latest one?", 16)])
async def test_the_earliest_and_the_latest_are_those_of_the_whole_day(caller: Caller, question: str, hour: int) -> None:
    await caller.says(BOSTON_DENVER)
    await caller.says(question)
    assert proposed(caller).legs[0].departs.hour == hour


@pytest.mark.parametrize("said", ["The later one.", "And the one after that?", "What's the next one?"])
async def test_the_later_one_leaves_later_and_declines_nothing(caller: Caller, said: str) -> None:
    await caller.says(BOSTON_DENVER)
    before = proposed(caller)
    await caller.says(said)
    assert proposed(caller).legs[0].departs > before.legs[0].departs


async def test_what_else_there_is_is_listed(caller: Caller) -> None:
    await caller.says(BOSTON_DENVER)
    outcome = await caller.says("What other times do you have?")
    assert text(outcome) == ("I have 3:35 PM for $175, 6 AM for $214 or 8:40 AM for $247. Which one would you like?")
    await caller.says("The second one.")
    assert proposed(caller).legs[0].departs.hour == 6


async def test_the_first_one_is_the_first_that_was_read_back_whatever_was_searched_since(caller: Caller) -> None:
    await caller.says(BOSTON_DENVER)
    first = proposed(caller)
    await caller.says("And on the 11th?")
    await caller.says("In the morning.")
    second = proposed(caller)
    await caller.says("Go back to the first one.")
    assert proposed(caller) == first
    await caller.says("And the previous one?")
    assert proposed(caller) == second


async def test_a_trip_gone_back_to_is_refined_as_it_was_found(caller: Caller) -> None:
    await caller.says(BOSTON_DENVER)
    await caller.says("And on the 11th?")
    await caller.says("Go back to the first one.")
    await caller.says("For two people.")
    assert (proposed(caller).legs[0].departs.day, proposed(caller).passengers) == (10, 2)


async def test_a_new_search_forgets_what_was_read_back_before_it(caller: Caller) -> None:
    await caller.says(BOSTON_DENVER)
    await caller.says("No, find me a flight from Chicago to Miami on the 10th.")
    await caller.says("The first one.")
    assert proposed(caller).legs[0].destination == "MIA"
