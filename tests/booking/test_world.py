import sqlite3
import threading
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, select

from tests.booking.conftest import DAYS_AHEAD
from voice.booking.airline.bookings import load_booking
from voice.booking.airline.migrations import migrate
from voice.booking.airline.store import MEMORY, Store
from voice.booking.airline.tables import AirportRow, Base, BookingRow, FlightRow, WorldRow
from voice.booking.airline.timetable import FLIGHT_COLUMNS, flights_on, timetable
from voice.booking.airline.world import SEED_BOOKINGS
from voice.booking.codes.locators import is_code
from voice.booking.desk import FIXTURE_NOW, BookingDesk, open_desk


def test_the_same_seed_and_day_give_the_same_bytes(filled_database: Path, tmp_path: Path) -> None:
    desk = open_desk(MEMORY, seed=1, today=FIXTURE_NOW, days_ahead=DAYS_AHEAD)
    desk.store.copy_to(tmp_path / "again.db")
    desk.close()
    assert (tmp_path / "again.db").read_bytes() == filled_database.read_bytes()


def rows_on(day: date, seed: int) -> list[dict[str, Any]]:
    return [dict(zip(FLIGHT_COLUMNS, row, strict=True)) for row in flights_on(day, seed)]


def test_another_seed_gives_other_fares() -> None:
    day = date(2026, 12, 11)
    fares = [[row["fare_economy"] for row in rows_on(day, seed)] for seed in (1, 2)]
    assert fares[0][:200] != fares[1][:200]


def test_flights_of_a_day_do_not_depend_on_when_the_desk_was_opened(desk: BookingDesk) -> None:
    day = date(2026, 12, 24)
    query = select(FlightRow.number, FlightRow.fare_economy).where(FlightRow.day == day).order_by(FlightRow.id)
    rows = desk.store.read(lambda session: [tuple(row) for row in session.execute(query)])
    assert rows == [(row["number"], row["fare_economy"]) for row in rows_on(day, 1)]


def test_flights_are_sane() -> None:
    for service in timetable(1):
        assert service.origin != service.destination
        assert service.under_way >= timedelta(minutes=35)
    for row in rows_on(date(2026, 12, 11), 1):
        assert row["arrives_at"] > row["departs_at"]
        assert 30 <= row["fare_economy"] < row["fare_premium"] < row["fare_business"] < 4000
        assert 0 <= row["sold_economy"] <= row["seats_economy"]


def test_some_flights_are_sold_out_and_most_are_not() -> None:
    rows = rows_on(date(2026, 12, 11), 1)
    full = sum(row["sold_economy"] == row["seats_economy"] for row in rows)
    assert 0.01 < full / len(rows) < 0.15


def test_a_filled_desk_serves_many_cities_for_the_days_on_sale(desk: BookingDesk) -> None:
    def count(query: object) -> int:
        return desk.store.read(lambda session: session.scalar(query) or 0)  # type: ignore[call-overload]

    assert count(select(func.count(func.distinct(AirportRow.city)))) >= 60
    assert count(select(func.count(func.distinct(FlightRow.day)))) == DAYS_AHEAD + 4


def test_every_booking_of_the_seed_is_there_with_its_seats(desk: BookingDesk) -> None:
    assert len(SEED_BOOKINGS) >= 12
    for seeded in SEED_BOOKINGS:
        booking = desk.store.read(lambda session, code=seeded.locator: load_booking(session, code))
        assert booking
        assert is_code(booking.locator)
        assert booking.passengers == seeded.passengers
        assert [leg.leg.departs.date() for leg in booking.legs] == [
            FIXTURE_NOW.date() + timedelta(leg.after) for leg in seeded.legs
        ]


def test_opening_a_filled_desk_again_changes_nothing(database: Path) -> None:
    before = database.read_bytes()
    open_desk(f"sqlite:///{database}", seed=1, today=FIXTURE_NOW, days_ahead=DAYS_AHEAD).close()
    with sqlite3.connect(database) as one, sqlite3.connect(":memory:") as other:
        other.deserialize(before)
        tables = [name for (name,) in one.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            rows = [hash(tuple(connection.execute(f"SELECT * FROM {table}"))) for connection in (one, other)]
            assert rows[0] == rows[1], table


def test_a_desk_that_is_opened_later_gets_the_days_that_it_lacks(database: Path) -> None:
    later = FIXTURE_NOW + timedelta(3)
    desk = open_desk(f"sqlite:///{database}", seed=1, today=later, days_ahead=DAYS_AHEAD)
    last = desk.store.read(lambda session: session.scalars(select(WorldRow.last_day)).one())
    newest = desk.store.read(lambda session: session.scalar(select(func.max(FlightRow.day))))
    assert last == newest == later.date() + timedelta(DAYS_AHEAD)
    desk.close()


def test_a_database_of_another_seed_is_refused(database: Path) -> None:
    with pytest.raises(ValueError, match="holds world 1, not 2"):
        open_desk(f"sqlite:///{database}", seed=2, today=FIXTURE_NOW, days_ahead=DAYS_AHEAD)


def test_today_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="needs a time zone"):
        open_desk(MEMORY, today=datetime(2026, 12, 1, 9))


def test_the_migrations_give_the_shape_that_the_tables_declare() -> None:
    store = Store(MEMORY)
    migrate(store)
    migrate(store)
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    store.close()


def test_departures_are_kept_as_moments_and_given_in_local_time(desk: BookingDesk) -> None:
    booking = desk.store.read(lambda session: load_booking(session, "QT44LZ"))
    assert booking
    departs = booking.legs[0].leg.departs
    assert departs.tzinfo == ZoneInfo("America/New_York")
    assert departs.utcoffset() == timedelta(hours=-5)


def test_a_desk_that_is_opened_by_several_at_once_is_filled_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'new' / 'desk.db'}"
    opened: list[BookingDesk] = []

    def run(url: str) -> None:
        opened.append(open_desk(url, today=FIXTURE_NOW, days_ahead=53))

    threads = [threading.Thread(target=run, args=(address,)) for address in (url, url, MEMORY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 3
    for desk in opened:
        bookings = desk.store.read(lambda session: session.scalar(select(func.count()).select_from(BookingRow)))
        assert bookings == len(SEED_BOOKINGS)
        desk.close()
