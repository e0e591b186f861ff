"""The agent's own work is timed on turns that go the whole way, with stand-ins for models."""

from __future__ import annotations

import asyncio
import json
from itertools import count
from pathlib import Path

import pytest

from voice.bench.desks import airline
from voice.bench.own_work import main, own_work
from voice.bench.turns.labelled import load_turns
from voice.config import load
from voice.tracing.where import overhead

TURNS = ("How many bags can I take?", "I need a flight from Boston to Denver, or my sister does.")


@pytest.fixture
def turns(tmp_path: Path) -> Path:
    path = tmp_path / "turns.jsonl"
    lines = [{"id": f"t{number}", "text": text, "expect": []} for number, text in enumerate(TURNS)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_every_turn_is_decided_and_tells_what_it_took(turns: Path, tmp_path: Path):
    ticks = count()
    clock = lambda: next(ticks) / 1000  # noqa: E731
    lines = asyncio.run(
        own_work(load_turns(turns, desk=airline()), load("embedded").policy(), tmp_path / "trace.jsonl", clock)
    )
    assert sum(line["kind"] == "answer" for line in lines) == len(TURNS)
    assert any(line["kind"] == "checked" for line in lines)
    found = overhead(lines)
    assert found is not None
    assert (found["n"], found["router"]["p50"]) == (len(TURNS), 2.0)


def test_the_command_prints_it_and_refuses_what_are_no_turns(turns: Path, capsys: pytest.CaptureFixture[str]):
    assert main([str(turns), "--cpu"]) == 0
    assert "checks, a draft" in capsys.readouterr().out
    turns.write_text("{}")
    assert main([str(turns)]) == 1
    assert "turns.jsonl:1" in capsys.readouterr().err
