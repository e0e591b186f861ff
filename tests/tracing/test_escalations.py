"""Larger tiers that were asked for nothing, and what traces say of the money."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import pytest

from tests.cascade.script import SEARCH
from tests.tracing.calls import SHADOWED, PlayedCall, write
from voice.cascade.commands import StartDraft
from voice.cascade.events import Drafted
from voice.cascade.words import Action, Draft
from voice.trace_command import add_trace_arguments, trace_main
from voice.tracing.escalations import escalations
from voice.tracing.stats import stats
from voice.tracing.turns import BadTrace, turns_of

Lines = list[dict[str, Any]]


def in_vain() -> Lines:
    """Play a turn whose first half leads to the larger tier, and whose whole is read by rules."""
    call = PlayedCall("c")
    script = call.script
    script.speaks(1.0)
    script.hears(2.0, "Boston", final=False)
    script.reads(2.0)
    script.drafts(2.5, SEARCH)
    script.examines(2.5, correctness=0.2)
    strong = script.last(StartDraft)
    call.keep()
    script.hears(4.0, "Boston, what is your baggage policy?")
    script.reads(4.0, actions=[Action("policy")], certain=True, asked=True)
    call.keep()
    script.feed(
        Drafted(4.1, strong.generation, Draft("strong", (), error="cancelled", prompt_tokens=60, estimated=True))
    )
    script.performs(4.2)
    return call.ends()


def run(tmp_path: Path, lines: Lines, *args: str) -> int:
    parser = argparse.ArgumentParser()
    add_trace_arguments(parser)
    what, *more = args
    return trace_main(parser.parse_args([what, str(write(tmp_path / "trace.jsonl", lines)), *more]))


def test_a_larger_tier_that_was_asked_ahead_and_not_needed_is_counted_with_its_money() -> None:
    lines = in_vain()
    (turn,) = turns_of(lines)
    assert [(each.to, each.needed) for each in escalations(turn.lines, followed=False)] == [("strong", False)]
    found = stats(lines)
    assert found["escalated"] == 0
    assert (found["in_vain"]["n"], found["in_vain"]["turns"]) == (1, 1)
    assert found["in_vain"]["because"] == {"check: correctness": 1}
    assert found["in_vain"]["cost"] == pytest.approx(60e-6) == found["cost"]["by_tier"]["strong"]
    assert found["cost"]["cancelled"] == found["cost"]["estimated"] == pytest.approx(60e-6)


def test_one_that_was_needed_is_not_in_vain() -> None:
    lines = PlayedCall("c").says(logprob=-1.0).ends()
    assert [each.needed for turn in turns_of(lines) for each in escalations(turn.lines, followed=False)] == [True]
    assert stats(lines)["in_vain"]["n"] == 0
    assert escalations([], followed=True) == []


def test_one_of_a_turn_that_the_caller_went_on_with_is_and_one_that_still_runs_is_not() -> None:
    lines = [line for line in PlayedCall("c").says(logprob=-1.0).ends() if line["kind"] != "answer"]
    (turn,) = turns_of(lines)
    assert [each.needed for each in escalations(turn.lines, followed=True)] == [False]
    assert [each.needed for each in escalations(turn.lines, followed=False)] == [True]


def test_stats_name_what_they_divide_by(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, in_vain(), "stats") == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "a larger tier was asked ahead, then not needed: 1 times, in 1 of 1 turns, for 0.000060" in printed
    assert "a turn, of 1: " in printed
    assert "an answered turn, of 1: " in printed
    assert "refused by a budget: nothing" in printed


def test_second_opinions_that_were_cancelled_are_told_with_their_money(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call = PlayedCall("c", SHADOWED)
    script = call.script
    script.hears(1.0, "Boston to Denver.")
    script.reads(1.0)
    script.drafts(1.5, SEARCH)
    script.examines(1.5)
    script.performs(1.6)
    script.finishes_speaking(3.0)
    script.speaks(3.5)
    script.drafts(3.6, error="cancelled", tokens=(60, 0))
    lines = call.ends()
    opinions = stats(lines)["second_opinions"]
    assert (opinions["n"], opinions["cancelled"], opinions["cost"]) == (0, 1, pytest.approx(60e-6))
    (ended,) = [line for line in lines if line["kind"] == "ended"]
    assert ended["second_opinions"] == pytest.approx(60e-6)
    assert run(tmp_path, lines, "stats") == 0
    assert "second opinions: 0 given, 1 cancelled; 0.000060 more" in capsys.readouterr().out


def test_refusals_of_a_budget_are_counted_by_limit() -> None:
    refused = {"at": 1.0, "call": "c", "turn": 1, "kind": "budget", "what": "money", "period": "turn"}
    lines = [{**refused, "refused": "needs up to $1, $0.5 allowed", "enforced": yes} for yes in (True, True, False)]
    old = {"at": 1.0, "call": "c", "turn": 1, "kind": "budget", "refused": "1 actions in this turn"}
    assert stats([*lines, old])["budget_refusals"] == {
        "money in a turn": 2,
        "money in a turn, only noted": 1,
        "1 actions in this turn": 1,
    }


def test_a_kind_that_is_not_there_is_an_error_that_names_those_that_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(BadTrace, match=r"no line of kind draftd; kinds are answer, call, .*drafted"):
        run(tmp_path, in_vain(), "show", "--kind", "draftd")
    assert run(tmp_path, in_vain(), "show", "--kind", "drafted") == 0
    assert "strong" in capsys.readouterr().out
