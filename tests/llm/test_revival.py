"""A model server that died or hangs is started again on its port, and its tier is warm again; until it is stopped."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from voice.llm import embedded_tier
from voice.llm.embedded import EmbeddedServer, ServerConfig, ServerError
from voice.llm.embedded_tier import EmbeddedTier
from voice.llm.warmup import Warmth
from voice.ports import Message
from voice.stack import tiers_down

DOWN = ["fast: its model server does not run"]
PREFIX = [Message("system", "Answer with the city.")]

CHILD = """
import json, socket, sys
listener = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("loading", file=sys.stderr, flush=True)
print(json.dumps({"port": listener.getsockname()[1]}), flush=True)
sys.stdin.read()
"""
ANSWERING_CHILD = """
import http.server, json, sys, threading
class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path in sys.argv[2:]:
            threading.Event().wait()
        self.send_response(200)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")
    def log_message(self, *_): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Answers)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps({"port": server.server_port}), flush=True)
sys.stdin.read()
"""
SLOW_START = "import sys, time\ntime.sleep(0.3)"
SLOW_CHILD = SLOW_START + CHILD
BROKEN_CHILD = "import sys\nprint('out of memory', file=sys.stderr)"


class FakeServer(EmbeddedServer):
    """A server whose process loads no model."""

    child = CHILD
    silent: tuple[str, ...] = ()
    """Paths that get no answer from an `ANSWERING_CHILD`."""

    def _command(self, port: int) -> list[str]:
        return [sys.executable, "-I", "-c", self.child, str(port), *self.silent]

    def die(self) -> None:
        assert self.pid is not None
        os.kill(self.pid, signal.SIGKILL)
        os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)


@pytest.fixture
def server(tmp_path: Path) -> FakeServer:
    weights = tmp_path / "model.gguf"
    weights.write_bytes(b"GGUF")
    return FakeServer(ServerConfig("fast", weights))


@pytest.fixture
def warmed(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[Message]]:
    """Give what slots are warmed with, without a model that reads it; and have dead servers noticed at once."""
    warmed: list[Sequence[Message]] = []

    async def warm_slots(base_url: str, messages: Sequence[Message], **_: Any) -> Warmth:
        warmed.append(messages)
        return Warmth.PREFILLED

    monkeypatch.setattr(embedded_tier, "warm_slots", warm_slots)
    monkeypatch.setattr(embedded_tier, "_LOOK_SECONDS", 0.01)
    monkeypatch.setattr(embedded_tier, "_PAUSE_SECONDS", (0.02, 0.05))
    return warmed


@asynccontextmanager
async def serving(server: FakeServer) -> AsyncGenerator[EmbeddedTier]:
    async with server, EmbeddedTier(server) as tier:
        await tier.warm(PREFIX)
        yield tier


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not happened():
            await asyncio.sleep(0.01)


async def test_a_server_that_dies_comes_back_under_its_address_and_warm(
    server: FakeServer, warmed: list[Sequence[Message]], caplog: pytest.LogCaptureFixture
):
    async with serving(server) as tier:
        address, pid = server.base_url, server.pid
        assert tiers_down({"fast": tier}) == []
        server.die()
        assert tiers_down({"fast": tier}) == DOWN
        await until(lambda: len(warmed) == 2)
        assert tiers_down({"fast": tier}) == []
        assert (server.base_url, tier.config.base_url) == (address, address)
        assert server.pid != pid
        assert warmed == [PREFIX, PREFIX]
    told = [record.getMessage() for record in caplog.records]
    assert told[0] == "the fast model server has died, and is started again; it last said:\nloading"


@pytest.fixture
def questions(warmed: list[Sequence[Message]], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give what servers are asked, time and again, with little patience."""
    questions: list[str] = []
    asked = EmbeddedTier._answers

    async def answers(tier: EmbeddedTier, path: str) -> bool:
        questions.append(path)
        return await asked(tier, path)

    monkeypatch.setattr(EmbeddedTier, "_answers", answers)
    monkeypatch.setattr(embedded_tier, "_ASK_SECONDS", 0.0)
    monkeypatch.setattr(embedded_tier, "_ANSWER_SECONDS", 0.3)
    return questions


