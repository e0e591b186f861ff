"""What ``voice call`` says of recordings that can't be used. No agent is started for them."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from voice.bench import call_command
from voice.bench.calls.child import NotReady, running_child
from voice.cli import main
from voice.config import PROFILES, ConfigError


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refuses(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["call", *arguments]) == 1
    return capsys.readouterr().err


def test_a_recording_that_is_not_there(quiet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "nothing.wav does not exist" in refuses(capsys, "nothing.wav")


def test_an_empty_file(quiet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (quiet / "empty.wav").touch()
    assert "empty (0 bytes)" in refuses(capsys, "empty.wav")


def test_a_file_that_is_no_audio(quiet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (quiet / "text.wav").write_text("hello, this is no audio")
    assert "no audio that can be read" in refuses(capsys, "text.wav")


def test_a_recording_of_two_hours(quiet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with soundfile.SoundFile(quiet / "long.flac", "w", 8000, 1) as file:
        for _ in range(120):
            file.write(np.zeros(8000 * 60, np.int16))
    assert "long" in refuses(capsys, "long.flac")


def test_a_folder_without_a_manifest(quiet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "manifest.jsonl" in refuses(capsys, ".")


def test_a_typo_in_a_calls_name_names_the_right_one(quiet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "demo" in refuses(capsys, "demmo")


def test_an_unknown_profile_is_refused_before_anything_starts(quiet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    soundfile.write(quiet / "short.wav", np.zeros(16000, np.int16), 16000)
    assert main(["call", "short.wav", "--profile", "embeded"]) in (1, 2)
    assert "there is no profile 'embeded'" in capsys.readouterr().err


def test_a_profile_that_makes_no_sense_is_told_before_anything_is_begun(
    quiet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (quiet / "mine.toml").write_text('name = "mine"\n[[tiers]]\nname = "only"\nmodle = "m"\n')
    assert main(["call", "demo", "--profile", "mine.toml"]) == 2
    assert "mine.toml:4: unknown key 'tiers.0.modle': did you mean 'model'?" in capsys.readouterr().err
    assert not (quiet / "runs").exists()


@pytest.mark.parametrize("pipeline", ["nope", "nope.py"])
def test_a_pipeline_that_there_is_not_makes_no_sense(
    pipeline: str, quiet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["call", "demo", "--pipeline", pipeline]) == 2
    assert f"there is no pipeline {pipeline!r}" in capsys.readouterr().err
    assert not any(quiet.iterdir())


def test_recorded_calls_come_with_the_source_alone(
    quiet: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(call_command, "FIXTURES", quiet / "audio_fixtures")
    told = refuses(capsys, "demo")
    assert "come with the project's source" in told
    assert "--fixtures FOLDER" in told
    assert "mine does not exist" in refuses(capsys, "demo", "--fixtures", "mine")


@pytest.mark.parametrize(("code", "senseless"), [(1, False), (2, True)])
async def test_an_agent_that_was_told_what_makes_no_sense_is_told_from_one_that_broke(
    code: int, senseless: bool, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", f"import sys; sys.stderr.write('voice: no such desk'); sys.exit({code})"]
    with pytest.raises(NotReady, match="the agent did not start:\nvoice: no such desk") as raised:
        await running_child(command, what="the agent", log=tmp_path / "log").__aenter__()
    assert isinstance(raised.value, ConfigError) is senseless


def test_the_profiles_own_pipeline_answers_unless_another_is_named(
    quiet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (PROFILES / "embedded.toml").read_text("utf-8").replace('pipeline = "cascade"', 'pipeline = "gone.py"')
    (quiet / "mine.toml").write_text(text.replace('"adapters/', f'"{PROFILES}/adapters/'), "utf-8")
    assert main(["call", "demo", "--profile", "mine.toml"]) == 2
    assert f"there is no pipeline '{quiet}/gone.py': no such file" in capsys.readouterr().err
    assert main(["call", "demmo", "--profile", "mine.toml", "--pipeline", "single"]) == 1
    assert "there is no call 'demmo'" in capsys.readouterr().err
