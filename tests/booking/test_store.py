import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import select, text

from voice.booking.airline.migrations import migrate
from voice.booking.airline.store import MEMORY, Store, StoreError
from voice.booking.airline.tables import AirportRow


class StepClock:
    """Time that passes only by sleeping."""

    def __init__(self) -> None:
        self.now = 0.0
        self.sleeps = 0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.sleeps += 1


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "desk.db"
    store = Store(f"sqlite:///{path}")
    migrate(store)
    store.close()
    return path


def add_airport(store: Store, code: str) -> None:
    store.write(lambda session: session.add(AirportRow(code=code, city="Nowhere", timezone="UTC")))


def airports(store: Store) -> list[str]:
    return store.read(lambda session: list(session.scalars(select(AirportRow.code).order_by(AirportRow.code))))


def test_a_database_that_stays_locked_is_given_up_after_a_bounded_time(path: Path) -> None:
    clock = StepClock()
    store = Store(f"sqlite:///{path}", patience_seconds=1.0, sleep=clock.sleep, clock=clock)
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError) as raised:
            add_airport(store, "AAA")
        other.execute("ROLLBACK")
    assert raised.value.code == "database_locked"
    assert clock.sleeps > 2
    assert clock.now <= 1.0
    assert airports(store) == []
    store.close()


def test_a_lock_that_is_released_in_time_is_waited_for(path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    store = Store(f"sqlite:///{path}", sleep=lambda _: other.execute("ROLLBACK") if other.in_transaction else None)
    add_airport(store, "AAA")
    assert airports(store) == ["AAA"]
    store.close()
    other.close()


def test_readers_are_not_held_up_by_a_writer(path: Path) -> None:
    store = Store(f"sqlite:///{path}")
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        assert airports(store) == []
        other.execute("ROLLBACK")
    store.close()


def test_a_full_disk_has_its_own_code_and_leaves_nothing_behind(path: Path) -> None:
    store = Store(f"sqlite:///{path}")

    def fill(session: object) -> None:
        session.execute(text("PRAGMA max_page_count = 1"))  # type: ignore[attr-defined]
        for number in range(20_000):
            session.execute(  # type: ignore[attr-defined]
                text("INSERT INTO airports VALUES (:code, :city, 'UTC')"), {"code": f"{number:03d}", "city": "x" * 60}
            )

    with pytest.raises(StoreError) as raised:
        store.write(fill)
    assert raised.value.code == "disk_full"
    assert airports(store) == []
    store.close()


def test_a_database_that_can_not_be_opened_says_so(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}")
    with pytest.raises(StoreError) as raised:
        airports(store)
    assert raised.value.code == "database_missing"
    store.close()


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear customer, " * 200)
    store = Store(f"sqlite:///{path}")
    with pytest.raises(StoreError) as raised:
        migrate(store)
    assert raised.value.code == "database_broken"
    store.close()


def test_an_error_in_the_work_rolls_everything_back(path: Path) -> None:
    store = Store(f"sqlite:///{path}")

    def work(session: object) -> None:
        session.add(AirportRow(code="AAA", city="Nowhere", timezone="UTC"))  # type: ignore[attr-defined]
        session.flush()  # type: ignore[attr-defined]
        raise LookupError("changed my mind")

    with pytest.raises(LookupError):
        store.write(work)
    assert airports(store) == []
    store.close()


def test_a_database_in_memory_takes_writers_from_many_threads() -> None:
    store = Store(MEMORY)
    migrate(store)
    threads = [threading.Thread(target=add_airport, args=(store, f"A{n:02d}")) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(airports(store)) == 20
    store.close()


@pytest.mark.parametrize("url", ["bookings.db", "mysql://localhost/desk", ""])
def test_a_url_that_can_not_be_used_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match=r"SQLite or PostgreSQL|no database URL"):
        Store(url)


def test_a_store_is_copied_to_a_file(path: Path, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{path}")
    add_airport(store, "AAA")
    store.copy_to(tmp_path / "copy.db")
    copy = Store(f"sqlite:///{tmp_path / 'copy.db'}")
    assert airports(copy) == ["AAA"]
    copy.close()
    store.close()
