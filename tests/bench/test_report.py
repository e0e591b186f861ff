"""Figures of many calls: percentiles of few values, the keys that scripts read, and the table."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from voice.bench.measured.results import CallResult, TurnResult
from voice.bench.recordings.manifest import Complexity
from voice.bench.reports.figures import as_json, from_json, groups_of, summary, whole_calls
from voice.bench.reports.report import remarks, tables


def turn(
    complexity: Complexity | None = "simple", audio: int | None = 500, answer: int | None = 800, **more: Any
) -> TurnResult:
    return TurnResult(
        "demo", 1, 1, complexity, first_audio_ms=audio, first_answer_ms=answer, unmasked_silence_ms=audio, **more
    )


def call(*turns: TurnResult, broken: str | None = None, late_ms: int = 3) -> CallResult:
    return CallResult("demo", 1, 12.0, late_ms, broken, turns)


def shown(width: int = 120, **agents: list[CallResult]) -> str:
    console = Console(file=io.StringIO(), width=width)
    for table in tables(agents, width):
        console.print(table)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_a_summary_parts_simple_from_complex_and_counts_unlabelled_turns_in_all():
    figures = summary([turn("simple", 100), turn("complex", 900), turn(None, 500)])
    assert [figures[group]["turns"] for group in ("simple", "complex", "all")] == [1, 1, 3]
    assert [figures[group]["first_audio_ms"]["p50"] for group in ("simple", "complex", "all")] == [100, 900, 500]


def test_figures_that_do_not_exist_are_null_and_counted():
    figures = summary([turn(audio=None, answer=None), turn(answer=None)])["simple"]
    audio, answer = figures["first_audio_ms"], figures["first_answer_ms"]
    assert (audio["p50"], audio["p95"], audio["n"]) == (500, 500, 1)
    assert (answer["p50"], answer["p95"], answer["n"]) == (None, None, 0)
    assert figures["wer"] is None


def test_rates_and_costs_are_added_up():
    figures = summary([turn(cost=0.2, answered=True), turn(cost=0.1, right=True, cut_short=True)])["all"]
    assert (figures["cost"], figures["answered"], figures["cut_short"]) == (0.3, 1, 1)
    assert (figures["right"], figures["labelled"]) == (1, 1)


def test_a_misheard_word_weighs_the_same_in_a_short_turn_and_in_a_long_one():
    long = "I would like to fly from Boston to Denver"
    figures = summary([turn(text="Yes.", heard="Yet."), turn(text=long, heard=long), turn(text="Unheard.")])["all"]
    assert figures["wer"] == 0.1


def test_the_json_has_the_keys_that_scripts_read():
    report = json.loads(json.dumps(as_json({"cascade": [call(turn())], "single": [call(turn("complex", None, None))]})))
    assert list(report["agents"]) == ["cascade", "single"]
    for agent in report["agents"].values():
        assert set(agent) >= {"summary", "turns"}
        for group in ("simple", "complex", "all"):
            for figure in ("first_audio_ms", "first_answer_ms", "unmasked_silence_ms"):
                assert set(agent["summary"][group][figure]) >= {"p50", "p95"}
        assert set(agent["turns"][0]) >= {
            "call",
            "turn",
            "complexity",
            "first_audio_ms",
            "first_answer_ms",
            "unmasked_silence_ms",
            "answered",
            "cut_short",
            "tier",
            "reply",
        }
    assert report["agents"]["single"]["turns"][0]["first_audio_ms"] is None


def test_a_result_survives_its_json():
    made = call(turn(facts_ms={"$214": 800}), turn(None, None, None), broken="the agent hung up")
    assert CallResult.from_dict(json.loads(json.dumps(made.as_dict()))) == made


def test_the_calls_of_a_run_are_read_back_from_its_json():
    agents = {"a": [call(turn(actions=({"action": "chat"},), placed=(1.0, 2.0, 5.0)), turn(None, None, None))]}
    assert from_json(json.loads(json.dumps(as_json(agents)))) == agents
    with pytest.raises(ValueError, match="no bench report of this version"):
        from_json({"agents": {"a": {"turns": [{"call": "demo", "repeat": 1, "colour": "red"}], "calls": []}}})


def test_a_call_is_resolved_when_every_fact_was_said_and_the_database_is_right():
    right, wrong = turn(right=True), turn(right=False)
    assert call(right, turn()).resolved is True
    assert call(right, wrong).resolved is False
    assert replace(call(right), database_right=False).resolved is False
    assert call(right, broken="the agent hung up").resolved is False
    assert call(turn()).resolved is None


def test_money_is_told_for_each_resolved_call():
    calls = [call(turn(right=True, cost=0.2)), call(turn(right=False, cost=0.1))]
    totals = whole_calls(calls)
    assert (totals["cost_per_turn"], totals["cost_per_resolved"]) == (0.15, 0.3)
    assert whole_calls([call(turn())])["cost_per_resolved"] is None


def test_a_noise_is_no_turn():
    made = [turn(kind="noise", audio=None, answer=None, false_interruption=stops) for stops in (True, False)]
    figures = summary([turn(answered=True), *made])["all"]
    assert (figures["turns"], figures["answered"]) == (1, 1)
    assert (figures["false_interruption"]["share"], figures["false_interruption"]["n"]) == (0.5, 2)


def test_the_table_shows_agents_side_by_side():
    text = shown(cascade=[call(turn(answered=True))], single=[call(turn(audio=1400, answer=None))])
    lines = text.splitlines()
    assert "cascade" in lines[0]
    assert "single" in lines[0]
    first_audio = next(line for line in lines if line.startswith("first audio"))
    assert first_audio.split()[2:] == ["all", "0.50", "/", "0.50", "s", "1.40", "/", "1.40", "s"]
    assert "1 of 1" in text
    assert "–" in text


@pytest.mark.parametrize("width", [20, 60, 80, 100, 200])
def test_agents_that_do_not_fit_beside_each_other_stand_below_and_no_name_is_shortened(width: int):
    agents = {f"agent-number-{number}": [call(turn())] for number in range(5)}
    lines = shown(width, **agents).splitlines()
    heads = [line for line in lines if "agent-number" in line]
    assert len(heads) == {20: 5, 60: 3, 80: 2, 100: 2, 200: 1}[width]
    if width > 20:
        assert sum(line.startswith("unmasked silence") for line in lines) == len(heads)
        assert "…" not in "".join(lines)


def test_no_agents_make_no_table():
    assert shown() == ""


def test_turns_that_were_not_spoken_can_not_be_cut_short_and_are_not_answered():
    lost = turn(audio=None, answer=None, spoken=False, right=False)
    figures = summary([turn(answered=True, right=True), lost])["all"]
    assert (figures["turns"], figures["spoken"]) == (2, 1)
    assert figures["shares"]["cut_short"]["n"] == figures["shares"]["cut_in"]["n"] == 1
    assert (figures["shares"]["answered"]["share"], figures["shares"]["right"]["share"]) == (0.5, 0.5)
    assert "0 of 1" in shown(one=[call(turn(answered=True), lost)])


def test_no_turn_is_left_out_where_complexities_are_shown_apart():
    def groups(*turns: TurnResult) -> tuple[str, ...]:
        return groups_of({"one": [call(*turns)]})

    noise = turn(None, kind="noise", audio=None, answer=None)
    assert groups(turn("simple"), turn("complex"), noise) == ("simple", "complex")
    assert groups(turn("simple"), turn(None)) == ("simple", "all")
    assert groups(turn(None)) == groups() == ("all",)


def test_a_reader_is_told_of_broken_calls_and_of_a_busy_machine():
    assert remarks({"cascade": [call(turn())]}) == []
    said = remarks({"cascade": [call(turn(), broken="the agent hung up", late_ms=120)]})
    assert "broke off: the agent hung up" in said[0]
    assert "120 ms late" in said[1]
