"""From traces of calls to what `voice tune` reads: whose word counts, how much, and what is left out."""

from __future__ import annotations

import argparse
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.cascade.script import SEARCH
from tests.tracing.calls import MODELS, OTHER, SHADOWED, Lines, PlayedCall, write
from voice.bench.desks import airline
from voice.bench.turns.outcomes import RecordedOutcome, load_outcomes
from voice.bench.turns.splits import split_of
from voice.cascade.words import OutcomeKind
from voice.config import ConfigError, load
from voice.fingerprint import version_of
from voice.trace_command import add_trace_arguments, trace_main
from voice.tracing.labels import BadLabels, Key, load_labels
from voice.tracing.outcomes import Gathered, gather
from voice.tracing.verdicts import AGREED, READING_REFUTED, REFUTED, REPAIRED, UNREPAIRED

TIERS = ("fast", "strong")
WANTED = [SEARCH.as_dict()]


def gathered(lines: Lines, labels: dict[Key, Any] | None = None, since: date | None = None) -> Gathered:
    return gather(lines, TIERS, MODELS, airline(), labels, since)


def verdicts(outcome: RecordedOutcome) -> dict[str, tuple[bool, str, float]]:
    return {name: (one.exact, one.verdict, one.weight) for name, one in outcome.tiers.items()}


def test_an_answer_that_nobody_repaired_is_weakly_right_if_the_call_got_somewhere() -> None:
    (outcome,) = gathered(PlayedCall("c").says().ends()).outcomes
    assert verdicts(outcome) == {"fast": (True, "unrepaired", UNREPAIRED)}
    assert (outcome.id, outcome.call, outcome.date[:10], outcome.repaired) == ("c/1", "c", "2026-11-20", False)
    failed = gathered(PlayedCall("c").says().says(kind=OutcomeKind.CLARIFY).ends())
    assert (failed.outcomes, failed.left_out) == ([], {"nobody knows whether it was right": 2})


def test_a_repaired_answer_was_wrong() -> None:
    first, second = gathered(PlayedCall("c").says().says("No, I said Austin.").ends()).outcomes
    assert verdicts(first) == {"fast": (False, "repair", REPAIRED)}
    assert verdicts(second) == {"fast": (True, "unrepaired", UNREPAIRED)}


def test_a_second_opinion_counts_more_than_what_the_caller_did() -> None:
    agreed, differs = gathered(
        PlayedCall("c", SHADOWED).says().says("No, I said Austin.", strong=OTHER, read=SEARCH).ends()
    ).outcomes
    assert verdicts(agreed) == {name: (True, "second_opinion", AGREED) for name in TIERS}
    assert verdicts(differs)["fast"] == (False, "second_opinion", REFUTED)
    assert (differs.reading.exact, differs.reading.weight) == (False, READING_REFUTED)
    shadow = differs.tiers["strong"]
    assert (shadow.exact, shadow.verdict) == (False, "unrepaired"), "what differs from what nobody objected to"
    assert (shadow.seconds, shadow.prompt_tokens, len(shadow.logprobs)) == (2.0, 1000, 10)
    assert (shadow.completeness, shadow.correctness) == (1.0, 1.0)


def test_a_refused_draft_is_judged_by_the_larger_tier_that_answered_and_that_one_by_the_caller() -> None:
    (outcome,) = gathered(PlayedCall("c").says(strong=OTHER, logprob=-1.0).ends()).outcomes
    assert verdicts(outcome) == {
        "fast": (False, "second_opinion", REFUTED),
        "strong": (True, "unrepaired", UNREPAIRED),
    }


def test_a_label_counts_more_than_everything_else() -> None:
    lines = PlayedCall("c", SHADOWED).says().says("No, I said Austin.").ends()
    found = gathered(lines, {("c", 1): [OTHER.as_dict()], ("gone", 3): []})
    assert verdicts(found.outcomes[0]) == {name: (False, "label", 1.0) for name in TIERS}
    assert [outcome.labelled for outcome in found.outcomes] == [True, False]
    assert found.outcomes[0].expect == (OTHER.as_dict(),)
    assert found.unused_labels == 1
    assert [doubt.turn for doubt in found.doubts] == [2]


def test_a_second_opinion_stands_for_the_turns_that_got_none() -> None:
    lines = PlayedCall("c", SHADOWED).says().ends()
    for line in lines:
        if line["kind"] == "shadow":
            line["share"] = 0.25
    assert gathered(lines).outcomes[0].stands_for == 4.0


def test_a_draft_that_was_accepted_by_its_beginning_is_the_reading() -> None:
    call = PlayedCall("c")
    script = call.script
    script.hears(1.0, "Boston to Denver.")
    script.reads(1.0, actions=[SEARCH], wires=('{"do":[{"search":"Denver"}]}',))
    script.writes(1.4, '{"do":[{"search":"Den', tier="fast")
    script.examines(1.5, agreement=True)
    call.keep()
    script.performs(1.6)
    script.drafts(1.7, error="cancelled")
    lines = call.ends()
    for line in lines:
        if line["kind"] == "drafted":
            line["text"] = '{"do":[{"search":"Denver'
    (outcome,) = gathered(lines).outcomes
    assert (outcome.tiers["fast"].actions, outcome.tiers["fast"].exact) == (tuple(WANTED), True)


