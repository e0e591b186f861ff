"""A turn is exact if all that it asks for is there, as said, and nothing else that would be acted on."""

from __future__ import annotations

from typing import Any

import pytest

from voice.booking.written.scoring import is_exact


def act(action: str, /, **args: Any) -> dict[str, Any]:
    return {"action": action, **args}


def flight(start: str, end: str, **more: Any) -> dict[str, Any]:
    return {"from": start, "to": end, **more}


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        (act("policy", topic="refunds|cancellation"), act("policy", topic="cancellation")),
        (act("bags", count="two"), act("bags", count="2 bags")),
        (act("search", pax="two", legs=[]), act("search", pax="two people")),
        (act("search", max_price="$1,200"), act("search", max_price="twelve hundred dollars")),
        (act("search", cabin="business"), act("search", cabin="Business class")),
        (act("lookup", code="QT44LZ"), act("lookup", code="q t 4 4 l z")),
        (act("book", offer="second one"), act("book", offer="the second")),
        (
            act("search", legs=[flight("Boston", "Denver", date="the tenth")]),
            act("search", legs=[flight("boston", "Denver", date="10th")]),
        ),
        (
            act("search", legs=[flight("Boston", "Denver", date="tomorrow morning")]),
            act("search", legs=[flight("Boston", "Denver", date="tomorrow", time="in the morning")]),
        ),
        (
            act("search", legs=[flight("Boston", "Denver"), {"to": "Austin"}]),
            act("search", legs=[flight("Boston", "Denver"), flight("Denver", "Austin")]),
        ),
        (act("search", legs=[flight("Denver", "Honolulu")]), act("search", legs=[flight("Denver", "Hanolulu")])),
        (act("search", open=True, pax="two"), act("search", pax="two", legs=[{"date": "Friday"}])),
    ],
)
def test_values_are_compared_as_said_after_light_normalisation(wanted: dict[str, Any], got: dict[str, Any]):
    assert is_exact([wanted], [got])


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ([act("policy", topic="pets")], []),
        ([act("policy", topic="pets")], [act("policy", topic="meals")]),
        ([act("confirm", answer="yes")], [act("confirm", answer="no")]),
        ([act("confirm", answer="yes")], [act("confirm", answer="yes"), act("bags", count="one")]),
        ([act("confirm", answer="yes"), act("bags", count="one")], [act("confirm", answer="yes")]),
        ([act("search", legs=[flight("Boston", "Denver")])], [act("search", legs=[flight("Denver", "Boston")])]),
        ([act("search", legs=[flight("Boston", "Denver")])], [act("search", legs=[flight("Boston", "Banana")])]),
        ([act("search", legs=[flight("A", "B")])], [act("search", legs=[flight("A", "B", date="Friday")])]),
        ([act("search", legs=[flight("A", "B"), flight("B", "C")])], [act("search", legs=[flight("A", "B")])]),
    ],
)
def test_a_missing_a_wrong_and_an_extra_thing_are_not_exact(wanted: list[dict[str, Any]], got: list[dict[str, Any]]):
    assert not is_exact(wanted, got)


def test_a_courtesy_beside_what_was_asked_for_does_no_harm():
    assert is_exact([act("confirm", answer="yes")], [act("chat"), act("confirm", answer="yes")])


def test_the_order_of_actions_does_not_count():
    assert is_exact([act("policy", topic="pets"), act("chat")], [act("chat"), act("policy", topic="pets")])


def test_a_missing_argument_may_be_left_out_or_asked_for():
    assert is_exact([act("clarify", missing="code")], [act("lookup")])
    assert is_exact([act("cancel")], [act("clarify", missing="code")])
    assert not is_exact([act("clarify", missing="code")], [act("lookup", code="QT44LZ")])
    assert not is_exact([act("cancel", code="QT44LZ")], [act("clarify", missing="code")])
    assert not is_exact([act("clarify", missing="code")], [act("chat")])
