"""The whole set, as far as it is written: the calls of the repository and those that are made from `more/`."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.audio import FIXTURES
from voice.bench.fixtures.markup import Pause, transcript
from voice.bench.fixtures.script import WrittenCall, WrittenTurn, load
from voice.bench.fixtures.sounds import NOISES, VOICES
from voice.bench.recordings.manifest import load as load_manifest

HERE = load(FIXTURES / "calls.toml")
MORE = load(*sorted((FIXTURES / "more").glob("*.toml")))
CALLS = [*HERE, *MORE]
EVERY = [turn for call in CALLS for turn in call.turns]
TURNS = [turn for turn in EVERY if turn.kind == "turn"]
ACTIONS = {"search", "lookup", "change", "cancel", "bags", "policy", "confirm", "repeat", "chat", "handoff"}


def parts_of(call: WrittenCall) -> set[str]:
    return {part.partition("-")[0] for part in call.condition_name.split("+")}


def pauses(turn: WrittenTurn) -> list[float]:
    return [part.seconds for part in turn.parts if isinstance(part, Pause)]


def test_there_are_enough_calls_turns_and_voices() -> None:
    assert len({call.id for call in CALLS}) == len(CALLS) >= 60
    assert len(TURNS) >= 200
    assert len({call.voice_name for call in CALLS}) >= 12


def test_every_line_noise_and_trouble_is_there_with_phones_and_good_microphones_alike() -> None:
    conditions = [parts_of(call) for call in CALLS]

    for name in ("street", "cafe", "babble", "loss", "gaps", "clip", "quiet"):
        assert sum(name in condition for condition in conditions) >= 3, name
    assert 0.4 < sum("phone" in condition for condition in conditions) / len(CALLS) < 0.6


def test_more_than_two_fifths_of_the_turns_are_complex_and_more_than_half_simple() -> None:
    assert 0.4 < sum(turn.complexity == "complex" for turn in TURNS) / len(TURNS) < 0.5


def test_every_action_is_asked_for_and_every_sound_is_heard() -> None:
    assert {action.name for turn in TURNS for action in turn.expect} == ACTIONS
    assert {turn.sound for turn in EVERY if turn.sound} == {*NOISES, *VOICES}
    assert sum(turn.kind == "backchannel" for turn in EVERY) >= 8
    assert sum(turn.barge_in is not None for turn in TURNS) >= 8


def test_callers_pause_in_their_turns_for_up_to_a_second_and_a_half() -> None:
    inside = [seconds for turn in TURNS for seconds in pauses(turn) if 0.3 <= seconds <= 1.5]

    assert sum(any(0.3 <= pause <= 1.5 for pause in pauses(turn)) for turn in TURNS) > len(TURNS) / 3
    assert sum(seconds >= 1.0 for seconds in inside) >= 5
    assert any(seconds >= 5 for turn in TURNS for seconds in pauses(turn)), "nobody falls silent"


def test_no_two_callers_say_the_same_but_for_short_answers() -> None:
    said = [transcript(turn.parts) for turn in TURNS if len(transcript(turn.parts).split()) > 6]

    assert len(set(said)) == len(said)


@pytest.mark.real
def test_a_call_is_made_byte_for_byte_the_same_each_time(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        build = [sys.executable, str(FIXTURES / "build.py"), "--all", str(folder), "--only", "half-flown", "one-second"]
        subprocess.run(build, check=True, capture_output=True, timeout=300)

    first, second = ({path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders)
    assert first == second
    assert {call.id for call in load_manifest(folders[0])} == {call.id for call in HERE} | {"half-flown", "one-second"}
