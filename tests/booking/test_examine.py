"""A draft is complete if it uses all that was said, and correct if all that it uses was said and can be."""

from __future__ import annotations

from datetime import date
from typing import Any

from voice.booking.context import TurnContext
from voice.booking.drafting.examine import examine
from voice.booking.reading.reader import read
from voice.cascade.words import Action, Findings

NOTHING = TurnContext()
PROPOSED = TurnContext(agent="Shall I book it?", proposal=True)
TODAY = date(2026, 12, 1)


def findings(text: str, *actions: Action, context: TurnContext = NOTHING) -> Findings:
    return examine(actions, read(text, context), context, TODAY)


def search(*legs: dict[str, Any], **more: Any) -> Action:
    return Action("search", {"legs": list(legs), **more})


ROUND = "Boston to Denver on Friday and back on Monday under $400."


def test_a_whole_draft_passes_and_agrees_with_the_rules():
    found = findings(
        ROUND,
        search(
            {"from": "Boston", "to": "Denver", "date": "Friday"},
            {"from": "Denver", "to": "Boston", "date": "Monday"},
            max_price="$400",
        ),
    )
    assert (found.completeness, found.correctness, found.agreement, found.problems) == (1.0, 1.0, True, ())


def test_what_is_left_out_is_named():
    found = findings(ROUND, search({"from": "Boston", "to": "Denver", "date": "Friday"}))
    assert found.completeness < 1
    assert found.agreement is False
    assert any("Monday" in problem for problem in found.problems)
    assert any("$400" in problem for problem in found.problems)
    assert any("2 flights" in problem for problem in found.problems)


def test_what_was_not_said_is_wrong():
    found = findings("To Denver on Friday.", search({"from": "Boston", "to": "Denver", "date": "Friday"}))
    assert found.correctness < 1
    assert "from 'Boston' was not said" in found.problems


def test_a_flight_from_a_place_to_itself_is_wrong():
    found = findings("To Denver.", search({"from": "Denver", "to": "Denver"}))
    assert any("to itself" in problem for problem in found.problems)


def test_a_place_in_the_wrong_slot_is_wrong():
    found = findings("To Denver from Boston.", search({"from": "Denver", "to": "Boston"}))
    assert found.correctness < 1


def test_days_that_run_backwards_are_wrong():
    text = "Boston to Denver on the 20th, then Denver to Austin on December 10th."
    found = findings(
        text,
        search(
            {"from": "Boston", "to": "Denver", "date": "the 20th"},
            {"from": "Denver", "to": "Austin", "date": "December 10th"},
        ),
    )
    assert found.correctness < 1 or not found.problems


def test_one_date_cannot_stand_for_two_flights():
    text = "Boston to Denver on Friday, Denver to Austin on Monday."
    found = findings(
        text,
        search(
            {"from": "Boston", "to": "Denver", "date": "Friday"}, {"from": "Denver", "to": "Austin", "date": "Friday"}
        ),
    )
    assert any("stands for 2 flights" in problem for problem in found.problems)


def test_an_unheard_code_is_wrong_and_a_known_booking_is_fine():
    assert findings("Cancel it.", Action("cancel", {"code": "QT44LZ"})).correctness < 1
    known = TurnContext(bookings=("QT44LZ",))
    assert findings("Cancel it.", Action("cancel", {"code": "QT44LZ"}), context=known).correctness == 1


def test_asking_for_what_is_missing_is_a_complete_answer():
    found = findings("Can you pull up my reservation?", Action("clarify", {"missing": "code"}))
    assert (found.completeness, found.correctness) == (1.0, 1.0)


def test_asking_for_what_was_said_is_not():
    found = findings("Can you pull up my reservation QT44LZ?", Action("clarify", {"missing": "code"}))
    assert found.completeness < 1


def test_one_answer_to_two_requests_is_incomplete():
    text = "How many bags can I bring, and can I change my ticket later?"
    assert findings(text, Action("policy", {"topic": "baggage"})).completeness < 1


def test_only_a_yes_to_a_proposal_writes():
    yes = Action("confirm", {"answer": "yes"})
    assert findings("Yes.", yes, context=PROPOSED).irreversible
    assert not findings("No.", Action("confirm", {"answer": "no"}), context=PROPOSED).irreversible
    unasked = findings("Yes.", yes)
    assert not unasked.irreversible
    assert unasked.correctness < 1


def test_no_draft_is_neither_complete_nor_correct():
    found = findings("Boston to Denver.")
    assert (found.completeness, found.correctness) == (0.0, 0.0)
