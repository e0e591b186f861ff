"""The database after a call: what is booked in it, and what would be if every turn had been carried out as labelled.

Both are compared as bookings without their locators and moments, which are new in every call: who flies which
flights in which cabin at which fare, with how many bags, what was paid, and whether it was cancelled.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from voice.bench.recordings.manifest import RecordedCall
from voice.bench.turns.carry_out import DeskDisagrees, carry_out
from voice.booking.desk import FIXTURE_NOW
from voice.config import ConfigError, DeskSettings
from voice.server.desks import open_source

State = tuple[str, ...]
"""Every booking of a database, as JSON, sorted."""

_log = logging.getLogger(__name__)

_LEGS = """
    SELECT legs.position, legs.cabin, legs.seats, legs.fare, group_concat(flights.number || ' ' || flights.day)
    FROM legs JOIN (SELECT * FROM segments ORDER BY position) AS segments ON segments.leg_id = legs.id
    JOIN flights ON flights.id = segments.flight_id
    WHERE legs.locator = ? GROUP BY legs.id ORDER BY legs.position
"""


def state_of(path: Path) -> State | None:
    """Read the bookings of a desk's SQLite file; None where there is no such file, or it can't be read."""
    if not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            bookings = database.execute("SELECT locator, status, paid FROM bookings").fetchall()
            return tuple(sorted(json.dumps(_booking(database, *booking)) for booking in bookings))
    except sqlite3.Error as error:
        _log.warning("%s can't be read: %s", path, error)
        return None


def keep_booked(path: Path) -> None:
    """Leave out of a desk's SQLite file, which nobody may have open, the flights that no booking has.

    They are nearly all of its 40 MB, and the same after every call. A file that can't be read is left as it is.
    """
    if not path.is_file():
        return
    small = path.with_name(f"{path.name}.new")
    small.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(small)) as database:
            database.execute("ATTACH ? AS whole", (str(path.absolute()),))
            made = "SELECT type, name, sql FROM whole.sqlite_master WHERE sql IS NOT NULL ORDER BY type = 'table' DESC"
            for kind, name, sql in database.execute(made).fetchall():
                database.execute(sql)
                if kind == "table":
                    booked = "WHERE id IN (SELECT flight_id FROM whole.segments)" if name == "flights" else ""
                    database.execute(f'INSERT INTO main."{name}" SELECT * FROM whole."{name}" {booked}')
            database.commit()
        os.replace(small, path)
    except sqlite3.Error as error:
        _log.warning("%s is kept whole: %s", path, error)
        small.unlink(missing_ok=True)


def same_state(kept: Path, expected: State | None) -> bool | None:
    """Compare what was kept of a database, as JSON, with what is expected; None where either is unknown."""
    if expected is None or not kept.is_file():
        return None
    return tuple(json.loads(kept.read_text(encoding="utf-8"))) == expected


async def expected_states(calls: Iterable[RecordedCall], scratch: Path) -> dict[str, State]:
    """Carry every call out as labelled on a fresh desk, and give what is booked then, by call.

    A call is left out where no turn has a label, or the desk would not do what the labels say.

    Args:
        calls: What was recorded.
        scratch: An existing folder for databases; they are removed again.
    """
    by_desk: dict[str, list[RecordedCall]] = {}
    for call in calls:
        if any(turn.expect for turn in call.turns):
            by_desk.setdefault(call.desk, []).append(call)
    states: dict[str, State] = {}
    for name, group in by_desk.items():
        try:
            async with open_source(DeskSettings(), name, lambda: FIXTURE_NOW) as source:
                for call in group:
                    if (state := await _carried_out(call, source, scratch)) is not None:
                        states[call.id] = state
        except ConfigError as error:
            _log.warning("the calls that start from %s have no expected database: %s", name, error)
    return states


async def _carried_out(call: RecordedCall, source: Any, scratch: Path) -> State | None:
    turns = [(turn.text, turn.expect) for turn in call.turns if turn.kind == "turn"]
    file = scratch / "desk.db"
    try:
        async with source.desk(scratch) as desk:
            async for _ in carry_out(call.id, turns, desk):
                pass
        return state_of(file)
    except DeskDisagrees as error:
        _log.warning("the database after this call is not compared: %s", error)
        return None
    finally:
        for left in scratch.glob("desk.db*"):
            left.unlink()


def _booking(database: sqlite3.Connection, locator: str, status: str, paid: int) -> Mapping[str, Any]:
    def rows(query: str) -> list[Any]:
        return database.execute(query, (locator,)).fetchall()

    return {
        "status": status,
        "paid": paid,
        "passengers": rows("SELECT name FROM passengers WHERE locator = ? ORDER BY position"),
        "legs": rows(_LEGS),
        "bags": rows("SELECT coalesce(sum(count), 0), coalesce(sum(fee), 0) FROM bags WHERE locator = ?"),
    }
