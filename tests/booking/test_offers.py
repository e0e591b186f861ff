"""Trips that the desk finds, and how they are told, refined and chosen."""

from datetime import date

from sqlalchemy import update

from tests.booking.callers import Caller, act, assert_speakable, flight, legs, text
from voice.booking.airline.bookings import load_booking
from voice.booking.airline.tables import FlightRow
from voice.booking.dialogue import BookTrip
from voice.cascade.words import OutcomeKind


def sell_out(caller: Caller, origin: str) -> None:
    of_the_day = update(FlightRow).where(FlightRow.origin == origin, FlightRow.day == date(2026, 12, 11))
    sold_out = of_the_day.values(sold_economy=FlightRow.seats_economy)
    caller.desk.store.write(lambda session: session.execute(sold_out))


async def test_three_legs_are_told_in_three_sentences_and_the_price_is_for_all(caller: Caller) -> None:
    trip = legs(
        ("Boston", "Tokyo", "December 10th"), ("Tokyo", "Osaka", "two nights there"), ("Osaka", "Boston", "the 18th")
    )
    outcome = await caller.does(trip)
    assert len(outcome.say) == 4
    assert outcome.say[0].startswith("$")
    assert outcome.say[1].startswith("Boston to Tokyo Narita on Thursday, December 10th at ")
    assert {"Thursday, December 10th", "Sunday, December 13th", "Friday, December 18th"} <= set(outcome.facts)
    assert_speakable(outcome)
    (locator,) = (await caller.says_yes()).wrote
    booking = caller.desk.store.read(lambda session: load_booking(session, locator))
    assert booking
    assert len(booking.legs) == 3
    assert f"${booking.paid:,}" in outcome.facts


async def test_a_leg_may_end_where_the_trip_began_and_start_where_the_last_one_ended(caller: Caller) -> None:
    said = [{"from": "Boston", "to": "Denver", "date": "the tenth"}, {"to": "back", "date": "three days later"}]
    outcome = await caller.does(act("search", legs=said))
    assert outcome.say[0].endswith(" for the round trip.")
    assert outcome.say[1].count("Boston") == 1
    assert "and back on Sunday, December 13th" in outcome.say[1]


async def test_a_return_from_another_airport_names_it(caller: Caller) -> None:
    outcome = await caller.does(legs(("Boston", "LaGuardia", "next Friday"), ("JFK", "Boston", "the 15th")))
    assert outcome.say[0].endswith(" for the round trip.")
    assert outcome.say[1].startswith("Boston to New York LaGuardia on Friday, December 11th at ")
    assert outcome.say[2].startswith("Then New York JFK to Boston on Tuesday, December 15th at ")
    assert "You first fly from Boston to New York LaGuardia on " in text(await caller.says_yes())


async def test_some_may_fly_only_a_part(caller: Caller) -> None:
    said = [
        {"from": "Boston", "to": "Denver", "date": "the tenth", "who": "me and my wife"},
        {"from": "Denver", "to": "Seattle", "date": "the 12th", "who": "just me"},
    ]
    outcome = await caller.does(act("search", legs=said))
    assert caller.dialogue.pending
    write = caller.dialogue.pending.write
    assert isinstance(write, BookTrip)
    assert [leg.passengers for leg in write.trip.legs] == [2, 1]
    assert f"${write.trip.total}" in outcome.facts
    assert "one passenger from Denver to Seattle" in text(outcome)
    (locator,) = (await caller.says_yes()).wrote
    booking = caller.desk.store.read(lambda session: load_booking(session, locator))
    assert booking
    assert booking.paid == write.trip.total


PARTY = (
    "Two of us fly from Boston to Denver on the 10th, my brother joins us there "
    "and all three fly on to Seattle on the 14th."
)


async def test_more_may_fly_a_part_than_the_number_said_first(caller: Caller) -> None:
    outcome = await caller.says(PARTY)
    assert caller.dialogue.pending
    write = caller.dialogue.pending.write
    assert isinstance(write, BookTrip)
    assert [leg.passengers for leg in write.trip.legs] == [2, 3]
    assert f"${write.trip.total}" in outcome.facts
    assert_speakable(outcome)
    (locator,) = (await caller.says_yes()).wrote
    booking = caller.desk.store.read(lambda session: load_booking(session, locator))
    assert booking
    assert (len(booking.passengers), booking.paid) == (3, write.trip.total)


async def test_a_number_said_later_holds_also_where_more_were_to_fly(caller: Caller) -> None:
    await caller.says(PARTY)
    await caller.does(act("search", pax="just me"))
    assert caller.dialogue.pending
    assert isinstance(caller.dialogue.pending.write, BookTrip)
    assert [leg.passengers for leg in caller.dialogue.pending.write.trip.legs] == [1, 1]


async def test_the_others_stay_longer(caller: Caller) -> None:
    said = [
        {"from": "New York", "to": "London", "date": "January 9th", "who": "me and two friends"},
        {"from": "London", "to": "New York", "date": "January 16th", "who": "I"},
        {"from": "London", "to": "New York", "date": "January 20th", "who": "they"},
    ]
    await caller.does(act("search", legs=said))
    assert caller.dialogue.pending
    assert isinstance(caller.dialogue.pending.write, BookTrip)
    assert [leg.passengers for leg in caller.dialogue.pending.write.trip.legs] == [3, 1, 2]


async def test_the_same_weekday_is_the_same_day_onward_and_a_week_later_homeward(caller: Caller) -> None:
    await caller.does(legs(("Boston", "New York", "Thursday"), ("New York", "Washington", "Thursday night")))
    assert caller.dialogue.pending
    assert isinstance(caller.dialogue.pending.write, BookTrip)
    first, second = (leg.departs.date() for leg in caller.dialogue.pending.write.trip.legs)
    assert first == second == date(2026, 12, 3)
    caller.dialogue = caller.desk.open("again")
    outcome = await caller.does(legs(("Boston", "New York", "Thursday"), ("New York", "Boston", "Thursday")))
    assert {"Thursday, December 3rd", "Thursday, December 10th"} <= set(outcome.facts)


