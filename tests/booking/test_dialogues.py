"""Turns in the middle of calls, as callers say them to an offer, a booking or a question."""

import pytest

from tests.booking.callers import Caller, flight, legs, text
from voice.booking.codes.parts import part_of_code
from voice.booking.dialogue import BookTrip
from voice.booking.trips import Trip


def trip(caller: Caller) -> Trip:
    assert caller.dialogue.pending
    assert isinstance(caller.dialogue.pending.write, BookTrip)
    return caller.dialogue.pending.write.trip


async def three_flights(caller: Caller) -> None:
    await caller.does(
        legs(("Boston", "Denver", "the 8th"), ("Denver", "Phoenix", "the 11th"), ("Phoenix", "Boston", "the 14th"))
    )


@pytest.mark.parametrize("said", ["How much would I get back?", "What would I get back if I cancel?"])
async def test_a_refund_of_an_offer_is_nothing_since_nothing_was_paid(caller: Caller, said: str) -> None:
    await caller.does(flight("Boston", "Denver", "the 10th"))
    outcome = await caller.says(said)
    assert outcome.say[0] == "Nothing is booked or paid yet."
    assert outcome.say[-1] == "Shall I book that flight?"
    assert (await caller.says_yes()).wrote


@pytest.mark.parametrize(
    "said", ["Can you hold it?", "Can you hold that for me until tomorrow?", "Could you put it on hold?"]
)
async def test_an_offer_can_not_be_held_and_stays(caller: Caller, said: str) -> None:
    await caller.does(flight("Boston", "Miami", "the 12th"))
    before = trip(caller)
    outcome = await caller.says(said)
    assert outcome.say[0] == "I can't hold a flight without booking it."
    assert "free within 24 hours" in text(outcome)
    assert trip(caller) == before


async def test_a_flight_that_leaves_too_soon_is_not_said_to_be_free_to_cancel(caller: Caller) -> None:
    await caller.does(flight("Boston", "Miami", "tomorrow"))
    assert "free" not in text(await caller.says("Can you hold it for us?"))


@pytest.mark.parametrize("said", ["I'll call back later, thanks.", "I need to ask my wife first."])
async def test_a_caller_who_decides_later_is_not_asked_what_instead(caller: Caller, said: str) -> None:
    await caller.does(flight("Boston", "Miami", "the 12th"))
    assert (await caller.says(said)).say == ("Okay, I won't book it.", "Is there anything else?")
    assert caller.dialogue.pending is None


async def test_one_flight_of_several_is_told_again_by_its_number(caller: Caller) -> None:
    await three_flights(caller)
    outcome = await caller.says("What was the second one again?")
    assert outcome.say == ("Denver to Phoenix on Friday, December 11th at 10:30 AM.", "Shall I book that trip?")


@pytest.mark.parametrize(
    ("said", "days"),
    [("Can you make the first leg the 9th?", [9, 11, 14]), ("The last leg on the 15th, please.", [8, 11, 15])],
)
async def test_the_first_and_the_last_leg_are_named_so(caller: Caller, said: str, days: list[int]) -> None:
    await three_flights(caller)
    await caller.says(said)
    assert [leg.departs.day for leg in trip(caller).legs] == days


async def test_a_bare_weekday_is_that_of_the_days_asked_for(caller: Caller) -> None:
    await caller.says("Two tickets from Chicago to Miami the weekend after next.")
    await caller.says("Saturday please.")
    assert trip(caller).legs[0].departs.day == 19


async def test_the_evening_before_is_the_day_before_at_that_hour(caller: Caller) -> None:
    await caller.does(flight("Boston", "Miami", "the 12th"))
    await caller.says("How about the evening before?")
    leaves = trip(caller).legs[0].departs
    assert (leaves.day, leaves.hour >= 17) == (11, True)


async def test_another_day_is_asked_for_and_no_rule_told(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "the 10th"))
    assert text(await caller.says("Something on another day?")) == "What day would you like to fly?"
    await caller.says("The 12th.")
    assert trip(caller).legs[0].departs.day == 12


async def test_what_was_too_early_is_later_behind_a_no(caller: Caller) -> None:
    await caller.says("Boston to Denver on the 10th, in the morning.")
    early = trip(caller).legs[0].departs
    await caller.says("No.")
    await caller.says("Too early.")
    assert trip(caller).legs[0].departs > early


