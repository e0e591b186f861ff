"""Nothing is written twice, by halves, or without having been approved."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import event, func, select, update

from tests.booking.callers import Caller, act, flight, text
from tests.booking.conftest import DAYS_AHEAD
from voice.booking.airline.store import Store, StoreError
from voice.booking.airline.tables import AuditRow, BookingRow, FlightRow, KeyRow
from voice.booking.desk import FIXTURE_NOW, BookingDesk, open_desk
from voice.booking.dialogue import BookingDialogue, BookTrip
from voice.cascade.words import Action, OutcomeKind


def count(store: Store, table: type) -> int:
    return store.read(lambda session: session.scalar(select(func.count()).select_from(table)) or 0)


def seats_sold(store: Store, flight_id: int) -> int:
    row = store.read(lambda session: session.get(FlightRow, flight_id))
    assert row
    return row.sold_economy


def offered_flight(caller: Caller) -> int:
    assert caller.dialogue.pending
    write = caller.dialogue.pending.write
    assert isinstance(write, BookTrip)
    return write.trip.legs[0].flights[0].id


def set_flight(store: Store, flight_id: int, **values: Any) -> None:
    store.write(lambda session: session.execute(update(FlightRow).where(FlightRow.id == flight_id).values(**values)))


async def test_a_search_writes_nothing(caller: Caller) -> None:
    before = count(caller.desk.store, BookingRow)
    outcome = await caller.does(flight("Boston", "Denver", "next Friday"))
    assert not outcome.wrote
    assert (count(caller.desk.store, BookingRow), count(caller.desk.store, AuditRow)) == (before, 0)


async def test_a_yes_writes_exactly_what_was_read_back(caller: Caller) -> None:
    store = caller.desk.store
    await caller.does(flight("Boston", "Denver", "next Friday"))
    flight_id = offered_flight(caller)
    sold = seats_sold(store, flight_id)
    outcome = await caller.says_yes()
    (locator,) = outcome.wrote
    row = store.read(lambda session: session.get(BookingRow, locator))
    assert row
    assert [segment.flight_id for leg in row.legs for segment in leg.segments] == [flight_id]
    assert f"${row.paid}" in outcome.facts
    assert seats_sold(store, flight_id) == sold + 1
    audit = store.read(lambda session: session.scalars(select(AuditRow)).one())
    assert (audit.call_id, audit.action, audit.locator, audit.before) == ("call-1", "book", locator, None)
    assert audit.at == FIXTURE_NOW.astimezone(UTC)


@pytest.mark.parametrize(
    "aside",
    [act("policy", topic="baggage"), act("chat"), act("clarify", missing="request")],
    ids=["a question", "a moment", "not understood"],
)
async def test_a_yes_to_what_was_never_heard_reads_it_back_whatever_was_said_between(
    caller: Caller, aside: Action
) -> None:
    offer = await caller.does(flight("Boston", "Denver", "next Friday"))
    caller.dialogue = cast(BookingDialogue, offer.unheard)
    await caller.does(aside)
    again = await caller.says_yes()
    assert not again.wrote
    assert set(offer.facts) <= set(again.facts)
    assert (await caller.says_yes()).wrote


async def test_the_same_key_writes_once_and_gives_the_same_outcome(caller: Caller) -> None:
    store = caller.desk.store
    await caller.does(flight("Boston", "Denver", "next Friday"))
    asked = caller.dialogue
    first = await caller.says_yes(key="call-1/7")
    bookings = count(store, BookingRow)
    caller.dialogue = asked
    second = await caller.says_yes(key="call-1/7")
    assert (second.say, second.facts, second.wrote, second.kind) == (first.say, first.facts, first.wrote, first.kind)
    assert count(store, BookingRow) == bookings
    assert count(store, AuditRow) == count(store, KeyRow) == 1


async def test_a_second_yes_to_the_same_question_in_another_turn_writes_nothing_more(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    asked = caller.dialogue
    first = await caller.says_yes()
    caller.dialogue = asked  # the first answer was interrupted, so the call never learned of it
    second = await caller.says_yes()
    assert second.wrote == first.wrote
    assert count(caller.desk.store, AuditRow) == 1


async def test_two_calls_with_the_same_turn_numbers_do_not_share_a_booking(desk: BookingDesk) -> None:
    locators: set[str] = set()
    for call_id in ("call-1", "call-2"):
        caller = Caller(desk, call_id)
        await caller.does(flight("Boston", "Denver", "next Friday"), key="1")
        locators |= set((await caller.says_yes(key="2")).wrote)
    assert len(locators) == 2


async def test_a_yes_at_the_same_moment_from_two_tasks_writes_once(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    dialogue, yes = caller.dialogue, act("confirm", answer="yes")
    reading = caller.desk.read("yes", dialogue)
    outcomes = await asyncio.gather(
        *(caller.desk.perform([yes], reading, dialogue, key=f"call-1/{n % 2}") for n in range(6))
    )
    assert len({outcome.wrote for outcome in outcomes}) == 1
    assert len({outcome.say for outcome in outcomes}) == 1
    assert count(caller.desk.store, AuditRow) == 1


async def test_a_cancelled_turn_writes_once_or_not_at_all_and_the_next_one_tells(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    dialogue, yes = caller.dialogue, act("confirm", answer="yes")
    reading = caller.desk.read("yes", dialogue)
    for ticks in range(4):
        task = asyncio.create_task(caller.desk.perform([yes], reading, dialogue, key="call-1/9"))
        for _ in range(ticks):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    outcome = await caller.desk.perform([yes], reading, dialogue, key="call-1/9")
    assert len(outcome.wrote) == 1
    assert count(caller.desk.store, AuditRow) == 1


def test_seats_are_not_sold_twice(database: Path) -> None:
    url = f"sqlite:///{database}"
    desk = open_desk(url, today=FIXTURE_NOW, days_ahead=DAYS_AHEAD)
    callers = [Caller(desk, f"call-{n}") for n in range(12)]
    for caller in callers:
        asyncio.run(caller.does(flight("Boston", "Denver", "next Friday")))
    flight_id = offered_flight(callers[0])
    row = desk.store.read(lambda session: session.get(FlightRow, flight_id))
    assert row
    set_flight(desk.store, flight_id, sold_economy=row.seats_economy - 3)
    said: list[str] = []
    wrote: list[str] = []
    barrier = threading.Barrier(len(callers))

    def approve(caller: Caller) -> None:
        barrier.wait()
        outcome = asyncio.run(caller.says_yes())
        said.append(text(outcome))
        wrote.extend(outcome.wrote)

    threads = [threading.Thread(target=approve, args=(caller,)) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(wrote)) == len(wrote) == 3
    assert sum("have just been sold" in line for line in said) == 9
    assert seats_sold(desk.store, flight_id) == row.seats_economy
    desk.close()


async def test_a_seat_that_is_gone_is_answered_with_the_next_best_flight(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    flight_id = offered_flight(caller)
    row = caller.desk.store.read(lambda session: session.get(FlightRow, flight_id))
    assert row
    set_flight(caller.desk.store, flight_id, sold_economy=row.seats_economy)
    outcome = await caller.says_yes()
    assert not outcome.wrote
    assert outcome.say[0] == "I'm sorry, those seats have just been sold."
    assert outcome.say[-1] == "Shall I book it?"
    assert offered_flight(caller) != flight_id
    assert (await caller.says_yes()).wrote


async def test_a_fare_that_has_changed_is_read_back_before_it_is_charged(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    flight_id = offered_flight(caller)
    set_flight(caller.desk.store, flight_id, fare_economy=150)
    outcome = await caller.says_yes()
    assert not outcome.wrote
    assert outcome.say[0] == "I'm sorry, the fare has just changed."
    assert "$150" in outcome.facts
    booked = await caller.says_yes()
    assert booked.wrote
    assert "$150" in booked.facts


async def test_a_booking_that_someone_else_changed_is_read_back_anew(desk: BookingDesk) -> None:
    one, other = Caller(desk, "one"), Caller(desk, "other")
    await one.does(act("cancel", code="QT44LZ"))
    await other.does(act("bags", code="QT44LZ", count="two"))
    await other.says_yes()
    outcome = await one.says_yes()
    assert not outcome.wrote
    assert outcome.say[0] == "I'm sorry, that booking has changed in the meantime."
    assert (await one.says_yes()).wrote == ("QT44LZ",)


async def test_a_cancelled_booking_gives_its_seats_back(caller: Caller) -> None:
    store = caller.desk.store
    row = store.read(lambda session: session.get(BookingRow, "QT44LZ"))
    assert row
    flight_id = row.legs[0].segments[0].flight_id
    sold = seats_sold(store, flight_id)
    await caller.does(act("cancel", code="QT44LZ"))
    await caller.says_yes()
    assert seats_sold(store, flight_id) == sold - 1


async def test_a_changed_leg_moves_its_seat(caller: Caller) -> None:
    store = caller.desk.store
    row = store.read(lambda session: session.get(BookingRow, "QT44LZ"))
    assert row
    old = row.legs[1].segments[0].flight_id
    sold, paid = seats_sold(store, old), row.paid
    outcome = await caller.does(act("change", code="QT44LZ", leg="return", date="a day later"))
    charged = outcome.data[0]["fee"] + outcome.data[0]["difference"]
    await caller.says_yes()
    row = store.read(lambda session: session.get(BookingRow, "QT44LZ"))
    assert row
    new = row.legs[1].segments[0].flight_id
    assert new != old
    assert seats_sold(store, old) == sold - 1
    assert row.paid == paid + charged


async def test_a_locked_database_is_a_useful_answer_and_yes_tries_again(database: Path) -> None:
    desk = open_desk(f"sqlite:///{database}", today=FIXTURE_NOW, days_ahead=DAYS_AHEAD)
    impatient = BookingDesk(
        Store(f"sqlite:///{database}", patience_seconds=0.05, sleep=lambda _: None), lambda: FIXTURE_NOW
    )
    caller = Caller(impatient)
    await caller.does(flight("Boston", "Denver", "next Friday"))
    with sqlite3.connect(database, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        outcome = await caller.says_yes()
        other.execute("ROLLBACK")
    assert (outcome.kind, outcome.error, outcome.wrote) == (OutcomeKind.FAILED, "database_locked", ())
    assert text(outcome) == (
        "I'm sorry, our booking system is busy right now. Nothing was changed. Shall I try it again?"
    )
    assert (await caller.says_yes()).wrote
    impatient.close()
    desk.close()


async def test_a_full_disk_is_a_useful_answer_and_leaves_whole_bookings_only(desk: BookingDesk) -> None:
    store = desk.store
    store.close()  # the connections that are opened from here on can't grow the file

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1")

    event.listen(store.engine, "connect", limit)
    before, done = count(store, BookingRow), 0
    for number in range(200):
        caller = Caller(desk, f"call-{number}")
        await caller.does(flight("Boston", "Denver", "next Friday"))
        outcome = await caller.says_yes()
        if not outcome.wrote:
            break
        done += 1
    assert (outcome.kind, outcome.error) == (OutcomeKind.FAILED, "disk_full")
    assert text(outcome).startswith("I'm sorry, our booking system can't take changes right now. Nothing was changed.")
    assert count(store, BookingRow) == before + done
    assert count(store, AuditRow) == count(store, KeyRow) == done


async def test_what_was_written_is_told_even_if_the_next_action_fails(caller: Caller, monkeypatch: Any) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    store, read = caller.desk.store, caller.desk.store.read

    def broken(work: Any) -> Any:
        raise StoreError("database_missing", "the network is gone")

    monkeypatch.setattr(store, "read", broken)
    outcome = await caller.does(act("confirm", answer="yes"), act("bags", count="one"))
    monkeypatch.setattr(store, "read", read)
    assert outcome.wrote
    assert outcome.error == "database_missing"
    assert outcome.kind is OutcomeKind.ANSWER
    assert outcome.say[0].startswith("You're booked")


KILLED = """
import asyncio, os, signal, sys
from sqlalchemy import event
from sqlalchemy.orm import Session
from tests.booking.callers import Caller, flight
from tests.booking.conftest import DAYS_AHEAD
from voice.booking.desk import FIXTURE_NOW, open_desk

