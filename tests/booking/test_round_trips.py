"""A way back for a flight one way: two days at once, "a return", "for a week"; and what one flight of two keeps."""

from datetime import date

import pytest

from tests.booking.callers import Caller, act, proposed, text
from voice.booking.actions.round_trips import grown, with_way_back
from voice.booking.actions.which_flight import leg_named
from voice.booking.context import TurnContext
from voice.booking.drafting.examine import examine
from voice.booking.reading import reader
from voice.cascade.words import Action

ONE_WAY = "Boston to Chicago on December 11th."
THERE_AND_BACK = "Chicago to Las Vegas on December 8th, back on the 14th, two people."
AN_OFFER = TurnContext(agent="Shall I book it?", proposal=True, offers=True, searching=True)


def flown(caller: Caller) -> list[tuple[str, str, int]]:
    return [(leg.origin, leg.destination, leg.departs.day) for leg in proposed(caller).legs]


@pytest.mark.parametrize(
    "said",
    [
        "Leave on the 12th and back on the 15th.",
        "can we go on the 12th and return on the 15th",
        "I'd fly the 12th and come home the 15th",
        "from the 12th to the 15th",
    ],
)
async def test_two_days_said_of_a_flight_one_way_are_out_and_back(caller: Caller, said: str) -> None:
    await caller.says(ONE_WAY)
    await caller.says(said)
    assert [day for *_, day in flown(caller)] == [12, 15]
    assert (proposed(caller).legs[0].origin, proposed(caller).legs[1].origin) == ("BOS", "ORD")


async def test_two_days_that_answer_a_question_keep_the_city_that_was_named(caller: Caller) -> None:
    await caller.says("My wife and I want to go to Denver.")
    await caller.says("From Boston on December the 10th for a week.")
    assert flown(caller) == [("BOS", "DEN", 10), ("DEN", "BOS", 17)]
    assert proposed(caller).passengers == 2


def test_a_trip_that_goes_on_is_no_way_back() -> None:
    known = [{"from": "Boston", "to": "Chicago", "date": "Friday"}]
    assert grown(known, [{"date": "the 12th"}, {"date": "the 15th"}]) == [*known, {"to": "back"}]
    assert grown(known, [{"date": "the 12th"}, {"to": "Denver", "date": "the 15th"}]) is None
    assert grown(known, [{"date": "the 12th"}]) is None
    assert grown([*known, {"to": "back"}], [{"date": "the 12th"}, {"date": "the 15th"}]) is None


@pytest.mark.parametrize(
    "said",
    [
        "And back a week later.",
        "how much would a return be a week later",
        "and what's the return price if I come back a week later",
        "what does it cost if we fly back a week later",
        "for a week",
    ],
)
async def test_a_return_after_so_many_days_leaves_the_way_out_where_it_is(caller: Caller, said: str) -> None:
    await caller.says(ONE_WAY)
    await caller.says(said)
    assert flown(caller) == [("BOS", "ORD", 11), ("ORD", "BOS", 18)]


@pytest.mark.parametrize(
    "said", ["What would a return flight cost?", "how much is it both ways", "and the return fare?"]
)
async def test_the_day_of_a_return_that_was_not_told_is_asked_for(caller: Caller, said: str) -> None:
    await caller.says(ONE_WAY)
    assert text(await caller.says(said)) == "What day would you like to fly from Chicago to Boston?"
    await caller.says("The 18th.")
    assert flown(caller) == [("BOS", "ORD", 11), ("ORD", "BOS", 18)]


@pytest.mark.parametrize("kind", ["A round trip", "I need a return ticket", "there and back,"])
async def test_a_return_flight_asks_for_its_day_and_one_way_takes_it_back(caller: Caller, kind: str) -> None:
    asked = await caller.says(f"{kind} from Boston to Chicago on December 11th.")
    assert text(asked) == "What day would you like to fly from Chicago to Boston?"
    await caller.says("No, just one way.")
    assert flown(caller) == [("BOS", "ORD", 11)]


@pytest.mark.parametrize(
    "said",
    [
        "Boston to Chicago on Friday, one way.",
        "my return flight from Boston to Chicago on Friday",
        "no return, Boston to Chicago on Friday",
        "Boston to Chicago a week from Friday",
        "Is that a return ticket?",
    ],
)
def test_what_asks_for_no_way_back_gets_none(caller: Caller, said: str) -> None:
    search = act("search", legs=[{"from": "Boston", "to": "Chicago", "date": "Friday"}])
    assert with_way_back(said, caller.dialogue, search) == search


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("and back a week later", {"to": "back", "date": "a week later"}),
        ("and coming back on the 12th", {"to": "back", "date": "the 12th"}),
        ("what would a return cost", {"to": "back"}),
    ],
)
def test_a_way_back_alone_is_read_without_a_model(said: str, read: dict[str, str]) -> None:
    reading = reader.read(said, AN_OFFER)
    assert (reading.actions, reading.certain) == ((act("search", legs=[read]),), True)


@pytest.mark.parametrize(
    "said",
    [
        "can I move the return to Friday instead",
        "is that price for both ways",
        "go back to the first one",
        "yes and back a week later",
        "what's your return policy",
        "back to Boston on Friday for two people",
    ],
)
def test_what_says_more_than_a_way_back_is_not_read_as_one(said: str) -> None:
    actions = reader.read(said, AN_OFFER).actions or ()
    assert not any(leg.get("to") == "back" for one in actions for leg in one.args.get("legs") or ())


