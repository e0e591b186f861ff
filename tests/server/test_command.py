"""`voice serve` says early and clearly what is wrong."""

from __future__ import annotations

import argparse
import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from voice import models
from voice.config import ConfigError
from voice.server.command import NotInstalled, add_serve_arguments, serve_main
from voice.server.process import CannotListen


def arguments(*given: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_serve_arguments(parser)
    return parser.parse_args(given)


@pytest.fixture
def no_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


@pytest.fixture
def all_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voice.models.path", lambda name: Path(name))


def test_only_this_machine_is_served_by_default():
    assert arguments().host == "127.0.0.1"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("--max-calls", "0"), "give 1 or more"),
        (("--max-calls", "many"), "invalid"),
        (("--public-url", "agent.example"), "give one like https://your-host"),
        (("--public-url", "https://"), "give one like https://your-host"),
        (("--public-url", "http://[::1"), "invalid"),
    ],
)
def test_what_makes_no_sense_is_refused_at_once(given: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        arguments(*given)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err
    assert arguments("--public-url", "https://agent.example/eu/").public_url == "https://agent.example/eu/"


def test_missing_models_are_told_with_the_command_that_fetches_them(no_models: None):
    with pytest.raises(models.MissingModel, match="voice models pull"):
        serve_main(arguments("--port", "0"))


@pytest.mark.parametrize(("dial", "told"), [('dial = "+15551234567"', True), ("", False)])
def test_who_is_dialled_is_told_at_the_start_and_that_exotels_callers_are_not_passed_on(
    dial: str, told: bool, tmp_path: Path, no_models: None, capsys: pytest.CaptureFixture[str]
):
    profile = tmp_path / "own.toml"
    profile.write_text(f'name = "own"\n[[tiers]]\nname = "fast"\nmodel = "qwen2.5-1.5b"\n[hand_off]\n{dial}\n', "utf-8")
    with pytest.raises(models.MissingModel):
        serve_main(arguments("--port", "0", "--profile", str(profile)))
    said = capsys.readouterr().out
    assert ("passed on to …67" in said, "Exotel" in said) == (told, told)
    assert "+15551234567" not in said


CREDENTIALS = {"TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": "t", "PLIVO_AUTH_ID": "MA1", "PLIVO_AUTH_TOKEN": "t"}


@pytest.mark.parametrize(
    ("given", "environ", "named"),
    [
        ((), {}, None),
        (("--host", "0.0.0.0"), {}, "whoever reaches 0.0.0.0 can call as twilio, telnyx, plivo or exotel"),
        (("--public-url", "https://a.example"), CREDENTIALS, "reaches https://a.example can call as telnyx or exotel"),
        (("--host", "0.0.0.0", "--phones", "twilio", "plivo"), CREDENTIALS, None),
        (("--host", "0.0.0.0", "--phones"), {}, None),
    ],
)
def test_who_need_not_prove_to_be_a_provider_is_told_at_the_start_if_strangers_may_come(
    given: tuple[str, ...],
    environ: dict[str, str],
    named: str | None,
    no_models: None,
    capsys: pytest.CaptureFixture[str],
):
    with pytest.raises(models.MissingModel):
        serve_main(arguments("--port", "0", *given), environ)
    said = capsys.readouterr().out
    assert ("can call as" in said) == bool(named)
    assert (named or "") in said
    assert ("TELNYX_PUBLIC_KEY" in said) == bool(named)


def test_a_provider_whose_lines_can_not_be_answered_is_told(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        arguments("--phones", "vonage")
    assert "twilio" in capsys.readouterr().err


def test_a_key_that_is_none_is_told_before_anything_is_loaded(no_models: None):
    with pytest.raises(ConfigError, match="TELNYX_PUBLIC_KEY"):
        serve_main(arguments("--port", "0"), {"TELNYX_PUBLIC_KEY": "KEY1"})


def test_an_unknown_profile_pipeline_and_desk_are_told(all_models: None):
    with pytest.raises(ConfigError, match="no profile 'nonesuch'"):
        serve_main(arguments("--profile", "nonesuch"))
    with pytest.raises(ConfigError, match="no pipeline 'nonesuch'"):
        serve_main(arguments("--pipeline", "nonesuch"))
    with pytest.raises(ConfigError, match="no desk 'nonesuch'"):
        serve_main(arguments("--port", "0", "--desk", "nonesuch"))


@pytest.mark.real
def test_a_taken_port_is_told_before_anything_is_loaded(all_models: None):
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(CannotListen, match="give another --port"):
        serve_main(arguments("--port", str(taken.getsockname()[1])))


def test_a_missing_extra_is_told_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch):
    for name in [name for name in sys.modules if name.startswith("voice.server.") and name != "voice.server.command"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "fastapi", None)
    with pytest.raises(NotInstalled, match=r"install -c .*constraints.txt -e .*\[serve\]'"):
        serve_main(arguments("--port", "0"))


def test_the_command_line_is_read_without_loading_the_server():
    script = (
        "import argparse, json, sys; from voice.server.command import add_serve_arguments; "
        "add_serve_arguments(argparse.ArgumentParser()); print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"pipecat", "fastapi", "uvicorn", "sqlalchemy"} & set(json.loads(done.stdout))


def test_a_folder_that_can_not_be_is_told_before_anything_is_loaded(tmp_path: Path, no_models: None):
    (tmp_path / "calls").touch()
    with pytest.raises(ConfigError, match=r"--calls .*/calls/x: there can be no folder .*give another"):
        serve_main(arguments("--calls", str(tmp_path / "calls" / "x")))
