"""Two readings are the same if they mean the same: what the values come to counts, not each of their words."""

from __future__ import annotations

from typing import Any

import pytest

from voice.booking.drafting.sense import same
from voice.cascade.words import Action


@pytest.mark.parametrize(
    ("name", "some", "other", "alike"),
    [
        ("change", {"leg": "the return"}, {"leg": "return flight"}, True),
        ("change", {"leg": "the return"}, {"leg": "the outbound"}, False),
        ("book", {"offer": "The early one"}, {"offer": "early"}, True),
        ("book", {"offer": "the one"}, {"offer": "the one"}, True),
        ("book", {"offer": "the one"}, {"offer": "the flight"}, False),
        ("bags", {"count": "one more"}, {"count": "one"}, True),
        ("bags", {"count": "two"}, {"count": "one"}, False),
        (
            "search",
            {"legs": [{"to": "Rome", "time": "in the evening"}]},
            {"legs": [{"to": "rome", "time": "evening"}]},
            True,
        ),
        ("search", {"legs": [{"time": "before 4 PM"}]}, {"legs": [{"time": "arriving before 4 PM"}]}, False),
        ("search", {"legs": [{"date": "the 12th"}]}, {"legs": [{"date": "12th"}]}, True),
        ("search", {"pax": "three people"}, {"pax": "three"}, True),
        ("search", {"max_price": "$300"}, {"max_price": "300 dollars"}, True),
        ("search", {"max_price": "$300"}, {}, False),
    ],
)
def test_values_are_compared_by_what_they_mean(name: str, some: dict[str, Any], other: dict[str, Any], alike: bool):
    assert same([Action(name, some)], [Action(name, other)]) is alike


def test_the_order_of_actions_does_not_count():
    cancel, lookup = Action("cancel", {"code": "QT44LZ"}), Action("lookup")
    assert same([cancel, lookup], [lookup, cancel])
