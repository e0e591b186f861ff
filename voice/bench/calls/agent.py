"""An agent of ours in a process of its own, to be called over the wire."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from voice.bench.calls.child import running_child
from voice.bench.wire import Protocol


@dataclass(frozen=True, slots=True)
class Agent:
    """A running agent.

    Attributes:
        pipeline: Its pipeline's name.
        port: Where it listens on 127.0.0.1.
        calls: The folder in which it leaves a folder for each call.
        pid: Its process.
    """

    pipeline: str
    port: int
    calls: Path
    pid: int

    def url(self, call_id: str, protocol: Protocol = "protobuf") -> str:
        """Give the address for a call that will be known by this name."""
        path = "ws" if protocol == "protobuf" else "phone"
        return f"ws://127.0.0.1:{self.port}/{path}?call={quote(call_id, safe='')}"


@asynccontextmanager
async def running_agent(
    *,
    pipeline: str,
    profile: str,
    calls: Path,
    desk: str | None = "seed-1",
    at_once: int = 1,
    log: Path | None = None,
    progress: Callable[[str], None] = lambda text: None,
) -> AsyncGenerator[Agent]:
    """Start `voice serve` and stop it at the end.

    Args:
        pipeline: Which pipeline it runs.
        profile: Which profile it reads.
        calls: Where each call leaves its trace and its database.
        desk: The state of the airline's database that every call starts from; None for the desk of the profile.
        at_once: How many calls it must be able to take.
        log: Where its log goes; the log's last lines are the message of an error.
        progress: Told each line that it says while starting.

    Raises:
        NotReady: it ended before it was ready; `Senseless` if it was told what makes no sense.
    """
    calls.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "voice", "serve", "--pipeline", pipeline, "--profile", profile]
    command += ["--host", "127.0.0.1", "--port", "0", "--calls", str(calls), "--with-parent"]
    command += ["--desk", desk] if desk else []
    command += ["--max-calls", str(at_once + 1)]  # one may still be closing
    log = log or calls / f"{pipeline}.log"
    async with running_child(command, what="the agent", log=log, progress=progress) as child:
        yield Agent(pipeline, child.port, calls, child.pid)
