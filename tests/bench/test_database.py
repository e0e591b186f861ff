"""What is booked after a call is compared with what its labels lead to, whatever the locators are."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from voice.bench.database import expected_states, same_state, state_of
from voice.bench.manifest import RecordedCall, RecordedTurn
from voice.cascade.words import Action

SEARCH = Action("search", {"legs": [{"from": "Boston", "to": "Denver", "date": "next Friday"}]})
YES, NO = Action("confirm", {"answer": "yes"}), Action("confirm", {"answer": "no"})


def call(name: str, *turns: tuple[str, Action]) -> RecordedCall:
    return RecordedCall(
        name, tuple(RecordedTurn(Path("none.wav"), text=text, expect=(action,)) for text, action in turns)
    )


ASKS = ("I need a flight from Boston to Denver next Friday.", SEARCH)
BOOKS = call("books", ASKS, ("Yes, please.", YES))
AGAIN = call("again", ASKS, ("Yes, please.", YES))
CANCELS = call("cancels", ("Cancel my booking F7D5LS.", Action("cancel", {"code": "F7D5LS"})), ("Yes.", YES))
DECLINES = call("declines", ASKS, ("No, thanks.", NO))
CONTRADICTS = call("contradicts", ("Yes, please.", YES))
UNLABELLED = RecordedCall("unlabelled", (RecordedTurn(Path("none.wav")),))


async def test_databases_are_alike_if_the_same_is_booked_in_them(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        states = await expected_states([BOOKS, AGAIN, DECLINES, CANCELS, CONTRADICTS, UNLABELLED], tmp_path)
    assert set(states) == {"books", "again", "declines", "cancels"}
    assert "contradicts, turn 1" in caplog.text
    assert not list(tmp_path.iterdir())
    assert len(states["books"]) == len(states["declines"]) + 1
    assert len(states["cancels"]) == len(states["declines"])

    kept = tmp_path / "desk.json"
    kept.write_text(json.dumps(states["books"]))
    assert same_state(kept, states["again"]) is True
    assert same_state(kept, states["declines"]) is False
    assert same_state(kept, None) is None
    assert same_state(tmp_path / "nothing.json", states["books"]) is None
    kept.write_text(json.dumps(states["declines"]))
    assert same_state(kept, states["cancels"]) is False


def test_a_file_that_is_no_database_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "desk.db").write_text("cut off")
    assert state_of(tmp_path / "desk.db") is None
    assert state_of(tmp_path / "nothing.db") is None