desk = open_desk(sys.argv[1], today=FIXTURE_NOW, days_ahead=DAYS_AHEAD)
caller = Caller(desk)
asyncio.run(caller.does(flight("Boston", "Denver", "next Friday")))
writes = 0

@event.listens_for(desk.store.engine, "after_cursor_execute")
def kill(connection, cursor, statement, parameters, context, many):
    global writes
    writes += statement.startswith(("INSERT", "UPDATE"))
    if writes == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(caller.says_yes())
print("survived")
"""


@pytest.mark.parametrize("writes", [1, 3, 6, 99])
def test_a_killed_process_leaves_all_or_nothing(database: Path, writes: int) -> None:
    """The process dies after so many of the transaction's statements, or (99) lives."""
    url = f"sqlite:///{database}"
    desk = open_desk(url, today=FIXTURE_NOW, days_ahead=DAYS_AHEAD)
    before = count(desk.store, BookingRow)
    desk.close()
    process = subprocess.run(
        [sys.executable, "-c", KILLED, url, str(writes)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
        timeout=120,
    )
    survived = "survived" in process.stdout
    assert survived or process.returncode == -signal.SIGKILL, process.stderr
    assert survived == (writes == 99)
    desk = open_desk(url, today=FIXTURE_NOW, days_ahead=DAYS_AHEAD)
    expected = int(survived)
    assert count(desk.store, BookingRow) == before + expected
    assert count(desk.store, AuditRow) == count(desk.store, KeyRow) == expected
    # the same approval after the crash books once
    caller = Caller(desk)
    asyncio.run(caller.does(flight("Boston", "Denver", "next Friday")))
    asyncio.run(caller.says_yes())
    assert count(desk.store, BookingRow) == before + 1
    desk.close()
