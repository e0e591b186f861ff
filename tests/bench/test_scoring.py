"""Labels of a desk that does not compare by itself are met by the same actions with the same words."""

from __future__ import annotations

from typing import Any

import pytest

from voice.bench.turns.scoring import is_exact


def act(action: str, **arguments: Any) -> dict[str, Any]:
    return {"action": action, **arguments}


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ("Friday", " friday, "),
        ("two", "2"),
        ("2", "Two."),
        (2, "two"),
        ("six|half a dozen", "Half a dozen"),
        ("the O’Hara table", "the o'hara table"),
        ("8:30", "8:30."),
        ("table seven", "Table 7!"),
        ("नौ बजे", "नौ बजे।"),
        (True, True),
        (["eight", "nine"], ["8", "9"]),
        ({"from": "six", "to": "7"}, {"from": "6", "to": "seven"}),
    ],
)
def test_a_value_is_the_same_in_another_case_spacing_punctuation_or_spelling_of_a_number(wanted: Any, got: Any) -> None:
    assert is_exact([act("book", what=wanted)], [act("book", what=got)])


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ("Friday", "Sunday"),
        ("two", "twenty"),
        ("8:30", "8 30"),
        ("1.5", "15"),
        ("-5", "5"),
        ("कि", "की"),
        ("5%", "5"),
        (["eight", "nine"], ["nine", "eight"]),
        (["eight"], "eight"),
        ({"from": "six"}, {"from": "six", "to": "seven"}),
        ({"from": "six"}, "six"),
        (True, False),
    ],
)
def test_what_differs_is_wrong(wanted: Any, got: Any) -> None:
    assert not is_exact([act("book", what=wanted)], [act("book", what=got)])


def test_all_actions_must_be_there_in_any_order_and_nothing_else() -> None:
    both = [act("hours"), act("book", day="Friday")]
    assert is_exact(both, both[::-1])
    assert not is_exact(both, both[:1])
    assert not is_exact(both[:1], both)
    assert not is_exact([act("hours"), act("hours")], both)
    assert is_exact([], [])


def test_an_argument_more_or_less_is_wrong_unless_the_label_is_open() -> None:
    told = act("book", day="Friday", time="eight")
    assert not is_exact([act("book", day="Friday")], [told])
    assert not is_exact([told], [act("book", day="Friday")])
    assert is_exact([act("book", day="Friday", open=True)], [told])
    assert not is_exact([act("book", day="Sunday", open=True)], [told])


def test_alternatives_do_not_take_what_another_action_needs() -> None:
    wanted = [act("book", day="Friday|Sunday"), act("book", day="Friday")]
    assert is_exact(wanted, [act("book", day="Friday"), act("book", day="Sunday")])


def test_a_question_is_right_for_what_the_label_says_is_missing() -> None:
    asked = act("clarify", missing="request", because="deadline")
    assert is_exact([act("clarify")], [asked])
    assert is_exact([act("clarify", missing="request|day")], [asked])
    assert not is_exact([act("clarify", missing="day")], [asked])
    assert not is_exact([act("hours")], [asked])
