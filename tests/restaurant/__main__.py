"""``python -m tests.restaurant``: chat with the restaurant on the embedded tiers, until an empty line."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from tests.restaurant.chat import chat
from tests.restaurant.desk import make
from voice.config import load
from voice.stack import open_tiers, prefix_of


def tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201


def ask() -> str:
    if sys.stdin.isatty():
        print("> ", end="", flush=True)  # noqa: T201
    return sys.stdin.readline()


async def typed() -> AsyncIterator[str]:
    while line := (await asyncio.to_thread(ask)).strip():
        yield line


async def main() -> None:
    desk, config = make(), load(Path(__file__).with_name("profile.toml"))
    tell("The models are being loaded.")
    async with open_tiers(config, prefix=prefix_of(desk), progress=tell) as tiers:
        tell("Ready. An empty line ends the chat.")
        await chat(typed(), lambda text: print("-", text), desk, tiers, config.policy())  # noqa: T201


asyncio.run(main())
