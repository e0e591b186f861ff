from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.models.fake_wheels import CopiedWheels, make_catalogue, make_wheels, package
from voice.models import MissingModel, Packages, State, Store
from voice.models.catalogue import load, parse


@pytest.fixture
def wheels(tmp_path: Path) -> CopiedWheels:
    make_wheels(tmp_path / "wheels")
    return CopiedWheels(tmp_path / "wheels")


@pytest.fixture
def store(tmp_path: Path, wheels: CopiedWheels) -> Store:
    store = Store(tmp_path / "cache", make_catalogue())
    store.pull(["acme"], Packages(wheels))
    wheels.fetched.clear()
    return store


def flip_a_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[10] ^= 1
    path.write_bytes(data)


def test_a_good_model_is_ready(store: Store):
    (status,) = store.verify(["acme"])
    assert (status.state, status.problems) == (State.READY, ())


def test_a_flipped_byte_is_found_and_the_model_is_no_longer_given(store: Store):
    flip_a_byte(store.path("acme") / "weights.bin")
    (status,) = store.verify(["acme"])
    assert (status.state, status.problems) == (State.DAMAGED, ("weights.bin is not what the catalogue says",))
    with pytest.raises(MissingModel):
        store.path("acme")


def test_a_pull_after_that_fetches_the_bad_file_only(store: Store, wheels: CopiedWheels):
    folder = store.path("acme")
    (folder / "config.json").write_bytes(b"{}")
    untouched = (folder / "weights.bin").stat().st_ino
    store.verify(["acme"])
    store.pull(["acme"], Packages(wheels))
    assert wheels.fetched == [package(3)]
    assert (folder / "weights.bin").stat().st_ino == untouched


def test_a_file_of_another_size_is_noticed_without_reading_it(store: Store):
    (store.path("acme") / "config.json").write_bytes(b"{}")
    with pytest.raises(MissingModel):
        store.path("acme")


def test_a_copied_cache_stays_valid(store: Store, tmp_path: Path):
    shutil.copytree(store.root, tmp_path / "copy", copy_function=shutil.copyfile)
    copy = Store(tmp_path / "copy", store.catalogue)
    assert copy.path("acme") == tmp_path / "copy" / "acme"


def test_files_that_were_put_there_by_hand_become_ready_by_verifying(store: Store, wheels: CopiedWheels):
    (store.root / "acme" / ".verified").unlink()
    assert store.statuses()[0].state is State.UNVERIFIED
    store.verify()
    assert store.statuses()[0].state is State.READY


def test_a_stamp_of_another_catalogue_does_not_count(store: Store, tmp_path: Path):
    (store.root / "acme" / ".verified").write_text("0" * 64)
    with pytest.raises(MissingModel):
        store.path("acme")


def test_verifying_an_empty_cache_gives_nothing(tmp_path: Path):
    assert Store(tmp_path, make_catalogue()).verify() == ()


def test_verifying_a_good_model_needs_no_right_to_write(store: Store, monkeypatch: pytest.MonkeyPatch):
    def refuse(*args: object) -> None:
        raise PermissionError(13, "read-only")

    monkeypatch.setattr(os, "replace", refuse)
    monkeypatch.setattr(Path, "mkdir", refuse)
    assert store.verify(["acme"])[0].state is State.READY


def test_the_catalogue_is_whole():
    catalogue = load()
    assert list(catalogue) == ["llm-fast", "llm-strong", "whisper-base", "whisper-tiny.en", "piper-joe", "kokoro"]
    for model in catalogue.values():
        for file in model.files:
            assert len(bytes.fromhex(file.sha256)) == 32
            assert all(len(bytes.fromhex(part.sha256)) == 32 for part in file.parts)
            assert all(part.package.count("==") == 1 for part in file.parts)


def test_parts_that_do_not_add_up_are_an_error():
    with pytest.raises(ValueError, match=r"the parts of a\.bin don't add up to 5 bytes"):
        parse("""
            [m]
            title = "t"
            use = "u"
            licence = "MIT"
            default = true
            files = [{ name = "a.bin", size = 5, sha256 = "", parts = [
                { package = "a==1", member = "a", size = 4, sha256 = "" }] }]
        """)


def test_an_unknown_key_of_the_catalogue_is_an_error():
    with pytest.raises(ValueError, match="licens"):
        parse('[m]\ntitle = "t"\nuse = "u"\nlicens = "MIT"\ndefault = true\nfiles = []')
