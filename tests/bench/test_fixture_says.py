from typing import Any

import pytest

from voice.bench.fixtures.says import distinctive
from voice.bench.turns.carry_out import said_first
from voice.cascade.words import Outcome, OutcomeKind


def outcome(action: str, say: str, *facts: str) -> Outcome:
    return Outcome(OutcomeKind.ANSWER, (say,), None, facts=facts, data=({"action": action},))


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ("two|2", "two"),
        (True, True),
        ({"legs": [{"date": "the 7th|the seventh"}], "open": True}, {"legs": [{"date": "the 7th"}]}),
    ],
)
def test_the_first_alternative_is_what_the_caller_says(expected: Any, said: Any) -> None:
    assert said_first(expected) == said


@pytest.mark.parametrize(
    ("done", "facts"),
    [
        (outcome("search", "At 9:15 AM and back at 7 PM, $95 each, $190 in total.", "7 PM", "9:15 AM", "$190", "$95"),
         ["9:15 AM", "190"]),
        (outcome("change", "For $67 in all at 7:25 AM, with a $50 fee and $17 more.", "7:25 AM", "$50", "$17", "$67"),
         ["7:25 AM", "67"]),
        (outcome("cancel", "You get $198 back, after a $75 fee.", "$75", "$198"), ["198"]),
        (outcome("policy", "The first bag is $35, the second $45.", "$35", "$45"), ["35", "45"]),
        (outcome("lookup", "You fly from Boston to Denver at 8:15 AM.", "8:15 AM"), ["Denver", "8:15 AM"]),
        (outcome("chat", "Have a good trip!"), []),
    ],
)  # fmt: skip
def test_the_facts_are_those_that_only_a_right_answer_has(done: Outcome, facts: list[str]) -> None:
    assert distinctive(done, "My trip from Boston, please.") == facts
