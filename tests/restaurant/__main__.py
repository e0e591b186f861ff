"""``python -m tests.restaurant``: chat with the restaurant on the embedded tiers, until an empty line."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from tests.restaurant.chat import chat
from tests.restaurant.desk import TableDesk
from tests.restaurant.store import Book
from voice.config import load
from voice.stack import open_tiers, prefix_of


async def typed() -> AsyncIterator[str]:
    while line := (await asyncio.to_thread(sys.stdin.readline)).strip():
        yield line


async def main() -> None:
    desk, config = TableDesk(Book()), load(Path(__file__).with_name("profile.toml"))
    async with open_tiers(config, prefix=prefix_of(desk)) as tiers:
        await chat(typed(), lambda text: print("-", text), desk, tiers, config.policy())  # noqa: T201


asyncio.run(main())
