"""A desk and a pipeline of one's own: found, used, closed, and told of when they are not there."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.restaurant.desk import TableDesk
from voice.config import ConfigError, DeskSettings, load
from voice.server.desks import open_source
from voice.server.pipeline import UnknownPipeline, find, pipeline

ROOT = Path(__file__).parents[2]
RESTAURANT = ROOT / "tests" / "restaurant" / "profile.toml"
OWN = "def build(transport, call):\n    return None\n"


def now() -> datetime:
    return datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Work in a folder of one's own, and forget what was imported from it."""
    before = set(sys.modules)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.chdir(tmp_path)
    yield
    for name in set(sys.modules) - before:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", None)):
            del sys.modules[name]


async def test_the_desk_of_a_profile_answers_all_calls_and_its_prompt_is_what_models_are_warmed_with():
    config = load(RESTAURANT)
    async with open_source(config.desk, None, now) as source, source.desk(None) as one, source.desk(None) as other:
        assert isinstance(one, TableDesk)
        assert one is other
        dialogue = one.open("1")
        prompt = one.prompt(one.read("a table for two", dialogue), dialogue)
        assert tuple(source.prefix(False)) == tuple(prompt)[:-1]
        assert "restaurant" in source.prefix(False)[0].content


@pytest.mark.parametrize("kind", ["def", "async def"])
async def test_a_desk_that_can_be_closed_is_closed_with_the_server(kind: str, tmp_path: Path):
    (tmp_path / "own_desks.py").write_text(
        "from tests.restaurant.desk import make\nclosed = []\n"
        f"def open_one():\n    desk = make()\n    {kind} close(): closed.append(desk)\n"
        "    desk.close = close\n    return desk\n"
    )
    async with open_source(DeskSettings(factory="own_desks:open_one"), None, now):
        assert sys.modules["own_desks"].closed == []
    assert len(sys.modules["own_desks"].closed) == 1


@pytest.mark.parametrize(
    ("factory", "told"),
    [
        ("nowhere.at.all:make", "no module 'nowhere'. Python looked in {here}, "),
        ("tests.restaurant.nothing:make", "no module 'tests.restaurant.nothing'. Python looked in .*restaurant"),
        ("tests.restaurant.desk:nothing", "restaurant/desk.py has no function 'nothing'"),
        ("tests.restaurant.desk:_QUESTIONS", "has no function '_QUESTIONS'"),
        ("tests.restaurant.store:Book", r"Book is no desk: it lacks read_only, open, read.* \(see voice.ports.Desk\)"),
    ],
)
async def test_a_desk_that_is_not_there_is_told_with_where_it_was_looked_for(factory: str, told: str):
    with pytest.raises(ConfigError, match=told.replace("{here}", os.getcwd())) as raised:
        await open_source(DeskSettings(factory=factory), None, now).__aenter__()
    assert str(raised.value).startswith(f"[desk] factory = {factory!r}: ")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("return TableDesk", "a desk is needed, got the class TableDesk: give TableDesk"),
        ("desk = made(); desk.read_only = 'search'; return desk", "read_only must be a frozenset of action names"),
    ],
)
async def test_what_is_nearly_a_desk_is_an_error_of_the_profile(given: str, told: str, tmp_path: Path):
    (tmp_path / "near_desk.py").write_text(
        f"from tests.restaurant.desk import TableDesk, make as made\ndef make():\n    {given}\n"
    )
    with pytest.raises(ConfigError, match=rf"^\[desk\] factory = 'near_desk:make': .*{told}"):
        await open_source(DeskSettings(factory="near_desk:make"), None, now).__aenter__()


async def test_what_breaks_inside_a_desk_is_shown_as_it_is(tmp_path: Path):
    (tmp_path / "broken_desk.py").write_text("import surely_not_installed\n")
    with pytest.raises(ModuleNotFoundError, match="surely_not_installed"):
        await open_source(DeskSettings(factory="broken_desk:make"), None, now).__aenter__()


@pytest.mark.parametrize("factory", ["make", "package.module", "a:b:c", "file.py:make()", ""])
def test_a_factory_is_a_module_and_a_name(factory: str, tmp_path: Path):
    text = RESTAURANT.read_text("utf-8").replace("tests.restaurant.desk:make", factory)
    (tmp_path / "mine.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=r"mine\.toml:7: 'desk\.factory'"):
        load(tmp_path / "mine.toml")


async def test_a_fresh_airline_is_not_given_to_the_callers_of_another_desk():
    with pytest.raises(ConfigError, match=r"--desk seed-1 is for the airline's desk"):
        await open_source(load(RESTAURANT).desk, "seed-1", now).__aenter__()


def test_gates_of_another_desk_are_not_held_against_the_airlines_actions(tmp_path: Path):
    text = RESTAURANT.read_text("utf-8") + '\n[gates]\nreserve = "read_back"\n'
    (tmp_path / "mine.toml").write_text(text, "utf-8")
    assert load(tmp_path / "mine.toml", actions={"search"}).gates == {"reserve": ("read_back",)}


@pytest.mark.parametrize("name", ["single", "backend", "single-fast"])
def test_a_stock_pipeline_does_not_answer_for_another_desk(name: str):
    with pytest.raises(ConfigError, match=rf"pipeline {name.split('-')[0]} knows the airline's desk alone"):
        pipeline(name, load(RESTAURANT))
    assert callable(pipeline("cascade", load(RESTAURANT))[0])


def test_a_bench_that_knows_the_airline_alone_says_so_before_it_begins(capsys: pytest.CaptureFixture[str]):
    from voice.cli import main

    code = main(["bench", "--fixtures", "nowhere", "--profile", str(RESTAURANT)])
    assert (code, "knows the airline's desk alone" in capsys.readouterr().err) == (2, True)


def test_a_pipeline_of_ones_own_is_named_by_its_file_or_its_module(tmp_path: Path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "cascade.py").write_text(OWN)
    config = load("embedded")
    for name in ("folder/cascade.py", str(tmp_path / "folder" / "cascade.py"), "folder.cascade"):
        assert find(name, config) == (None, config)
        build, same = pipeline(name, config)
        assert Path(build.__code__.co_filename).resolve() == (tmp_path / "folder" / "cascade.py").resolve()
        assert same is config


def test_a_pipeline_in_a_profile_lies_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "mine.py").write_text(OWN)
    text = RESTAURANT.read_text("utf-8").replace('"cascade"', '"mine.py"')
    (tmp_path / "mine.toml").write_text(text, "utf-8")
    monkeypatch.chdir("/")
    config = load(tmp_path / "mine.toml")
    assert callable(pipeline(config.pipeline, config)[0])


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nope.py", "no such file"),
        ("nope", "use one of backend, cascade, single, .* path/to/file.py or package.module"),
        ("empty.py", r"has no build\(transport, call\)"),
        ("os.path", r"has no build\(transport, call\)"),
    ],
)
def test_a_pipeline_of_ones_own_that_is_not_there_is_told(name: str, told: str, tmp_path: Path):
    (tmp_path / "empty.py").touch()
    with pytest.raises(UnknownPipeline, match=told):
        pipeline(name, load("embedded"))


def test_the_projects_pipelines_are_found_beside_a_package_of_the_same_name(tmp_path: Path):
    (tmp_path / "pipelines").mkdir()
    (tmp_path / "pipelines" / "__init__.py").write_text("raise RuntimeError('this is somebody else\\'s')\n")
    script = (
        "from voice.config import load; from voice.server.pipeline import pipeline, pipelines; "
        "[pipeline(name, load('embedded')) for name in pipelines()]"
    )
    path = {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env={**os.environ, **path}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
