"""What is booked after a call is compared with what its labels lead to, whatever the locators are."""

from __future__ import annotations

import json
import logging
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from voice.bench.measured.database import expected_states, keep_booked, same_state, state_of
from voice.bench.recordings.manifest import RecordedCall, RecordedTurn
from voice.bench.turns.carry_out import carry_out
from voice.booking.desk import FIXTURE_NOW
from voice.cascade.words import Action
from voice.config import DeskSettings
from voice.server.desks import open_source

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


async def test_a_desk_that_is_kept_is_small_and_has_every_booking(tmp_path: Path) -> None:
    kept = tmp_path / "desk.db"
    said = [(turn.text, turn.expect) for turn in BOOKS.turns]
    async with open_source(DeskSettings(), "seed-1", lambda: FIXTURE_NOW) as source, source.desk(tmp_path) as desk:
        async for _ in carry_out("books", said, desk):
            pass
    whole, size = state_of(kept), kept.stat().st_size
    keep_booked(kept)
    assert state_of(kept) == whole
    assert kept.stat().st_size < size / 100
    with closing(sqlite3.connect(kept)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("SELECT count(*) FROM audit WHERE action = 'book'").fetchone() == (1,)
    assert [file.name for file in tmp_path.iterdir()] == ["desk.db"]


def test_a_file_that_is_no_database_is_unknown_and_kept_as_it_is(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "desk.db").write_text("cut off")
    assert state_of(tmp_path / "desk.db") is None
    keep_booked(tmp_path / "desk.db")
    assert (tmp_path / "desk.db").read_text() == "cut off"
    assert "is kept whole" in caplog.text
    keep_booked(tmp_path / "nothing.db")
    assert [file.name for file in tmp_path.iterdir()] == ["desk.db"]
    assert state_of(tmp_path / "nothing.db") is None
