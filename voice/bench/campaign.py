"""Makes every call of a benchmark, agents in turn, and keeps what each left behind.

Agents take turns call by call, and who goes first changes with every call, so that whatever drifts on the machine hits
all of them alike. Only one call runs at a time, and each agent gets a call before that is not measured, so that none
is met cold. A call's folder tells how far it came: ``placed.json`` is written when
the recording is complete, ``result.json`` when it is measured; what is there is not done again.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

import numpy as np
import soundfile

from voice.bench.assess import assess
from voice.bench.caller import Manners, Placed, place_call
from voice.bench.database import State, same_state, state_of
from voice.bench.listening import Listener
from voice.bench.manifest import RecordedCall
from voice.bench.recording import SAMPLE_RATE, Track
from voice.bench.results import CallResult
from voice.bench.timeline import build_timeline, read_trace, write_page
from voice.bench.timeline.build import Tracks
from voice.bench.wire import Line
from voice.hearing import audio
from voice.trace import jsonable

PLACED, RESULT, RECORDING, TRACE, DESK = "placed.json", "result.json", "call.wav", "trace.jsonl", "desk.db"
STATE = "desk.json"
"""What was booked after the call."""

CLOSING_SECONDS = 5.0
"""How long an agent may take to finish a call that was hung up on before the next call begins."""

WARM_UP = "warm-up"
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
    """

    name: str
    calls: Path
    connect: Callable[[str], Awaitable[Line]]
    traces: bool = True


@dataclass(frozen=True, slots=True)
class Job:
    """A call to make. ``repeat`` counts from 1."""

    call: RecordedCall
    repeat: int = 1

    @property
    def folder(self) -> str:
        """The name of its folder."""
        return self.call.id if self.repeat == 1 else f"{self.call.id}.{self.repeat}"


@dataclass(frozen=True, slots=True)
class Watch:
    """Told what happens: always the agent's name, then the job, and for ``turn`` its number."""

    warming: Callable[[str], None] = lambda agent: None
    began: Callable[[str, Job], None] = lambda agent, job: None
    turn: Callable[[str, Job, int], None] = lambda agent, job, number: None
    ended: Callable[[str, Job], None] = lambda agent, job: None


def jobs(calls: Sequence[RecordedCall], repeat: int) -> list[Job]:
    """Give every call ``repeat`` times: all of them once, then all of them again."""
    return [Job(call, number) for number in range(1, repeat + 1) for call in calls]


def in_turn(work: Sequence[Job], agents: Sequence[str]) -> Iterator[tuple[Job, str]]:
    """Give the order in which calls are made. The first agent of a call is the second one's last, and so on."""
    for index, job in enumerate(work):
        shift = index % len(agents)
        for agent in (*agents[shift:], *agents[:shift]):
            yield job, agent


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
) -> dict[str, list[CallResult]]:
    """Make and measure every call that is not yet done, and give all results in the order of ``work``.

    Args:
        callees: Who is called.
        work: The calls to make.
        listener: Hears the replies.
        manners: When the caller speaks.
        watch: Told what happens.
        expected: What is to be booked after each call, by the call's name, as far as that is known.

    Raises:
        LineError: an agent can't be reached.
        AudioError: a recording can't be read.
        OSError: a file can't be written.
    """
    named = {callee.name: callee for callee in callees}
    for callee in callees:
        if not all(recorded(callee.calls / job.folder) for job in work):
            watch.warming(callee.name)
            await _warm_up(callee, work[0])
    results: dict[tuple[str, str], CallResult] = {}
    for job, name in in_turn(work, list(named)):
        callee = named[name]
        watch.began(name, job)
        results[name, job.folder] = await _one(callee, job, listener, manners, watch, expected)
        watch.ended(name, job)
    return {name: [results[name, job.folder] for job in work] for name in named}


async def _one(
    callee: Callee, job: Job, listener: Listener, manners: Manners, watch: Watch, expected: Mapping[str, State]
) -> CallResult:
    folder = callee.calls / job.folder
    if done := finished(folder):
        return done
    if not recorded(folder):
        await _call(callee, job, folder, manners, watch)
    # Nothing else runs now, so that hearing the replies may take the whole machine.
    return _measure(job, folder, listener, expected.get(job.call.id))


async def _warm_up(callee: Callee, job: Job) -> None:
    """Let an agent answer the first turn of a call, and keep nothing of it but its trace."""
    folder = callee.calls / WARM_UP
    _clear(folder)
    line = await callee.connect(WARM_UP)
    await place_call(line, [_track(job.call.turns[0].audio)], WARM_UP_MANNERS)
    await _settled(callee, folder)


async def _call(callee: Callee, job: Job, folder: Path, manners: Manners, watch: Watch) -> None:
    _clear(folder)
    turns = [_track(turn.audio) for turn in job.call.turns]
    line = await callee.connect(job.folder)
    placed = await place_call(line, turns, manners, lambda number, _: watch.turn(callee.name, job, number))
    await _settled(callee, folder)
    placed.recording.save(folder / RECORDING)
    _write(folder / PLACED, _kept(placed))


async def _settled(callee: Callee, folder: Path) -> None:
    """Wait until the agent no longer works on a call, and keep of its database, which is large, what is booked."""
    if callee.traces:
        for _ in range(round(CLOSING_SECONDS / 0.1)):
            await asyncio.sleep(0.1)
            if _closed(folder / TRACE):
                break
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
        turns=assess(job.call, job.repeat, tracks, starts, timeline, listener),
        voice=job.call.voice,
        condition=job.call.condition,
        database_right=same_state(folder / STATE, expected),
    )
    _write(folder / RESULT, asdict(result))
    return result


def _kept(placed: Placed) -> Mapping[str, Any]:
    return {
        "began": placed.recording.began,
        "starts": list(placed.turns),
        "late": placed.late,
        "broken": placed.broken,
    }


def _track(path: Path) -> Track:
    return (np.clip(audio.read(path, rate=SAMPLE_RATE).samples, -1, 1) * 32767).astype(np.int16)


def _clear(folder: Path) -> None:
    """Make a call's folder, and take out of it what a call that was killed left."""
    folder.mkdir(parents=True, exist_ok=True)
    _remove(folder, RECORDING, TRACE, DESK, STATE)


def _remove(folder: Path, *names: str) -> None:
    """Remove files whose names begin like this."""
    for left in folder.iterdir():
        if left.name.startswith(names):
            left.unlink()


def _closed(trace: Path) -> bool:
    """Say whether the agent has written its last line about the call, and so no longer works on it."""
    return trace.exists() and '"kind": "closed"' in trace.read_text(encoding="utf-8")[-400:]


def _write(path: Path, data: object) -> None:
    """Write JSON whole or not at all."""
    new = path.with_name(path.name + ".new")
    new.write_text(json.dumps(data, indent=1, ensure_ascii=False, default=jsonable), encoding="utf-8")
    os.replace(new, path)
