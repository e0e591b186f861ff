"""How many people fly: a party is counted whole, never gets smaller by itself, and is asked for if not sure."""

from datetime import date

import pytest

from tests.booking.callers import Caller, act, flight, proposed, text
from voice.booking.actions.booked_party import others_too
from voice.booking.context import TurnContext
from voice.booking.desk import context_of
from voice.booking.drafting.examine import examine
from voice.booking.reading import reader
from voice.booking.text.amounts import resolve_count
from voice.booking.text.people import count_people, is_several
from voice.booking.wishes.companions import come_along, recounted
from voice.cascade.words import OutcomeKind, Reading

BOSTON = "Boston to Denver on Friday"
HOW_MANY = "How many of you are flying in all?"


def people(caller: Caller) -> list[int]:
    return [leg.passengers for leg in proposed(caller).legs]


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("two adults and a child", 3),
        ("an adult and two children", 3),
        ("my wife and our daughter", 2),
        ("with my wife and our daughter", 3),
        ("with my husband and our two kids", 4),
        ("me my husband and the two kids", 4),
        ("four people me my husband and the two kids", 4),
        ("Gran, Mum and I", 3),
        ("Anna and me", 2),
        ("my friend Walter and me", 2),
        ("her and me", 2),
        ("two of us and two kids", 4),
        ("both my parents and I", 3),
        ("my twin daughters and me", 3),
        ("three in total", 3),
        ("the kids", None),
        ("me and my family", None),
        ("my husband and kids", None),
        ("two adults and a baby", None),
        ("banana and me", None),
    ],
)
def test_a_list_of_people_is_counted_or_has_no_number(said: str, number: int | None) -> None:
    assert resolve_count(said) == number


def test_words_for_people_without_a_number_are_known_as_such() -> None:
    assert is_several("the kids")
    assert is_several("our baby")
    assert not is_several("my two kids")
    assert not is_several("Denver")
    assert count_people("") is None


@pytest.mark.parametrize(
    ("said", "number"),
    [
        (f"{BOSTON}, two adults and a child", 3),
        (f"{BOSTON} for one grown-up and one child", 2),
        (f"{BOSTON} with my boyfriend", 2),
        (f"I want to fly from {BOSTON} with my wife and our daughter", 3),
        (f"{BOSTON}, I'm flying with my husband and our two kids", 4),
        (f"{BOSTON}. I'm travelling with my mom and dad.", 3),
        (f"{BOSTON} with three friends", 4),
        (f"{BOSTON} with our two kids", 3),
        (f"my husband and I and our three kids, {BOSTON}", 5),
        (f"{BOSTON} for me and my boyfriend", 2),
        (f"{BOSTON}, my husband is coming too", 2),
        (f"four tickets, {BOSTON}, for my husband and me and our two kids", 4),
        (f"{BOSTON} with two passengers", 2),
        (f"two of us with two bags from {BOSTON}", 2),
        ("I have a meeting with my boss in Denver on Friday, from Boston", 1),
        (f"Can you get me a ticket for my wife from {BOSTON}", 1),
        (f"I'm staying with my brother, {BOSTON}", 1),
    ],
)
async def test_a_party_is_priced_whole(caller: Caller, said: str, number: int) -> None:
    await caller.says(said)
    assert people(caller) == [number]


@pytest.mark.parametrize(
    "said",
    [
        f"I'm flying with the kids from {BOSTON}",
        f"me and my whole family, {BOSTON}",
        f"{BOSTON} for my husband and the kids and me",
        f"Two of us from {BOSTON}, with our three kids",
    ],
)
async def test_a_party_that_cannot_be_counted_is_asked_for(caller: Caller, said: str) -> None:
    outcome = await caller.says(said)
    assert outcome.kind is OutcomeKind.CLARIFY
    assert outcome.say[-1] == HOW_MANY
    await caller.says("We're five.")
    assert people(caller) == [5]


async def test_whether_a_baby_has_a_seat_is_asked(caller: Caller) -> None:
    outcome = await caller.says(f"{BOSTON} with my boyfriend and our baby")
    assert outcome.say[-1] == "How many seats do you need in all, with or without one for the baby?"
    await caller.says("Two.")
    assert people(caller) == [2]


async def test_relatives_alone_do_not_answer_how_many_of_you_there_are(caller: Caller) -> None:
    await caller.says(f"me and my whole family, {BOSTON}")
    assert (await caller.says("My wife and two kids.")).say[-1] == HOW_MANY
    await caller.says("Four.")
    assert people(caller) == [4]


async def test_a_part_of_the_list_that_a_model_took_stands_for_all_of_it(caller: Caller) -> None:
    said = f"from {BOSTON} with my wife and our daughter"
    part = act("search", legs=[{"from": "Boston", "to": "Denver", "date": "Friday"}], pax="my wife")
    outcome = await caller.desk.perform([part], Reading(said, (part,)), caller.dialogue, key="part")
    caller.dialogue = outcome.dialogue
    assert people(caller) == [3]


async def test_who_flies_the_only_leg_is_the_party_and_gives_way_to_a_number(caller: Caller) -> None:
    said = f"{BOSTON} with my husband and our two kids"
    who = {"from": "Boston", "to": "Denver", "date": "Friday", "who": "my husband and our two kids"}
    read_back = act("clarify", missing="confirmation", actions=[{"action": "search", "legs": [who]}])
    outcome = await caller.desk.perform([read_back], Reading(said, (read_back,)), caller.dialogue, key="who")
    caller.dialogue = outcome.dialogue
    assert "for four passengers" in text(outcome)
    await caller.says("no, it's five people")
    assert people(caller) == [5]


