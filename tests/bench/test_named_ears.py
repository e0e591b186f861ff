"""Which ears a measurement listens with."""

import argparse
from pathlib import Path

import pytest

from voice import models
from voice.bench.recordings.ears import Ears, add_ears_arguments, ears_of
from voice.booking.places.names import spoken_names
from voice.config import load


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(models, "path", lambda name: tmp_path / name)
    return tmp_path


def asked(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_ears_arguments(parser)
    return parser.parse_args(words)


def test_the_profiles_ears_come_with_what_they_were_taught(cache: Path):
    ears = ears_of(asked())
    assert (ears.folder, ears.adapter) == (cache / "whisper-base", load(environ={}).stt.adapter)
    assert ears.name.startswith("whisper-base+")


def test_untaught_or_other_ears_come_as_they_are(cache: Path):
    assert ears_of(asked("--untaught")).name == "whisper-base"
    assert ears_of(asked("--model", "whisper-tiny.en")).adapter is None
    assert ears_of(asked("--model", str(cache))).folder == cache


def test_what_they_were_taught_can_be_named(tmp_path: Path):
    (tmp_path / "other.npz").write_bytes(b"x")
    assert ears_of(asked("--adapter", str(tmp_path / "other.npz"))).adapter == tmp_path / "other.npz"
    with pytest.raises(SystemExit):
        asked("--adapter", "other.npz", "--untaught")


def test_they_listen_for_the_names_of_the_desk_unless_told_otherwise():
    assert ears_of(asked()).names is spoken_names()
    assert ears_of(asked("--model", "whisper-tiny.en")).names is spoken_names()
    assert ears_of(asked("--no-names")).names == ()
    assert ears_of(asked("--untaught")).names == ()


def test_ears_that_listen_for_other_names_are_other_ears(tmp_path: Path):
    some, others, none = (Ears(tmp_path, None, names).name for names in (("Oslo",), ("Rome",), ()))
    assert len({some, others, none}) == 3
    assert none == tmp_path.name
    assert ears_of(asked()).name.startswith(f"{ears_of(asked('--no-names')).name}+names-")
