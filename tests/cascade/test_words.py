"""Values that could only be a slip are refused where they are made."""

from __future__ import annotations

import math
from typing import Any

import pytest

from voice.cascade.words import Findings, Outcome, OutcomeKind


@pytest.mark.parametrize("score", [100, -0.1, 1.01, math.nan])
def test_a_score_is_a_share(score: float) -> None:
    for findings in ((score, 1.0), (1.0, score)):
        with pytest.raises(ValueError, match="the scores of Findings are shares within 0…1, got completeness"):
            Findings(*findings)


def test_the_ends_of_the_scale_are_scores() -> None:
    assert Findings(0, 1) == Findings(0.0, 1.0)


@pytest.mark.parametrize("kind", ["anwser", "answer", None])
def test_an_outcome_has_one_of_the_kinds(kind: Any) -> None:
    with pytest.raises(ValueError, match=r"kind is OutcomeKind.ANSWER, .CLARIFY, .HANDOFF, .FAILED, got"):
        Outcome(kind, ("All done.",), None)


@pytest.mark.parametrize("say", ["All done.", ["All done."], (42,), None])
def test_what_is_said_is_a_tuple_of_sentences(say: Any) -> None:
    with pytest.raises(TypeError, match="an Outcome's say is a tuple of str, got"):
        Outcome(OutcomeKind.ANSWER, say, None)


@pytest.mark.parametrize("name", ["facts", "wrote", "problems"])
def test_one_string_is_no_tuple_of_them(name: str) -> None:
    with pytest.raises(TypeError, match=f"an Outcome's {name} is a tuple of str, got 'T1'"):
        Outcome(OutcomeKind.ANSWER, ("All done.",), None, **{name: "T1"})
