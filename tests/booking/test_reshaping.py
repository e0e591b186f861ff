"""Turns that give the trip under discussion another shape, other people, or another day, before it is booked."""

from datetime import date

import pytest

from tests.booking.callers import Caller, legs, proposed, text
from voice.booking.dates.nearby_days import near
from voice.booking.wishes.companions import companions, with_part
from voice.booking.wishes.continuing import continued, other_end
from voice.booking.wishes.reshaping import Reshaping, reshape, reshaping

FRIDAY = date(2026, 12, 18)


def route(caller: Caller) -> list[tuple[str, str]]:
    return [(leg.origin, leg.destination) for leg in proposed(caller).legs]


def days(caller: Caller) -> list[int]:
    return [leg.departs.day for leg in proposed(caller).legs]


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("No, the other way round.", Reshaping("swap")),
        ("Can you swap the cities?", Reshaping("swap")),
        ("Drop the return.", Reshaping("one_way")),
        ("Just one way, please.", Reshaping("one_way")),
        ("Skip the stop in Denver.", Reshaping("without", "Denver")),
        ("Leave out Denver.", Reshaping("without", "Denver")),
        ("Can you skip the stopover?", Reshaping("without")),
        ("Drop the return and book it.", None),
        ("Cancel my booking.", None),
        ("Not to Denver, to Boston.", None),
        ("Not JFK.", None),
        ("No stop in Denver.", Reshaping("without", "Denver")),
        ("", None),
    ],
)
def test_what_gives_a_trip_another_shape_is_told_from_what_does_more(said: str, wish: Reshaping | None) -> None:
    assert reshaping(said) == wish


def test_what_a_trip_has_not_can_not_be_taken_from_it() -> None:
    one_way = [{"from": "Boston", "to": "Denver", "date": "Friday"}]
    assert reshape(Reshaping("one_way"), one_way) is None
    assert reshape(Reshaping("without", "Austin"), [*one_way, {"to": "Austin"}]) is None
    assert reshape(Reshaping("without", "Denver"), [*one_way, {"to": "back"}]) is None
    assert reshape(Reshaping("swap"), []) is None


async def test_the_other_way_round_swaps_both_ends(caller: Caller) -> None:
    await caller.says("Two tickets from Miami to Chicago on Friday.")
    await caller.says("No, the other way round.")
    assert route(caller) == [("ORD", "MIA")]
    assert proposed(caller).passengers == 2


async def test_the_return_is_dropped(caller: Caller) -> None:
    await caller.says("A round trip from Boston to Denver on the 10th, back on the 14th.")
    await caller.says("Drop the return.")
    assert route(caller) == [("BOS", "DEN")]


async def test_a_stop_is_skipped(caller: Caller) -> None:
    await caller.does(legs(("Seattle", "Denver", "the 8th"), ("Denver", "Phoenix", "the 11th")))
    await caller.says("Can you skip the stop in Denver?")
    assert (route(caller), days(caller)) == ([("SEA", "PHX")], [8])


async def test_no_stops_at_all_is_a_wish_for_nonstops(caller: Caller) -> None:
    await caller.does(legs(("Seattle", "Denver", "the 8th"), ("Denver", "Phoenix", "the 11th")))
    await caller.says("No layovers, please.")
    assert (route(caller), days(caller)) == ([("SEA", "DEN"), ("DEN", "PHX")], [8, 11])
    assert caller.dialogue.search
    assert caller.dialogue.search.args["nonstop"]


@pytest.mark.parametrize(
    ("said", "more"),
    [
        ("For my wife as well.", 1),
        ("My husband is coming too.", 1),
        ("And my two kids.", 2),
        ("Two more passengers, please.", 2),
        ("One more ticket.", 1),
        ("My son and my daughter are joining us.", 2),
        ("Fine, and can my daughter come too?", 1),
        ("And our baby.", 0),
        ("My wife booked it.", 0),
        ("Me and my wife.", 0),
        ("Another flight.", 0),
        ("No, another.", 0),
        ("Okay, a second.", 0),
        ("It's for my wife.", 0),
        ("And for my wife.", 1),
        ("It's for someone else.", 0),
        ("For two.", 0),
    ],
)
def test_people_who_fly_as_well_are_counted(said: str, more: int) -> None:
    assert companions(said) == more


