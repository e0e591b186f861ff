"""Code alone reads what it can be sure of, and says so only then."""

from __future__ import annotations

from typing import Any

import pytest

from voice.booking.context import TurnContext
from voice.booking.reading.reader import read

NOTHING = TurnContext()
PROPOSED = TurnContext(
    agent="It leaves at 9:15 AM for $214. Shall I book it?", proposal=True, offers=True, searching=True
)
ASKED_CODE = TurnContext(agent="What's your confirmation code?", asked="code", pending="lookup")
ASKED_LEG = TurnContext(
    agent="Which flight do you mean, Boston to Denver or Denver to Boston?",
    asked="leg",
    pending="change",
    bookings=("QT44LZ",),
)
BOOKED = TurnContext(agent="Your trip is Boston to Denver on Friday.", bookings=("QT44LZ",))


def actions(text: str, context: TurnContext = NOTHING) -> list[dict[str, Any]]:
    return [action.as_dict() for action in read(text, context).actions or ()]


@pytest.mark.parametrize("text", ["Yes please.", "Sure, go ahead.", "Okay, let's do it.", "That works for me."])
def test_a_plain_yes_is_certain(text: str):
    reading = read(text, PROPOSED)
    assert reading.certain
    assert actions(text, PROPOSED) == [{"action": "confirm", "answer": "yes"}]


@pytest.mark.parametrize("text", ["No thanks.", "Not right now.", "No, that's too expensive.", "Never mind, leave it."])
def test_a_plain_no_is_certain(text: str):
    reading = read(text, PROPOSED)
    assert reading.certain
    assert actions(text, PROPOSED) == [{"action": "confirm", "answer": "no"}]


@pytest.mark.parametrize(
    "text",
    [
        "Yes, but only if it's refundable.",
        "Yes, but on Saturday.",
        "Sure, if it's nonstop.",
        "Yes, but for two people.",
    ],
)
def test_a_yes_with_a_but_approves_nothing(text: str):
    reading = read(text, PROPOSED)
    assert not reading.certain
    assert {"action": "confirm", "answer": "yes"} not in actions(text, PROPOSED)


def test_a_yes_without_a_proposal_confirms_nothing():
    assert "confirm" not in [action["action"] for action in actions("Yes please.")]


def test_a_choice_among_the_offers_is_no_yes_to_the_one_that_was_read_back():
    assert actions("Okay, the first one.", PROPOSED) == [{"action": "book", "offer": "first one"}]
    assert [action["action"] for action in actions("Yes, the first one please.", PROPOSED)] == ["confirm", "book"]
    assert actions("First of all, yes.", PROPOSED) == [{"action": "confirm", "answer": "yes"}]


def test_a_yes_that_repeats_the_flight_for_more_people_says_how_many():
    agent = "It goes from Boston to Denver on Friday, December 11th. Shall I book it?"
    context = TurnContext(agent=agent, proposal=True, offers=True, searching=True)
    assert actions("Yes, Boston to Denver on Friday.", context) == [{"action": "confirm", "answer": "yes"}]
    assert actions("Yes, Boston to Denver for two people.", context)[1]["pax"] == "two"


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("Boston to Denver.", {}),
        ("The one to Denver.", {}),
        ("The return.", {}),
        ("The second one.", {}),
        ("The first.", {}),
        ("The one on the 11th.", {}),
        ("The way back, please.", {}),
        ("Denver to Boston, in the evening.", {"time": "in the evening"}),
        ("The second one, to the 21st.", {"date": "the 21st"}),
    ],
)
def test_the_asked_leg_is_certain_as_it_was_said(text: str, more: dict[str, str]):
    assert read(text, ASKED_LEG).certain
    assert actions(text, ASKED_LEG) == [{"action": "change", "leg": text.strip("."), **more}]


@pytest.mark.parametrize("text", ["Not the return.", "Is it the return?", "Cancel the return.", "My sister's."])
def test_what_names_no_leg_is_none(text: str):
    reading = read(text, ASKED_LEG)
    assert not reading.certain
    assert all("leg" not in action.args for action in reading.actions or () if action.name == "change")


def test_what_follows_a_yes_is_read_too_and_left_to_a_model():
    reading = read("Yes, and what does a second bag cost?", PROPOSED)
    assert not reading.certain
    assert [action.name for action in reading.actions or ()] == ["confirm", "policy"]


