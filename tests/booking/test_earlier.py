"""A trip that was told before in the call: asked about again, or gone back to."""

from datetime import date

import pytest
from sqlalchemy import update

from tests.booking.callers import Caller, act, assert_speakable, proposed, text
from voice.booking.airline.tables import FlightRow
from voice.booking.talk.earlier import earlier
from voice.cascade.words import Action, Reading

FRIDAY = "I need a flight from Boston to Chicago on December 11th."


def day(caller: Caller) -> date:
    return proposed(caller).legs[0].departs.date()


@pytest.fixture
async def both(caller: Caller) -> Caller:
    """A caller who was told a flight on Friday at 4:05 PM for $126, and one on Sunday at 10 AM for $117."""
    await caller.says(FRIDAY)
    await caller.says("What about Sunday instead?")
    assert day(caller).day == 13
    return caller


@pytest.mark.parametrize(
    "said",
    [
        "How much was the first one again?",
        "What was the price of the first one you told me?",
        "how much was the Friday one",
        "What did the one on Friday cost?",
        "Remind me of the original offer",
        "No, that's too much, what was the first one?",
        "And the afternoon one, how much was that?",
    ],
)
async def test_the_price_of_an_earlier_offer_is_its_own_and_a_yes_books_that_one(both: Caller, said: str) -> None:
    outcome = await both.says(said)
    assert "$126" in text(outcome)
    assert "$117" not in text(outcome)
    assert outcome.say[-1] == "Shall I book that one instead?"
    assert_speakable(outcome)
    assert day(both).day == 11
    assert "December 11th" in text(await both.says_yes())


@pytest.mark.parametrize(
    "said",
    [
        "I'll take the Friday one",
        "Let's go back to the first one.",
        "The one for $126, please",
        "the 4:05 one then",
        "no I mean the afternoon one",
        "I'd rather have the one you told me before",
        "The first flight you offered, the 4:05.",
        "Friday's better, so let's take the Friday one",
        "The other one is better",
    ],
)
async def test_an_earlier_offer_is_chosen_by_order_day_hour_or_price(both: Caller, said: str) -> None:
    outcome = await both.says(said)
    assert (day(both).day, outcome.say[-1]) == (11, "Shall I book it?")
    assert not outcome.wrote


@pytest.mark.parametrize(
    "draft",
    [
        act("repeat"),
        act("search", legs=[{"date": "the Friday"}]),
        act("clarify", missing="request"),
        act("confirm", answer="yes"),
    ],
)
async def test_an_earlier_offer_is_meant_whatever_was_drafted(both: Caller, draft: Action) -> None:
    reading = Reading("Okay, the Friday one.", (draft,))
    outcome = await both.desk.perform((draft,), reading, both.dialogue, key="k")
    assert not outcome.wrote
    assert "$126" in text(outcome)


async def test_the_earlier_one_is_the_one_told_that_leaves_earlier(caller: Caller) -> None:
    await caller.says("from Boston to Washington on Thursday, be there by noon")
    first = proposed(caller)
    await caller.does(act("search", legs=[{"time": "after 2 PM"}]))
    assert proposed(caller).legs[0].departs > first.legs[0].departs
    await caller.says("no that's too late I'll take the earlier one")
    assert proposed(caller) == first


async def test_a_second_and_third_offer_have_their_places_and_one_told_twice_counts_once(both: Caller) -> None:
    await both.says("And on the 15th?")
    await both.says("Go back to the first one.")
    await both.says("What was the second one again?")
    assert day(both).day == 13
    await both.says("And the third one again?")
    assert day(both).day == 15


async def test_an_earlier_offer_is_for_as_many_as_fly_by_now(both: Caller) -> None:
    await both.says("For two people.")
    outcome = await both.says("How much was the Friday one?")
    assert "$126 each, $252 in total" in text(outcome)
    assert proposed(both).passengers == 2


async def test_a_day_that_nobody_spoke_of_is_looked_for(both: Caller) -> None:
    await both.says("How much is the Monday one?")
    assert day(both).day == 14


async def test_an_earlier_offer_that_is_sold_out_is_not_offered_and_the_other_stays(both: Caller) -> None:
    gone = both.dialogue.told[0].trip.legs[0].flights[0].id
    both.desk.store.write(
        lambda session: session.execute(
            update(FlightRow).where(FlightRow.id == gone).values(sold_economy=FlightRow.seats_economy)
        )
    )
    outcome = await both.says("I'll take the Friday one")
    assert outcome.say[0] == "I'm sorry, that one is sold out by now."
    assert day(both).day == 13


async def test_what_was_told_of_another_search_is_known_as_well(both: Caller) -> None:
    await both.says("Find me a flight from Chicago to Miami on the 18th.")
    await both.says("What was the first one you told me?")
    assert day(both).day == 11


@pytest.mark.parametrize(
    "said",
    [
        "How much is the first bag?",
        "I need a flight on Friday.",
        "a later one",
        "move the Friday flight to Sunday",
        "cancel the first one",
        "Is that nonstop?",
        "I'd like the Friday flight to Boston.",
        "What's the first flight of the day?",
        "The first flight.",
        "the earlier the better",
        "the return one",
        "What about Friday?",
    ],
)
def test_other_turns_name_no_trip_that_was_told(said: str) -> None:
    assert earlier(said) is None


async def test_a_flight_of_a_trip_that_is_asked_about_is_that_of_the_trip(caller: Caller) -> None:
    await caller.says("Boston to Denver on December 10th and back on the 15th.")
    await caller.does(act("search", legs=[{"date": "the 11th"}]))
    outcome = await caller.says("When does the second flight land?")
    assert outcome.say[0] == "You arrive in Boston at 7:15 PM."
