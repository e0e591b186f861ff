"""Whole conversations with the desk, without a model."""

from typing import Any

import pytest

from tests.booking.callers import Caller, act, assert_speakable, flight, text
from voice.booking.codes.locators import spell
from voice.booking.context import TurnContext
from voice.booking.desk import BookingDesk, context_of
from voice.booking.dialogue import BookTrip
from voice.cascade.words import Action, Entity, OutcomeKind, Reading


async def test_a_whole_call_from_the_search_to_the_cancellation(caller: Caller) -> None:
    offer = await caller.does(flight("Boston", "Denver", "next Friday"))
    assert offer.say[0].startswith("At ")
    assert offer.say[1] == "It goes from Boston to Denver on Friday, December 11th."
    assert offer.say[-1] == "Shall I book it?"
    booked = await caller.says_yes()
    (locator,) = booked.wrote
    assert spell(locator) in text(booked)
    looked = await caller.does(act("lookup", code=" ".join(locator)))
    assert spell(locator) in looked.facts
    moved = await caller.does(act("change", date="Saturday", time="in the morning"))
    assert "Saturday, December 12th" in moved.facts
    done = await caller.says_yes()
    assert done.wrote == (locator,)
    refund = await caller.does(act("cancel"))
    assert refund.say[-1] == "Shall I cancel it?"
    gone = await caller.says_yes()
    assert gone.wrote == (locator,)
    assert "is cancelled" in text(gone)
    looked = await caller.does(act("lookup"))
    assert "was cancelled" in text(looked)
    for outcome in (offer, booked, looked, moved, done, refund, gone):
        assert_speakable(outcome)


async def test_what_is_missing_is_asked_for_and_the_rest_is_kept(caller: Caller) -> None:
    outcome = await caller.does(act("search", legs=[{"to": "Denver", "time": "before noon"}], pax="two"))
    assert (outcome.kind, outcome.say) == (OutcomeKind.CLARIFY, ("Where are you flying from?",))
    outcome = await caller.does(act("search", legs=[{"from": "Boston"}]))
    assert outcome.say == ("What day would you like to fly from Boston to Denver?",)
    outcome = await caller.does(act("search", legs=[{"date": "next Friday"}]))
    assert "Friday, December 11th" in outcome.facts
    assert caller.dialogue.pending
    write = caller.dialogue.pending.write
    assert isinstance(write, BookTrip)
    assert write.trip.passengers == 2
    assert write.trip.legs[0].departs.hour < 12


async def test_a_clarify_keeps_what_rules_read(caller: Caller) -> None:
    reading = Reading("to Denver on the tenth", (act("search", legs=[{"to": "Denver", "date": "the tenth"}]),))
    outcome = await caller.desk.perform([act("clarify", missing="from")], reading, caller.dialogue, key="1")
    assert outcome.kind is OutcomeKind.CLARIFY
    caller.dialogue = outcome.dialogue
    outcome = await caller.does(act("search", legs=[{"from": "Boston"}]))
    assert "Thursday, December 10th" in outcome.facts


@pytest.mark.parametrize(
    "missing", ["from", "to", "date", "time", "pax", "code", "count", "offer", "topic", "legs", "answer", "??"]
)
async def test_every_clarify_is_a_question(caller: Caller, missing: str) -> None:
    outcome = await caller.does(act("clarify", missing=missing))
    assert outcome.kind is OutcomeKind.CLARIFY
    assert outcome.say[-1].endswith("?")


async def test_a_misheard_city_is_asked_about_and_a_yes_takes_it(caller: Caller) -> None:
    outcome = await caller.does(flight("Boston", "Oakley", "the tenth"))
    assert (outcome.kind, outcome.say) == (OutcomeKind.CLARIFY, ("Did you say Oakland?",))
    outcome = await caller.says_yes()
    assert "to Oakland" in text(outcome)


async def test_a_city_that_is_not_served_gives_the_nearest(caller: Caller) -> None:
    outcome = await caller.does(flight("New York", "Tulsa", "the tenth"))
    assert text(outcome) == "We don't fly to Tulsa. The nearest city I can offer is Oklahoma City. Would that work?"
    assert context_of(caller.dialogue).proposal
    outcome = await caller.says_yes()
    assert "Oklahoma City" in text(outcome)
    outcome = await caller.does(flight("New York", "Tulsa", "the tenth"))
    assert (await caller.says_no()).say == ("Which city, then?",)


