"""A trace names its call, and keeps its lines where it is told to."""

from __future__ import annotations

import json
from pathlib import Path

from voice.trace import JsonLines, Line, Trace


def test_every_call_has_an_id_of_its_own_unless_it_is_given_one() -> None:
    assert len({Trace().call_id for _ in range(100)}) == 100
    assert Trace("mine").call_id == "mine"


def test_a_call_keeps_its_id_from_line_to_line() -> None:
    lines: list[Line] = []
    trace = Trace(None, None, lines.append)
    trace.write(5.0, 1, "turn", {})
    trace.write(6.5, 1, "answer", {})
    assert [(line["call"], line["at"]) for line in lines] == [(trace.call_id, 0.0), (trace.call_id, 1.5)]


def test_lines_are_kept_as_json(tmp_path: Path) -> None:
    file = JsonLines(tmp_path / "calls.jsonl")
    for _ in range(2):
        Trace(None, None, file).write(0.0, 1, "turn", {"text": "a table for two"})
    file.close()
    kept = [json.loads(line) for line in (tmp_path / "calls.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["text"] for line in kept] == ["a table for two"] * 2
    assert kept[0]["call"] != kept[1]["call"]
