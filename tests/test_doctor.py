from __future__ import annotations

import argparse
import json
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.llm.fake_endpoint import HEAD, endpoint, event, status, usage
from tests.models.fake_wheels import make_catalogue, make_wheels
from voice import doctor, models_cli
from voice.config import load
from voice.endpoints import ask
from voice.extras import install
from voice.models import Folder, Packages, Store


@pytest.fixture(autouse=True)
def imports(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What importing each module says, in place of the imports themselves; nothing said is success."""
    errors: dict[str, str] = {}
    monkeypatch.setattr(doctor, "_import_error", lambda module: errors.get(module, ""))
    return errors


@pytest.fixture
def store(tmp_path: Path) -> Store:
    make_wheels(tmp_path / "wheels")
    store = Store(tmp_path / "cache", make_catalogue())
    store.pull([], Packages(Folder(tmp_path / "wheels")))
    return store


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def look(store: Store, name: str, **options: object) -> doctor.Check:
    return next(check for check in doctor.examine(store, **options) if check.name.startswith(name))


def test_every_check_that_fails_has_a_command(tmp_path: Path, imports: dict[str, str]):
    imports.update({module: "no" for module in ("xllamacpp", "piper", "aiortc", "uvicorn", "pytest")})
    empty = Store(tmp_path / "cache", make_catalogue())
    failed = [check for check in doctor.examine(empty, which=lambda name: None) if not check.ok]
    assert len(failed) >= 10
    assert all(check.fix for check in failed)


def test_a_missing_model_is_fixed_by_pulling_it(tmp_path: Path):
    check = look(Store(tmp_path, make_catalogue()), "model acme")
    assert (check.ok, check.fix, check.needed_for) == (False, "voice models pull acme", "calls")


def test_a_pulled_model_is_fine(store: Store):
    assert look(store, "model acme").ok


def test_files_without_a_stamp_are_verified_rather_than_pulled(store: Store):
    (store.root / "acme" / ".verified").unlink()
    assert look(store, "model acme").fix == "voice models verify acme"


def test_a_missing_extra_is_fixed_by_installing_it(store: Store, imports: dict[str, str]):
    imports["xllamacpp"] = "ModuleNotFoundError: No module named 'xllamacpp'"
    check = look(store, "xllamacpp")
    assert (check.ok, check.fix) == (False, install("embedded"))


def test_a_missing_system_library_is_fixed_by_its_package(store: Store, imports: dict[str, str]):
    imports["xllamacpp"] = "ImportError: libgomp.so.1: cannot open shared object file"
    assert look(store, "xllamacpp").fix == "apt-get install libgomp1"


def test_a_port_in_use_is_noticed(store: Store, taken_port: int):
    check = look(store, "port", port=taken_port)
    assert not check.ok
    assert check.fix == f"voice serve --port {taken_port + 1}"


def test_a_full_disk_is_noticed(store: Store, monkeypatch: pytest.MonkeyPatch):
    usage = shutil.disk_usage(store.root)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    assert not look(store, "disk space").ok


def test_programs_for_fixtures_and_tests_are_not_needed_for_calls(store: Store):
    missing = [check for check in doctor.examine(store, which=lambda name: None) if not check.ok]
    assert {check.name for check in missing} >= {"espeak-ng", "sox", "chromium"}
    assert "calls" not in {check.needed_for for check in missing}


def test_any_name_of_chromium_will_do(store: Store):
    check = look(store, "chromium", which={"google-chrome": "/opt/chrome"}.get)
    assert (check.ok, check.found) == (True, "/opt/chrome")


def test_the_command_fails_only_for_what_calls_need(
    store: Store, imports: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(doctor, "default_store", lambda: store)
    imports["pytest"] = "missing"
    args = argparse.Namespace(profile=None, port=0, json=True)
    assert models_cli.doctor_main(args) == 0
    imports["piper"] = "missing"
    assert models_cli.doctor_main(args) == 1
    capsys.readouterr()
    models_cli.doctor_main(args)
    printed = {check["name"]: check for check in json.loads(capsys.readouterr().out)}
    assert printed["piper ([embedded])"]["ok"] is False
    args.json = False
    models_cli.doctor_main(args)
    assert "[embedded]" in capsys.readouterr().out


HOSTED = """
name = "hosted"
[stt]
provider = "openai"
model = "ears"
base_url = "http://127.0.0.1:9/v1"
[tts]
provider = "openai"
model = "voice"
base_url = "http://127.0.0.1:9/v1"
api_key_env = "NO_SUCH_KEY"
[[tiers]]
name = "fast"
model = "m"
base_url = "http://127.0.0.1:9/v1"
"""


def test_a_hosted_profile_needs_no_models_and_its_services_are_asked(store: Store, tmp_path: Path):
    profile = tmp_path / "hosted.toml"
    profile.write_text(HOSTED)
    checks = {check.name: check for check in doctor.examine(store, profile=str(profile))}
    assert not [name for name in checks if name.startswith(("model", "memory", "xllamacpp", "piper"))]
    wrong = checks[f"profile {profile}"]
    assert not wrong.ok
    assert "NO_SUCH_KEY" in wrong.found
    for name in ("tier fast", "ears"):
        assert (checks[name].ok, checks[name].needed_for) == (False, "calls")
        assert "connect" in checks[name].found
        assert "base_url" in checks[name].fix
    assert checks["voice"].fix == "export NO_SUCH_KEY=…"


def test_a_profile_that_can_not_be_read_is_all_that_is_told_of_it(store: Store, tmp_path: Path):
    python, wrong = doctor.examine(store, profile=str(tmp_path / "none.toml"))
    assert python.ok
    assert (wrong.ok, wrong.needed_for) == (False, "calls")
    assert "there is no such file" in wrong.found


def test_the_embedded_profile_needs_what_it_names(store: Store):
    names = [check.name for check in doctor.examine(store, profile="embedded")]
    assert "adapter of fast" in names
    assert "model acme" not in names
    assert not [name for name in names if name.startswith("tier")]


@pytest.mark.real
@pytest.mark.parametrize(
    ("answer", "found", "fix"),
    [
        ((HEAD, event("x", finish="length"), usage(1, 1)), "m answers", ""),
        ((status(401),), "refused (401): Error code: 401 - no", "api_key_env"),
        ((status(404),), "refused (404): Error code: 404 - no", "base_url, which ends in /v1"),
        ((status(400),), "refused (400): Error code: 400 - no", "token_limit"),
        ((HEAD,), "down: the stream ended without finish_reason", "base_url"),
    ],
)
async def test_a_tier_is_asked_once_and_told_with_what_to_do(
    tmp_path: Path, answer: tuple[bytes, ...], found: str, fix: str
):
    async with endpoint(*answer) as at:
        profile = tmp_path / "hosted.toml"
        profile.write_text(f'name = "h"\n[[tiers]]\nname = "fast"\nmodel = "m"\nbase_url = "{at.base_url}"\n')
        (asked,) = await ask(load(profile, {}))
    assert len(at.requests) == 1
    assert (asked.name, asked.found) == ("tier fast", found)
    assert fix in asked.fix
    assert bool(asked.fix) == bool(fix)
