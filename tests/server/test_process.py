"""The serving process on real sockets: ready, stopped, orphaned, and with callers who stop reading."""

from __future__ import annotations

import asyncio
import gc
import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import websockets

from tests.server.listening import listening
from tests.server.switchboard import PATIENCE_SECONDS, bags, booking, desk, pcm, switchboard
from voice.bench.wire import ProtobufLine, Sound
from voice.server import process

pytestmark = pytest.mark.real

TEXT = "two bags are free and a third one is forty dollars " * 40


async def speak(line: ProtobufLine) -> None:
    for loud in (True, True, True, False):
        await line.send(pcm(0.02, loud=loud))


async def test_a_recorded_caller_is_answered_over_a_real_socket():
    with desk(bags()) as agent:
        async with switchboard(agent, "how many bags") as board, listening(board) as server:
            line = await ProtobufLine.open(f"{server.socket}/ws?call=demo")
            await speak(line)
            async with asyncio.timeout(PATIENCE_SECONDS):
                async for heard in line.receive():
                    if isinstance(heard, Sound) and any(heard.pcm):
                        break
            await line.close()


async def test_what_was_loaded_before_the_first_call_is_looked_through_no_more_while_there_are_calls():
    with desk() as agent:
        async with switchboard(agent) as board:
            async with listening(board):
                assert gc.get_freeze_count() > 0
            assert gc.get_freeze_count() == 0


async def test_a_caller_who_stops_reading_is_hung_up_on(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(process, "PING_SECONDS", 0.5)
    with desk(bags(*[TEXT] * 20)) as agent:
        async with (
            switchboard(agent, "how many bags") as board,
            listening(board) as server,
            websockets.connect(f"{server.socket}/ws", close_timeout=0.1) as connection,
        ):
            await speak(ProtobufLine(connection))
            await board.until_traced("sound")
            connection.transport.pause_reading()
            await board.until(lambda: not board.lines.active)


async def test_a_message_that_would_hold_up_every_call_ends_its_own():
    with desk() as agent:
        async with (
            switchboard(agent) as board,
            listening(board) as server,
            websockets.connect(f"{server.socket}/ws") as connection,
        ):
            await ProtobufLine(connection).send(bytes(process.MOST_BYTES + 2))
            async with asyncio.timeout(PATIENCE_SECONDS):
                await connection.wait_closed()
            assert connection.close_code == 1009
            await board.until(lambda: not board.lines.active)


async def test_stopping_ends_calls_after_their_writes_and_then_watchers_and_connections():
    gate = asyncio.Event()
    with desk(booking(gate)) as agent:
        async with switchboard(agent, "yes book it") as board, listening(board) as server:
            async with httpx.AsyncClient() as http, http.stream("GET", f"{server.web}/live/lines") as watching:
                line = await ProtobufLine.open(f"{server.socket}/ws")
                await speak(line)
                await board.until_traced("perform")
                server.stop()
                await board.until_traced("ended")
                assert not server.task.done()
                gate.set()
                async with asyncio.timeout(PATIENCE_SECONDS):
                    seen = [text async for text in watching.aiter_lines()]
                    await server.task
            await line.close()
            assert len(agent.writes) == 1
            assert json.loads([text for text in seen if text.startswith("data: {")][-1][6:])["kind"] == "closed"


async def test_an_unknown_path_is_refused_over_a_real_socket():
    with desk() as agent:
        async with switchboard(agent) as board, listening(board) as server:
            with pytest.raises(websockets.InvalidStatus) as refused:
                await websockets.connect(f"{server.socket}/nowhere")
            assert refused.value.response.status_code == 403
            async with httpx.AsyncClient() as http:
                assert (await http.get(f"{server.web}/nowhere")).status_code == 404


def test_a_taken_port_is_named_with_what_to_do():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            process.CannotListen, match=rf"can't serve on 127.0.0.1:{port} \(.*use.*\): give another --port"
        ):
            process.bind("127.0.0.1", port)


@pytest.mark.parametrize(("host", "port"), [("203.0.113.7", 0), ("127.0.0.1", 70000), ("127.0.0.1", -1)])
def test_an_address_that_is_not_of_this_machine_is_refused(host: str, port: int):
    with pytest.raises(process.CannotListen):
        process.bind(host, port)


SERVER = """
import asyncio, sys
from fastapi import FastAPI
from voice.server import process

async def main():
    stopper = process.Stopper()
    stopper.on_signals()
    stopper.with_parent()
    async def hang_up():
        print("hung up", flush=True)
        if sys.argv[1] == "stuck":
            await asyncio.sleep(60)
    if sys.argv[1] == "loading":
        print("loading", flush=True)
        await asyncio.sleep(60)
    ready = lambda port: print(sys.argv[1], flush=True)
    await process.run(FastAPI(), process.bind("127.0.0.1", 0), stopper, ready=ready, hang_up=hang_up)

try:
    asyncio.run(main())
except asyncio.CancelledError:
    print("cancelled", flush=True)
"""


@contextmanager
def serving(state: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", SERVER, state]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, text=True, **pipes) as child:
        try:
            assert child.stdout
            assert child.stdout.readline() == f"{state}\n"
            yield child
        finally:
            child.kill()


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, None])
def test_a_server_stops_in_order_at_a_signal_and_when_its_parent_is_gone(end: signal.Signals | None):
    with serving("ready") as child:
        assert child.stdin
        assert child.stdout
        if end:
            child.send_signal(end)
        else:
            child.stdin.close()
        assert child.stdout.read() == "hung up\n"
        assert child.wait(PATIENCE_SECONDS) == 0


@pytest.mark.parametrize("end", [signal.SIGTERM, None])
def test_a_server_that_still_loads_stops_at_once(end: signal.Signals | None):
    with serving("loading") as child:
        assert child.stdin
        assert child.stdout
        if end:
            child.send_signal(end)
        else:
            child.stdin.close()
        assert child.stdout.read() == "cancelled\n"
        assert child.wait(PATIENCE_SECONDS) == 0


def test_a_second_signal_does_not_wait_for_calls():
    with serving("stuck") as child:
        assert child.stdout
        child.send_signal(signal.SIGTERM)
        assert child.stdout.readline() == "hung up\n"
        child.send_signal(signal.SIGTERM)
        assert child.stdout.read() == "cancelled\n"
        assert child.wait(PATIENCE_SECONDS) == 0
