"""What is said next changes what was found, and nothing else of it."""

from datetime import date

import pytest
from sqlalchemy import update

from tests.booking.callers import Caller, act, flight, legs, text
from voice.booking.airline.tables import FlightRow
from voice.booking.dialogue import BookTrip, ChangeLeg
from voice.booking.trips import Leg, Trip
from voice.cascade.words import Action

FRIDAY = date(2026, 12, 11)


def offered(caller: Caller) -> Trip:
    assert caller.dialogue.pending
    assert isinstance(caller.dialogue.pending.write, BookTrip)
    return caller.dialogue.pending.write.trip


def days(caller: Caller) -> list[date]:
    return [leg.departs.date() for leg in offered(caller).legs]


def moved(caller: Caller) -> Leg:
    assert caller.dialogue.pending
    assert isinstance(caller.dialogue.pending.write, ChangeLeg)
    return caller.dialogue.pending.write.leg


def sell_out(caller: Caller, *numbers: int) -> None:
    everything = FlightRow.origin == "BOS", FlightRow.day.in_([date(2026, 12, number) for number in numbers])
    sold = update(FlightRow).where(*everything).values(sold_economy=FlightRow.seats_economy)
    caller.desk.store.write(lambda session: session.execute(sold))


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("the next day", 12),
        ("the day after", 12),
        ("the next morning", 12),
        ("a day earlier", 10),
        ("two days before", 9),
        ("a week later", 18),
        ("the day after tomorrow", 3),
    ],
)
async def test_a_day_counts_from_the_flight_that_was_offered(caller: Caller, said: str, day: int) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    await caller.does(act("search", legs=[{"date": said}]))
    assert days(caller)[0] == date(2026, 12, day)


