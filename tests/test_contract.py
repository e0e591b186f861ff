"""What a desk is and gives is checked where it comes in, and the message says what was wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.restaurant.desk import TableDesk
from tests.restaurant.store import Book
from voice.cascade.words import Action, Findings, Outcome, OutcomeKind, Reading
from voice.contract import (
    as_actions,
    as_findings,
    as_mention,
    as_messages,
    as_outcome,
    as_reading,
    as_schema,
    check_desk,
)
from voice.ports import Message
from voice.stack import prefix_of
from voice.testing import ScriptedDesk


class Half:
    read_only = frozenset({"search"})

    def read(self) -> None: ...


class Misnamed(ScriptedDesk):
    def __init__(self) -> None:
        super().__init__()
        self.read_only = "search"  # type: ignore[assignment]


def test_a_whole_desk_is_taken() -> None:
    check_desk(TableDesk(Book()))
    check_desk(ScriptedDesk())


def test_all_that_a_desk_lacks_is_named_at_once() -> None:
    with pytest.raises(TypeError, match="Half is no desk: it lacks open, prompt, schema, parse, examine, perform, men"):
        check_desk(Half())


def test_a_class_in_place_of_a_desk_is_told_from_one() -> None:
    with pytest.raises(TypeError, match=r"got the class TableDesk: give TableDesk\(…\) instead"):
        check_desk(TableDesk)
    with pytest.raises(TypeError, match="got the class TableDesk"):
        prefix_of(TableDesk)  # type: ignore[arg-type]


def test_one_name_is_no_set_of_names() -> None:
    with pytest.raises(TypeError, match=r"Misnamed\.read_only must be a frozenset of action names, got 'search'"):
        check_desk(Misnamed())


@pytest.mark.parametrize(
    ("take", "given", "message"),
    [
        (as_reading, None, "read must return a Reading, got None"),
        (as_reading, Reading("x", ({"action": "book"},)), "must be a tuple of Action, or None, got a tuple of dict"),  # type: ignore[arg-type]
        (as_reading, Reading("x", [Action("book")]), "must be a tuple of Action, or None, got a list of Action"),  # type: ignore[arg-type]
        (as_mention, "Friday", "mention must return a sequence of str, got a value of type str"),
        (as_mention, None, "mention must return a sequence of str, got None"),
        (as_messages, [], "prompt must return a sequence of at least one Message, got an empty list"),
        (as_messages, [{"role": "user"}], "prompt must .*, got a list of dict"),
        (as_messages, "Do this", "prompt must .*, got a value of type str"),
        (as_schema, None, "schema must return a mapping, got None"),
        (as_actions, None, "parse must return a tuple of Action, got None"),
        (as_actions, ({"action": "book"}, Action("book")), "parse must .*, got a tuple of Action, dict"),
        (as_findings, (1.0, 1.0), "examine must return Findings, got a tuple of float"),
        (as_outcome, None, "perform must return an Outcome, got None"),
        (as_outcome, "Done", "perform must return an Outcome, got a value of type str"),
    ],
)
def test_what_is_given_instead_is_named(take: Callable[[object], Any], given: object, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        take(given)


def test_what_is_as_it_should_be_is_passed_on() -> None:
    actions = (Action("book"),)
    assert as_reading(Reading("x", actions)).actions == actions
    assert as_actions([*actions]) == as_actions(actions) == actions
    assert as_actions(()) == ()
    assert as_mention(["Friday"]) == ("Friday",)
    assert as_messages((Message("user", "x"),)) == [Message("user", "x")]
    assert as_findings(Findings(0.0, 1.0)) == Findings(0, 1)
    assert as_outcome(Outcome(OutcomeKind.ANSWER, (), None)).say == ()