def test_the_asked_code_is_certain_and_joined():
    reading = read("Sure, it's H B 9 9 R D.", ASKED_CODE)
    assert reading.certain
    assert reading.text == "Sure, it's HB99RD."
    assert actions("Sure, it's H B 9 9 R D.", ASKED_CODE) == [{"action": "lookup", "code": "HB99RD"}]


def test_an_answer_fills_the_action_that_asked():
    context = TurnContext(agent="Which booking would you like to cancel?", asked="code", pending="cancel")
    assert actions("N 5 P 8 D W", context) == [{"action": "cancel", "code": "N5P8DW"}]


def test_an_answer_with_more_in_it_is_not_certain():
    assert not read("It's HB99RD, and can I bring my dog?", ASKED_CODE).certain


@pytest.mark.parametrize("more", ["", " My niece is graduating.", " Kindly be quick."])
def test_a_clean_search_is_certain_with_some_talk_around_it(more: str):
    assert read("I need a flight from Boston to Denver next Friday." + more, NOTHING).certain


@pytest.mark.parametrize(
    "more",
    [
        " with my cello.",
        ", but only if my niece gets the job.",
        ", not through Zzyzx.",
        ". My niece graduates and moves house and we will celebrate her properly.",
    ],
)
def test_a_word_of_substance_that_no_finder_took_makes_a_search_uncertain(more: str):
    assert not read("I need a flight from Boston to Denver next Friday" + more, NOTHING).certain


def test_a_cancellation_of_a_named_booking_is_certain_and_one_without_a_code_is_not():
    assert read("Please cancel booking HB99RD, my plans fell apart.", NOTHING).certain
    assert not read("Please cancel my booking.", NOTHING).certain


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("How many bags can I bring?", "baggage"),
        ("What's the fee for changing a flight?", "changes"),
        ("What happens if I cancel?", "cancellation"),
        ("Can I take my dog?", "pets"),
    ],
)
def test_a_plain_question_about_rules_is_certain(text: str, topic: str):
    assert read(text, NOTHING).certain
    assert actions(text) == [{"action": "policy", "topic": topic}]


def test_cancelling_is_no_question_about_rules():
    assert actions("Please cancel my booking QT44LZ.") == [{"action": "cancel", "code": "QT44LZ"}]


def test_legs_chain_and_back_is_where_the_trip_began():
    text = "Chicago to Seattle on Monday, on to San Francisco on Wednesday, and back home on Saturday."
    (search,) = actions(text)
    assert search["legs"] == [
        {"from": "Chicago", "to": "Seattle", "date": "Monday"},
        {"from": "Seattle", "to": "San Francisco", "date": "Wednesday"},
        {"from": "San Francisco", "to": "Chicago", "date": "Saturday"},
    ]
    reading = read(text, NOTHING)
    assert reading.legs == 3
    assert not reading.certain


def test_an_open_jaw_keeps_its_own_start():
    (search,) = actions("Into Paris from New York on the 12th and home from Rome on the 22nd.")
    assert search["legs"] == [
        {"from": "New York", "to": "Paris", "date": "the 12th"},
        {"from": "Rome", "to": "New York", "date": "the 22nd"},
    ]


def test_two_requests_are_two_actions():
    found = actions("Cancel my booking D4FG2H, and find me a flight from Austin to Boston on Friday.")
    assert [action["action"] for action in found] == ["cancel", "search"]


def test_a_change_of_one_leg_names_it():
    assert actions("Can you change the second leg to Wednesday afternoon?", BOOKED) == [
        {"action": "change", "leg": "second leg", "date": "Wednesday", "time": "afternoon"}
    ]


def test_a_place_that_nothing_matches_is_misheard_and_never_certain():
    reading = read("I need a flight from Xyloburg to Denver on Friday.", NOTHING)
    assert reading.misheard == ("Xyloburg",)
    assert not reading.certain


def test_silence_asks_for_nothing():
    reading = read("", NOTHING)
    assert (reading.requests, reading.actions) == (0, None)


def test_a_corrected_turn_says_so():
    reading = read("Boston to Nashville, no wait, Memphis, on Friday.", NOTHING)
    assert reading.corrected
    assert reading.actions is not None
    assert reading.actions[0].args["legs"] == [{"from": "Boston", "to": "Memphis", "date": "Friday"}]
