"""Which desk a call books at."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

from voice.ports import Desk


class DeskSource(Protocol):
    """Gives each call its desk."""

    def desk(self, folder: Path | None) -> AbstractAsyncContextManager[Desk]:
        """Open the desk of a call that may leave files in ``folder``."""
        ...


class SharedDesk:
    """One desk for all calls: what a real agent has."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @asynccontextmanager
    async def desk(self, folder: Path | None) -> AsyncIterator[Desk]:
        """Give the shared desk."""
        del folder
        yield self._desk
