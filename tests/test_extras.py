"""The command that a missing extra is installed with, however this copy came here."""

from __future__ import annotations

import json
import os
import shlex
import sys
from importlib.metadata import PackageNotFoundError, PathDistribution
from pathlib import Path
from typing import Any

import pytest

from voice import extras

ROOT = Path(__file__).parents[1]
ITSELF = [Path(sys.executable).with_name("pip"), Path(sys.executable)]


def told(extra: str = "tune") -> list[str]:
    """Give what pip is told, without pip itself."""
    program, *rest = shlex.split(extras.install(extra))
    assert Path(program).absolute() in ITSELF
    return rest[rest.index("install") + 1 :]


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The metadata of a copy that is no checkout."""
    folder = tmp_path / "voice_cascade-0.1.0.dist-info"
    folder.mkdir()
    requires = ["numpy>=1", "scipy<2,>=1.14; extra == 'tune'", 'torch[cpu]<3,>=2.9; extra == "finetune"']
    (folder / "METADATA").write_text("".join(f"Requires-Dist: {each}\n" for each in requires))
    monkeypatch.setattr(extras, "_SOURCE", tmp_path)
    monkeypatch.setattr(extras, "distribution", lambda _: PathDistribution(folder))
    return folder


def came_from(installed: Path, **told: Any) -> None:
    (installed / "direct_url.json").write_text(json.dumps(told))


def test_a_checkout_is_installed_from_anew(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(ROOT)
    assert told() == ["-c", "constraints.txt", "-e", ".[tune]"]
    assert extras.install("tune").endswith(" install -c constraints.txt -e '.[tune]'")


def test_elsewhere_the_whole_path_of_the_checkout_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert told() == ["-c", str(ROOT / "constraints.txt"), "-e", f"{ROOT}[tune]"]


def test_a_wheel_is_installed_from_anew_while_it_is_there(installed: Path, tmp_path: Path):
    wheel = tmp_path / "my wheels" / "voice_cascade-0.1.0-py3-none-any.whl"
    wheel.parent.mkdir()
    wheel.touch()
    came_from(installed, url=wheel.as_uri(), archive_info={})
    assert told() == [f"{wheel}[tune]"]
    wheel.unlink()
    assert told() == ["scipy<2,>=1.14"]


def test_a_repository_is_installed_from_at_the_same_commit(installed: Path):
    came_from(installed, url="https://host/voice.git", vcs_info={"vcs": "git", "commit_id": "abc"})
    assert told() == ["voice-cascade[tune] @ git+https://host/voice.git@abc"]
    came_from(installed, url="https://host/voice.whl", archive_info={})
    assert told() == ["voice-cascade[tune] @ https://host/voice.whl"]


@pytest.mark.parametrize(("extra", "packages"), [("tune", ["scipy<2,>=1.14"]), ("finetune", ["torch[cpu]<3,>=2.9"])])
def test_where_nobody_knows_its_origin_the_packages_themselves_are_told(
    installed: Path, extra: str, packages: list[str]
):
    assert told(extra) == packages


def test_files_that_were_never_installed_have_no_command(installed: Path, monkeypatch: pytest.MonkeyPatch):
    def none(_: str) -> None:
        raise PackageNotFoundError

    monkeypatch.setattr(extras, "distribution", none)
    assert "pyproject.toml" in extras.install("tune")


def test_no_message_of_the_project_names_it_to_an_index():
    named = [file for file in ROOT.glob("voice/**/*.py") if "voice-cascade[" in file.read_text(encoding="utf-8")]
    assert named == []
    assert os.path.isfile(ROOT / "pyproject.toml")