async def test_bags_for_an_offer_wait_until_it_is_booked(caller: Caller) -> None:
    await caller.says("Four people from Seattle to Denver on the 12th.")
    outcome = await caller.says("And a bag for each of us.")
    assert outcome.say == ("I can add bags once the trip is booked.", "Shall I book that flight?")
    booked = await caller.says("Yes.")
    assert booked.wrote
    assert "four checked bags" in text(booked)
    assert booked.say[-1] == "Shall I add them?"


async def test_bags_for_an_offer_go_with_a_no(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "the 12th"))
    await caller.says("I also need to check a bag.")
    assert (await caller.says("No.")).say == ("Okay, I won't book it.", "What would you like instead?")


async def test_bags_beside_others_are_said_to_be_more(caller: Caller) -> None:
    await caller.says("Add a bag to QT44LZ.")
    await caller.says("Yes.")
    assert "two more checked bags" in text(await caller.says("Make it two bags."))


@pytest.mark.parametrize(
    "said", ["Cancel QT44LZ and WK7R2M.", "I have two bookings, QT44LZ and WK7R2M. Please cancel both."]
)
async def test_two_bookings_are_cancelled_one_after_the_other(caller: Caller, said: str) -> None:
    await caller.says(said)
    first = await caller.says("Yes.")
    assert first.wrote == ("QT44LZ",)
    assert first.say[-1] == "Shall I cancel it?"
    assert (await caller.says("Yes.")).wrote == ("WK7R2M",)


@pytest.mark.parametrize(
    "parts", [("It's Q T four.", "And then four L Z."), ("Quebec Tango.", "Four four.", "Lima Zulu."), ("QT44", "L Z")]
)
async def test_a_code_is_joined_from_its_parts(caller: Caller, parts: tuple[str, ...]) -> None:
    await caller.says("I'd like to look up my booking.")
    *early, last = parts
    for said in early:
        assert text(await caller.says(said)) == "And the rest of the code?"
    assert "Maya Reyes" in text(await caller.says(last))


@pytest.mark.parametrize("said", ["I see.", "One moment.", "It's under Garcia.", "Two of us", "QT44LZ", "A"])
def test_other_words_are_no_part_of_a_code(said: str) -> None:
    assert part_of_code(said) == ""


async def test_a_family_in_a_list_is_counted_whole(caller: Caller) -> None:
    await caller.says("My wife and I and our two kids want to fly from Boston to Orlando on the 19th.")
    assert trip(caller).passengers == 4


async def test_a_day_beside_the_number_of_a_flight_is_the_new_one(caller: Caller) -> None:
    await caller.says("I want to change my booking QT44LZ.")
    assert "Monday, December 14th" in text(await caller.says("The first flight to the 14th."))


async def test_hours_are_local(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "the 10th"))
    assert (await caller.says("Is that local time?")).say[0] == "Yes, all times are local."


async def test_another_flight_of_the_booking_takes_over_what_is_new(caller: Caller) -> None:
    await caller.says("Change QT44LZ to the 13th.")
    await caller.says("The return.")
    outcome = await caller.says("No, sorry, the outbound.")
    assert "I can move it to Sunday, December 13th" in text(outcome)
    assert "That's Boston to Denver" in text(outcome)
    assert not outcome.wrote


async def test_the_last_one_of_a_single_flight_is_another_offer(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "the 10th"))
    await caller.says("What's the last one?")
    assert trip(caller).legs[0].departs.hour == 16


async def test_tonight_is_no_flight_of_the_morning(caller: Caller) -> None:
    outcome = await caller.says("I need a flight for tonight from Boston to Chicago.")
    assert outcome.say[0] == "There is nothing from Boston to Chicago at that time."
    assert trip(caller).legs[0].departs.hour >= 12


async def test_a_state_alone_is_about_the_city_of_that_name(caller: Caller) -> None:
    await caller.says("Boston to Portland on the 10th.")
    for said, airport in (("Portland, Maine.", "PWM"), ("No, Oregon.", "PDX"), ("No, Maine.", "PWM")):
        await caller.says(said)
        assert trip(caller).legs[0].destination == airport
