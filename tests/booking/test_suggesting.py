"""Callers who don't know yet where to go, name a country, want to leave soon, or find it too dear."""

import pytest

from tests.booking.callers import Caller, assert_speakable, flight, proposed, text
from voice.booking.places.areas import area_of
from voice.booking.wishes.suggestions import wish_in


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("I want to go somewhere warm in February.", "warm"),
        ("Where do you fly to from Boston?", "any"),
        ("I don't know, what do you suggest?", "any"),
        ("Where do you fly to Boston from?", ""),
        ("I want to fly to Denver.", ""),
        ("What can you tell me about bags?", ""),
    ],
)
def test_a_caller_who_asks_where_to_go_is_told_from_one_who_knows(said: str, wish: str) -> None:
    assert wish_in(said) == wish


async def test_somewhere_warm_is_remembered_until_the_start_is_known(caller: Caller) -> None:
    assert text(await caller.says("I want to go somewhere warm in January.")) == "Where are you flying from?"
    outcome = await caller.says("From Boston.")
    assert_speakable(outcome)
    assert outcome.say[0].startswith("From Boston you could fly nonstop to ")
    assert "Miami" in outcome.say[0]
    assert "Montreal" not in outcome.say[0]
    assert outcome.say[-1] == "Where would you like to fly to?"
    assert "from Boston to Miami" in text(await caller.says("Miami then, around the tenth."))


async def test_a_caller_who_names_a_city_gets_no_suggestions(caller: Caller) -> None:
    outcome = await caller.says("From Boston to Denver, or what do you suggest?")
    assert "you could fly" not in text(outcome)


@pytest.mark.parametrize(
    ("said", "cities"),
    [
        ("Italy", ("Rome", "Milan", "Venice")),
        ("Hawaii", ("Honolulu", "Maui")),
        ("the UK", ("London", "Manchester", "Edinburgh")),
        ("France", ("Paris",)),
    ],
)
def test_countries_and_states_stand_for_their_cities(said: str, cities: tuple[str, ...]) -> None:
    area = area_of(said)
    assert area
    assert area[1] == cities


@pytest.mark.parametrize("said", ["New York", "Boston", "Atlantis", "", "Singapore"])
def test_a_city_is_no_country(said: str) -> None:
    assert area_of(said) is None


async def test_a_country_with_several_cities_is_asked_about(caller: Caller) -> None:
    outcome = await caller.says("I'd like to go from Boston to Italy on the 10th of January.")
    assert outcome.say == ("In Italy we fly to Rome, Milan and Venice. Which one would you like?",)
    assert "Boston to Rome" in text(await caller.says("Rome."))


async def test_a_country_with_one_city_is_offered_it(caller: Caller) -> None:
    outcome = await caller.says("I'd like to go from Boston to France on the 10th of January.")
    assert outcome.say == ("In France we fly to Paris. Would that work?",)
    assert "Boston to Paris" in text(await caller.says("Yes."))


async def test_a_place_that_is_not_served_is_told_before_the_start_is_asked_for(caller: Caller) -> None:
    outcome = await caller.says("I'd like to fly to Tulsa.")
    assert outcome.say[0].startswith("We don't fly to Tulsa.")


@pytest.mark.parametrize("said", ["Book me on the next flight", "I need a flight as soon as possible"])
async def test_as_soon_as_possible_is_today(caller: Caller, said: str) -> None:
    await caller.says(f"{said} from Boston to Chicago.")
    assert proposed(caller).legs[0].departs.day == 1


async def test_the_next_flight_after_an_hour_is_one_after_it(caller: Caller) -> None:
    await caller.says("I need the next available flight from Boston to Chicago after 4 PM.")
    assert proposed(caller).legs[0].departs.hour >= 16


async def test_the_earliest_is_offered_where_it_is_asked_for_with_the_search(caller: Caller) -> None:
    await caller.says("Get me from Boston to Denver on the 10th and book the earliest one.")
    assert proposed(caller).legs[0].departs.hour == 6
    assert len(caller.dialogue.shown) == 1


