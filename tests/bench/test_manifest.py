import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from voice.bench.calls.agent import Agent
from voice.bench.calls.schedule import jobs
from voice.bench.recordings.manifest import ManifestError, RecordedCall, RecordedTurn, find, load
from voice.cascade.words import Action
from voice.server.seats import _NAME  # pyright: ignore[reportPrivateUsage]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "hello-1.flac").touch()
    return tmp_path


def write(folder: Path, *lines: Any) -> None:
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    (folder / "manifest.jsonl").write_text(text, encoding="utf-8")


def call(**turn: Any) -> dict[str, Any]:
    return {"id": "hello", "turns": [{"audio": "hello-1.flac", **turn}]}


@pytest.mark.parametrize("name", ["a&b", "take#2", "a b", "../a", "-a", "ä", "a" * 61])
def test_a_name_that_an_agent_would_not_know_a_call_by_is_refused(folder: Path, name: str) -> None:
    write(folder, {**call(), "id": name})
    with pytest.raises(ManifestError, match="line 1: 'id' must be 1 to 60 letters"):
        load(folder)


def test_an_agent_takes_every_name_also_of_a_call_that_is_repeated(folder: Path) -> None:
    write(folder, {**call(), "id": "a" * 60})
    (again,) = (job.folder for job in jobs(load(folder), 999) if job.repeat == 999)
    assert _NAME.fullmatch(again)
    assert Agent("single", 7860, folder, 1).url(again).endswith(f"?call={again}")


def test_a_recordings_name_becomes_one_that_a_call_may_have(folder: Path) -> None:
    for file, name in (("my take#2.wav", "my-take-2"), ("_x.wav", "x"), ("日本.wav", "recording")):
        (folder / file).touch()
        assert load(folder / file)[0].id == name


def test_no_call_is_named_like_one_that_is_repeated(folder: Path) -> None:
    write(folder, {**call(), "id": "a"}, {**call(), "id": "a.2"})
    assert len(jobs(load(folder), 1)) == 2
    with pytest.raises(ManifestError, match=r"'a\.2' is a call, and the name of another one that is repeated"):
        jobs(load(folder), 2)


def test_a_separator_within_a_text_ends_no_line(folder: Path) -> None:
    write(folder, json.dumps(call(text="To Osaka.\u2028Or Kyoto."), ensure_ascii=False), "")
    assert load(folder)[0].turns[0].text == "To Osaka.\u2028Or Kyoto."


def test_a_call_is_read_with_all_its_labels(folder: Path) -> None:
    write(
        folder,
        {
            "id": "hello",
            "voice": "flite-slt",
            "condition": "phone-8k",
            "licence": "CC0-1.0",
            "source": "made",
            "desk": "seed-2",
            "turns": [
                {
                    "audio": "hello-1.flac",
                    "text": "To Osaka.",
                    "speech": [[0.2, 1], [1.5, 2.25]],
                    "complexity": "simple",
                    "expect": [{"action": "search", "legs": [{"to": "Osaka"}]}],
                    "says": ["Osaka", "412"],
                }
            ],
        },
    )

    assert load(folder) == [
        RecordedCall(
            id="hello",
            voice="flite-slt",
            condition="phone-8k",
            licence="CC0-1.0",
            source="made",
            desk="seed-2",
            turns=(
                RecordedTurn(
                    audio=folder / "hello-1.flac",
                    text="To Osaka.",
                    speech=((0.2, 1.0), (1.5, 2.25)),
                    complexity="simple",
                    expect=(Action("search", {"legs": [{"to": "Osaka"}]}),),
                    says=("Osaka", "412"),
                ),
            ),
        )
    ]


def test_labels_may_be_left_out(folder: Path) -> None:
    write(folder, call())

    assert load(folder / "manifest.jsonl") == [RecordedCall("hello", (RecordedTurn(folder / "hello-1.flac"),))]


def test_a_single_recording_is_a_call_of_one_turn(tmp_path: Path) -> None:
    recording = tmp_path / "my caller.WAV"
    recording.touch()

    assert load(recording) == [RecordedCall("my-caller", (RecordedTurn(recording),))]


