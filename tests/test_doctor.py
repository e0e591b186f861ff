from __future__ import annotations

import argparse
import json
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.models.fake_wheels import make_catalogue, make_wheels
from voice import doctor, models_cli
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
    assert (check.ok, check.fix) == (False, "pip install 'voice-cascade[embedded]'")


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
    args = argparse.Namespace(port=0, json=True)
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