@pytest.mark.parametrize(
    ("first", "then", "numbers"),
    [
        (
            "my wife and I, Boston to Denver on Friday",
            "no no from Boston to Denver on Friday and back on the 17th",
            [2, 2],
        ),
        (f"{BOSTON} for three", "no, Boston to Chicago on Saturday", [3]),
        (f"{BOSTON} with my wife", "Boston to Denver on the 10th in the morning", [2]),
        (f"{BOSTON} with my wife", "just me, Boston to Denver on the 10th", [1]),
        (f"{BOSTON} for two", "a ticket for my mother, Boston to Denver on the 10th", [1]),
        (f"{BOSTON}, four of us", "on Saturday, with my wife and our two kids", [4]),
        (BOSTON, "how much would it be if my girlfriend comes along and we come back a week later", [2, 2]),
        (BOSTON, "what if my girlfriend comes too", [2]),
        (f"{BOSTON} for two", "how much is it if my sister joins us", [3]),
        (BOSTON, "make it three my brother is coming too", [3]),
        (f"{BOSTON} for two", "make that four, my parents want to come along", [4]),
        (f"{BOSTON} for two", "no, there are three of us", [3]),
    ],
)
async def test_a_party_never_gets_smaller_by_itself(caller: Caller, first: str, then: str, numbers: list[int]) -> None:
    await caller.says(first)
    await caller.says(then)
    assert people(caller) == numbers


async def test_somebody_who_comes_with_those_known_is_not_put_in_their_place(caller: Caller) -> None:
    await caller.says(f"{BOSTON} with my wife")
    assert (await caller.says("with our daughter, and in the morning")).say[-1] == HOW_MANY


async def test_a_yes_with_a_larger_party_books_nothing_yet(caller: Caller) -> None:
    await caller.says(f"{BOSTON} for two")
    assert not (await caller.says("Yes, with my wife and our daughter.")).wrote


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("and if my wife comes with me on the 10th?", "my wife"),
        ("I'm bringing my two kids along, and we leave at nine", "my two kids"),
        ("My wife comes home on Friday.", ""),
        ("The baby comes along.", ""),
    ],
)
def test_those_who_come_along_are_found_in_a_longer_turn(said: str, who: str) -> None:
    assert come_along(said) == who


def test_a_new_number_is_no_hour() -> None:
    assert recounted("Make it three, my sister is joining us.") == "three"
    assert not recounted("Make it three, my sister lands at two.")


def test_a_draft_with_the_number_of_all_uses_those_who_are_named() -> None:
    said = "no it's four people me my husband and the two kids"
    context = TurnContext(searching=True, proposal=True)
    draft = (act("confirm", answer="no"), act("search", pax="four"))
    assert not examine(draft, reader.read(said, context), context, date(2026, 12, 1)).problems


def test_a_draft_with_fewer_than_are_named_leaves_somebody_out() -> None:
    context = TurnContext()
    reading = reader.read("Boston to Denver on Friday for my wife and me and three friends", context)
    draft = (act("search", legs=[{"from": "Boston", "to": "Denver", "date": "Friday"}], pax="one"),)
    assert examine(draft, reading, context, date(2026, 12, 1)).problems


@pytest.mark.parametrize(
    "said", ["no we're four", "Sorry, there are four of us.", "It should be for four people, not two."]
)
async def test_more_people_than_were_booked_are_offered_the_same_flights(caller: Caller, said: str) -> None:
    await caller.says(f"{BOSTON} for two")
    booked = proposed(caller)
    await caller.says_yes()
    outcome = await caller.says(said)
    assert "That booking is for two passengers. I can't add anyone to it." in text(outcome)
    assert not outcome.wrote
    assert people(caller) == [2]
    assert [leg.departs for leg in proposed(caller).legs] == [leg.departs for leg in booked.legs]
    assert (await caller.says("yes")).wrote


async def test_fewer_people_than_were_booked_cannot_be_taken_off(caller: Caller) -> None:
    await caller.says(f"{BOSTON} for three")
    await caller.says_yes()
    assert "can't take anyone off it" in text(await caller.says("no, only two people"))
    assert caller.dialogue.pending is None


async def test_a_bare_number_after_a_booking_is_no_party(caller: Caller) -> None:
    await caller.says(f"{BOSTON} for two")
    await caller.says_yes()
    assert "booking is for" not in text(await caller.says("Four."))


async def test_another_trip_after_a_booking_is_its_own(caller: Caller) -> None:
    await caller.says(f"{BOSTON} for two")
    await caller.says_yes()
    await caller.does(flight("Chicago", "Miami", "the 10th"))
    assert people(caller) == [1]


async def test_nothing_is_said_of_a_party_where_nothing_was_booked(caller: Caller) -> None:
    reading = caller.desk.read("we're four", caller.dialogue)
    assert context_of(caller.dialogue) == TurnContext()
    assert others_too.__doc__
    assert "booking" not in text(await caller.desk.perform((), reading, caller.dialogue, key="none"))


async def test_a_flight_of_a_trip_on_which_not_all_fly_is_for_those_who_fly_it(caller: Caller) -> None:
    await caller.does(
        act(
            "search",
            legs=[
                {"from": "Toronto", "to": "Paris", "date": "January 9th", "who": "just me"},
                {"from": "Paris", "to": "Rome", "date": "January 16th", "who": "my wife and I"},
            ],
        )
    )
    await caller.says("No, that's too much. How much is just the first flight, from Toronto to Paris on January 9th?")
    assert proposed(caller).passengers == 1
