"""A filled database, made once, and a copy of it for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.booking.callers import Caller
from voice.booking.desk import FIXTURE_NOW, BookingDesk, open_desk

DAYS_AHEAD = 55  # enough for the bookings that are there from the start


@pytest.fixture(scope="session")
def filled_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("world") / "filled.db"
    desk = open_desk("sqlite://", seed=1, today=FIXTURE_NOW, days_ahead=DAYS_AHEAD)
    desk.store.copy_to(path)
    desk.close()
    return path


@pytest.fixture
def database(filled_database: Path, tmp_path: Path) -> Path:
    path = tmp_path / "desk.db"
    path.write_bytes(filled_database.read_bytes())
    return path


@pytest.fixture
def desk(database: Path) -> Iterator[BookingDesk]:
    desk = open_desk(f"sqlite:///{database}", seed=1, today=FIXTURE_NOW, days_ahead=DAYS_AHEAD)
    yield desk
    desk.close()


@pytest.fixture
def caller(desk: BookingDesk) -> Caller:
    return Caller(desk)
