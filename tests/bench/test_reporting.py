"""The files that a benchmark leaves, and what it refuses before it begins."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import pytest

from voice.bench.measured.results import CallResult, TurnResult
from voice.bench.reporting import ReportError, add_report_arguments, check_report_arguments, write_reports


def parsed(*arguments: object) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_report_arguments(parser)
    return parser.parse_args([str(argument) for argument in arguments])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--json", "/nowhere/figures.json"], "there is no such folder"),
        (["--junit", "/nowhere/bench.xml"], "there is no such folder"),
    ],
)
def test_reports_that_could_not_be_written_are_refused_before_the_run(arguments: list[str], message: str):
    with pytest.raises(ReportError, match=message):
        check_report_arguments(parsed(*arguments))


def results(audio: int = 500) -> dict[str, list[CallResult]]:
    return {
        "a": [
            CallResult(f"c{number}", 1, 9.0, 0, None, (TurnResult(f"c{number}", 1, 1, "simple", first_audio_ms=audio),))
            for number in range(6)
        ]
    }


def test_a_run_leaves_its_reports_and_prints_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    args = parsed("--json", tmp_path / "figures.json", "--junit", tmp_path / "bench.xml")
    assert write_reports(results(), {"repeat": 1}, args, tmp_path) == 0
    assert {path.name for path in tmp_path.iterdir()} == {"bench.json", "bench.xml", "figures.json", "report.html"}
    assert (tmp_path / "figures.json").read_text() == (tmp_path / "bench.json").read_text()
    assert "first audio" in capsys.readouterr().out


def test_what_the_agents_own_work_takes_stands_in_table_page_and_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (call,) = results()["a"][:1]
    turns = tuple(replace(call.turns[0], own_ms={"router": 2.0, "all": float(ms)}) for ms in (3, 5, 11))
    write_reports({"a": [replace(call, turns=turns)]}, {}, parsed("--json", tmp_path / "figures.json"), tmp_path)
    figures = json.loads((tmp_path / "figures.json").read_text())["agents"]["a"]["summary"]["all"]["own_ms"]
    assert (figures["all"]["p50"], figures["all"]["p95"], figures["checks"]["p95"]) == (5.0, 11.0, None)
    assert "5.0 / 11.0 ms" in capsys.readouterr().out
    assert "own work a turn" in (tmp_path / "report.html").read_text()


def test_json_on_standard_output_is_nothing_but_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    write_reports(results(), {"repeat": 1}, parsed("--json", "-"), tmp_path)
    assert json.loads(capsys.readouterr().out)["repeat"] == 1


def test_a_run_that_became_slower_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    old = tmp_path / "old.json"
    write_reports(results(500), {}, parsed("--json", old), tmp_path)
    args = parsed("--baseline", old, "--max-regression", "20%")
    check_report_arguments(args)
    assert write_reports(results(590), {}, args, tmp_path) == 0
    capsys.readouterr()
    assert write_reports(results(650), {}, args, tmp_path) == 1
    said = capsys.readouterr().out
    assert "2 worse by more than 20%" in said
    assert "+30%" in said


def test_a_call_that_broke_off_fails_the_run(tmp_path: Path):
    broken = {"a": [replace(call, broken="the agent hung up") for call in results()["a"]]}
    assert write_reports(broken, {}, parsed(), tmp_path) == 1


def test_a_baseline_that_cannot_be_used_is_refused_before_the_run(tmp_path: Path):
    (tmp_path / "cut.json").write_text('{"agents": {')
    with pytest.raises(ReportError, match=r"--baseline .*cut.json"):
        check_report_arguments(parsed("--baseline", tmp_path / "cut.json"))
    write_reports(results(), {}, parsed("--json", tmp_path / "old.json"), tmp_path)
    with pytest.raises(ReportError, match="no such agent, it has a"):
        check_report_arguments(parsed("--baseline", tmp_path / "old.json", "--reference", "single"))
    with pytest.raises(ReportError, match="needs a --baseline"):
        check_report_arguments(parsed("--reference", "single"))


@pytest.mark.parametrize("share", ["-1%", "lots", "2000%"])
def test_a_limit_is_a_share(share: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        parsed(f"--max-regression={share}")
    assert "such as 10%" in capsys.readouterr().err
