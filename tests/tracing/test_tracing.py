"""A call of three turns: code, the small tier, and the larger one after a refused draft."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cascade.script import SEARCH, TWO_TIERS, Script
from tests.tracing.calls import MODELS, OTHER, SHADOWED, PlayedCall
from voice.booking.drafting.wire import MAIN
from voice.cascade.commands import Record
from voice.cascade.policy import RulePolicy
from voice.cascade.words import Action
from voice.trace_command import trace_main
from voice.tracing.replay import UNKNOWN, foreign, replay
from voice.tracing.stats import stats
from voice.tracing.turns import BadTrace, load_trace, turns_of

Lines = list[dict[str, Any]]
READ_ONLY = frozenset({"search", "chat"})


def call() -> Lines:
    """Play the call on the core, and keep what it records."""
    script, lines = Script(), Lines()

    def keep() -> None:
        for record in [command for command in script.commands if isinstance(command, Record)]:
            line = {"at": script.now, "call": "c1", "turn": record.turn, "kind": record.kind, **record.data}
            lines.append(json.loads(json.dumps(line, default=list)))
        script.commands.clear()

    script.hears(1.0, "Hello")
    script.reads(1.0, actions=[Action("chat")], certain=True)
    script.performs(1.1, "Hello.")
    keep()
    script.hears(5.0, "Boston to Denver")
    script.reads(5.0, actions=[SEARCH])
    script.drafts(5.5, SEARCH, logprob=-0.01)
    script.examines(5.5, agreement=True)
    script.performs(5.6)
    keep()
    script.hears(9.0, "and Denver to Boston")
    script.reads(9.0)
    script.drafts(9.5, SEARCH, logprob=-1.0)
    script.examines(9.5, completeness=0.5)
    script.drafts(11.0, SEARCH, logprob=-0.01)
    script.examines(11.0)
    script.performs(11.1)
    keep()
    return lines


def test_stats_tell_who_answered_and_why_the_rest_left() -> None:
    found = stats(call())
    assert {by: each["n"] for by, each in found["by"].items()} == {"code": 1, "fast": 1, "strong": 1}
    assert found["left_because"] == {"check: completeness": 1, "check: confidence": 1}
    assert found["escalated"] == pytest.approx(0.3333)
    assert found["cost"]["model_calls"] == 3
    assert found["cost"]["total"] == pytest.approx(sum(found["cost"]["by_tier"].values()))


def test_the_policy_that_decided_decides_the_same_again() -> None:
    assert [(each.was, each.now) for each in replay(call(), TWO_TIERS, READ_ONLY)] == [
        ("code", "code"),
        ("fast", "fast"),
        ("strong", "strong"),
    ]


def test_another_rule_is_decided_as_far_as_the_trace_tells() -> None:
    lenient = replace(TWO_TIERS, rule=RulePolicy("chow_average", threshold=0.3, with_checks=False))
    assert [each.now for each in replay(call(), lenient, READ_ONLY)] == ["code", "fast", "fast"]
    strict = replace(TWO_TIERS, rule=RulePolicy("chow_average", threshold=0.995))
    _, second, _ = replay(call(), strict, READ_ONLY)
    assert (second.now, second.why) == (UNKNOWN, "strong was not asked, or not judged, in this turn")


def test_a_trace_without_readings_is_not_guessed_at() -> None:
    lines = [{key: value for key, value in line.items() if key != "read"} for line in call()]
    assert {each.now for each in replay(lines, TWO_TIERS, READ_ONLY)} == {UNKNOWN}


def write(folder: Path, lines: Lines) -> Path:
    path = folder / "trace.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines) + '{"at": 12.0, "ca', encoding="utf-8")
    return path


def test_a_running_calls_last_line_may_be_cut_short_but_no_other(tmp_path: Path) -> None:
    path = write(tmp_path, call())
    assert len(turns_of(load_trace([tmp_path]))) == 3
    path.write_text(path.read_text() + '\n{"at": 1, "call": "c1", "turn": 1, "kind": "x"}\n')
    with pytest.raises(BadTrace, match=r"trace\.jsonl:\d+: this is no JSON"):
        load_trace([path])


def test_one_odd_line_leaves_a_folder_readable(tmp_path: Path) -> None:
    lines = [json.dumps({**line, "said": "one\u2028two\x85three é"}, ensure_ascii=False) for line in call()]
    whole = "\n\n".join(lines).encode()
    (tmp_path / "trace.jsonl").write_bytes(whole + b"\n" + lines[0].encode().rpartition("é".encode())[0] + b"\xc3")
    assert len(load_trace([tmp_path])) == len(lines)


@pytest.mark.parametrize("what", ["show", "stats", "replay"])
@pytest.mark.parametrize("as_json", [True, False])
def test_the_commands_print(what: str, as_json: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import argparse

    from voice.trace_command import add_trace_arguments

    parser = argparse.ArgumentParser()
    add_trace_arguments(parser)
    args = [what, str(write(tmp_path, call())), *(["--json"] if as_json else [])]
    assert trace_main(parser.parse_args(args)) == 0
    printed = capsys.readouterr().out
    assert "strong" in printed
    if as_json:
        json.loads(printed)


def test_stats_tell_what_second_opinions_cost_and_how_often_they_differ() -> None:
    lines = PlayedCall("c", SHADOWED).says().says(strong=OTHER).ends()
    found = stats(lines)
    assert (found["second_opinions"]["n"], found["second_opinions"]["differ"]) == (2, 0.5)
    assert found["second_opinions"]["cost"] > found["cost"]["total"] > 0


def test_a_turn_that_was_asked_for_again_is_as_before_if_it_would_be_again() -> None:
    failed = [
        {**line, "error": "down", "actions": []} if line["kind"] == "drafted" else line
        for line in call()
        if line["kind"] != "checked"
    ]
    lines = [{**line, "source": "fallback"} if line["kind"] == "answer" else line for line in failed]
    assert [(each.was, each.now) for each in replay(lines, TWO_TIERS, READ_ONLY)][-1] == ("ask", "ask")


def test_what_a_gate_decided_is_not_replayed() -> None:
    lines = [{**line, "source": "gate"} if line["kind"] == "answer" else line for line in call()]
    assert {(each.was, each.now) for each in replay(lines, TWO_TIERS, READ_ONLY)} == {("gate", UNKNOWN)}


def test_traces_of_another_profile_its_models_or_another_desk_are_told() -> None:
    mine = PlayedCall("c", profile="mine").says().ends()
    assert foreign(mine, "mine", MODELS, MAIN) == []
    assert foreign(mine, "mine", None, MAIN) == []
    (profile,) = foreign(mine, "embedded", MODELS, MAIN)
    assert "1 call was answered with the profile 'mine', and 'embedded' decides here" in profile
    (models,) = foreign(mine, "mine", "others", MAIN)
    assert "by other models" in models
    (desk,) = foreign(mine, "mine", MODELS, ["reserve"])
    assert "another desk's actions are in the trace (search)" in desk


def test_replaying_with_the_wrong_profile_is_warned_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import argparse

    from voice.trace_command import add_trace_arguments

    parser = argparse.ArgumentParser()
    add_trace_arguments(parser)
    path = write(tmp_path, PlayedCall("c", profile="mine").says().ends())
    assert trace_main(parser.parse_args(["replay", str(path), "--json"])) == 0
    printed = capsys.readouterr()
    assert "warning: 1 call was answered with the profile 'mine', and 'embedded' decides here" in printed.err
    assert len(json.loads(printed.out)["warnings"]) == printed.err.count("warning: ") == 2
