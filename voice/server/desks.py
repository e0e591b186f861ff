"""Which desk a call books at."""

from __future__ import annotations

import asyncio
import inspect
import shutil
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol, runtime_checkable

from voice.booking.desk import FIXTURE_NOW, BookingDesk, open_desk
from voice.config import ConfigError, DeskSettings
from voice.config.worlds import seed_of
from voice.ports import Desk
from voice.server import own
from voice.stack import Prefix, names_of, prefix_of


@runtime_checkable
class _Closes(Protocol):
    def close(self) -> object: ...


class DeskSource(Protocol):
    """Gives each call its desk."""

    @property
    def prefix(self) -> Prefix:
        """Gives the messages with which every prompt of its desks begins."""
        ...

    @property
    def names(self) -> Sequence[str]:
        """What callers of its desks may say and ears should know."""
        ...

    def desk(self, folder: Path | None) -> AbstractAsyncContextManager[Desk]:
        """Open the desk of a call that may leave files in ``folder``."""
        ...


class SharedDesk:
    """One desk for all calls: what a real agent has."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.prefix = prefix_of(desk)
        self.names = names_of(desk)

    @asynccontextmanager
    async def desk(self, folder: Path | None) -> AsyncGenerator[Desk]:
        """Give the shared desk."""
        del folder
        yield self._desk


class FreshDesks:
    """A desk of its own for each call, all in the same state: what a recorded caller needs.

    Args:
        template: A SQLite file that is copied for each call, into the call's folder as ``desk.db``.
        opener: Opens a copy.
    """

    def __init__(self, template: Path, opener: Callable[[Path], BookingDesk]) -> None:
        self._template = template
        self._open = opener
        desk = opener(template)
        self.prefix = prefix_of(desk)
        self.names = names_of(desk)
        desk.close()

    @asynccontextmanager
    async def desk(self, folder: Path | None) -> AsyncGenerator[Desk]:
        """Give a new one.

        Raises:
            OSError: there is no room for the copy.
        """
        with TemporaryDirectory(prefix="voice-") as temporary:
            copy = (folder or Path(temporary)) / "desk.db"
            desk = await asyncio.to_thread(self._copied, copy)
            try:
                yield desk
            finally:
                await asyncio.to_thread(desk.close)

    def _copied(self, to: Path) -> BookingDesk:
        shutil.copyfile(self._template, to)
        return self._open(to)


async def _close(desk: Desk) -> None:
    """Close a desk that can be closed, at once or in a while."""
    closed = desk.close() if isinstance(desk, _Closes) else None
    if inspect.isawaitable(closed):
        await closed


@asynccontextmanager
async def open_source(
    settings: DeskSettings, fresh: str | None, now: Callable[[], datetime]
) -> AsyncGenerator[DeskSource]:
    """Open what gives calls their desks.

    Args:
        settings: The profile's.
        fresh: ``seed-N`` gives each call a fresh desk of that world, where it is always the morning of
            Tuesday, 1 December 2026. None gives all calls the profile's desk.
        now: The moment at the profile's desk, aware of its time zone.

    Raises:
        ConfigError: ``fresh`` names no state, or the profile's database or own desk can't be used.
        voice.booking.airline.store.StoreError: the database is locked, full, missing …
    """
    if settings.factory:
        if fresh is not None:
            raise ConfigError(f"--desk {fresh} is for the airline's desk, and the profile's is {settings.factory}")
        made = own.make_desk(settings.factory)
        try:
            yield SharedDesk(made)
        finally:
            await _close(made)
        return
    if fresh is None:
        try:
            desk = await asyncio.to_thread(open_desk, settings.database, seed=settings.seed, today=now)
        except ValueError as error:
            raise ConfigError(f"the desk of this profile can't be opened: {error}") from error
        try:
            yield SharedDesk(desk)
        finally:
            await asyncio.to_thread(desk.close)
        return
    try:
        seed = seed_of(fresh)
    except ValueError as error:
        raise ConfigError(str(error)) from None

    def opener(path: Path) -> BookingDesk:
        return open_desk(f"sqlite:///{path}", seed=seed, today=FIXTURE_NOW)

    with TemporaryDirectory(prefix="voice-") as folder:
        yield await asyncio.to_thread(FreshDesks, Path(folder) / "desk.db", opener)