def test_what_was_drafted_for_half_a_turn_is_not_taken_for_the_whole() -> None:
    call = PlayedCall("c")
    call.script.hears(1.0, "Boston to", final=False)
    call.script.reads(1.0)
    call.script.drafts(1.5, OTHER)
    call.script.examines(1.5)
    call.keep()
    (outcome,) = gathered(call.says("Boston to Denver.").ends()).outcomes
    assert outcome.tiers["fast"].actions == tuple(WANTED)


def test_calls_of_other_models_or_before_a_day_are_left_out_but_never_a_label() -> None:
    lines = [
        *PlayedCall("new", date="2026-11-21").says().ends(),
        *PlayedCall("old").says().says().ends(),
        *PlayedCall("undated", date="").says().ends(),
        *PlayedCall("foreign", models="models-2").says().ends(),
    ]
    found = gathered(lines, {("old", 2): WANTED}, date(2026, 11, 21))
    assert [outcome.id for outcome in found.outcomes] == ["new/1", "old/2"]
    assert found.left_out == {
        "before 2026-11-21": 1,
        "the trace does not tell its date": 1,
        "made by other models than the profile's": 1,
    }


def test_all_turns_of_a_call_are_in_one_split_and_always_in_the_same() -> None:
    outcomes = gathered(PlayedCall("c").says().says().says().ends()).outcomes
    assert {outcome.split for outcome in outcomes} == {split_of("c")}


# ---- commands


def run(*given: object) -> int:
    parser = argparse.ArgumentParser()
    add_trace_arguments(parser)
    return trace_main(parser.parse_args([str(each) for each in given]))


def test_a_worksheet_begins_with_what_is_most_in_doubt_and_comes_back_as_labels(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    models = version_of(load("embedded"))
    call = PlayedCall("c", SHADOWED, models=models)
    call.says("Sure.").says("Differs.", strong=OTHER).says("Refused.", logprob=-1.0).says("Fine.", logprob=-0.05)
    trace, sheet, out = write(tmp_path / "c" / "trace.jsonl", call.ends()), tmp_path / "sheet", tmp_path / "out"
    assert run("outcomes", tmp_path, "--out", out, "--worksheet", sheet, "--most", 3) == 0
    assert "4 turns of 1 calls; truth: 3 by second opinion, 1 by unrepaired" in capsys.readouterr().out
    rows = [json.loads(line) for line in sheet.read_text().splitlines()]
    assert [row["text"] for row in rows] == ["Differs.", "Refused.", "Fine."]
    assert load_labels(sheet, airline()) == {}
    rows[0]["expect"] = [{**OTHER.as_dict(), "fallback": "card 4111 1111 1111 1111"}]
    sheet.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert run("outcomes", trace, "--out", out, "--labels", sheet, "--json") == 0
    assert json.loads(capsys.readouterr().out)["verdicts"] == {"second_opinion": 3, "label": 1}
    labelled = next(outcome for outcome in load_outcomes(out) if outcome.labelled)
    assert (labelled.text, labelled.expect[0]["fallback"]) == ("Differs.", "card [card]")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", r"labels:1: no JSON"),
        ('{"call": "c", "expect": []}', "a label names its 'call' and 'turn'"),
        ('{"call": "c", "turn": 1, "expect": ["search"]}', "each expected action is an object with an 'action'"),
        ('{"call": "c", "turn": 1, "expect": "search"}', "must be a list of actions.*null if nobody looked"),
        ('{"call": "c", "turn": 1, "expect": [{"action": "serach"}]}', "no action 'serach': did you mean 'search'"),
        (
            '{"call": "c", "turn": 1, "expect": []}\n{"call": "c", "turn": 1, "expect": [{"action": "chat"}]}',
            "labels:2: turn 1 of call c has another label above",
        ),
    ],
)
def test_a_label_that_cannot_be_read_is_named(text: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "labels").write_text(text)
    with pytest.raises(BadLabels, match=why):
        load_labels(tmp_path / "labels", airline())


def test_a_separator_within_a_label_ends_no_line(tmp_path: Path) -> None:
    label = {"call": "c", "turn": 1, "text": "one\u2028two\x85three", "expect": [{"action": "chat"}]}
    (tmp_path / "labels").write_text(f"\n{json.dumps(label, ensure_ascii=False)}\n", encoding="utf-8")
    assert load_labels(tmp_path / "labels", airline()) == {("c", 1): ({"action": "chat"},)}


def test_a_command_that_would_write_nothing_says_so(tmp_path: Path) -> None:
    trace = write(tmp_path / "trace.jsonl", PlayedCall("c").says().ends())
    with pytest.raises(ConfigError, match="give --out FILE"):
        run("outcomes", trace)