async def test_a_week_counts_from_the_flight_that_was_offered(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    await caller.does(act("search", legs=[{"date": "the week after"}]))
    assert date(2026, 12, 14) <= days(caller)[0] <= date(2026, 12, 20)


async def test_a_day_that_was_counted_stays_as_the_search_is_refined_further(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    await caller.does(act("search", legs=[{"date": "the next day"}]))
    await caller.does(act("search", pax="two"))
    assert days(caller) == [date(2026, 12, 12)]
    await caller.does(act("search", legs=[{"date": "the next day"}]))
    assert days(caller) == [date(2026, 12, 13)]


async def test_a_day_counts_from_the_one_that_is_sold_out(caller: Caller) -> None:
    sell_out(caller, *range(8, 15))
    outcome = await caller.does(flight("Boston", "Denver", "next Friday"))
    assert outcome.say[-1] == "Would you like to fly to Denver on another day?"
    await caller.does(act("search", legs=[{"date": "four days later"}]))
    assert days(caller) == [date(2026, 12, 15)]


@pytest.mark.parametrize(
    "said",
    [
        "Can I come back on Sunday instead?",
        "I'd like to return on Sunday.",
        "Could I fly back to Boston on Sunday?",
        "What about Sunday for the flight back?",
    ],
)
async def test_the_return_is_changed_alone(caller: Caller, said: str) -> None:
    await caller.does(legs(("Boston", "Denver", "next Friday"), ("Denver", "Boston", "Monday")))
    await caller.says(said)
    assert days(caller) == [FRIDAY, date(2026, 12, 13)]


async def test_a_round_trip_on_another_day_moves_the_way_out(caller: Caller) -> None:
    await caller.does(legs(("Boston", "Denver", "next Friday"), ("Denver", "Boston", "the 20th")))
    await caller.says("What about a round trip on the 14th?")
    assert days(caller) == [date(2026, 12, 14), date(2026, 12, 20)]


async def test_a_later_return_is_later_than_the_return_that_was_offered(caller: Caller) -> None:
    await caller.does(legs(("Boston", "Denver", "next Friday"), ("Denver", "Boston", "Monday")))
    out, back = offered(caller).legs
    await caller.says("Is there something later for the way back?")
    assert offered(caller).legs[0].departs == out.departs
    assert offered(caller).legs[1].departs > back.departs


async def test_a_way_back_is_added_to_a_trip_one_way(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    outcome = await caller.says("And I want to come back on Sunday.")
    assert "for the round trip" in text(outcome)
    assert days(caller) == [FRIDAY, date(2026, 12, 13)]


async def test_a_flight_home_is_moved_and_no_way_back_added(caller: Caller) -> None:
    await caller.does(flight("Denver", "Boston", "next Friday"))
    await caller.says("Can I fly back on Sunday instead?")
    assert days(caller) == [date(2026, 12, 13)]


async def test_an_answer_that_names_the_flight_in_question_keeps_the_others(caller: Caller) -> None:
    way_out, way_back = {"from": "Boston", "to": "Denver", "date": "the 12th"}, {"from": "Denver", "to": "Boston"}
    outcome = await caller.does(act("search", legs=[way_out, way_back], pax="two"))
    assert outcome.say == ("What day would you like to fly from Denver to Boston?",)
    await caller.does(flight("Denver", "Boston", "the 20th"))
    assert days(caller) == [date(2026, 12, 12), date(2026, 12, 20)]
    assert offered(caller).passengers == 2


@pytest.mark.parametrize("way_back", [{"to": "back"}, {"from": "Denver"}, {"to": "Boston"}])
async def test_the_flight_in_question_is_named_also_where_its_ends_went_without_saying(
    caller: Caller, way_back: dict[str, str]
) -> None:
    await caller.does(act("search", legs=[{"from": "Boston", "to": "Denver", "date": "the 12th"}, way_back]))
    await caller.does(flight("Denver", "Boston", "the 20th"))
    assert days(caller) == [date(2026, 12, 12), date(2026, 12, 20)]


async def test_an_answer_with_both_ends_keeps_the_day_and_the_passengers(caller: Caller) -> None:
    await caller.does(act("search", legs=[{"to": "Denver", "date": "the 12th"}], pax="two"))
    await caller.does(act("search", legs=[{"from": "Boston", "to": "Denver"}]))
    assert (days(caller), offered(caller).passengers) == ([date(2026, 12, 12)], 2)


async def test_another_flight_than_the_one_in_question_is_a_new_search_for_the_same_people(caller: Caller) -> None:
    await caller.does(act("search", legs=[{"from": "Boston", "to": "Denver"}], pax="two"))
    await caller.does(flight("Chicago", "Miami", "the tenth"))
    assert (offered(caller).legs[0].destination, offered(caller).passengers) == ("MIA", 2)


@pytest.mark.parametrize("refused", [(), (act("confirm", answer="no"),)], ids=["asked at once", "behind a no"])
async def test_later_compares_with_the_offer_that_was_chosen(caller: Caller, refused: tuple[Action, ...]) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    afternoon, morning, _ = (trip.legs[0].departs for trip in caller.dialogue.offers)
    await caller.does(act("book", offer="the second one"))
    await caller.does(*refused, act("search", legs=[{"time": "later"}]))
    assert morning < offered(caller).legs[0].departs <= afternoon


async def test_a_change_that_was_read_back_is_refined(caller: Caller) -> None:
    await caller.does(act("change", code="QT44LZ", leg="first", date="the 13th"))
    sunday = moved(caller).departs
    await caller.does(act("change", time="later"))
    later = moved(caller).departs
    assert later.date() == sunday.date()
    assert later > sunday
    await caller.does(act("change", date="a day earlier"))
    assert moved(caller).departs.date() == date(2026, 12, 12)
    await caller.does(act("change", cabin="business"))
    assert (moved(caller).departs.date(), moved(caller).cabin) == (date(2026, 12, 12), "business")


async def test_a_change_of_another_leg_or_booking_begins_anew(caller: Caller) -> None:
    await caller.does(act("change", code="QT44LZ", leg="first", date="the 13th"))
    await caller.does(act("change", leg="the return", time="in the evening"))
    assert (moved(caller).origin, moved(caller).departs.date()) == ("DEN", date(2026, 12, 15))
    outcome = await caller.does(act("change", code="WK7R2M", time="in the evening"))
    assert outcome.say[-1].startswith("Which flight do you mean")


@pytest.mark.parametrize(
    ("said", "day", "hour"),
    [
        ("Same time the week after.", 17, (15, 35)),
        ("The same time the following week.", 17, (15, 35)),
        ("Same day the week after, in the morning.", 17, None),
    ],
)
async def test_the_same_time_the_week_after_is_a_week_on_at_that_hour(
    caller: Caller, said: str, day: int, hour: tuple[int, int] | None
) -> None:
    await caller.says("Boston to Denver on December 10th.")
    await caller.says(said)
    assert days(caller) == [date(2026, 12, day)]
    leaves = offered(caller).legs[0].departs
    assert (leaves.hour, leaves.minute) == hour if hour else leaves.hour < 12


async def test_the_following_week_follows_the_day_that_was_read_back(caller: Caller) -> None:
    await caller.says("Boston to Denver on December 10th.")
    await caller.says("The following week.")
    assert date(2026, 12, 14) <= days(caller)[0] <= date(2026, 12, 20)


async def test_later_that_day_is_another_flight_of_that_day(caller: Caller) -> None:
    await caller.says("Boston to Denver on December 10th.")
    before = offered(caller).legs[0].departs
    await caller.says("Later that day?")
    after = offered(caller).legs[0].departs
    assert after > before
    assert after.date() == before.date()


async def test_a_later_flight_back_is_looked_for_and_no_rule_told(caller: Caller) -> None:
    await caller.says("Boston to Denver on December 10th and back on the 15th.")
    before = offered(caller)
    await caller.says("Is there a later flight back?")
    after = offered(caller)
    assert after.legs[0] == before.legs[0]
    assert after.legs[1].departs > before.legs[1].departs


async def test_a_later_flight_back_stays_while_the_way_out_changes(caller: Caller) -> None:
    await caller.says("Boston to Denver on December 10th and back on the 15th.")
    await caller.says("Is there a later flight back?")
    back = offered(caller).legs[1]
    assert back.departs.hour == 19
    await caller.says("Is there a later one out?")
    assert offered(caller).legs[0].departs.hour == 16
    assert offered(caller).legs[1] == back


@pytest.mark.parametrize("said", [["The return too, on the 15th."], ["And the return too.", "The 15th."]])
async def test_the_return_too_adds_a_way_home(caller: Caller, said: list[str]) -> None:
    await caller.says("Boston to Denver on December 10th.")
    for words in said:
        await caller.says(words)
    assert days(caller) == [date(2026, 12, 10), date(2026, 12, 15)]
    assert offered(caller).legs[1].destination == "BOS"


@pytest.mark.parametrize(
    ("said", "day", "hour"),
    [("Make the second one in the afternoon.", 14, 13), ("Can the flight to Seattle be on the 13th?", 13, 10)],
)
async def test_one_flight_of_several_is_refined_by_its_number_or_its_place(
    caller: Caller, said: str, day: int, hour: int
) -> None:
    await caller.says(
        "Boston to Denver on the 10th, then Denver to Seattle on the 14th, then back to Boston on the 18th."
    )
    before = offered(caller)
    await caller.says(said)
    after = offered(caller)
    assert [after.legs[0], after.legs[2]] == [before.legs[0], before.legs[2]]
    assert (after.legs[1].departs.day, after.legs[1].departs.hour) == (day, hour)


async def test_a_yes_to_another_city_keeps_the_day_that_comes_with_it(caller: Caller) -> None:
    await caller.says("I want to fly from Boston to Boulder.")
    await caller.says("Yes, on the 10th.")
    assert offered(caller).legs[0].destination == "DEN"
    assert days(caller) == [date(2026, 12, 10)]


async def test_where_from_is_answered_with_the_place_that_stands_alone(caller: Caller) -> None:
    await caller.says("I need a flight.")
    outcome = await caller.says("Boston, I guess. To Denver.")
    assert text(outcome) == "What day would you like to fly from Boston to Denver?"


@pytest.mark.parametrize("said", [["I mean the nineteenth."], ["For two people.", "I mean the nineteenth."]])
async def test_a_bare_day_is_about_the_flight_spoken_of_last(caller: Caller, said: list[str]) -> None:
    await caller.says("Boston to Denver on the 10th.")
    await caller.says("And back on the ninth.")
    for words in said:
        await caller.says(words)
    assert days(caller) == [date(2026, 12, 10), date(2026, 12, 19)]


async def test_where_there_is_no_later_flight_the_one_read_back_stays(caller: Caller) -> None:
    await caller.says("Boston to Denver on December 10th.")
    await caller.says("Is there a later one?")
    before = offered(caller)
    outcome = await caller.says("Is there a later one?")
    assert outcome.say == ("There is no later flight that day.", "Shall I book that flight?")
    assert offered(caller) == before
    assert (await caller.says_yes()).wrote
