from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from voice.bench.desks import airline
from voice.bench.speak_turns import CONDITIONS, VOICES, as_heard, cast, hear_all, main, word_error_rate
from voice.bench.turns.labelled import load_turns
from voice.ports import Transcript, Word

TURN = {
    "id": "t1",
    "split": "test",
    "kind": "lookup",
    "text": "It's QT44LZ.",
    "expect": [{"action": "lookup", "code": "QT44LZ"}],
}


async def test_turns_keep_their_labels_and_say_what_was_heard(tmp_path: Path):
    out, asked = tmp_path / "heard.jsonl", list[str]()

    async def hear(line: dict[str, Any]) -> Transcript:
        asked.append(line["said"])
        return heard_as("It's cutie 44 LZ.")

    lines = [cast(TURN, VOICES, CONDITIONS, "base"), cast({**TURN, "id": "t2"}, VOICES, CONDITIONS, "base")]
    await hear_all(lines[:1], out, hear)
    out.write_text(out.read_text() + '{"id": "t2", "sa')
    heard = await hear_all(lines, out, hear)
    assert asked == ["It's QT44LZ."] * 2
    assert [turn.text for turn in load_turns(out, desk=airline())] == ["It's cutie 44 LZ."] * 2
    assert load_turns(out, desk=airline())[0].expect == tuple(TURN["expect"])
    assert heard[0]["said"] == TURN["text"]
    assert 0 < word_error_rate(heard) < 1


async def test_what_was_heard_of_other_turns_stays_and_what_is_heard_anew_takes_its_place(tmp_path: Path):
    out = tmp_path / "heard.jsonl"
    texts = iter(["one", "two", "again"])

    async def hear(line: dict[str, Any]) -> Transcript:
        return heard_as(next(texts))

    first, second = (cast({**TURN, "id": name}, VOICES, CONDITIONS, "base") for name in ("t1", "t2"))
    await hear_all([first, second], out, hear)
    (heard,) = await hear_all([{**first, "voice": "another"}], out, hear)
    assert heard["text"] == "again"
    assert [turn.text for turn in load_turns(out, desk=airline())] == ["again", "two"]
    with pytest.raises(StopAsyncIteration):
        await hear_all([{**second, "ears": "taught"}], out, stop)
    assert [turn.text for turn in load_turns(out, desk=airline())] == ["again", "two"]


async def stop(line: dict[str, Any]) -> Transcript:
    raise StopAsyncIteration


async def test_a_line_without_the_confidence_in_its_words_is_heard_again(tmp_path: Path):
    out, texts = tmp_path / "heard.jsonl", iter(["again"])

    async def hear(line: dict[str, Any]) -> Transcript:
        return heard_as(next(texts))

    line = cast(TURN, VOICES, CONDITIONS, "base")
    out.write_text(json.dumps({**line, "text": "before"}) + "\n")
    for _ in range(2):
        (heard,) = await hear_all([line], out, hear)
        assert (heard["text"], heard["words"]) == ("again", [["again", 0.4]])
    assert load_turns(out, desk=airline())[0].words == (("again", 0.4),)


async def test_a_turn_in_which_nothing_was_heard_is_not_heard_again(tmp_path: Path):
    out, nothing = tmp_path / "heard.jsonl", iter([Transcript("")])

    async def hear(line: dict[str, Any]) -> Transcript:
        return next(nothing)

    for _ in range(2):
        await hear_all([cast(TURN, VOICES, CONDITIONS, "base")], out, hear)
    assert (load_turns(out, desk=airline())[0].text, load_turns(out, desk=airline())[0].words) == ("", ())


def test_a_word_keeps_how_surely_it_was_heard_to_a_thousandth():
    heard = as_heard(Transcript("To Portland,", (Word("To", 0.0, 0.2, 0.98765), Word("Portland,", 0.2, 0.9, 1.0))))
    assert heard == {"text": "To Portland,", "words": [["To", 0.988], ["Portland,", 1.0]]}


def heard_as(text: str) -> Transcript:
    return Transcript(text, tuple(Word(word, 0.0, 0.1, 0.4) for word in text.split()))


async def test_a_separator_within_a_text_ends_no_line(tmp_path: Path):
    async def hear(line: dict[str, Any]) -> Transcript:
        return Transcript("one\u2028two")

    out = tmp_path / "heard.jsonl"
    for _ in range(2):
        await hear_all([cast({**TURN, "id": name}, VOICES, CONDITIONS, "base") for name in ("t1", "t2")], out, hear)
    assert [turn.id for turn in load_turns(out, desk=airline())] == ["t1", "t2"]


def test_a_turn_is_spoken_the_same_way_in_every_run_and_turns_differ():
    assert cast(TURN, VOICES, CONDITIONS, "base") == cast(TURN, VOICES, CONDITIONS, "base")
    many = [cast({**TURN, "id": f"t{number}"}, VOICES, CONDITIONS, "base") for number in range(200)]
    assert {line["voice"] for line in many} == set(VOICES)
    assert {(line["voice"], line["condition"]) for line in many} == {(v, c) for v in VOICES for c in CONDITIONS}


def test_the_turns_themselves_are_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "turns.jsonl"
    path.write_text(json.dumps(TURN) + "\n")
    assert main([str(path), str(path)]) == 2
    assert json.loads(path.read_text()) == TURN
