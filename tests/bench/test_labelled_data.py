"""The labelled turns are what their patterns give, say what their texts say, and share nothing between splits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.data.turns import checks
from tests.data.turns.build import HERE, SPLITS, Turn, lines, make, vocabulary
from tests.data.turns.notation import label, put
from voice.bench.desks import airline
from voice.bench.turns.labelled import load_turns


@pytest.fixture(scope="module")
def made() -> dict[str, list[Turn]]:
    return {split: make(split) for split in SPLITS}


def test_the_files_are_what_the_patterns_give(made: dict[str, list[Turn]]):
    for split, turns in made.items():
        assert (HERE / f"{split}.jsonl").read_text(encoding="utf-8") == lines(turns)
        assert {turn.split for turn in load_turns(HERE / f"{split}.jsonl", desk=airline())} == {split}


def test_labels_are_in_their_texts_and_splits_share_no_pattern_and_no_vocabulary(made: dict[str, list[Turn]]):
    assert checks.problems({**made}, vocabulary()) == []


def with_test_turn(made: dict[str, list[Turn]], text: str, expect: str, *withdrawn: str) -> list[str]:
    """Give what is wrong once the test split has this turn too."""
    last = made["test"][-1]
    data = {**last.data, "id": "new", "text": text, "expect": label(expect)}
    turns = {**made, "test": [*made["test"], replace(last, data=data, pattern=text, withdrawn=withdrawn)]}
    return checks.problems(turns, vocabulary())


@pytest.mark.parametrize(
    ("text", "expect", "withdrawn", "message"),
    [
        ("Oslo to Miami, quick.", "search; leg=Oslo > Tampa", (), "'Tampa' is not in the text"),
        ("Oslo, I misspoke, Miami.", "search; leg=Oslo >", ("Oslo",), "'Oslo' was taken back"),
        ("Oslo to Boston, quick.", "search; leg=Oslo > Boston", (), "'Boston' is a city of train"),
        ("Book it for my wife instead.", "chat", (), "'my wife' is a kin of train"),
        ("Look at QQ11QQ, quick.", "lookup; code=QQ22QQ", (), "does not spell"),
        ("I sit in row nine.", "policy; topic=rows", (), "topic can't be 'rows'"),
        ("Houston to Miami, with a child.", "search; child=1", (), "no action with these arguments"),
        ("How much does it cost to change flights?", "policy; topic=changes", (), "are alike"),
    ],
)
def test_what_would_break_the_promises_is_found(
    made: dict[str, list[Turn]], text: str, expect: str, withdrawn: tuple[str, ...], message: str
):
    assert any(message in line for line in with_test_turn(made, text, expect, *withdrawn))


def test_a_label_is_read_from_its_notation():
    assert label("search; leg=Boston > Denver @ Monday ~ by 9 ^ me; leg= > Rome; nonstop + policy; topic=pets") == [
        {
            "action": "search",
            "nonstop": True,
            "legs": [{"from": "Boston", "to": "Denver", "date": "Monday", "time": "by 9", "who": "me"}, {"to": "Rome"}],
        },
        {"action": "policy", "topic": "pets"},
    ]
    with pytest.raises(ValueError, match="no field"):
        label("search; oops")


@pytest.mark.parametrize(
    ("style", "written"),
    [("hyphens", "K-7-M"), ("pairs", "K7 M"), ("nato", "Kilo 7 Mike"), ("spoken", "K seven M"), ("commas", "K, 7, M")],
)
def test_a_code_is_written_in_the_ways_of_a_transcriber(style: str, written: str):
    assert put(f"{{code:{style}}}", {"code": "K7M"}) == written
