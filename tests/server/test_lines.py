"""Calls over a socket: answered, dropped, refused and hung up on, with nothing left behind."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from pipelines.single import build
from tests.server.switchboard import (
    HungUp,
    Socket,
    bags,
    booking,
    desk,
    hear_something,
    say_something,
    switchboard,
)
from voice.config import load
from voice.fingerprint import version_of
from voice.server.lines import UnknownPipeline, pipeline, pipelines


async def test_a_caller_is_heard_and_answered_and_every_decision_is_traced():
    with desk(bags("Two bags.", "Both are free.")) as agent:
        async with switchboard(agent, "how many bags") as board, Socket(board.app, "/ws") as caller:
            await say_something(caller)
            await hear_something(caller)
            await board.until_traced("sound", 2)
        assert board.speaker.said == ["Two bags.", "Both are free."]
        kinds = board.kinds()
        assert (kinds[0], kinds[-1]) == ("call", "closed")
        for kind in ("transcript", "turn", "route", "perform", "performed", "answer", "sound", "ended"):
            assert kind in kinds
        assert board.trace[0]["line"] == "socket"
        assert board.trace[0]["date"] == "2026-11-24T12:00:00+00:00"
        assert board.trace[0]["models"] == version_of(board.lines.stack.config)


async def test_two_calls_run_at_once_and_one_that_drops_leaves_the_other_alone():
    with desk(bags("Two bags.")) as agent:
        async with switchboard(agent, "how many bags") as board, Socket(board.app, "/ws", "call=stays") as stays:
            async with Socket(board.app, "/ws", "call=drops"):
                await board.until(lambda: len(board.lines.active) == 2)
            await board.until(lambda: len(board.lines.active) == 1)
            await say_something(stays)
            await hear_something(stays)
            assert (await board.http.get("/health")).json() == {
                "ready": True,
                "calls": 1,
                "profile": "scripted",
                "live": True,
            }


async def test_a_caller_who_hangs_up_in_the_middle_of_a_booking_leaves_one_whole_booking():
    gate = asyncio.Event()
    with desk(booking(gate)) as agent:
        async with switchboard(agent, "yes book it") as board:
            async with Socket(board.app, "/ws") as caller:
                await say_something(caller)
                await board.until_traced("perform")
                await caller.hang_up()
                await board.until_traced("ended")
                assert agent.writes == []
                gate.set()
            assert len(agent.writes) == 1
            assert "performed" in board.kinds()
            assert board.speaker.said == []


async def test_a_caller_who_hangs_up_before_the_turn_is_over_books_nothing():
    with desk() as agent:
        async with switchboard(agent) as board:
            async with Socket(board.app, "/ws") as caller:
                await board.until_traced("call")
                await caller.send(b"")
            assert agent.writes == []
            assert board.kinds()[-1] == "closed"


@pytest.mark.parametrize("garbage", [b"\xff\xfe\x00 no protobuf", "a text where bytes are due", b"\x0a\x02\x08"])
async def test_garbage_ends_the_call_and_nothing_else(garbage: bytes | str):
    with desk() as agent:
        async with switchboard(agent) as board, Socket(board.app, "/ws") as caller:
            await caller.send(garbage)
            await caller.until_hung_up()
            await board.until(lambda: not board.lines.active)


async def test_a_caller_who_stops_reading_is_let_go_when_the_connection_breaks():
    with desk(bags()) as agent:
        async with switchboard(agent, "how many bags") as board:
            async with Socket(board.app, "/ws", reads=False) as caller:
                await say_something(caller)
                await board.until_traced("answer")
            await board.until(lambda: not board.lines.active)


async def test_one_call_more_than_there_are_lines_is_told_to_try_again_later():
    with desk() as agent:
        async with switchboard(agent, most=1) as board:
            async with Socket(board.app, "/ws"):
                refused = await Socket(board.app, "/ws").__aenter__()
                hung_up = await refused.until_hung_up()
                assert hung_up.code == 1013
                assert "busy" in hung_up.reason
                assert (await board.http.post("/start", json={})).status_code == 503
            async with Socket(board.app, "/ws"):
                await board.until(lambda: len(board.lines.active) == 1)


async def test_a_stopping_server_hangs_up_finishes_the_write_and_takes_no_more_calls():
    gate = asyncio.Event()
    with desk(booking(gate)) as agent:
        async with switchboard(agent, "yes book it") as board, Socket(board.app, "/ws") as caller:
            await say_something(caller)
            await board.until_traced("perform")
            stopping = asyncio.create_task(board.lines.hang_up())
            await board.until_traced("ended")
            refused = await Socket(board.app, "/ws").__aenter__()
            assert (await refused.until_hung_up()).code == 1013
            assert not stopping.done()
            gate.set()
            await stopping
            assert len(agent.writes) == 1
            assert not board.lines.active


async def test_a_named_call_leaves_its_trace_in_a_folder_of_that_name(tmp_path: Path):
    with desk(bags()) as agent:
        async with switchboard(agent, "how many bags", calls=tmp_path) as board:
            async with Socket(board.app, "/ws", "call=demo.1") as caller:
                await say_something(caller)
                await hear_something(caller)
            lines = [json.loads(line) for line in (tmp_path / "demo.1" / "trace.jsonl").read_text().splitlines()]
            assert [line["kind"] for line in lines] == board.kinds()
            assert all(line["call"].startswith("demo.1-") for line in lines)


@pytest.mark.parametrize("name", ["..", "../x", "a/b", ".hidden", "", "x" * 65])
async def test_a_call_cannot_be_named_like_a_path(name: str, tmp_path: Path):
    with desk() as agent:
        async with switchboard(agent, calls=tmp_path / "calls") as board:
            caller = await Socket(board.app, "/ws", f"call={name}").__aenter__()
            assert (await caller.until_hung_up()).code == 1008
            assert list(tmp_path.iterdir()) == []


async def test_a_name_is_used_once_because_bookings_are_keyed_by_call(tmp_path: Path):
    with desk() as agent:
        async with switchboard(agent, calls=tmp_path) as board:
            async with Socket(board.app, "/ws", "call=demo"):
                await board.until_traced("call")
            again = await Socket(board.app, "/ws", "call=demo").__aenter__()
            hung_up = await again.until_hung_up()
            assert (hung_up.code, "demo" in hung_up.reason) == (1008, True)


async def test_a_folder_that_cannot_be_written_costs_the_trace_and_not_the_call(tmp_path: Path):
    (tmp_path / "calls").write_text("a file where a folder should be")
    with desk(bags()) as agent:
        async with (
            switchboard(agent, "how many bags", calls=tmp_path / "calls") as board,
            Socket(board.app, "/ws") as caller,
        ):
            await say_something(caller)
            await hear_something(caller)


async def test_a_page_of_another_site_cannot_call():
    with desk() as agent:
        async with switchboard(agent) as board:
            caller = await Socket(board.app, "/ws", headers={"origin": "http://elsewhere.example"}).__aenter__()
            assert (await caller.until_hung_up()).code == 1008
            async with Socket(board.app, "/ws", headers={"origin": "http://agent.example"}):
                await board.until(lambda: len(board.lines.active) == 1)


async def test_there_is_nothing_at_an_unknown_path():
    with desk() as agent:
        async with switchboard(agent) as board:
            assert (await board.http.get("/nowhere")).status_code == 404
            with pytest.raises(HungUp):
                await Socket(board.app, "/nowhere").__aenter__()


def test_an_unknown_pipeline_is_refused_with_those_that_there_are():
    config = load("embedded")
    assert {"cascade", "single", "backend"} <= {*pipelines()}
    with pytest.raises(UnknownPipeline, match=r"no pipeline 'nonesuch': use one of .*cascade"):
        pipeline("nonesuch", config)
    with pytest.raises(UnknownPipeline):
        pipeline("os.path", config)
    with pytest.raises(UnknownPipeline):
        pipeline("single-huge", config)


def test_a_pipeline_may_be_asked_for_with_one_tier_alone():
    config = load("embedded")
    assert pipeline("single", config) == (build, config)
    found, narrowed = pipeline("single-fast", config)
    assert found is build
    assert [tier.name for tier in narrowed.tiers] == ["fast"]