async def test_who_flies_as_well_is_added_to_the_party(caller: Caller) -> None:
    await caller.says("Boston to Denver on the 10th.")
    assert "$350 in total" in text(await caller.says("For my wife as well."))
    await caller.says("And my two kids.")
    assert proposed(caller).passengers == 4


@pytest.mark.parametrize(
    ("said", "people"),
    [
        ("Boston to Denver on Friday, with my wife.", 2),
        ("I'm flying with my two kids from Boston to Denver on Friday.", 3),
        ("A ticket for my wife from Boston to Denver on Friday.", 1),
        ("Boston to Denver on Friday for my wife and me.", 2),
    ],
)
async def test_who_flies_with_somebody_flies_as_well(caller: Caller, said: str, people: int) -> None:
    await caller.says(said)
    assert proposed(caller).passengers == people


async def test_a_yes_with_somebody_who_comes_too_books_nothing_yet(caller: Caller) -> None:
    await caller.says("Boston to Denver on the 10th.")
    assert not (await caller.says("Fine, and can my daughter come too?")).wrote
    assert proposed(caller).passengers == 2


@pytest.mark.parametrize("said", ["Yes, to Tucson.", "Yes, from Seattle.", "The second one to Tucson, please."])
async def test_a_yes_to_another_city_books_nothing(caller: Caller, said: str) -> None:
    await caller.does(legs(("Boston", "Denver", "the 8th"), ("Denver", "Phoenix", "the 11th")))
    assert not (await caller.says(said)).wrote
    assert route(caller) != [("BOS", "DEN"), ("DEN", "PHX")]


@pytest.mark.parametrize("said", ["Fine, and can we bring the piano?", "Yes, but is there a pool?"])
async def test_a_yes_with_a_question_that_nobody_understood_books_nothing(caller: Caller, said: str) -> None:
    await caller.says("Boston to Denver on the 10th.")
    assert not (await caller.says(said)).wrote


async def test_one_of_the_party_is_not_all_of_it(caller: Caller) -> None:
    await caller.says("Five people from Denver to Orlando on December 20th.")
    await caller.says("One of us is a baby.")
    assert proposed(caller).passengers == 5


async def test_bags_for_a_trip_that_is_sought_wait_for_it(caller: Caller) -> None:
    outcome = await caller.says("Boston to Denver on the 10th and bring two bags.")
    assert outcome.say[-1] == "Shall I book it?"
    assert "two checked bags" in text(await caller.says_yes()).casefold()


async def test_to_stay_there_longer_moves_the_flight_spoken_of_last(caller: Caller) -> None:
    await caller.does(
        legs(("Seattle", "Denver", "the 8th"), ("Denver", "Phoenix", "the 11th"), ("Phoenix", "Seattle", "the 14th"))
    )
    await caller.says("Move the last one to the 15th.")
    await caller.says("I'd like to stay there two days longer.")
    assert days(caller) == [8, 11, 17]


def test_one_number_of_a_party_is_put_right_alone() -> None:
    assert with_part("Two adults and two children", "Actually only one child.") == "Two adults and one child"
    assert with_part("Two adults and two children", "Three adults.") == "Three adults and two children"
    assert with_part("two", "Only one child.") == ""
    assert with_part("Two adults and two children", "Only one bag.") == ""


async def test_a_party_with_one_child_less_keeps_its_adults(caller: Caller) -> None:
    await caller.says("Two adults and two children from Boston to Orlando on December 19th.")
    await caller.says("Actually only one child.")
    assert proposed(caller).passengers == 3


