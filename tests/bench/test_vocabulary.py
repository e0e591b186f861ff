"""Labels are held to the desk's vocabulary, so that a typo is not counted as a model's mistake."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from voice.bench.turns.vocabulary import check, problem_of
from voice.booking.drafting.wire import MAIN
from voice.booking.written.vocabulary import VOCABULARY


def test_every_action_of_the_desk_can_be_a_label_with_its_main_argument() -> None:
    assert list(VOCABULARY) == list(MAIN)
    assert all(main in VOCABULARY[name] for name, main in MAIN.items() if main)


@pytest.mark.parametrize(
    "action",
    [
        {"action": "search", "legs": [{"from": "Boston", "to": "Denver", "date": "Friday", "who": "my wife"}]},
        {"action": "search", "nonstop": True, "max_price": 400, "open": True},
        {"action": "policy", "topic": "pets|baggage"},
        {"action": "confirm", "answer": "yes"},
        {"action": "clarify", "missing": "request"},
        {"action": "chat"},
    ],
)
def test_what_the_desk_understands_is_a_label(action: dict[str, Any]) -> None:
    assert problem_of([action], VOCABULARY) is None


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ({"action": "cancle"}, "no action 'cancle': did you mean 'cancel'?"),
        ({"action": "cancel", "cod": "QT44LZ"}, "'cancel' has no argument 'cod': did you mean 'code'?"),
        ({"action": "search", "legs": [{"form": "Boston"}]}, "one of 'legs' has no 'form': did you mean 'from'?"),
        ({"action": "search", "legs": "Denver"}, "'legs' must be a list of objects"),
        ({"action": "search", "legs": ["Denver"]}, "'legs' must be a list of objects"),
        ({"action": "search", "complexty": "simple"}, "'search' has no argument 'complexty': use one of legs,"),
        ({"action": "search", "nonstop": "yes"}, "'nonstop' is true or false, got 'yes'"),
        ({"action": "lookup", "code": ["QT44LZ"]}, "'code' must be a text, got ['QT44LZ']"),
        ({"action": "lookup", "code": "QT44LZ|"}, "'code' has an empty alternative"),
        ({"action": "policy", "topic": "pets|bagage"}, "'topic' can't be 'bagage': did you mean 'baggage'?"),
        ({"action": "confirm", "answer": "maybe"}, "'answer' can't be 'maybe': use one of yes, no"),
        ({"action": "clarify", "missing": "whatever"}, "'missing' can't be 'whatever'"),
        ({"action": 1}, "an object with an 'action'"),
        ("chat", "an object with an 'action'"),
    ],
)
def test_what_it_does_not_understand_is_told_with_what_may_be_meant(action: Any, told: str) -> None:
    assert told in (problem_of([action], VOCABULARY) or "")


def test_the_documentation_has_an_example_of_every_action_and_names_every_topic() -> None:
    text = (Path(__file__).parents[2] / "docs" / "policies.md").read_text(encoding="utf-8")
    examples = [json.loads(found) for found in re.findall(r'^\| `(\{"action".*?\})` \|', text, re.MULTILINE)]
    assert [example["action"] for example in examples] == list(VOCABULARY)
    assert problem_of(examples, VOCABULARY) is None
    topics, answers = VOCABULARY["policy"]["topic"], VOCABULARY["confirm"]["answer"]
    assert isinstance(topics, tuple)
    assert isinstance(answers, tuple)
    assert all(f"`{value}`" in text for value in (*topics, *answers))


def test_a_label_is_a_list() -> None:
    assert "must be a list" in (problem_of({"action": "chat"}, None) or "")


def test_without_a_vocabulary_a_label_need_only_be_a_list_of_actions() -> None:
    assert problem_of([{"action": "fly", "to": ["the moon"]}], None) is None
    assert "an object with an 'action'" in (problem_of([{"to": "the moon"}], None) or "")


@pytest.mark.parametrize("bad", [{"book": "day"}, {"book": {"day": "day"}}, {"book": {"day": str}}])
def test_a_vocabulary_that_is_none_is_refused(bad: Any) -> None:
    with pytest.raises(ValueError, match=r"the vocabulary's .*book"):
        check(bad)
