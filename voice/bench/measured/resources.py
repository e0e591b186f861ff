"""What a process and those that it started take of the machine, read from /proc. Elsewhere nothing is known."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
EVERY_SECONDS = 0.5
"""How often memory is looked at. Some file reads each time: less than a millisecond of the machine that is measured."""


@dataclass(slots=True)
class Meter:
    """What was taken while it ran, known at its end; None where it can't be known.

    Attributes:
        cpu_seconds: Processor time, of all processes together.
        peak_memory_mb: The most resident memory that they held at once, in MB (10⁶ bytes). Pages that two processes
            share count twice.
    """

    cpu_seconds: float | None = None
    peak_memory_mb: float | None = None


@asynccontextmanager
async def metered(pid: int | None) -> AsyncGenerator[Meter]:
    """Meter a process and all that run below it now, until the end of the block; None meters nothing."""
    meter = Meter()
    family = _family(pid) if pid is not None else ()
    began = _cpu(family)
    if began is None:
        yield meter
        return
    watching = asyncio.create_task(_watch(family, meter))
    try:
        yield meter
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        ended = _cpu(family)
        meter.cpu_seconds = None if ended is None else round(max(0.0, ended - began), 2)


def processor_seconds(pid: int) -> float | None:
    """Give what a process and all that run below it took of the processors so far; None where it can't be known."""
    return _cpu(_family(pid))


async def _watch(family: Iterable[int], meter: Meter) -> None:
    while True:
        held = sum(_memory(pid) for pid in family) / 1e6
        meter.peak_memory_mb = round(max(meter.peak_memory_mb or 0.0, held), 1)
        await asyncio.sleep(EVERY_SECONDS)


def _family(pid: int) -> tuple[int, ...]:
    """Give a process and all below it."""
    below: dict[int, list[int]] = {}
    for entry in PROC.glob("[0-9]*"):
        if fields := _stat(int(entry.name)):
            below.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [pid]
    for one in found:
        found.extend(below.get(one, ()))
    return tuple(found)


def _cpu(family: Iterable[int]) -> float | None:
    """Give the processor time that processes took so far, in seconds; None if none of them is there."""
    ticks = [int(fields[11]) + int(fields[12]) for pid in family if (fields := _stat(pid))]
    return sum(ticks) / os.sysconf("SC_CLK_TCK") if ticks else None


def _memory(pid: int) -> int:
    try:
        return int((PROC / str(pid) / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return 0


def _stat(pid: int) -> list[str] | None:
    """Give the fields of a process's stat from its state on: the name before them may hold blanks and brackets."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
