"""A process that serves, started and stopped with a block: it says in one JSON line when it is ready."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from voice.config import ConfigError

_STOPPING_SECONDS = 20.0


_USAGE = 2
"""A command's exit code if what it was told makes no sense."""


class NotReady(RuntimeError):
    """A process ended before it was ready; the message is what it said."""


class Senseless(NotReady, ConfigError):
    """It ended because what it was told makes no sense."""


@dataclass(frozen=True, slots=True)
class Child:
    """A running process.

    Attributes:
        pid: Its process.
        port: Where it listens on 127.0.0.1.
    """

    pid: int
    port: int


@asynccontextmanager
async def running_child(
    command: Sequence[str], *, what: str, log: Path, progress: Callable[[str], None] = lambda text: None
) -> AsyncGenerator[Child]:
    """Start a process and stop it at the end.

    It must write a line ``{"ready": true, "port": …}`` on standard output, and end when its standard input closes.

    Args:
        command: Its program and arguments.
        what: How an error calls it.
        log: Where its standard error goes; the last lines are the message of an error.
        progress: Told each line that it says while starting.

    Raises:
        NotReady: it ended before it was ready; `Senseless` if it was told what makes no sense.
    """
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=errors
        )
        try:
            port = await _ready(process, progress)
            if port is None:
                tail = log.read_text(errors="replace").strip().splitlines()[-12:]
                kind = Senseless if process.returncode == _USAGE else NotReady
                raise kind(f"{what} did not start:\n" + "\n".join(tail))
            yield Child(process.pid, port)
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                await asyncio.wait_for(process.wait(), _STOPPING_SECONDS)
            except TimeoutError:
                process.kill()
                await process.wait()


async def _ready(process: asyncio.subprocess.Process, progress: Callable[[str], None]) -> int | None:
    assert process.stdout
    while line := await process.stdout.readline():
        try:
            said = json.loads(line)
        except ValueError:
            progress(line.decode(errors="replace").strip())
            continue
        if isinstance(said, dict) and said.get("ready"):
            return int(said["port"])
    await process.wait()
    return None
