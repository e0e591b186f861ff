import json
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from voice.bench.fixtures import voices
from voice.bench.fixtures.conditions import Condition
from voice.bench.fixtures.maker import make, read_manifest, write_manifest
from voice.bench.fixtures.markup import Phrase
from voice.bench.fixtures.script import ScriptError, load
from voice.bench.manifest import load as load_manifest
from voice.cascade.words import Action
from voice.ports import Samples

SCRIPT = """
[[call]]
id = "hello"
voice = "flite-slt"
condition = "phone-8k"

[[call.turn]]
say = "To Boston."
complexity = "simple"
expect = [{ action = "search", legs = [{ to = "Boston" }] }]
"""


class Whistle:
    def speak(self, text: str, speed: float) -> tuple[Samples, int]:
        return np.sin(np.arange(8_000) / 10).astype(np.float32), 16_000


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "calls.toml"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


def test_a_script_is_read(script: Path) -> None:
    (call,) = load(script)

    assert (call.id, call.voice_name, call.condition, call.desk) == (
        "hello",
        "flite-slt",
        Condition("phone-8k"),
        "seed-1",
    )
    assert call.turns[0].parts == (Phrase("To Boston.", "To Boston."),)
    assert call.turns[0].expect == (Action("search", {"legs": [{"to": "Boston"}]}),)


def test_what_is_made_can_be_loaded(script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(voices.VOICES, "flite-slt", voices.Voice(Whistle(), "a whistle", "CC0-1.0"))
    folder = tmp_path / "set"
    write_manifest(make(load(script), folder, seed=1), folder)

    (call,) = load_manifest(folder)
    assert (call.id, call.condition, call.licence) == ("hello", "phone-8k", "Apache-2.0 AND CC0-1.0")
    assert call.turns[0].text == "To Boston."
    info = sf.info(call.turns[0].audio)
    assert (info.samplerate, info.channels) == (8_000, 1)
    assert 0 < call.turns[0].speech[0][0] < call.turns[0].speech[-1][1] < info.duration
    assert json.dumps(read_manifest(folder)[0]["turns"][0]["expect"]) == (
        '[{"action": "search", "legs": [{"to": "Boston"}]}]'
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('voice = "flite-slt"', 'voice = "flite-sl"', "call hello: there is no voice 'flite-sl'; there is flite-slt"),
        ('condition = "phone-8k"', 'condition = "radio"', "call hello: the condition 'radio'"),
        ('condition = "phone-8k"\n', "", "call hello: 'condition' is missing"),
        ('complexity = "simple"', 'complexity = "hard"', "turn 1: 'complexity' must be simple or complex"),
        ('complexity = "simple"\n', "", "turn 1: 'complexity' is missing"),
        ("To Boston.", "To [x] Boston.", r"turn 1: \[x\] is no pause"),
        ("action =", "name =", "turn 1: an action needs its name"),
        ("say =", "says = []\nsay_ =", "turn 1: there is no 'say_'"),
        ("[[call]]", "[[call", "calls.toml: "),
    ],
)
def test_a_wrong_script_is_refused_with_the_call_and_turn(script: Path, old: str, new: str, message: str) -> None:
    script.write_text(SCRIPT.replace(old, new), encoding="utf-8")

    with pytest.raises(ScriptError, match=message):
        load(script)


def test_two_calls_of_one_name_are_refused(script: Path) -> None:
    script.write_text(SCRIPT * 2, encoding="utf-8")

    with pytest.raises(ScriptError, match="'hello' is there twice"):
        load(script)


def test_a_script_without_calls_is_refused(script: Path) -> None:
    script.write_text("", encoding="utf-8")

    with pytest.raises(ScriptError, match="has no"):
        load(script)
