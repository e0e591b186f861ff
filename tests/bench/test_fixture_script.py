import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf

from voice.bench.fixtures import voices
from voice.bench.fixtures.conditions import Condition
from voice.bench.fixtures.engines import Espeak
from voice.bench.fixtures.maker import make, read_manifest, write_manifest
from voice.bench.fixtures.markup import Phrase
from voice.bench.fixtures.script import ScriptError, load
from voice.bench.recordings.manifest import load as load_manifest
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


@dataclass
class Whistle:
    spoken: int = field(default=0, repr=False)

    def speak(self, text: str, speed: float) -> tuple[Samples, int]:
        self.spoken += 1
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


ASIDES = (
    SCRIPT
    + """
[[call.turn]]
say = "No, wait."
complexity = "simple"
expect = []
barge_in = 1.5

[[call.turn]]
kind = "backchannel"
say = "Right."
barge_in = 2

[[call.turn]]
kind = "noise"
sound = "cough"
barge_in = 0.5
"""
)


def test_what_breaks_in_and_what_does_not_are_recorded_with_their_moments(
    script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script.write_text(ASIDES, encoding="utf-8")
    monkeypatch.setitem(voices.VOICES, "flite-slt", voices.Voice(Whistle(), "a whistle", None))
    folder = tmp_path / "set"
    write_manifest(make(load(script), folder, seed=1), folder)

    (call,) = load_manifest(folder)
    assert [(turn.kind, turn.barge_in, turn.text) for turn in call.turns] == [
        ("turn", None, "To Boston."),
        ("turn", 1.5, "No, wait."),
        ("backchannel", 2.0, "Right."),
        ("noise", 0.5, ""),
    ]
    assert call.turns[3].speech
    assert "a made cough" in call.source


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "noise"', 'kind = "sneeze"', "turn 4: 'kind' must be one of"),
        ('sound = "cough"', 'sound = "rain"', "turn 4: there is no sound 'rain'; there is cough"),
        ('sound = "cough"', 'sound = "echo"', "turn 4: the sound 'echo' needs words"),
        ('sound = "cough"', 'sound = "cough"\nsay = "Hm."', "turn 4: the sound 'cough' has no words"),
        ("barge_in = 2", "barge_in = -1", "turn 3: 'barge_in' must be seconds"),
        ("barge_in = 2", "expect = []", "turn 3: there is no 'expect'"),
        ("barge_in = 0.5", "", "turn 4: 'barge_in' is missing"),
        ('say = "To Boston."', 'say = "To Boston."\nbarge_in = 1', "turn 1: there is nothing to break into"),
    ],
)
def test_sounds_and_moments_that_make_no_sense_are_refused(script: Path, old: str, new: str, message: str) -> None:
    script.write_text(ASIDES.replace(old, new), encoding="utf-8")

    with pytest.raises(ScriptError, match=message):
        load(script)


def test_only_what_has_changed_is_recorded_again(script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whistle = Whistle()
    monkeypatch.setitem(voices.VOICES, "flite-slt", voices.Voice(whistle, "a whistle", None))
    script.write_text(ASIDES, encoding="utf-8")
    folder = tmp_path / "set"

    def spoken() -> int:
        before = whistle.spoken
        assert len(list(make(load(script), folder, seed=1))) == 1
        return whistle.spoken - before

    assert (spoken(), spoken()) == (3, 0)
    script.write_text(ASIDES.replace("Right.", "Sure."), encoding="utf-8")
    assert spoken() == 1
    (folder / "hello-1.flac").write_bytes(b"something else")
    assert spoken() == 1


def test_where_a_program_is_missing_another_voice_stands_in(monkeypatch: pytest.MonkeyPatch) -> None:
    mute = voices.Voice(Espeak("nobody"), "a voice without its program", None, stand_in="kokoro-alpha")
    monkeypatch.setitem(voices.VOICES, "espeak-us", mute)
    monkeypatch.setattr("shutil.which", lambda name: None)  # pyright: ignore[reportUnknownLambdaType]

    assert "apt-get install espeak-ng" in voices.missing("espeak-us")
    assert voices.present("espeak-us") == "kokoro-alpha"


def test_two_calls_of_one_name_are_refused(script: Path) -> None:
    script.write_text(SCRIPT * 2, encoding="utf-8")

    with pytest.raises(ScriptError, match="'hello' is there twice"):
        load(script)


def test_a_script_without_calls_is_refused(script: Path) -> None:
    script.write_text("", encoding="utf-8")

    with pytest.raises(ScriptError, match="has no"):
        load(script)
