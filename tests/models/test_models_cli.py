from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from tests.models.fake_wheels import make_catalogue, make_wheels
from voice import models
from voice.models_cli import add_commands


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(models, "load", make_catalogue)
    make_wheels(tmp_path / "wheels")
    return tmp_path / "wheels"


def voice(*words: object) -> int:
    parser = argparse.ArgumentParser("voice")
    add_commands(parser.add_subparsers(required=True))
    args = parser.parse_args([str(word) for word in words])
    return args.run(args)


def test_list_names_every_model_and_its_state(wheels: Path, capsys: pytest.CaptureFixture[str]):
    assert voice("models", "list") == 0
    out = capsys.readouterr().out
    assert "acme" in out
    assert "missing" in out


def test_pull_from_a_folder_fetches_the_default_models(wheels: Path, capsys: pytest.CaptureFixture[str]):
    assert voice("models", "pull", "--find", wheels, "--json") == 0
    printed = capsys.readouterr()
    (model,) = json.loads(printed.out)
    assert (model["name"], model["state"], model["bytes"]) == ("acme", "ready", 9050)
    assert Path(model["path"]) == models.path("acme")
    assert printed.err == ""


def test_the_path_of_a_model_of_one_file_is_that_file(wheels: Path, capsys: pytest.CaptureFixture[str]):
    voice("models", "pull", "one", "--find", wheels, "--json")
    assert json.loads(capsys.readouterr().out)[0]["path"].endswith("/one/only.bin")


def test_verify_fails_on_a_damaged_model_and_names_the_file(wheels: Path, capsys: pytest.CaptureFixture[str]):
    voice("models", "pull", "--find", wheels)
    assert voice("models", "verify") == 0
    (models.path("acme") / "weights.bin").write_bytes(bytes(9000))
    capsys.readouterr()
    assert voice("models", "verify", "--json") == 1
    (model,) = json.loads(capsys.readouterr().out)
    assert model["problems"] == ["weights.bin is not what the catalogue says"]


def test_a_pull_that_fails_says_why(wheels: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert voice("models", "pull", "--find", tmp_path / "nothing") == 1
    assert "holds no" in capsys.readouterr().err
    assert voice("models", "pull", "--find", tmp_path / "nothing", "--json") == 1
    assert "holds no" in json.loads(capsys.readouterr().out)["error"]


def test_an_unknown_model_is_a_mistake_of_the_command(wheels: Path, capsys: pytest.CaptureFixture[str]):
    assert voice("models", "verify", "nope") == 2
    assert capsys.readouterr().err.startswith("voice: no model is called nope; there are: acme, one")


def test_an_interrupted_pull_says_that_it_carries_on(
    wheels: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def interrupt(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(models.Store, "pull", interrupt)
    assert voice("models", "pull") == 1
    assert "carries on" in capsys.readouterr().err