def test_blank_lines_are_skipped_and_counted(folder: Path) -> None:
    write(folder, call(), "", "{")

    with pytest.raises(ManifestError, match="line 3"):
        load(folder)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "Expecting property name"),
        ("[]", "a call must be a JSON object"),
        ({"turns": [{"audio": "hello-1.flac"}]}, "'id' is missing"),
        ({"id": "hello", "turns": []}, "at least one turn"),
        ({"id": "hello", "turns": "hello-1.flac"}, "'turns' must be a list"),
        (call(audio="gone.flac"), "turn 1: the recording .*gone.flac does not exist"),
        (call(speech=[[1.0, 0.5]]), "'speech' must be"),
        (call(speech=[[0.0, 1.0], [0.5, 2.0]]), "'speech' must be"),
        (call(speech=[[0.0]]), "'speech' must be"),
        (call(complexity="hard"), "simple or complex, got 'hard'"),
        (call(expect=[{"name": "search"}]), "turn 1: each expected action is an object with an 'action'"),
        (call(expect=["search"]), "each expected action is an object"),
        (call(expect=[{"action": "serach"}]), "turn 1: there is no action 'serach': did you mean 'search'"),
        (call(expect="search"), "turn 1: 'expect' must be a list"),
        (call(sayz=["412"]), "turn 1: a turn has no 'sayz': did you mean 'says'"),
        (call(mood="calm"), "turn 1: a turn has no 'mood': known are audio, text"),
        (call() | {"license": "CC0-1.0"}, "a call has no 'license': did you mean 'licence'"),
        (call() | {"desk": "seed-x"}, "there is no desk 'seed-x': use seed-1"),
        (call(says=[412]), "'says' must be a list of strings"),
        (call(text=None), "'text'"),
        (call(kind="cough"), "'kind' must be turn, backchannel or noise, got 'cough'"),
        (call(barge_in=-1), "'barge_in' must be seconds"),
        (call(barge_in=True), "'barge_in' must be seconds"),
        (call(barge_in=0.5), "turn 1: 'barge_in' has nothing to break into"),
        (call(kind="noise"), "a noise needs 'barge_in'"),
        (call(kind="backchannel", barge_in=0.5, says=["412"]), "a backchannel expects no reply"),
    ],
)
def test_a_wrong_line_is_named_with_what_is_wrong(folder: Path, line: Any, message: str) -> None:
    write(folder, line)

    with pytest.raises(ManifestError, match=f"line 1: .*{message}"):
        load(folder)


def test_a_caller_may_break_in_and_make_sounds_that_are_no_turns(folder: Path) -> None:
    sound = {"audio": "hello-1.flac"}
    write(
        folder, {"id": "hello", "turns": [sound, sound | {"kind": "noise", "barge_in": 1}, sound | {"barge_in": 0.5}]}
    )

    turns = load(folder)[0].turns
    assert [(turn.kind, turn.barge_in) for turn in turns] == [("turn", None), ("noise", 1.0), ("turn", 0.5)]


def test_speech_lies_within_its_recording_to_a_rounding(folder: Path) -> None:
    soundfile.write(folder / "hello-1.flac", np.zeros(16_000, np.int16), 16_000)
    write(folder, call(speech=[[0.3, 1.04]]))
    assert load(folder)[0].turns[0].speech == ((0.3, 1.04),)

    write(folder, call(), call(speech=[[0.3, 99]]) | {"id": "other"})
    with pytest.raises(
        ManifestError, match=r"line 2: turn 1: 'speech' ends at 99 s, but .*hello-1\.flac is only 1\.00 s"
    ):
        load(folder)


def test_two_calls_of_one_name_are_refused(folder: Path) -> None:
    write(folder, call(), call())

    with pytest.raises(ManifestError, match="line 2: the call 'hello' is already on line 1"):
        load(folder)


def test_an_empty_manifest_is_refused(folder: Path) -> None:
    write(folder)

    with pytest.raises(ManifestError, match="no calls"):
        load(folder)


@pytest.mark.parametrize("name", ["nowhere", "nowhere.wav"])
def test_what_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(ManifestError, match="does not exist"):
        load(tmp_path / name)


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"manifest\.jsonl does not exist"):
        load(tmp_path)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()

    with pytest.raises(ManifestError, match="neither a recording"):
        load(tmp_path / "notes.txt")


def test_a_call_is_found_by_its_name(folder: Path) -> None:
    write(folder, call())
    calls = load(folder)

    assert find(calls, "hello") is calls[0]
    with pytest.raises(ManifestError, match="there is no call 'helo'; there is hello"):
        find(calls, "helo")


def test_a_manifest_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.jsonl").write_bytes(b"\xff\xfe")

    with pytest.raises(ManifestError, match="not UTF-8"):
        load(tmp_path)
