"""What several readings of one turn come to, and how far they bear one of them out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.cascade.voting import support, voted
from voice.cascade.words import Action


def act(name: str, /, **args: Any) -> tuple[Action, ...]:
    return (Action(name, args),)


def trip(*legs: tuple[str, str, str], **more: Any) -> tuple[Action, ...]:
    return act("search", legs=[{"from": a, "to": b, "date": c} for a, b, c in legs], **more)


OUT_AND_BACK = trip(("Boston", "Rome", "the 3rd"), ("Rome", "Boston", "the 9th"))


def test_two_of_three_decide_each_argument_and_not_only_the_whole() -> None:
    largest = trip(("Boston", "Rome", "the 3rd"), ("Rome", "Boston", "the 3rd"))
    middle = trip(("Boston", "Rome", "the 3rd"), ("Rome", "Austin", "the 9th"))
    rules = trip(("Boston", "Nome", "the 3rd"), ("Rome", "Boston", "the 9th"))
    assert voted((largest, middle, rules)) == OUT_AND_BACK


def test_what_two_leave_out_goes_and_what_two_have_comes_in() -> None:
    assert voted((act("lookup", code="QT44LZ"), act("lookup"), act("lookup"))) == act("lookup")
    assert voted((act("lookup"), act("lookup", code="QT44LZ"), act("lookup", code="QT44LZ"))) == act(
        "lookup", code="QT44LZ"
    )


def test_the_first_decides_where_no_two_agree() -> None:
    readings = (act("bags", count="one"), act("bags", count="two"), act("bags", count="three"))
    assert voted(readings) == readings[0]


def test_the_shape_is_what_most_say_even_against_the_first() -> None:
    one_way = trip(("Boston", "Rome", "the 3rd"))
    assert voted((one_way, OUT_AND_BACK, OUT_AND_BACK)) == OUT_AND_BACK
    assert voted((act("cancel"), one_way, act("lookup"))) == act("cancel")


def test_of_two_readings_nobody_knows_which_one_is_right() -> None:
    assert voted((act("cancel"), act("lookup"))) == act("cancel")
    assert voted((act("cancel"), act("lookup"), ())) == act("cancel")
    assert voted(((), act("lookup"), act("lookup"))) == ()


def test_capitals_and_stops_make_no_difference_and_the_first_wording_stays() -> None:
    readings = (act("search", max_price="$300."), act("search", max_price="300"), act("search", max_price="400"))
    assert voted(readings) == readings[0]


def test_a_flag_is_not_the_word_for_nothing() -> None:
    assert voted((act("search", cabin="none"), act("search"), act("search"))) == act("search")


@pytest.mark.parametrize(
    ("actions", "others", "share"),
    [
        (OUT_AND_BACK, (OUT_AND_BACK, trip(("Boston", "Rome", "the 3rd"))), 1.0),
        (act("lookup", code="QT44LZ"), (act("lookup"), act("cancel")), 0.5),
        (act("lookup"), (act("lookup", code="QT44LZ"), act("lookup", code="QT44LZ")), 0.5),
        (act("lookup"), (act("cancel"), act("bags")), 0.0),
        (act("lookup"), (act("lookup"),), None),
        (act("lookup"), (act("lookup"), ()), None),
        ((), (act("lookup"), act("lookup")), None),
    ],
)
def test_support_is_the_share_that_another_reading_has_too(
    actions: tuple[Action, ...], others: tuple[tuple[Action, ...], ...], share: float | None
) -> None:
    assert support(actions, others) == share


def test_parts_of_a_draft_may_be_borne_out_by_different_readings() -> None:
    draft = act("search", cabin="business", pax="two")
    assert support(draft, (act("search", cabin="business"), act("search", pax="two"))) == 1.0


WORDS = st.sampled_from(["Boston", "Rome", "two", "the 3rd"])
VALUES = st.one_of(WORDS, st.just(True), st.lists(st.dictionaries(st.sampled_from(["from", "to"]), WORDS), max_size=3))
ACTIONS = st.builds(
    Action, st.sampled_from(["search", "lookup"]), st.dictionaries(st.sampled_from(["legs", "pax", "cabin"]), VALUES)
)
READINGS = st.lists(st.lists(ACTIONS, max_size=2).map(tuple), min_size=1, max_size=4)


@given(READINGS)
def test_nothing_is_voted_for_that_nobody_read(readings: list[tuple[Action, ...]]) -> None:
    result = voted(readings)
    assert [action.name for action in result] in [[action.name for action in reading] for reading in readings]
    said = repr(readings)
    for action in result:
        assert all(repr(key) in said for key in action.args)


@given(READINGS, st.lists(ACTIONS, min_size=1, max_size=2).map(tuple))
def test_what_two_read_alike_of_three_is_what_comes_of_them(
    readings: list[tuple[Action, ...]], same: tuple[Action, ...]
) -> None:
    assert voted((readings[0], same, same)) in (same, readings[0])
    if readings[0]:
        assert voted((readings[0], same, same)) == same
    assert support(same, (same, readings[0] or same)) == 1.0
