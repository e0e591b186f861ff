"""Makes every call of a benchmark, agents in turn, and keeps what each left behind.

Agents take turns call by call, and who goes first changes with every call, so that whatever drifts on the machine hits
all of them alike. Only one agent is called at a time, by one caller or by several at once, and each agent gets a call
before that is not measured, so that none is met cold. A call's folder tells how far it came: ``placed.json`` is written
when the recording is complete, ``result.json`` when it is measured; what is there is not done again.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import soundfile

from voice.bench.calls.caller import Placed, place_call, utterances
from voice.bench.calls.closing import closed
from voice.bench.calls.floor import Manners
from voice.bench.calls.schedule import Job, batches, in_turn
from voice.bench.measured.assess import assess
from voice.bench.measured.database import State, same_state, state_of
from voice.bench.measured.listening import Listener
from voice.bench.measured.resources import Meter, metered
from voice.bench.measured.results import CallResult
from voice.bench.recordings.recording import SAMPLE_RATE
from voice.bench.timeline import build_timeline, read_trace, write_page
from voice.bench.timeline.build import Tracks
from voice.bench.wire import Line
from voice.trace import jsonable

PLACED, RESULT, RECORDING, TRACE, DESK = "placed.json", "result.json", "call.wav", "trace.jsonl", "desk.db"
STATE = "desk.json"
"""What was booked after the call."""

WARM_UP = "warm-up"
"""Names the call that is not measured, unless a measured one has that name."""

WARM_UP_MANNERS = Manners(gives_up_after=60.0)
"""A model server's first prompt can take many times as long as those that find it in the cache."""


@dataclass(frozen=True, slots=True)
class Callee:
    """An agent under test.

    Attributes:
        name: How the report calls it.
        calls: Holds a folder for each call; an agent of ours leaves its trace there.
        connect: Opens a line for a call of this name.
        traces: Whether the agent leaves a trace there.
        pid: The process to meter; None for one that runs elsewhere.
    """

    name: str
    calls: Path
    connect: Callable[[str], Awaitable[Line]]
    traces: bool = True
    pid: int | None = None


@dataclass(frozen=True, slots=True)
class Watch:
    """Told what happens: always the agent's name, then the job, and for ``turn`` its number."""

    warming: Callable[[str], None] = lambda agent: None
    began: Callable[[str, Job], None] = lambda agent, job: None
    turn: Callable[[str, Job, int], None] = lambda agent, job, number: None
    ended: Callable[[str, Job], None] = lambda agent, job: None


