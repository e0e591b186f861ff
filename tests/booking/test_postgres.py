"""The desk on PostgreSQL. Name an empty database's URL in VOICE_TEST_POSTGRES to run it."""

import asyncio
import os
import threading
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, select, update

from tests.booking.callers import Caller, act, flight
from voice.booking.airline.store import Store
from voice.booking.airline.tables import AuditRow, Base, FlightRow
from voice.booking.desk import FIXTURE_NOW, BookingDesk, open_desk
from voice.booking.dialogue import BookTrip

pytestmark = pytest.mark.real

URL = os.environ.get("VOICE_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/voice_test")


@pytest.fixture(scope="module")
def postgres() -> Iterator[BookingDesk]:
    pytest.importorskip("psycopg")
    store = Store(URL)
    try:
        store.engine.connect().close()
    except Exception as error:
        pytest.skip(f"no PostgreSQL at {URL}: {error}")
    with store.engine.begin() as connection:
        Base.metadata.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
    store.close()
    desk = open_desk(URL, seed=1, today=FIXTURE_NOW, days_ahead=53)
    yield desk
    desk.close()


def test_the_migrations_give_the_same_shape(postgres: BookingDesk) -> None:
    with postgres.store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


async def test_a_whole_call(postgres: BookingDesk) -> None:
    caller = Caller(postgres, "postgres-1")
    offer = await caller.does(flight("Boston", "Denver", "next Friday"))
    booked = await caller.says_yes()
    assert set(offer.facts) <= set(booked.facts)
    await caller.does(act("change", date="the 12th"))
    assert (await caller.says_yes()).wrote == booked.wrote
    await caller.does(act("bags", count="one"))
    assert (await caller.says_yes()).wrote == booked.wrote
    await caller.does(act("cancel"))
    assert (await caller.says_yes()).wrote == booked.wrote


async def test_the_same_approval_from_many_tasks_writes_once(postgres: BookingDesk) -> None:
    caller = Caller(postgres, "postgres-2")
    await caller.does(flight("Seattle", "Denver", "next Friday"))
    yes, reading = act("confirm", answer="yes"), postgres.read("yes", caller.dialogue)
    outcomes = await asyncio.gather(
        *(postgres.perform([yes], reading, caller.dialogue, key=f"turn {n % 3}") for n in range(9))
    )
    assert len({outcome.wrote for outcome in outcomes}) == 1
    audits = postgres.store.read(
        lambda session: session.scalar(select(func.count()).where(AuditRow.call_id == "postgres-2"))
    )
    assert audits == 1


def test_seats_are_not_sold_twice(postgres: BookingDesk) -> None:
    callers = [Caller(postgres, f"seats-{n}") for n in range(8)]
    for caller in callers:
        asyncio.run(caller.does(flight("Boston", "Chicago", "the 15th")))
    assert callers[0].dialogue.pending
    write = callers[0].dialogue.pending.write
    assert isinstance(write, BookTrip)
    flight_id = write.trip.legs[0].flights[0].id
    postgres.store.write(
        lambda session: session.execute(
            update(FlightRow).where(FlightRow.id == flight_id).values(sold_economy=FlightRow.seats_economy - 2)
        )
    )
    wrote: list[str] = []
    barrier = threading.Barrier(len(callers))

    def approve(caller: Caller) -> None:
        barrier.wait()
        wrote.extend(asyncio.run(caller.says_yes()).wrote)

    threads = [threading.Thread(target=approve, args=(caller,)) for caller in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(wrote)) == len(wrote) == 2