@pytest.mark.parametrize(
    "said",
    [
        "can we get out earlier in the day on the eighth, same return",
        "could we fly out in the morning and keep the return as it is",
        "the flight out in the morning please",
        "no no back on the fourteenth like I said, just leave in the morning on the eighth",
    ],
)
async def test_another_hour_for_the_way_out_keeps_the_way_back_and_the_party(caller: Caller, said: str) -> None:
    await caller.says(THERE_AND_BACK)
    before = proposed(caller).legs
    await caller.says(said)
    after = proposed(caller).legs
    assert [leg.departs.day for leg in after] == [8, 14]
    assert (after[0].departs < before[0].departs, after[1].passengers) == (True, 2)
    assert after[1].departs == before[1].departs


@pytest.mark.parametrize(
    "said", ["can I come back in the evening on the fourteenth", "the way back in the evening, same outbound"]
)
async def test_another_hour_for_the_way_back_keeps_the_way_out(caller: Caller, said: str) -> None:
    await caller.says(THERE_AND_BACK)
    before = proposed(caller).legs
    await caller.says(said)
    after = proposed(caller).legs
    assert after[0] == before[0]
    assert (after[1].departs.day, after[1].departs.hour >= 17) == (14, True)


def test_the_flight_that_a_day_and_hour_are_of_is_the_one_on_that_day(caller: Caller) -> None:
    known = [{"from": "Chicago", "to": "Las Vegas"}, {"to": "back"}]
    assert leg_named("earlier on the 8th", known, {"date": "the 8th", "time": "earlier"}) is None
    assert leg_named("leave Las Vegas on the 9th", known, {"from": "Las Vegas", "date": "the 9th"}) == 1
    assert leg_named("leave Boston on the 9th", known, {"from": "Boston", "date": "the 9th"}) == 0


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("I mean leave Rome on the 11th", [5, 11, 13]),
        ("fly out of Paris on the 14th", [5, 9, 14]),
        ("Paris to New York on the 14th please", [5, 9, 14]),
        ("no, Rome to Paris on the 10th", [5, 10, 13]),
    ],
)
async def test_another_day_for_one_flight_of_three_changes_no_city(caller: Caller, said: str, days: list[int]) -> None:
    trip = [("New York", "Rome", "January 5th"), ("Rome", "Paris", "the 9th"), ("Paris", "New York", "the 13th")]
    await caller.does(
        act("search", legs=[dict(zip(("from", "to", "date"), leg, strict=True)) for leg in trip], pax="two")
    )
    before = [(leg.origin, leg.destination) for leg in proposed(caller).legs]
    await caller.says(said)
    assert [day for *_, day in flown(caller)] == days
    assert [start[:1] + end[:1] for start, end in before] == [s[:1] + e[:1] for s, e, _ in flown(caller)]
    assert proposed(caller).passengers == 2


async def test_what_can_not_be_meant_leaves_the_offer_there_to_be_taken(caller: Caller) -> None:
    await caller.says(ONE_WAY)
    offered = proposed(caller)
    await caller.says("To Boston.")
    outcome = await caller.says("Okay, book that please.")
    assert not outcome.wrote
    assert proposed(caller) == offered


async def test_taking_what_is_no_offer_yet_says_what_is_known(caller: Caller) -> None:
    await caller.says("Flights to Denver on December 11th.")
    outcome = await caller.says("Book it, please.")
    assert text(outcome) == (
        "I can't book that yet. So far I have a trip to Denver, on December 11th. Where are you flying from?"
    )


@pytest.mark.parametrize(
    "said",
    ["can I drop the return actually just one way", "no return, one way only", "skip the way back, make it one way"],
)
async def test_the_return_can_be_dropped_in_two_ways_at_once(caller: Caller, said: str) -> None:
    await caller.says(THERE_AND_BACK)
    await caller.says(said)
    assert [day for *_, day in flown(caller)] == [8]
    assert proposed(caller).passengers == 2


async def test_a_region_is_asked_about_and_what_was_said_with_it_is_kept(caller: Caller) -> None:
    said = "flights to Hawaii sometime in January I'm flexible"
    action = Action("search", {"legs": [{"to": "Hawaii", "date": "sometime in January"}]})
    reading = caller.desk.read(said, caller.dialogue)
    assert examine((action,), reading, TurnContext(), date(2026, 12, 1)).correctness == 1.0
    assert text(await caller.says(said)) == "In Hawaii we fly to Honolulu and Maui. Which one would you like?"
    await caller.says("Honolulu from Seattle.")
    assert proposed(caller).legs[0].departs.month == 1


async def test_a_way_back_counts_from_the_flight_that_was_read_back(caller: Caller) -> None:
    await caller.says("Boston to Chicago any day in January.")
    ((*_, day),) = flown(caller)
    await caller.says("How much would a return be ten days later?")
    assert [leg.departs.day for leg in proposed(caller).legs] == [day, day + 10]


async def test_a_flight_that_is_not_moved_keeps_its_day_behind_one_that_is(caller: Caller) -> None:
    trip = [("New York", "Rome", "January 5th"), ("Rome", "Paris", "the 9th"), ("Paris", "New York", "the 13th")]
    await caller.does(act("search", legs=[dict(zip(("from", "to", "date"), leg, strict=True)) for leg in trip]))
    outcome = await caller.says("Leave Rome on the 15th.")
    assert outcome.say[0].startswith("Wednesday, January 13th is before the flight that comes first.")