def finished(folder: Path) -> CallResult | None:
    """Give the result that a call's folder holds; None if there is none, or one of another version."""
    try:
        return CallResult.from_dict(json.loads((folder / RESULT).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def recorded(folder: Path) -> bool:
    """Say whether a call was made: its folder holds all that measuring it needs."""
    return (folder / PLACED).exists()


async def run(
    callees: Sequence[Callee],
    work: Sequence[Job],
    listener: Listener,
    manners: Manners = Manners(),  # noqa: B008 (immutable)
    watch: Watch = Watch(),
    expected: Mapping[str, State] = MappingProxyType({}),
    at_once: int = 1,
) -> dict[str, list[CallResult]]:
    """Make and measure every call that is not yet done, and give all results in the order of ``work``.

    Args:
        callees: Who is called.
        work: The calls to make.
        listener: Hears the replies.
        manners: When the caller speaks.
        watch: Told what happens.
        expected: What is to be booked after each call, by the call's name, as far as that is known.
        at_once: How many callers an agent has at the same time.

    Raises:
        LineError: an agent can't be reached.
        AudioError: a recording can't be read.
        OSError: a file can't be written.
    """
    named = {callee.name: callee for callee in callees}
    for callee in callees:
        if not all(recorded(callee.calls / job.folder) for job in work):
            watch.warming(callee.name)
            await _warm_up(callee, work)
    results: dict[tuple[str, str], CallResult] = {}
    for batch, name in in_turn(batches(work, at_once), list(named)):
        callee = named[name]
        for job in batch:
            watch.began(name, job)
        await _make(callee, [job for job in batch if not _done(callee.calls / job.folder)], manners, watch)
        # Nothing else runs now, so that hearing the replies may take the whole machine.
        for job in batch:
            folder = callee.calls / job.folder
            results[name, job.folder] = finished(folder) or _measure(job, folder, listener, expected.get(job.call.id))
            watch.ended(name, job)
    return {name: [results[name, job.folder] for job in work] for name in named}


def _done(folder: Path) -> bool:
    return recorded(folder) or finished(folder) is not None


async def _warm_up(callee: Callee, work: Sequence[Job]) -> None:
    """Let an agent answer the first turn of a call, and keep nothing of it: its trace would count as that of a call."""
    name, taken = WARM_UP, {job.folder for job in work}
    while name in taken:
        name += "-"
    folder = callee.calls / name
    _clear(folder)
    line = await callee.connect(name)
    await place_call(line, utterances(work[0].call.turns[:1]), WARM_UP_MANNERS)
    await _settled(callee, folder)
    _clear(folder)


async def _make(callee: Callee, work: Sequence[Job], manners: Manners, watch: Watch) -> None:
    """Make calls at the same time. What the agent's processes took is divided evenly among them."""
    async with metered(callee.pid) as meter:
        try:
            async with asyncio.TaskGroup() as tasks:
                calls = [tasks.create_task(_call(callee, job, manners, watch)) for job in work]
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None
    for job, call in zip(work, calls, strict=True):
        _write(callee.calls / job.folder / PLACED, _kept(call.result(), meter, len(work)))


async def _call(callee: Callee, job: Job, manners: Manners, watch: Watch) -> Placed:
    folder = callee.calls / job.folder
    _clear(folder)
    said = utterances(job.call.turns)
    line = await callee.connect(job.folder)
    placed = await place_call(line, said, manners, lambda number, _: watch.turn(callee.name, job, number))
    await _settled(callee, folder)
    placed.recording.save(folder / RECORDING)
    return placed


async def _settled(callee: Callee, folder: Path) -> None:
    """Wait until the agent no longer works on a call, and keep of its database, which is large, what is booked."""
    if callee.traces:
        await closed(folder / TRACE)
    if (state := state_of(folder / DESK)) is not None:
        _write(folder / STATE, state)
    _remove(folder, DESK)


def _measure(job: Job, folder: Path, listener: Listener, expected: State | None) -> CallResult:
    placed = json.loads((folder / PLACED).read_text(encoding="utf-8"))
    tracks = cast("Tracks", soundfile.read(folder / RECORDING, dtype="int16", always_2d=True)[0])
    lines = read_trace(folder / TRACE).lines if (folder / TRACE).exists() else ()
    starts: list[float] = placed["starts"]
    timeline = build_timeline(lines, tracks, began=placed["began"], call=job.call, turn_starts=starts)
    _write(folder / "timeline.json", timeline.as_dict())
    write_page(folder / "timeline.html", timeline, tracks)
    result = CallResult(
        call=job.call.id,
        repeat=job.repeat,
        seconds=round(len(tracks) / SAMPLE_RATE, 3),
        late_ms=round(placed["late"] * 1000),
        broken=placed["broken"],
        turns=assess(job.call, job.repeat, tracks, starts, timeline, listener, broken=placed["broken"] is not None),
        voice=job.call.voice,
        condition=job.call.condition,
        database_right=same_state(folder / STATE, expected),
        cpu_seconds=placed.get("cpu_seconds"),
        peak_memory_mb=placed.get("peak_memory_mb"),
        never_silent=placed.get("never_silent", False),
    )
    _write(folder / RESULT, asdict(result))
    return result


def _kept(placed: Placed, meter: Meter, calls: int) -> Mapping[str, Any]:
    return {
        "began": placed.recording.began,
        "starts": list(placed.turns),
        "late": placed.late,
        "broken": placed.broken,
        "never_silent": placed.never_silent,
        "cpu_seconds": None if meter.cpu_seconds is None else round(meter.cpu_seconds / calls, 2),
        "peak_memory_mb": meter.peak_memory_mb,
    }


def _clear(folder: Path) -> None:
    """Make a call's folder, and take out of it what a call left there, such as one that was killed."""
    folder.mkdir(parents=True, exist_ok=True)
    _remove(folder, RECORDING, TRACE, DESK, STATE)


def _remove(folder: Path, *names: str) -> None:
    """Remove files whose names begin like this."""
    for left in folder.iterdir():
        if left.name.startswith(names):
            left.unlink()


def _write(path: Path, data: object) -> None:
    """Write JSON whole or not at all."""
    new = path.with_name(path.name + ".new")
    new.write_text(json.dumps(data, indent=1, ensure_ascii=False, default=jsonable), encoding="utf-8")
    os.replace(new, path)
