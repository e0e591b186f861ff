import json

import pytest

from tests.audio import FIXTURES
from voice.bench.fixtures.__main__ import main
from voice.bench.fixtures.stats import statistics
from voice.bench.recordings.manifest import load


def test_the_counts_of_a_set_add_up(capsys: pytest.CaptureFixture[str]) -> None:
    calls = load(FIXTURES)
    stats = statistics(calls)

    assert stats.calls == len(calls)
    assert sum(stats.tables["voice (calls)"].values()) == stats.calls
    assert sum(stats.tables["complexity"].values()) == stats.turns == stats.tables["kind"]["turn"]
    assert 0 < stats.speech_minutes < stats.minutes
    assert main(["stats", str(FIXTURES), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["turns"] == stats.turns
    assert main(["stats", str(FIXTURES)]) == 0
    assert f"{stats.calls} calls, {stats.turns} turns" in capsys.readouterr().out


def test_a_folder_without_a_manifest_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stats", "nowhere"]) == 2
    assert "does not exist" in capsys.readouterr().err
