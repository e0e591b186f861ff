"""The bench of the embedded voice, on a voice of three convolutions."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx")
pytest.importorskip("piper")

from tests.speaking import tiny_voice
from voice.bench.speaking import Reading, main, summary


def reading(arrivals: list[float], seconds: list[float]) -> Reading:
    return Reading(tuple(arrivals), tuple(np.ones(round(100 * one), np.float32) for one in seconds), 0.5, 100)


def test_a_piece_must_be_there_when_those_before_it_have_been_played() -> None:
    found = summary([reading([0.1, 0.2, 1.0], [0.3, 0.6, 1.1])] * 2)
    assert found["ahead_ms"] == 0.0
    assert (found["seconds"], found["first_ms"], found["cpu_ms"], found["wall_ms"]) == (2.0, 100.0, 250.0, 500.0)
    assert summary([reading([0.7], [1.0])])["ahead_ms"] is None


def test_the_command_tells_both_voices_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tiny_voice.save(tmp_path)
    assert main([str(tmp_path), "--repeat", "1", "--ears", "", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    for name, voices in found["sentences"].items():
        assert voices["stock"]["seconds"] == pytest.approx(voices["streamed"]["seconds"])
        assert found["join_steps"][name] < 1


def test_a_voice_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    assert "there is no *.onnx voice" in capsys.readouterr().err.replace("\n", " ")