@pytest.mark.parametrize(
    "said", ["Can I add a return flight on the 19th?", "Coming back on the 19th.", "And back on the 19th."]
)
async def test_a_way_back_is_added_and_moves_nothing(caller: Caller, said: str) -> None:
    await caller.says("Chicago to Miami on the 12th.")
    await caller.says(said)
    assert days(caller) == [12, 19]


async def test_a_flight_of_a_trip_that_is_not_booked_is_moved_without_a_code(caller: Caller) -> None:
    await caller.says("A round trip from Boston to Denver on the 10th, back on the 14th.")
    await caller.says("Move the return to the 15th.")
    assert days(caller) == [10, 15]
    assert text(await caller.says("Change the outbound.")) == "What day would you like to fly from Boston to Denver?"


async def test_to_leave_earlier_moves_the_way_out(caller: Caller) -> None:
    await caller.says("A round trip from Boston to Denver on the 10th, back on the 14th.")
    await caller.says("Actually make the return flight the 16th.")
    await caller.says("Could I leave a day earlier?")
    assert days(caller) == [9, 16]


async def test_a_city_in_the_middle_moves_the_flight_that_goes_on_from_it(caller: Caller) -> None:
    await caller.does(
        legs(("Seattle", "Denver", "the 8th"), ("Denver", "Phoenix", "the 11th"), ("Phoenix", "Seattle", "the 14th"))
    )
    await caller.says("The second one to Tucson, please.")
    assert route(caller) == [("SEA", "DEN"), ("DEN", "TUS"), ("TUS", "SEA")]


async def test_a_round_trip_to_elsewhere_comes_back_from_there(caller: Caller) -> None:
    await caller.says("A round trip from Seattle to New York on the 10th, back on the 15th.")
    await caller.says("And back on the 16th.")
    await caller.says("Make it Boston instead of New York.")
    assert route(caller) == [("SEA", "BOS"), ("BOS", "SEA")]
    assert days(caller) == [10, 16]


def test_an_open_jaw_stays_one() -> None:
    trip = [{"from": "Boston", "to": "Paris"}, {"from": "London", "to": "Boston"}]
    assert continued(trip, [{"from": "Boston", "to": "Lyon"}, trip[1]])[1]["from"] == "London"


def test_a_flight_told_with_both_ends_changes_the_one_that_differs() -> None:
    known = {"from": "Chicago", "to": "Miami", "date": "the 12th"}
    assert other_end(known, {"from": "Chicago", "to": "Memphis"}) == {"to": "Memphis"}
    assert other_end(known, {"from": "Denver", "to": "Memphis"}) is None
    assert other_end(known, {"from": "Chicago", "to": "Memphis", "date": "Friday"}) is None


async def test_a_route_said_again_with_another_end_keeps_its_day_and_party(caller: Caller) -> None:
    await caller.says("Two tickets from Chicago to Miami on the 12th.")
    await caller.says("No, I said Chicago to Memphis.")
    assert (route(caller), days(caller), proposed(caller).passengers) == ([("ORD", "MEM")], [12], 2)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("Thursday", date(2026, 12, 17)),
        ("on Monday", date(2026, 12, 21)),
        ("the 20th", date(2026, 12, 20)),
        ("the second", date(2026, 12, 2)),
        ("Christmas", None),
        ("the 32nd", None),
    ],
)
def test_a_bare_day_is_near_the_flight_heard_of(said: str, day: date | None) -> None:
    assert near(said, FRIDAY, first=date(2026, 12, 1)) == day


def test_a_bare_day_is_never_before_the_first_that_it_can_be() -> None:
    assert near("Thursday", FRIDAY, first=FRIDAY) == date(2026, 12, 24)
    assert near("the 2nd", date(2026, 12, 28), first=date(2026, 12, 1)) == date(2027, 1, 2)


async def test_another_weekday_is_one_near_the_flight_that_was_offered(caller: Caller) -> None:
    await caller.says("Boston to Miami on Friday the 18th.")
    await caller.says("What about Thursday?")
    assert days(caller) == [17]
