"""The desk that a profile's turns are measured at: the airline's, without a database, or the one that it names."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Generator
from contextlib import contextmanager

from voice.bench.turns.yardstick import Yardstick
from voice.booking.written.desk import WrittenDesk
from voice.booking.written.vocabulary import VOCABULARY
from voice.config import Config, ConfigError, load
from voice.ports import Desk
from voice.server.own import make_desk


def airline() -> Yardstick:
    """Give what turns of the airline's callers are held against."""
    return Yardstick(WrittenDesk())


@contextmanager
def measured(profile: str) -> Generator[tuple[Config, Yardstick]]:
    """Read a profile and open its desk, for as long as it is measured.

    Raises:
        ConfigError: the profile can't be used, or the desk that it names. What the maker of that desk raises itself is
            raised as it is.
    """
    config = load(profile, actions=VOCABULARY)
    factory = config.desk.factory
    if not factory:
        yield config, airline()
        return
    desk = make_desk(factory)
    try:
        yield config, _yardstick(desk, factory)
    finally:
        _close(desk)


def _yardstick(desk: Desk, factory: str) -> Yardstick:
    try:
        return Yardstick(desk, factory)
    except (TypeError, ValueError) as error:
        raise ConfigError(f"[desk] factory = {factory!r}: {error}") from error


def _close(desk: Desk) -> None:
    """Close a desk that can be closed, at once or in a while."""
    close = getattr(desk, "close", None)
    closed = close() if callable(close) else None
    if inspect.isawaitable(closed):
        asyncio.run(_ended(closed))


async def _ended(closed: Awaitable[object]) -> None:
    await closed
