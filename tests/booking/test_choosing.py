"""A question between two names is decided by a name or by which of them it is, and by no yes."""

from dataclasses import replace

import pytest

from tests.booking.callers import Caller, act, flight, text
from voice.cascade.words import Outcome


async def heard(caller: Caller, said: str, *doubted: str) -> Outcome:
    reading = replace(caller.desk.read(said, caller.dialogue), doubted=doubted)
    outcome = await caller.desk.perform(reading.actions or (), reading, caller.dialogue, key="call-1/doubted")
    caller.dialogue = outcome.dialogue
    return outcome


async def test_a_yes_with_a_day_keeps_the_day_and_asks_which_one(caller: Caller) -> None:
    asked = await heard(caller, "I want to fly from Boston to Oakland.", "Oakland")
    assert text(asked) == "Did you say Oakland, or Auckland?"
    assert text(await caller.says("Yes, on the 10th.")) == "Which one is it, Oakland or Auckland?"
    assert "from Boston to Oakland on Thursday, December 10th" in text(await caller.says("Oakland."))


@pytest.mark.parametrize("said", ["Yes.", "For two people."])
async def test_what_names_neither_leaves_the_question_open(caller: Caller, said: str) -> None:
    await heard(caller, "I want to fly from Boston to Denver on the 10th.", "Boston")
    assert text(await caller.says(said)) == "Which one is it, Boston or Houston?"
    assert "from Houston" in text(await caller.says("Houston."))


@pytest.mark.parametrize(
    ("said", "city"),
    [("The first one.", "Auckland"), ("No, the other one.", "Oakland"), ("The second.", "Oakland")],
)
async def test_one_of_two_names_is_chosen_by_its_place(caller: Caller, said: str, city: str) -> None:
    await heard(caller, "I want to fly from Boston to Auckland on the 10th.", "Auckland")
    assert f"from Boston to {city}" in text(await caller.says(said))


async def test_neither_of_two_names_asks_openly(caller: Caller) -> None:
    await heard(caller, "I want to fly from Boston to Auckland on the 10th.", "Auckland")
    assert text(await caller.says("No.")) == "Where would you like to fly to?"
    assert "to Denver on Thursday, December 10th" in text(await caller.says("Denver."))


async def test_a_yes_of_a_larger_model_decides_nothing_between_two_names(caller: Caller) -> None:
    await heard(caller, "I want to fly from Boston to Auckland.", "Auckland")
    outcome = await caller.does(act("confirm", answer="yes"), act("search", legs=[{"date": "the 10th"}]))
    assert text(outcome) == "Which one is it, Auckland or Oakland?"


async def test_a_no_to_a_day_that_names_another_one_takes_that(caller: Caller) -> None:
    await heard(caller, "I want to fly from Austin to Denver on the 10th.", "the 10th")
    assert "December 20th" in text(await caller.says("No, the 20th."))


@pytest.mark.parametrize("said", ["No, Boston. I said Boston.", "Not Austin, Boston!"])
async def test_a_bare_city_puts_right_the_one_that_sounds_like_it(caller: Caller, said: str) -> None:
    await caller.does(flight("Austin", "Denver", "the 10th"))
    assert "It goes from Boston to Denver" in text(await caller.says(said))
    assert "It goes from Boston to Denver" in text(await caller.says(said))  # said again it is where it starts still


@pytest.mark.parametrize("said", ["No, to Boston.", "No, Dallas."])
async def test_a_city_with_its_part_or_like_none_is_where_the_flight_goes(caller: Caller, said: str) -> None:
    await caller.does(flight("Austin", "Denver", "the 10th"))
    assert "It goes from Austin to" in text(await caller.says(said))


@pytest.mark.parametrize(
    "said",
    [
        "Did I say Auckland? I said Oakland.",
        "I didn't say Auckland, I said Oakland.",
        "You said Auckland but I want Oakland.",
    ],
)
async def test_a_city_that_is_denied_gives_way_to_the_one_that_was_said(caller: Caller, said: str) -> None:
    await caller.does(flight("Boston", "Auckland", "the 10th"))
    assert "from Boston to Oakland on Thursday, December 10th" in text(await caller.says(said))
    assert (await caller.says("Yes.")).wrote


async def test_a_day_that_is_denied_gives_way_too(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "the 10th"))
    assert "December 12th" in text(await caller.says("Why the 10th? I said the 12th."))