async def test_what_is_picked_with_another_search_is_picked_of_what_that_finds(caller: Caller) -> None:
    await caller.says("Boston to Denver on the 10th in business.")
    outcome = await caller.says("No, economy. Book the earlier one.")
    assert outcome.say[0] == "Okay."
    assert (proposed(caller).legs[0].departs.hour, proposed(caller).legs[0].cabin) == (6, "economy")
    booked = await caller.says_yes()
    assert booked.wrote
    assert not text(booked).endswith("?")


async def test_too_dear_is_a_no_that_looks_at_the_days_around(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    before = proposed(caller)
    outcome = await caller.says("No, that's too expensive.")
    assert outcome.say[0] == "Nothing is cheaper that day, but Thursday is."
    assert proposed(caller).fare < before.fare
    await caller.says("The first one again.")
    assert proposed(caller) == before


async def test_too_dear_where_nothing_is_cheaper_asks_what_instead(caller: Caller) -> None:
    await caller.says("Boston to Denver on the 10th.")
    outcome = await caller.says("That's too expensive.")
    assert outcome.say == ("I have nothing cheaper than that.", "What would you like instead?")
    assert caller.dialogue.pending is None


@pytest.mark.parametrize("said", ["Not that early.", "That's too early.", "And one later?"])
async def test_too_early_asks_for_a_later_one(caller: Caller, said: str) -> None:
    await caller.says("Boston to Denver on the 10th in the morning.")
    before = proposed(caller)
    await caller.says(said)
    assert proposed(caller).legs[0].departs > before.legs[0].departs


async def test_a_yes_to_another_one_than_was_read_back_books_nothing(caller: Caller) -> None:
    await caller.says("Seattle to Osaka on the 20th.")
    before = proposed(caller)
    outcome = await caller.says("Fine, book the shorter one.")
    assert not outcome.wrote
    assert proposed(caller).legs[0].duration < before.legs[0].duration


async def test_a_no_with_the_first_one_reads_that_back(caller: Caller) -> None:
    await caller.says("Denver to Boston tomorrow.")
    first = proposed(caller)
    await caller.says("What's the last flight?")
    await caller.says("No, the first one.")
    assert proposed(caller) == first


async def test_a_route_that_is_asked_about_anew_is_not_answered_from_the_one_before(caller: Caller) -> None:
    await caller.says("Chicago to Miami on the 12th.")
    await caller.says("I need to get from Boston to Honolulu.")
    assert "hours" not in text(await caller.says("How long does it take?"))


async def test_the_same_again_is_another_booking_and_moves_none(caller: Caller) -> None:
    await caller.says("Denver to Seattle on Thursday.")
    first = (await caller.says_yes()).wrote
    await caller.says("Same again next week.")
    assert [leg.departs.day for leg in proposed(caller).legs] == [10]
    second = (await caller.says_yes()).wrote
    assert first != second
    await caller.says("And the same for my boss.")
    assert (proposed(caller).passengers, proposed(caller).legs[0].departs.day) == (1, 10)


async def test_the_same_again_otherwise_is_otherwise(caller: Caller) -> None:
    await caller.says("Denver to Seattle on Thursday.")
    await caller.says_yes()
    await caller.says("The same again next week, in business.")
    assert proposed(caller).legs[0].cabin == "business"


@pytest.mark.parametrize("said", ["Repeat that again, please.", "Sorry, I didn't get that again."])
async def test_to_hear_it_again_is_no_other_booking(caller: Caller, said: str) -> None:
    await caller.says("Denver to Seattle on Thursday.")
    await caller.says_yes()
    await caller.says(said)
    assert caller.dialogue.pending is None


async def test_the_same_flight_of_a_booking_that_is_moved_is_no_other_booking(caller: Caller) -> None:
    await caller.says("Look up QT44LZ.")
    await caller.says("Same again next week.")
    assert caller.dialogue.search is None


async def test_a_return_after_the_booking_is_searched_and_moves_nothing(caller: Caller) -> None:
    await caller.says("Chicago to Memphis on the 12th.")
    await caller.says_yes()
    assert "fly from Memphis to Chicago" in text(await caller.says("Can I add a return?"))
    await caller.says("The 20th.")
    assert [leg.origin for leg in proposed(caller).legs] == ["MEM"]
