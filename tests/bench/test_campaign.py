"""Whole benchmarks against scripted agents on virtual time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from scripted_agent import Manner, ScriptedLine, ScriptedListener, fixtures, tone

from voice.bench.calls.campaign import WARM_UP, Callee, Watch, finished, run
from voice.bench.calls.floor import Manners
from voice.bench.calls.schedule import Job, batches, in_turn, jobs
from voice.bench.measured.results import CallResult
from voice.bench.reports.report import remarks
from voice.bench.wire import LineError, Sound
from voice.testing import in_virtual_time
from voice.tracing.turns import load_trace

SIMPLE = [(0.2, 1.2)]
COMPLEX = [(0.2, 1.2), (2.2, 3.2)]
MANNERS = Manners(first_after=0.8, gives_up_after=4.0)


def callee(name: str, folder: Path, manner: Manner, made: list[str] | None = None) -> Callee:
    async def connect(call: str) -> ScriptedLine:
        if made is not None and call != WARM_UP:
            made.append(f"{name} {call}")
        return ScriptedLine(manner)

    return Callee(name, folder / name, connect, traces=False)


async def one(tmp_path: Path, manner: Manner, *turns: list[tuple[float, float]]) -> CallResult:
    work = jobs(fixtures(tmp_path / "set", demo=turns), 1)
    results = await run([callee("agent", tmp_path, manner)], work, ScriptedListener(), MANNERS)
    return results["agent"][0]


@in_virtual_time
async def test_a_known_delay_is_measured_to_the_millisecond(tmp_path: Path):
    made = await one(tmp_path, Manner(delay=0.7345), SIMPLE, SIMPLE)
    assert [turn.first_audio_ms for turn in made.turns] == [pytest.approx(734.5, abs=1)] * 2
    assert [turn.unmasked_silence_ms for turn in made.turns] == [pytest.approx(734.5, abs=1)] * 2
    assert all(turn.answered and not turn.cut_in for turn in made.turns)
    assert (made.broken, made.late_ms) == (None, 0)


@in_virtual_time
async def test_filler_is_the_first_audio_and_breaks_the_silence(tmp_path: Path):
    made = await one(tmp_path, Manner(delay=2.0, filler=0.4), SIMPLE)
    assert made.turns[0].first_audio_ms == pytest.approx(400, abs=1)
    assert made.turns[0].unmasked_silence_ms == pytest.approx(1300, abs=1)
    assert made.turns[0].total_silence_ms == pytest.approx(1700, abs=1)


@in_virtual_time
async def test_an_agent_without_patience_cuts_a_turn_short(tmp_path: Path):
    made = await one(tmp_path, Manner(delay=0.5, seconds=0.3), COMPLEX)
    assert made.turns[0].cut_short
    assert made.turns[0].first_audio_ms == pytest.approx(500, abs=1)


@in_virtual_time
async def test_a_patient_agent_does_not(tmp_path: Path):
    made = await one(tmp_path, Manner(delay=0.5, patience=1.2), COMPLEX)
    assert not made.turns[0].cut_in
    assert made.turns[0].first_audio_ms == pytest.approx(1700, abs=1)


@in_virtual_time
async def test_a_turn_without_answer_has_no_figures_but_its_silence(tmp_path: Path):
    made = await one(tmp_path, Manner(answers=1), SIMPLE, SIMPLE)
    assert [turn.answered for turn in made.turns] == [True, False]
    assert made.turns[1].first_audio_ms is None
    assert made.turns[1].unmasked_silence_ms == pytest.approx(1000 * MANNERS.gives_up_after, abs=250)


@in_virtual_time
async def test_a_broken_line_ends_the_call_and_its_turns_are_unanswered(tmp_path: Path):
    made = await one(tmp_path, Manner(hangs_up_after=2), SIMPLE, SIMPLE, SIMPLE)
    assert made.broken
    assert "hung up" in made.broken
    assert [turn.answered for turn in made.turns] == [True, False, False]
    assert [turn.spoken for turn in made.turns] == [True, True, False]
    assert [turn.unmasked_silence_ms for turn in made.turns] == [pytest.approx(500, abs=1), None, None]
    assert [turn.total_silence_ms for turn in made.turns][1:] == [None, None]


@in_virtual_time
async def test_a_call_with_an_agent_that_is_never_silent_ends_and_is_marked(tmp_path: Path):
    class Talks(ScriptedLine):
        async def receive(self) -> AsyncIterator[Sound]:
            while not self.closed:
                yield Sound(tone(1.0).tobytes(), self.sample_rate)
                await asyncio.sleep(1.0)

    async def connect(call: str) -> ScriptedLine:
        return Talks(Manner())

    manners = replace(MANNERS, longest_reply=5.0)
    talks = Callee("talks", tmp_path / "talks", connect, traces=False)
    work = jobs(fixtures(tmp_path / "set", demo=[SIMPLE]), 1)
    [made] = (await run([talks], work, ScriptedListener(), manners))["talks"]
    assert made.never_silent
    assert made.broken is None
    assert "never silent" in remarks({"talks": [made]})[0]
    assert finished(tmp_path / "talks" / "demo") == made


@in_virtual_time
async def test_agents_take_turns_call_by_call(tmp_path: Path):
    made: list[str] = []
    calls = fixtures(tmp_path / "set", one=[SIMPLE], two=[SIMPLE])
    agents = [callee("a", tmp_path, Manner(), made), callee("b", tmp_path, Manner(delay=1.0), made)]
    results = await run(agents, jobs(calls, 2), ScriptedListener(), MANNERS)
    assert made == ["a one", "b one", "b two", "a two", "a one.2", "b one.2", "b two.2", "a two.2"]
    assert [(call.call, call.repeat) for call in results["b"]] == [("one", 1), ("two", 1), ("one", 2), ("two", 2)]
    assert [call.turns[0].first_audio_ms for call in results["b"]] == [pytest.approx(1000, abs=1)] * 4


def test_every_agent_goes_first_equally_often(tmp_path: Path):
    work = jobs(fixtures(tmp_path, one=[SIMPLE], two=[SIMPLE], three=[SIMPLE]), 2)
    order = [agent for _, agent in in_turn(work, ["a", "b", "c"])]
    assert [order[index] for index in range(0, len(order), 3)] == ["a", "b", "c"] * 2
    assert len({(job.folder, agent) for job, agent in in_turn(work, ["a", "b", "c"])}) == 18


@in_virtual_time
async def test_an_agent_may_be_called_several_times_at_once(tmp_path: Path):
    calls = fixtures(tmp_path / "set", one=[SIMPLE], two=[SIMPLE], three=[SIMPLE])
    open_now, most = 0, 0

    class Counted(ScriptedLine):
        async def close(self) -> None:
            nonlocal open_now
            open_now -= 1
            await super().close()

    async def connect(call: str) -> ScriptedLine:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        return Counted(Manner(delay=0.6))

    agents = [Callee("a", tmp_path / "a", connect, traces=False)]
    results = await run(agents, jobs(calls, 1), ScriptedListener(), MANNERS, at_once=2)
    assert (most, open_now) == (2, 0)
    assert [call.call for call in results["a"]] == ["one", "two", "three"]
    assert [call.turns[0].first_audio_ms for call in results["a"]] == [pytest.approx(600, abs=1)] * 3


def test_calls_at_the_same_time_are_neighbours():
    assert batches([1, 2, 3, 4, 5], 2) == [[1, 2], [3, 4], [5]]


@in_virtual_time
async def test_each_call_leaves_its_recording_and_timeline(tmp_path: Path):
    await one(tmp_path, Manner(), SIMPLE)
    left = {file.name for file in (tmp_path / "agent" / "demo").iterdir()}
    assert left == {"call.wav", "placed.json", "result.json", "timeline.html", "timeline.json"}


@in_virtual_time
async def test_a_run_that_was_stopped_goes_on_where_it_was(tmp_path: Path):
    work = jobs(fixtures(tmp_path / "set", one=[SIMPLE], two=[SIMPLE]), 1)
    made: list[str] = []
    agents = [callee("a", tmp_path, Manner(), made)]
    first = asyncio.create_task(
        run(agents, work, ScriptedListener(), MANNERS, Watch(turn=_stop_in("two", lambda: first.cancel())))
    )
    with pytest.raises(asyncio.CancelledError):
        await first
    assert made == ["a one", "a two"]
    results = await run(agents, work, ScriptedListener(), MANNERS)
    assert made == ["a one", "a two", "a two"]
    assert [call.call for call in results["a"]] == ["one", "two"]


@in_virtual_time
async def test_a_call_that_was_recorded_but_not_measured_is_not_made_again(tmp_path: Path):
    work = jobs(fixtures(tmp_path / "set", one=[SIMPLE]), 1)
    made: list[str] = []
    agents = [callee("a", tmp_path, Manner(delay=0.8), made)]
    before = await run(agents, work, ScriptedListener(), MANNERS)
    (tmp_path / "a" / "one" / "result.json").write_text("{cut o")
    assert finished(tmp_path / "a" / "one") is None
    assert await run(agents, work, ScriptedListener(), MANNERS) == before
    assert made == ["a one"]


@in_virtual_time
async def test_what_a_killed_call_left_is_cleared_away_before_it_is_made_again(tmp_path: Path):
    work = jobs(fixtures(tmp_path / "set", one=[SIMPLE]), 1)
    folder = tmp_path / "a" / "one"
    folder.mkdir(parents=True)
    for name in ("trace.jsonl", "call.wav", "desk.db", "desk.db-wal", "notes.txt"):
        (folder / name).write_text("left over")
    seen: list[set[str]] = []

    async def connect(call: str) -> ScriptedLine:
        seen.append({file.name for file in (tmp_path / "a" / call).iterdir()})
        (tmp_path / "a" / call / "desk.db").write_text("large")
        return ScriptedLine(Manner())

    await run([Callee("a", tmp_path / "a", connect, traces=False)], work, ScriptedListener(), MANNERS)
    assert seen == [set(), {"notes.txt"}]
    assert not list((tmp_path / "a").rglob("desk.db"))


@in_virtual_time
async def test_no_agent_is_met_cold(tmp_path: Path):
    work = jobs(fixtures(tmp_path / "set", one=[SIMPLE]), 1)
    delays = iter([30.0, 0.5])

    async def connect(call: str) -> ScriptedLine:
        return ScriptedLine(Manner(delay=next(delays)))

    results = await run([Callee("a", tmp_path / "a", connect, traces=False)], work, ScriptedListener(), MANNERS)
    assert results["a"][0].turns[0].first_audio_ms == pytest.approx(500, abs=1)
    assert len(results["a"]) == 1


@in_virtual_time
async def test_the_call_that_is_not_measured_leaves_no_trace(tmp_path: Path):
    work = jobs(fixtures(tmp_path / "set", one=[SIMPLE]), 1)

    async def connect(call: str) -> ScriptedLine:
        line = {"at": 0.0, "call": call, "turn": 0, "kind": "closed"}
        (tmp_path / "a" / call / "trace.jsonl").write_text(json.dumps(line) + "\n")
        (tmp_path / "a" / call / "desk.db").write_text("large")
        return ScriptedLine(Manner())

    await run([Callee("a", tmp_path / "a", connect)], work, ScriptedListener(), MANNERS)
    assert [line["call"] for line in load_trace([tmp_path])] == ["one"]
    assert not list((tmp_path / "a" / WARM_UP).iterdir())


@in_virtual_time
async def test_a_measured_call_may_be_named_like_the_one_that_is_not(tmp_path: Path):
    named: list[str] = []

    async def connect(call: str) -> ScriptedLine:
        named.append(call)
        return ScriptedLine(Manner())

    agent = Callee("a", tmp_path / "a", connect, traces=False)
    calls = fixtures(tmp_path / "set", **{WARM_UP: [SIMPLE], f"{WARM_UP}-": [SIMPLE]})
    for repeat in (1, 2):  # the second run goes on from the first
        await run([agent], jobs(calls, repeat), ScriptedListener(), MANNERS)
        assert (tmp_path / "a" / WARM_UP / "call.wav").exists()
    unmeasured = f"{WARM_UP}--"
    assert named == [unmeasured, WARM_UP, f"{WARM_UP}-", unmeasured, f"{WARM_UP}.2", f"{WARM_UP}-.2"]


@in_virtual_time
async def test_what_an_agent_traced_is_in_the_result(tmp_path: Path):
    work = jobs(fixtures(tmp_path / "set", one=[SIMPLE]), 1)

    async def connect(call: str) -> ScriptedLine:
        lines = [
            {"at": 0.0, "turn": 0, "kind": "call", "call": call, "clock": asyncio.get_running_loop().time()},
            {"at": 2.3, "turn": 1, "kind": "turn", "text": "two bags", "silence_seconds": 0.3},
            {"at": 2.4, "turn": 1, "kind": "route", "route": "draft", "reason": "short"},
            {"at": 2.9, "turn": 1, "kind": "answer", "source": "fast", "outcome": "answer", "say": ["Two."]},
            {"at": 9.0, "turn": 0, "kind": "closed"},
        ]
        path = tmp_path / "a" / call / "trace.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return ScriptedLine(Manner())

    results = await run([Callee("a", tmp_path / "a", connect)], work, ScriptedListener(), MANNERS)
    turn = results["a"][0].turns[0]
    assert (turn.tier, turn.outcome, turn.heard, turn.escalated) == ("fast", "answer", "two bags", False)


@in_virtual_time
async def test_what_a_caller_said_before_a_pause_is_heard_once(tmp_path: Path):
    work = jobs(fixtures(tmp_path / "set", one=[COMPLEX]), 1)

    async def connect(call: str) -> ScriptedLine:
        lines = [
            {"at": 0.0, "turn": 0, "kind": "call", "call": call, "clock": asyncio.get_running_loop().time()},
            {"at": 2.3, "turn": 1, "kind": "turn", "text": "two bags", "silence_seconds": 0.3},
            {"at": 4.3, "turn": 2, "kind": "turn", "text": "two bags to Denver", "silence_seconds": 0.3},
            {"at": 4.5, "turn": 2, "kind": "answer", "source": "fast", "outcome": "answer", "say": ["Two."]},
            {"at": 9.0, "turn": 0, "kind": "closed"},
        ]
        path = tmp_path / "a" / call / "trace.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return ScriptedLine(Manner())

    results = await run([Callee("a", tmp_path / "a", connect)], work, ScriptedListener(), MANNERS)
    assert results["a"][0].turns[0].heard == "two bags to Denver"


@in_virtual_time
async def test_an_agent_that_cannot_be_reached_stops_the_run(tmp_path: Path):
    async def connect(call: str) -> ScriptedLine:
        raise LineError("no agent answers")

    work = jobs(fixtures(tmp_path / "set", one=[SIMPLE]), 1)
    with pytest.raises(LineError, match="no agent answers"):
        await run([Callee("a", tmp_path / "a", connect)], work, ScriptedListener(), MANNERS)


def _stop_in(call: str, stop: Callable[[], object]) -> Callable[[str, Job, int], None]:
    def turn(agent: str, job: Job, number: int) -> None:
        if job.call.id == call:
            stop()

    return turn