async def test_a_time_that_nothing_flies_at_draws_the_nearest(caller: Caller) -> None:
    outcome = await caller.does(
        act("search", legs=[{"from": "Houston", "to": "Austin", "date": "Monday", "time": "after 10 pm"}])
    )
    assert outcome.say[0] == "There is nothing from Houston to Austin at that time."
    assert caller.dialogue.pending
    assert isinstance(caller.dialogue.pending.write, BookTrip)
    assert caller.dialogue.pending.write.trip.legs[0].departs.hour >= 14


async def test_no_connection_leads_around_the_world(caller: Caller) -> None:
    for start, end in (
        ("Philadelphia", "Orlando"),
        ("Detroit", "Minneapolis"),
        ("Portland", "Denver"),
        ("Reno", "Boise"),
    ):
        outcome = await caller.does(flight(start, end, "the tenth"))
        assert "London" not in text(outcome)
        assert "Tokyo" not in text(outcome)


async def test_a_price_limit_that_can_not_be_met_is_said_before_the_offer(caller: Caller) -> None:
    outcome = await caller.does(legs(("Boston", "Denver", "next Friday"), max_price="$90"))
    assert outcome.say[0] == "I found nothing for $90 or less on Friday, December 11th."
    assert outcome.say[-1] == "Shall I book it?"


async def test_a_cabin_that_is_not_to_be_had_is_told_from_a_plane_that_is_full(caller: Caller) -> None:
    search = act("search", legs=[{"from": "St. Louis", "to": "Chicago", "date": "December 11th"}], cabin="premium")
    outcome = await caller.does(search)
    why = "There are no premium economy seats from St. Louis to Chicago on Friday, December 11th."
    assert outcome.say[0] == f"{why} In economy there are."
    assert caller.dialogue.pending
    assert isinstance(caller.dialogue.pending.write, BookTrip)
    assert caller.dialogue.pending.write.trip.legs[0].cabin == "economy"
    assert_speakable(outcome)
    sell_out(caller, "STL")
    assert (await caller.does(search)).say[0].startswith("Everything from St. Louis to Chicago ")


async def test_a_leg_in_another_cabin_says_so(caller: Caller) -> None:
    full = update(FlightRow).where(FlightRow.origin == "BOS", FlightRow.day == date(2026, 12, 11))
    sold_out = full.values(sold_business=FlightRow.seats_business)
    caller.desk.store.write(lambda session: session.execute(sold_out))
    outcome = await caller.does(
        legs(("Boston", "Denver", "next Friday"), ("Denver", "Boston", "Monday"), cabin="business")
    )
    assert outcome.say[0].endswith(" on Friday, December 11th. In economy there are.")
    assert ", and back in business class on Monday, December 14th at " in outcome.say[2]


async def test_the_callers_own_fallback_is_tried_first(caller: Caller) -> None:
    sell_out(caller, "BOS")
    outcome = await caller.does(legs(("Boston", "Denver", "next Friday"), fallback="the day after"))
    assert "Friday, December 11th is sold out" in outcome.say[0]
    assert "Saturday, December 12th" in outcome.facts
    outcome = await caller.does(legs(("Boston", "Denver", "next Friday"), fallback="the 21st"))
    assert "Monday, December 21st" in outcome.facts
    outcome = await caller.does(legs(("Boston", "Denver", "next Friday")))
    assert "Saturday, December 12th" in outcome.facts


async def test_a_search_is_refined_by_what_is_said_next(caller: Caller) -> None:
    first = await caller.does(flight("Boston", "New York", "next Friday"))
    later = await caller.does(act("search", legs=[{"time": "later"}]))
    assert later.facts != first.facts
    other = await caller.does(act("search", legs=[{"date": "Saturday"}]))
    assert "Saturday, December 12th" in other.facts
    elsewhere = await caller.does(flight("Chicago", "Miami", "the tenth"))
    assert "Chicago" in text(elsewhere)


async def test_an_offer_is_chosen_by_what_is_said_of_it(caller: Caller) -> None:
    await caller.does(flight("Boston", "New York", "next Friday"))
    offers = caller.dialogue.offers
    assert len(offers) == 3
    second = await caller.does(act("book", offer="the second one"))
    assert f"${offers[1].fare}" in second.facts
    assert not second.wrote
    await caller.does(act("book", offer="the cheapest"))
    assert caller.dialogue.pending
    assert isinstance(caller.dialogue.pending.write, BookTrip)
    assert caller.dialogue.pending.write.trip.fare == min(offer.fare for offer in offers)
    unclear = await caller.does(act("book", offer="the seventh one"))
    assert unclear.kind is OutcomeKind.CLARIFY


async def test_booking_without_an_offer_starts_a_search(caller: Caller) -> None:
    outcome = await caller.does(act("book", offer="that one"))
    assert outcome.say[-1] == "Where would you like to fly to?"


async def test_a_party_that_a_reading_left_out_is_not_forgotten(caller: Caller) -> None:
    said = "We are three people and we'd like to go from Boston to Denver on December 11th."
    reading = caller.desk.read(said, caller.dialogue)
    left_out = flight("Boston", "Denver", "December 11th", who="We")
    outcome = await caller.desk.perform([left_out], reading, caller.dialogue, key="party")
    assert " each, " in outcome.say[0]
    pending = outcome.dialogue.pending
    assert isinstance(pending.write, BookTrip)
    assert pending.write.trip.passengers == 3
