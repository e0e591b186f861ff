from __future__ import annotations

import json
from pathlib import Path

import pytest

from voice.cli import main

TURN = {
    "id": "t1",
    "context": {"agent": "", "bookings": []},
    "text": "How many bags can I take for free?",
    "complexity": "simple",
    "kind": "policy",
    "expect": [{"action": "policy", "topic": "baggage"}],
}


@pytest.fixture
def turns(tmp_path: Path) -> Path:
    path = tmp_path / "turns.jsonl"
    path.write_text(json.dumps({**TURN, "split": "test"}) + "\n")
    return path


def test_turns_are_scored_by_rules_with_the_documented_keys(turns: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", str(turns), "--json"]) == 0
    scored = json.loads(capsys.readouterr().out)
    assert {"n", "exact", "escalated", "by_complexity", "latency_ms", "turns"} <= set(scored)
    assert scored["exact"] == 1.0


def test_an_unknown_tier_names_those_that_there_are(turns: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", str(turns), "--tier", "nope"]) == 2
    assert "rules, fast, strong" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", str(tmp_path / "none.jsonl")]) == 1
    assert "none.jsonl" in capsys.readouterr().err
