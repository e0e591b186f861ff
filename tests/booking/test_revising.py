"""A yes approves what was read back, and nothing else that the same turn asks for."""

import pytest

from tests.booking.callers import Caller, act, flight, proposed, text
from voice.booking.dialogue import AddBags, ChangeLeg
from voice.cascade.words import Action


@pytest.mark.parametrize(
    ("more", "fact"),
    [
        (act("search", pax="two"), "$502"),
        (act("search", legs=[{"date": "Saturday"}]), "Saturday, December 12th"),
        (act("search", cabin="business"), "$737"),
        (act("search", legs=[{"from": "Boston", "to": "Denver"}], pax="two"), "$502"),
        (act("book", offer="the second one"), "6 AM"),
        (act("search", legs=[{"time": "at 4 PM"}]), "3:35 PM"),
    ],
    ids=["people", "day", "cabin", "the flight again for more people", "another offer", "another time"],
)
async def test_a_yes_with_another_wish_about_the_trip_reads_that_back_first(
    caller: Caller, more: Action, fact: str
) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    outcome = await caller.does(act("confirm", answer="yes"), more)
    assert not outcome.wrote
    assert fact in outcome.facts
    assert outcome.say[-1] == "Shall I book it?"
    wished = proposed(caller)
    booked = await caller.says_yes()
    assert booked.wrote
    assert f"${wished.total}" in booked.facts


@pytest.mark.parametrize(
    "again",
    [
        act("search", pax="one"),
        act("search", cabin="economy", nonstop=True, max_price="$300"),
        act("search", legs=[{"date": "the 11th", "time": "in the afternoon"}]),
        act("book", offer="the first one"),
        act("book", offer="that one"),
    ],
)
async def test_a_yes_that_says_again_what_was_read_back_books_it_and_asks_nothing(
    caller: Caller, again: Action
) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    outcome = await caller.does(act("confirm", answer="yes"), again)
    assert len(outcome.wrote) == 1
    assert not any(sentence.endswith("?") for sentence in outcome.say)


async def test_a_yes_with_a_trip_of_its_own_books_the_first_and_offers_the_other(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    outcome = await caller.does(act("confirm", answer="yes"), flight("Denver", "Seattle", "the 14th"))
    assert outcome.wrote
    assert proposed(caller).legs[0].destination == "SEA"


async def test_that_one_is_the_offer_that_was_read_back(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    await caller.does(act("book", offer="the second one"))
    second = proposed(caller)
    await caller.does(act("book", offer="that one"))
    assert proposed(caller) == second == caller.dialogue.offers[1]


async def test_okay_the_first_one_chooses_it_where_another_one_was_read_back(caller: Caller) -> None:
    await caller.says("Boston to Denver next Friday.")
    await caller.says("The second one.")
    outcome = await caller.says("Okay, the first one.")
    assert not outcome.wrote
    assert proposed(caller) == caller.dialogue.offers[0]


async def test_a_yes_with_another_wish_about_a_change_pays_no_fee_yet(caller: Caller) -> None:
    await caller.does(act("change", code="QT44LZ", leg="first", date="the 12th"))
    outcome = await caller.does(act("confirm", answer="yes"), act("change", time="in the afternoon"))
    assert not outcome.wrote
    assert "Saturday, December 12th" in outcome.facts
    assert caller.dialogue.pending
    assert isinstance(caller.dialogue.pending.write, ChangeLeg)
    assert caller.dialogue.pending.write.leg.departs.hour >= 12


async def test_a_yes_to_a_change_stands_beside_a_change_of_another_leg(caller: Caller) -> None:
    await caller.does(act("change", code="QT44LZ", leg="first", date="the 12th"))
    outcome = await caller.does(act("confirm", answer="yes"), act("change", leg="the return", date="the 20th"))
    assert outcome.wrote == ("QT44LZ",)
    assert "Sunday, December 20th" in outcome.facts


@pytest.mark.parametrize(("said", "wrote", "waits"), [("one", True, None), ("two", False, 2), ("another", True, 1)])
async def test_a_yes_with_a_number_of_bags(caller: Caller, said: str, wrote: bool, waits: int | None) -> None:
    await caller.does(act("bags", code="QT44LZ", count="one"))
    outcome = await caller.does(act("confirm", answer="yes"), act("bags", count=said))
    assert bool(outcome.wrote) == wrote
    write = caller.dialogue.pending.write if caller.dialogue.pending else None
    assert (write.count if isinstance(write, AddBags) else None) == waits


async def test_a_no_with_another_wish_counts_from_what_was_read_back(caller: Caller) -> None:
    await caller.does(act("change", code="QT44LZ", leg="first", date="the 12th"))
    outcome = await caller.does(act("confirm", answer="no"), act("change", time="later"))
    assert outcome.say[0] == "Okay, your flight stays as it is."
    assert "Saturday, December 12th" in outcome.facts


@pytest.mark.parametrize("more", [act("search", legs=[{"time": "later"}]), act("book", offer="the second one")])
async def test_the_second_request_of_a_turn_outlasts_a_refinement_of_the_first(caller: Caller, more: Action) -> None:
    await caller.does(flight("Boston", "Denver", "Friday"), act("cancel", code="QT44LZ"))
    await caller.does(more)
    outcome = await caller.says_yes()
    assert len(outcome.wrote) == 1
    assert outcome.say[-1] == "Shall I cancel it?"


async def test_the_second_request_of_a_turn_outlasts_a_no_to_the_first(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "Friday"), act("cancel", code="QT44LZ"))
    outcome = await caller.says_no()
    assert outcome.say[0] == "Okay, I won't book it."
    assert outcome.say[-1] == "Shall I cancel it?"


async def test_the_second_request_of_a_turn_is_forgotten_where_the_caller_goes_on_to_something_else(
    caller: Caller,
) -> None:
    await caller.does(flight("Boston", "Denver", "Friday"), act("cancel", code="QT44LZ"))
    await caller.does(flight("Chicago", "Miami", "the tenth"))
    assert "Shall I cancel it?" not in text(await caller.says_yes())
    assert caller.dialogue.pending is None


@pytest.mark.parametrize("said", ["Make it three.", "No, three please."])
async def test_another_number_of_bags_is_read_back_and_not_added(caller: Caller, said: str) -> None:
    await caller.does(act("bags", code="QT44LZ", count="two"))
    outcome = await caller.says(said)
    assert not outcome.wrote
    assert caller.dialogue.pending
    assert isinstance(caller.dialogue.pending.write, AddBags)
    assert caller.dialogue.pending.write.count == 3


@pytest.mark.parametrize("said", ["With stops is fine.", "Book both.", "Make it three.", "Okay, 200."])
async def test_agreeing_words_with_others_that_matter_are_no_yes(caller: Caller, said: str) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    assert not (await caller.says(said)).wrote


@pytest.mark.parametrize("said", ["Does it include a bag?", "What's the weather in Denver?", "Do I get a meal?"])
async def test_a_question_in_between_leaves_the_offer_as_it_is(caller: Caller, said: str) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    before = caller.dialogue.pending
    outcome = await caller.says(said)
    assert caller.dialogue.pending == before
    assert not any(sentence.startswith("At ") for sentence in outcome.say)


async def test_a_moment_is_granted_while_an_offer_waits(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    assert (await caller.says("Hold on a second.")).say == ("Of course, take your time.",)
    assert (await caller.says_yes()).wrote