async def test_a_no_writes_nothing_and_asks_on(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    outcome = await caller.says_no()
    assert not outcome.wrote
    assert caller.dialogue.pending is None
    assert (await caller.says_yes()).kind is OutcomeKind.CLARIFY


async def test_a_yes_with_nothing_to_approve_is_asked_about(caller: Caller) -> None:
    outcome = await caller.says_yes()
    assert (outcome.kind, outcome.say) == (OutcomeKind.CLARIFY, ("What would you like me to do?",))


async def test_a_yes_never_reaches_back_past_another_answer(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    await caller.does(act("cancel", code="P9V4CB"))  # "That booking was cancelled already."
    assert not (await caller.says_yes()).wrote


async def test_a_question_in_between_leaves_the_offer_open_and_asks_again(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    outcome = await caller.does(act("policy", topic="baggage"))
    assert outcome.say[-1] == "Shall I book that flight?"
    assert "$35" in outcome.facts
    assert (await caller.says_yes()).wrote


async def test_several_actions_are_done_in_order_with_one_question_at_a_time(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    outcome = await caller.does(act("confirm", answer="yes"), act("bags", count="one"))
    assert len(outcome.wrote) == 1
    assert outcome.say[0].startswith("You're booked")
    assert outcome.say[-1] == "Shall I add it?"
    added = await caller.says_yes()
    assert added.wrote == outcome.wrote
    assert "$35" in added.facts


async def test_the_second_thing_to_approve_waits_for_the_first(caller: Caller) -> None:
    outcome = await caller.does(act("cancel", code="QT44LZ"), flight("Boston", "Seattle", "the tenth"))
    assert [sentence for sentence in outcome.say if sentence.endswith("?")] == ["Shall I cancel it?"]
    outcome = await caller.says_yes()
    assert outcome.wrote == ("QT44LZ",)
    assert outcome.say[-1] == "Shall I book it?"
    assert "Thursday, December 10th" in outcome.facts


async def test_a_yes_answers_the_turn_before_and_never_its_own_turn(caller: Caller) -> None:
    outcome = await caller.does(flight("Boston", "Denver", "next Friday"), act("confirm", answer="yes"))
    assert not outcome.wrote
    assert caller.dialogue.pending is None or not caller.dialogue.later
    await caller.does(flight("Boston", "Denver", "next Friday"))
    outcome = await caller.does(act("cancel", code="QT44LZ"), act("confirm", answer="yes"))
    assert outcome.say[0].startswith("You're booked")
    assert outcome.say[-1] == "Shall I cancel it?"


async def test_a_yes_and_a_no_at_once_write_nothing(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    outcome = await caller.does(act("confirm", answer="yes"), act("confirm", answer="no"))
    assert not outcome.wrote
    assert outcome.say == ("Sorry, I didn't get that. Shall I book that flight?",)
    assert (await caller.says_yes()).wrote


async def test_an_answer_and_a_question_of_one_turn_are_both_answered(caller: Caller) -> None:
    outcome = await caller.does(act("bags", code="QT44LZ", count="two"), act("policy", topic="pets"))
    assert "$110" in outcome.facts
    assert outcome.say[-1] == "Shall I add them?"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("QT44LZ", "after a $75 fee"),
        ("K8J3FV", "nothing back"),
        ("ZX29QH", "without a fee"),
        ("R4T9XK", "without a fee"),
        ("G3H8TY", "has been flown"),
        ("P9V4CB", "cancelled already"),
    ],
)
async def test_cancelling_follows_the_rules(caller: Caller, code: str, said: str) -> None:
    assert said in text(await caller.does(act("cancel", code=code)))


async def test_too_many_bags_and_passengers_are_refused(caller: Caller) -> None:
    assert "more bags than we can take" in text(await caller.does(act("bags", code="QT44LZ", count="nine")))
    outcome = await caller.does(
        act("search", legs=[{"from": "Boston", "to": "Denver", "date": "tomorrow"}], pax="twelve")
    )
    assert "up to nine passengers" in text(outcome)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("yesterday", "in the past"),
        ("February 30th", "no such day"),
        ("June 1st 2027", "I can book flights up to"),
        ("Tuesday", "Do you mean Tuesday, December 1st or Tuesday, December 8th?"),
        ("banana", "didn't catch the day"),
    ],
)
async def test_a_day_that_can_not_be_meant_is_asked_about(caller: Caller, day: str, said: str) -> None:
    outcome = await caller.does(flight("Boston", "Denver", day))
    assert outcome.kind is OutcomeKind.CLARIFY
    assert said in text(outcome)


async def test_today_is_the_date_at_the_airport_of_departure(caller: Caller) -> None:
    outcome = await caller.does(flight("Tokyo", "Osaka", "today"))  # 11 in the evening of the first there
    assert "Tuesday, December 1st" in outcome.facts or "sold out" in text(outcome)
    outcome = await caller.does(flight("Sydney", "Melbourne", "today"))  # the second already
    assert "Wednesday, December 2nd" in outcome.facts


async def test_the_same_city_twice_is_asked_about(caller: Caller) -> None:
    assert "Where would you like to fly to?" in text(await caller.does(flight("JFK", "New York", "tomorrow")))


async def test_repeat_says_the_last_answer_again_and_keeps_its_question(caller: Caller) -> None:
    first = await caller.does(flight("Boston", "Denver", "next Friday"))
    again = await caller.does(act("repeat"))
    assert (again.say, again.facts) == (first.say, first.facts)
    assert (await caller.says_yes()).wrote


async def test_a_colleague_is_brought_in(caller: Caller) -> None:
    outcome = await caller.does(act("handoff"))
    assert outcome.kind is OutcomeKind.HANDOFF


@pytest.mark.parametrize("said", ["hello", "thanks a lot", "bye bye", "how are you", "are you a robot", "hmm"])
async def test_courtesies_are_answered_in_a_breath(caller: Caller, said: str) -> None:
    outcome = await caller.desk.perform([act("chat")], Reading(said), caller.dialogue, key="1")
    assert outcome.kind is OutcomeKind.ANSWER
    assert 1 <= len(outcome.say) <= 2


async def test_a_caller_who_wants_a_moment_is_waited_for_and_the_question_stays_open(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    outcome = await caller.desk.perform([act("chat")], Reading("One second, please."), caller.dialogue, key="9")
    assert "?" not in " ".join(outcome.say)
    assert outcome.dialogue.pending is not None


async def test_never_mind_drops_what_was_asked(caller: Caller) -> None:
    await caller.does(act("cancel"))
    assert caller.dialogue.asked is not None
    outcome = await caller.desk.perform([act("chat")], Reading("Never mind."), caller.dialogue, key="9")
    assert outcome.dialogue.asked is None


async def test_a_goodbye_leaves_nothing_to_approve(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    outcome = await caller.desk.perform([act("chat")], Reading("bye"), caller.dialogue, key="9")
    assert outcome.dialogue.pending is None


async def test_no_actions_and_unknown_ones_are_asked_about(caller: Caller) -> None:
    for actions in ((), (act("dance"),)):
        outcome = await caller.does(*actions)
        assert outcome.kind is OutcomeKind.CLARIFY


@pytest.mark.parametrize(
    "args",
    [
        {"legs": "Boston to Denver"},
        {"legs": [None, {}]},
        {"legs": [{"from": 7, "to": ["Denver"], "date": {}}]},
        {"legs": [{"from": "Boston", "to": "Denver", "date": "tomorrow"}], "pax": "banana", "max_price": "cheap"},
        {"legs": [{"from": "Boston", "to": "Denver", "date": "tomorrow", "time": "banana", "who": "xyz"}], "cabin": 3},
        {},
    ],
)
async def test_arguments_of_any_shape_are_a_question_and_no_error(caller: Caller, args: Any) -> None:
    outcome = await caller.does(Action("search", args))
    assert outcome.say


def test_the_desk_tells_reading_what_a_turn_answers(desk: BookingDesk) -> None:
    assert context_of(desk.open("c")) == TurnContext()


async def test_the_context_follows_the_dialogue(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver"))
    context = context_of(caller.dialogue)
    assert (context.asked, context.pending, context.proposal) == ("date", "search", False)
    await caller.does(act("search", legs=[{"date": "tomorrow"}]))
    context = context_of(caller.dialogue)
    assert (context.asked, context.proposal, context.offers, context.searching) == ("", True, True, True)


def test_only_cities_heard_for_certain_are_mentioned(desk: BookingDesk) -> None:
    entities = (
        Entity("place", "Boston"),
        Entity("date", "Friday"),
        Entity("place", "Den for", 0.7),
        Entity("place", "Boston"),
        Entity("place", "Tokyo", 0.95),
    )
    assert desk.mention(Reading("", entities=entities)) == ("Boston", "Tokyo")


def test_a_single_flight_is_mentioned_by_its_two_ends(desk: BookingDesk) -> None:
    reading = desk.read("Is there a flight to Denver from Boston on Friday?", desk.open("call-1"))
    assert desk.mention(reading) == ("Boston to Denver",)


def test_everything_but_a_yes_is_read_only(desk: BookingDesk) -> None:
    assert "confirm" not in desk.read_only
    assert {"search", "lookup", "cancel", "policy", "handoff"} <= desk.read_only


async def test_a_request_that_could_not_be_worked_out_is_asked_again_and_an_older_offer_is_off(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    said = "Chicago and a bag for the 14th, and what does Portland on the 16th mean for pets?"
    reading = caller.desk.read(said, caller.dialogue)
    outcome = await caller.desk.perform([act("clarify", missing="request")], reading, caller.dialogue, key="again")
    assert outcome.say == ("Sorry, I didn't get all of that. Could you say it again, one thing at a time?",)
    assert outcome.dialogue.pending is None


async def test_a_no_with_what_is_wanted_instead_is_answered_at_once(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    outcome = await caller.does(act("confirm", answer="no"), flight("Boston", "Denver", "Sunday"))
    assert outcome.say[0] == "Okay."
    assert any("Sunday" in sentence for sentence in outcome.say)
    assert outcome.say[-1] == "Shall I book it?"
    assert "What would you like instead?" not in outcome.say