@pytest.fixture
def answering(server: FakeServer) -> FakeServer:
    server.child = ANSWERING_CHILD
    return server


async def test_a_server_that_hangs_is_down_until_it_was_started_again(
    answering: FakeServer, warmed: list[Sequence[Message]], questions: list[str], caplog: pytest.LogCaptureFixture
):
    async with serving(answering) as tier:
        address, pid = answering.base_url, answering.pid
        await until(lambda: len(questions) > 3)
        assert (answering.pid, set(questions)) == (pid, {"/slots"})
        answering.child = SLOW_START + ANSWERING_CHILD
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        await until(lambda: tiers_down({"fast": tier}) == DOWN)
        await until(lambda: len(warmed) == 2)
        assert tiers_down({"fast": tier}) == []
        assert answering.base_url == address
        assert answering.pid != pid
        assert caplog.records[0].getMessage() == "the fast model server answers nothing any more, and is started again"
        questions.clear()
        await until(lambda: len(questions) > 3)
        assert set(questions) == {"/slots"}


async def test_a_server_with_a_long_prompt_is_left_alone_but_not_for_ever(
    answering: FakeServer, questions: list[str], monkeypatch: pytest.MonkeyPatch
):
    answering.silent = ("/slots",)
    async with serving(answering):
        pid = answering.pid
        await until(lambda: questions.count("/health") == 2)
        assert answering.pid == pid
        monkeypatch.setattr(embedded_tier, "_BUSY_SECONDS", 0.5)
        await until(lambda: answering.pid not in (pid, None))


async def test_a_server_that_has_nothing_to_say_of_its_slots_works(answering: FakeServer, questions: list[str]):
    answering.child = ANSWERING_CHILD.replace("200", "501")
    async with serving(answering):
        pid = answering.pid
        await until(lambda: len(questions) > 3)
        assert (answering.pid, set(questions)) == (pid, {"/slots"})


async def test_a_server_that_cannot_be_started_is_tried_less_and_less_often(
    server: FakeServer, warmed: list[Sequence[Message]], caplog: pytest.LogCaptureFixture
):
    async with serving(server) as tier:
        server.child = BROKEN_CHILD
        server.die()

        def again() -> list[str]:
            told = [record.getMessage() for record in caplog.records]
            return [line.split(" again in ")[1].split(":")[0] for line in told if " again in " in line]

        await until(lambda: len(again()) == 4)
        assert again() == ["0.02 s", "0.04 s", "0.05 s", "0.05 s"]
        assert "out of memory" in caplog.text
        assert not tier.alive
        server.child = CHILD
        await until(lambda: tier.alive)
    assert server.pid is None


async def test_a_server_is_tried_again_when_the_machine_has_no_room_for_a_process(
    server: FakeServer, warmed: list[Sequence[Message]], monkeypatch: pytest.MonkeyPatch
):
    async with serving(server) as tier:
        with monkeypatch.context() as full:
            refused: list[object] = []

            def popen(*args: object, **_: object) -> None:
                refused.append(args)
                raise OSError("Cannot allocate memory")

            full.setattr(subprocess, "Popen", popen)
            server.die()
            await until(lambda: len(refused) == 2)
        await until(lambda: tier.alive)


async def test_closing_while_a_server_starts_again_leaves_no_process(
    server: FakeServer, warmed: list[Sequence[Message]]
):
    async with serving(server):
        dead = server.pid
        server.child = SLOW_CHILD
        server.die()
        await until(lambda: server.pid not in (dead, None))
        starting = server.pid
    assert starting is not None
    with pytest.raises(ProcessLookupError):
        os.kill(starting, 0)
    assert server.pid is None


def test_a_server_that_was_stopped_stays_stopped(server: FakeServer):
    with server:
        pass
    with pytest.raises(ServerError, match="fast model server can't be started again"):
        server.restart()
