"""The way to the database: engines, transactions, bounded retries, and errors with a short code."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

T = TypeVar("T")

MEMORY = "sqlite://"
"""The URL of a database that lives in this process only."""

_WRITE = "desk_write"
_BUSY_SECONDS = 0.25  # how long SQLite itself waits for a lock before the store's own retry takes over
_POSTGRES_LIMITS = "-c lock_timeout=2s -c statement_timeout=10s"
_CODES = (
    ("database_locked", ("database is locked", "table is locked", "deadlock", "could not serialize", "lock timeout")),
    ("disk_full", ("disk is full", "no space left", "could not extend file")),
    ("database_readonly", ("readonly database", "read-only", "permission denied")),
    (
        "database_missing",
        ("unable to open", "could not connect", "connection refused", "no such table", "closed the connection"),
    ),
    ("database_broken", ("malformed", "not a database", "disk i/o error")),
)


class StoreError(Exception):
    """The database could not do it, and nothing was written. ``code`` is short and stable."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


class Store:
    """A database by URL, shared by all calls of a process.

    Args:
        url: ``sqlite:///file``, ``sqlite://`` (in memory), or ``postgresql+psycopg://…``.
        patience_seconds: How long a locked database is tried again before a `StoreError` says so.
        sleep: Waits between the tries; a test gives its own.
        clock: Counts the tries' seconds.
    """

    def __init__(
        self,
        url: str,
        *,
        patience_seconds: float = 4.0,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.engine = make_engine(url)
        self._writer = self.engine.execution_options(**{_WRITE: True})
        self._patience, self._sleep, self._clock = patience_seconds, sleep, clock
        # One connection serves an in-memory database, so its transactions must take turns.
        shared = isinstance(self.engine.pool, StaticPool)
        self._turn: AbstractContextManager[Any] = threading.RLock() if shared else nullcontext()

    def read(self, work: Callable[[Session], T]) -> T:
        """Run ``work`` in a read transaction.

        Raises:
            StoreError: the database is locked, missing, broken …
        """
        return self._run(work, self.engine)

    def write(self, work: Callable[[Session], T]) -> T:
        """Run ``work`` in one transaction: all of it or nothing. It may run more than once, but is committed once.

        Raises:
            StoreError: the database is locked, full, missing, broken …
        """
        return self._run(work, self._writer)

    def copy_to(self, path: Path) -> None:
        """Copy a SQLite database, as it is now, into a new file: much quicker than filling another one.

        Raises:
            ValueError: this is no SQLite database.
            StoreError: the copy can't be written.
        """
        if self.engine.dialect.name != "sqlite":
            raise ValueError("only a SQLite database is copied to a file")
        try:
            with self._turn, closing(sqlite3.connect(path)) as target, self.engine.connect() as connection:
                source = connection.connection.driver_connection
                assert isinstance(source, sqlite3.Connection)
                connection.rollback()  # a backup needs the connection free
                source.backup(target)
        except (sqlite3.Error, SQLAlchemyError) as error:
            raise StoreError(error_code(error), str(error)) from error

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def begin_writing(self, patience_seconds: float) -> Generator[Connection]:
        """Open a write transaction; `writing` is the way to use it."""
        with self._turn, closing(self._locked(patience_seconds)) as connection:
            transaction = connection.get_transaction()
            assert transaction
            with transaction:
                yield connection

    def _locked(self, patience_seconds: float) -> Connection:
        """Connect and take the write lock, once others let go of theirs."""
        started = self._clock()
        while True:
            connection = None
            try:
                connection = self._writer.connect()
                connection.begin()
                return connection
            except DBAPIError as error:
                if connection is not None:
                    connection.close()
                if error_code(error) != "database_locked" or self._clock() - started > patience_seconds:
                    raise
            self._sleep(0.1)

    def _run(self, work: Callable[[Session], T], engine: Engine) -> T:
        started, pause = self._clock(), 0.02
        while True:
            try:
                with self._turn, Session(engine, expire_on_commit=False) as session, session.begin():
                    return work(session)
            except (DBAPIError, PoolTimeout) as error:
                code = error_code(error)
                again = code == "database_locked" or (isinstance(error, IntegrityError) and engine is self._writer)
                if not again or self._clock() - started + pause > self._patience:
                    raise StoreError(code, str(error.__cause__ or error)) from error
            except SQLAlchemyError as error:
                raise StoreError("database_error", str(error)) from error
            self._sleep(pause)
            pause = min(pause * 2, 0.5)


def error_code(error: BaseException) -> str:
    """Give the short code of a database error."""
    text = str(error).casefold()
    return next((code for code, signs in _CODES if any(sign in text for sign in signs)), "database_error")


def make_engine(url: str) -> Engine:
    """Make an engine: SQLite with WAL, foreign keys and explicit transactions; others as they come.

    Raises:
        ValueError: the URL cannot be read, or its database is not supported.
    """
    try:
        parsed = make_url(url)
    except SQLAlchemyError as error:
        raise ValueError(f"{url!r} is no database URL: try sqlite:///bookings.db") from error
    if parsed.get_backend_name() == "postgresql":
        limits = {"connect_timeout": 3, "tcp_user_timeout": 10_000, "options": _POSTGRES_LIMITS}
        return create_engine(parsed, pool_pre_ping=True, connect_args=limits)
    if parsed.get_backend_name() != "sqlite":
        raise ValueError(f"{url!r}: bookings are kept in SQLite or PostgreSQL, not in {parsed.get_backend_name()}")
    memory = parsed.database in (None, "", ":memory:")
    options: dict[str, Any] = {"poolclass": StaticPool} if memory else {}
    engine = create_engine(parsed, connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False}, **options)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite` alone
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A write takes its lock at once: a later upgrade from a read could fail half way.
    mode = "IMMEDIATE" if connection.get_execution_options().get(_WRITE) else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {mode}")


@contextmanager
def writing(store: Store, patience_seconds: float = 60.0) -> Generator[Connection]:
    """Open one write transaction as a plain connection, for migrations and bulk loads.

    Waits for another process that does the same.

    Raises:
        StoreError: the database is locked, full, missing, broken …
    """
    try:
        with store.begin_writing(patience_seconds) as connection:
            yield connection
    except SQLAlchemyError as error:
        raise StoreError(error_code(error), str(error)) from error
