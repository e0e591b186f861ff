"""Recorded outcomes keep everything, and are read strictly."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from voice.bench.turns.outcomes import (
    BadOutcomes,
    ReadingOutcome,
    RecordedOutcome,
    TierOutcome,
    load_outcomes,
    read_outcome,
    write_outcome,
)
from voice.cascade.words import Action, Entity

LOOKUP = {"action": "lookup", "code": "AB12CD"}
OUTCOME = RecordedOutcome(
    id="t1",
    split="dev",
    complexity="simple",
    kind="lookup",
    text="It's AB12CD.",
    agent="What is the code?",
    bookings=("QT44LZ",),
    expect=(LOOKUP,),
    reading=ReadingOutcome(
        text="It's AB12CD.",
        actions=(LOOKUP,),
        certain=True,
        asked=True,
        legs=0,
        requests=1,
        corrected=False,
        entities=(Entity("code", "AB12CD", 0.9),),
        misheard=(),
        exact=True,
        seconds=0.001,
    ),
    tiers={
        "fast": TierOutcome(
            actions=(LOOKUP,),
            text='{"do":[]}',
            tokens=('{"', "do"),
            logprobs=(-0.1, -2.0),
            completeness=1.0,
            correctness=1.0,
            agreement=True,
            problems=("one",),
            irreversible=False,
            error=None,
            seconds=0.4,
            examine_seconds=0.0005,
            prompt_tokens=100,
            output_tokens=2,
            cost=0.0,
            exact=True,
        )
    },
    version="0123abcd",
)


def test_an_outcome_comes_back_from_its_line_as_it_was():
    assert read_outcome(write_outcome(OUTCOME)) == OUTCOME


def test_a_line_that_does_not_tell_how_surely_words_were_heard_is_read_as_before():
    line = json.loads(write_outcome(replace(OUTCOME, words=(("It's", 0.5),))))
    assert read_outcome(json.dumps(line)).words == (("It's", 0.5),)
    del line["words"]
    assert read_outcome(json.dumps(line)) == OUTCOME
    with pytest.raises(BadOutcomes, match="words"):
        read_outcome(json.dumps({**line, "words": [["It's"]]}))


def test_the_core_gets_its_own_forms_back():
    fast = OUTCOME.tiers["fast"]
    assert fast.draft("fast").actions == (Action("lookup", {"code": "AB12CD"}),)
    assert fast.draft("fast").tokens == ('{"', "do")
    assert fast.findings().problems == ("one",)
    assert OUTCOME.reading.reading().entities == (Entity("code", "AB12CD", 0.9),)
    assert replace(OUTCOME.reading, actions=None).reading().actions is None
    assert OUTCOME.turn().expect == (LOOKUP,)


def broken(**changes: object) -> str:
    return json.dumps({**json.loads(write_outcome(OUTCOME)), **changes})


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "JSON"),
        ("[]", "an object"),
        (broken(extra=1), "extra: "),
        (broken(version=3), "version: "),
        (broken(tiers={"fast": {}}), r"tiers.fast.actions: "),
    ],
)
def test_a_line_that_is_no_outcome_is_told(line: str, message: str, tmp_path: Path):
    path = tmp_path / "out.jsonl"
    path.write_text(write_outcome(OUTCOME) + "\n" + line + "\n")
    with pytest.raises(BadOutcomes, match=f"out.jsonl:2: .*{message}"):
        load_outcomes(path)


def test_a_separator_within_a_text_ends_no_line(tmp_path: Path):
    path = tmp_path / "out.jsonl"
    odd = replace(OUTCOME, text="one\u2028two\x85three")
    path.write_text(f"{write_outcome(odd)}\n", encoding="utf-8")
    assert load_outcomes(path) == (odd,)


def test_a_turn_may_be_there_once_in_all_files(tmp_path: Path):
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    first.write_text(write_outcome(OUTCOME) + "\n")
    second.write_text(write_outcome(OUTCOME) + "\n")
    with pytest.raises(BadOutcomes, match="already at"):
        load_outcomes(first, second)


def test_a_missing_and_an_empty_file_are_told(tmp_path: Path):
    (tmp_path / "empty.jsonl").write_text("")
    with pytest.raises(BadOutcomes, match="holds no outcomes"):
        load_outcomes(tmp_path / "empty.jsonl")
    with pytest.raises(BadOutcomes, match="cannot read"):
        load_outcomes(tmp_path / "none.jsonl")


def test_a_file_of_labelled_turns_is_told_to_be_recorded_first(tmp_path: Path):
    turns = tmp_path / "turns.jsonl"
    turns.write_text('{"id": "t", "text": "Hello.", "expect": [{"action": "chat"}]}\n')
    with pytest.raises(BadOutcomes, match=r"turns\.jsonl:1: this is a labelled turn: record it first with `voice eval"):
        load_outcomes(turns)
