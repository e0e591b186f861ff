"""Stories around a request: their days, places and sums are not what is asked for."""

from __future__ import annotations

from typing import Any

import pytest

from voice.booking.context import TurnContext
from voice.booking.reading.reader import read


def actions(text: str, context: TurnContext | None = None) -> list[dict[str, Any]]:
    return [action.as_dict() for action in read(text, context or TurnContext()).actions or ()]


@pytest.mark.parametrize(
    ("text", "leg"),
    [
        (
            "My niece's graduation is on the 14th in Lisbon. I'd like Hamburg to Lisbon on the 12th, please.",
            {"from": "Hamburg", "to": "Lisbon", "date": "the 12th"},
        ),
        (
            "They tell me the cast stays until the 3rd. So Denver to Boise on the 5th.",
            {"from": "Denver", "to": "Boise", "date": "the 5th"},
        ),
        (
            "We go to the clinic on Tuesdays. I'm flying from Oslo to Madrid on the 8th.",
            {"from": "Oslo", "to": "Madrid", "date": "the 8th"},
        ),
        (
            "I was meant to be there on Monday, but the van died in Tulsa. I need Tulsa to Austin on Thursday.",
            {"from": "Tulsa", "to": "Austin", "date": "Thursday"},
        ),
    ],
)
def test_what_is_told_is_no_flight(text: str, leg: dict[str, str]) -> None:
    assert actions(text) == [{"action": "search", "legs": [leg]}]


def test_a_place_that_is_told_is_where_the_flight_goes_if_none_is_named() -> None:
    [search] = actions("Her wedding is in Bergen on the 9th, so I'd fly from Leeds on the 7th.")
    assert search["legs"] == [{"from": "Leeds", "to": "Bergen", "date": "the 7th"}]


@pytest.mark.parametrize(
    "text",
    [
        "Denver to Boise on the 5th. My limit is $300 and I travel after 5 PM.",
        "Denver to Boise on the 5th, and the budget they gave me is $300, after 5 PM if you can.",
    ],
)
def test_a_limit_is_no_story(text: str) -> None:
    [search] = actions(text)
    assert search["max_price"] == "$300"
    assert search["legs"][0]["time"] == "after 5 PM"


def test_a_story_before_a_cancellation_is_no_search() -> None:
    text = "My aunt's operation is on the 19th in Tampa and they can't say more. Please cancel QT44LZ."
    assert actions(text) == [{"action": "cancel", "code": "QT44LZ"}]


def test_what_something_else_costs_is_no_limit() -> None:
    [search] = actions("The hotel is $420 a night. Find me Denver to Boise on the 5th.")
    assert "max_price" not in search


@pytest.mark.parametrize(("answer", "said"), [("yes", "Yes, go ahead."), ("no", "No, that's no use to me.")])
def test_an_answer_may_follow_a_story(answer: str, said: str) -> None:
    context = TurnContext(agent="There is a seat on Friday. Shall I book it?", proposal=True)
    assert actions(f"My husband has the calendar here and the lunch is at 1 on Sunday. {said}", context) == [
        {"action": "confirm", "answer": answer}
    ]


def test_a_turn_that_tells_and_asks_is_not_certain() -> None:
    assert not read(
        "My niece's graduation is on the 14th in Lisbon. Hamburg to Lisbon on the 12th.", TurnContext()
    ).certain


def test_just_two_is_who_flies() -> None:
    [search] = actions("Reno to Boise, tomorrow, just two.")
    assert search["pax"] == "two"


def test_a_number_that_nothing_took_leaves_doubt() -> None:
    assert not read("Reno to Boise tomorrow, seven if it goes.", TurnContext()).certain


def test_an_ordinal_before_a_noun_is_no_day() -> None:
    [search] = actions("Reno to Boise on the 5th, the second violin fetches me.")
    assert search["legs"] == [{"from": "Reno", "to": "Boise", "date": "the 5th"}]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Reno to Boise on Thursday. Oh, what am I saying, choir is on Thursday. Friday, please.", "Friday"),
        ("Reno to Boise on the 29th. Oh wait, that's when the bank is closed, I'd better go on the 28th.", "the 28th"),
    ],
)
def test_a_day_that_a_story_leads_to_replaces_the_one_before(text: str, date: str) -> None:
    [search] = actions(text)
    assert search["legs"] == [{"from": "Reno", "to": "Boise", "date": date}]


def test_the_way_back_takes_nothing_back() -> None:
    [search] = actions("Reno to Boise on the 5th. Sorry, bad line here. Coming back on the 9th, please.")
    assert [leg["date"] for leg in search["legs"]] == ["the 5th", "the 9th"]


def test_a_day_before_a_flight_is_its_own_where_only_the_way_back_has_another() -> None:
    [search] = actions("On the fifth of December, I need Reno to Boise, back on the ninth.")
    assert [leg["date"] for leg in search["legs"]] == ["the fifth of December", "the ninth"]


def test_those_who_flew_apart_fly_home_together() -> None:
    [search] = actions(
        "My wife and I go Perth to Hobart on the 10th, and our son meets us there from Darwin on the 12th. "
        "We all come back to Perth on the 20th."
    )
    assert [leg.get("who") for leg in search["legs"]] == ["My wife and I", "our son", "We"]


@pytest.mark.parametrize(
    "text",
    [
        "I do beg your pardon, the kettle was on. Would you mind awfully saying all of that once more?",
        "I wonder if I might trouble you to repeat the price? It went straight past me, I'm afraid.",
    ],
)
def test_long_pleas_to_repeat(text: str) -> None:
    assert actions(text, TurnContext(agent="That is $210.")) == [{"action": "repeat"}]


def test_a_booking_that_has_to_go_is_cancelled_and_nobody_is_asked_for() -> None:
    assert actions("I'm afraid the booking will have to go, the whole lot of it. QT44LZ is the number.") == [
        {"action": "cancel", "code": "QT44LZ"}
    ]


def test_never_mind_the_price_takes_nothing_back() -> None:
    [search] = actions("Could you look at Reno to Boise on the 5th, nonstop, and never mind the price?")
    assert search["legs"] == [{"from": "Reno", "to": "Boise", "date": "the 5th"}]
    assert search["nonstop"] is True
