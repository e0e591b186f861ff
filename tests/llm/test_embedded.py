"""The embedded server starts, answers, keeps its prompt cache, and never outlives its parent."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import voice.models
from voice.booking.drafting.prompting import prefix
from voice.config import PROFILES
from voice.llm.configuring import TierConfig
from voice.llm.embedded import EmbeddedServer, ServerConfig, ServerError
from voice.llm.embedded_tier import EmbeddedTier
from voice.llm.tier import OpenAITier
from voice.llm.warmup import Warmth, prefix_key
from voice.ports import Message

pytestmark = pytest.mark.real

PREFIX = [Message("system", "Answer with the city. " * 8)]
SCHEMA = {
    "type": "object",
    "properties": {"city": {"enum": ["Boston", "Chicago"]}},
    "required": ["city"],
    "additionalProperties": False,
}
PATIENT = TierConfig("fast", "", "", timeout_seconds=60, first_token_timeout_seconds=60)


@pytest.fixture
def weights() -> Path:
    try:
        return voice.models.path("llm-fast")
    except voice.models.MissingModel as missing:
        pytest.skip(str(missing))


def cut_in_half(folder: Path) -> None:
    (saved,) = folder.iterdir()
    saved.write_bytes(saved.read_bytes()[: saved.stat().st_size // 2])


def test_missing_weights_are_named_with_the_command_that_brings_them(tmp_path: Path):
    with pytest.raises(ServerError, match=r"no file .*nothing\.gguf.*voice models pull"):
        EmbeddedServer(ServerConfig("fast", tmp_path / "nothing.gguf")).__enter__()


def test_a_missing_adapter_is_named_with_what_makes_one(weights: Path, tmp_path: Path):
    with pytest.raises(ServerError, match=r"no file .*nothing\.gguf.*voice finetune"):
        EmbeddedServer(ServerConfig("fast", weights, adapter=tmp_path / "nothing.gguf")).__enter__()


def test_a_broken_adapter_says_what_the_server_said(weights: Path, tmp_path: Path):
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(1000))
    with pytest.raises(ServerError, match=r"fast"):
        EmbeddedServer(ServerConfig("fast", weights, adapter=broken)).__enter__()


def test_broken_weights_say_what_the_server_said(tmp_path: Path):
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(1000))
    with pytest.raises(ServerError, match=r"fast cannot be served from .*broken\.gguf"):
        EmbeddedServer(ServerConfig("fast", broken)).__enter__()


def test_a_taken_port_is_named(weights: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServerError, match=f"port {port} for fast is taken"):
            EmbeddedServer(ServerConfig("fast", weights, port=port)).__enter__()


def test_an_address_is_given_only_while_the_process_lives(weights: Path):
    with EmbeddedServer(ServerConfig("fast", weights)) as server:
        assert server.base_url.startswith("http://127.0.0.1:")
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        os.waitid(os.P_PID, server.pid, os.WEXITED | os.WNOWAIT)
        with pytest.raises(ServerError, match="does not run"):
            _ = server.base_url


async def test_a_draft_obeys_the_schema_without_white_space_and_tells_its_logprobs(weights: Path):
    async with EmbeddedServer(ServerConfig("fast", weights)) as server, EmbeddedTier(server, PATIENT) as tier:
        draft = await tier.draft([*PREFIX, Message("user", "From Chicago.")], SCHEMA)
    assert draft.error is None
    assert draft.text in ('{"city":"Chicago"}', '{"city":"Boston"}')
    assert len(draft.logprobs) >= 3
    assert draft.prompt_tokens > 30


async def test_a_tier_drafts_again_after_its_server_was_killed_in_the_middle_of_a_draft(weights: Path, tmp_path: Path):
    config = ServerConfig("fast", weights, state=tmp_path)
    asked = [*PREFIX, Message("user", "From Chicago.")]
    async with EmbeddedServer(config) as server, EmbeddedTier(server, PATIENT) as tier:
        await tier.warm(PREFIX)
        begun = asyncio.Event()
        cut = asyncio.create_task(tier.draft(asked, {}, watch=lambda _: begun.set()))
        await begun.wait()
        assert server.pid is not None
        os.kill(server.pid, signal.SIGKILL)
        assert (await cut).error == "down"
        async with asyncio.timeout(60):
            while tier.warmth is not Warmth.RESTORED:
                await asyncio.sleep(0.1)
        assert (await tier.draft(asked, SCHEMA)).text in ('{"city":"Chicago"}', '{"city":"Boston"}')


async def test_the_second_start_restores_the_prefix_and_a_broken_cache_is_made_again(weights: Path, tmp_path: Path):
    config = ServerConfig("fast", weights, state=tmp_path)

    async def start() -> Warmth | None:
        async with EmbeddedServer(config) as server, EmbeddedTier(server, PATIENT) as tier:
            await tier.warm(PREFIX)
            return tier.warmth

    assert await start() is Warmth.PREFILLED
    assert await start() is Warmth.RESTORED
    cut_in_half(tmp_path)
    assert await start() is Warmth.PREFILLED
    assert await start() is Warmth.RESTORED


async def test_an_adapter_works_for_its_tier_and_for_nobody_else_on_the_same_server(weights: Path):
    asked = [*prefix(fine_tuned=True), Message("user", "Caller: Can I bring my dog along?")]
    adapter = PROFILES / "adapters" / "fast.gguf"
    line = {"type": "string", "pattern": r"[^\n]+"}
    async with (
        EmbeddedServer(ServerConfig("fast", weights, adapter=adapter)) as server,
        EmbeddedTier(server, PATIENT) as taught,
        OpenAITier(replace(taught.config, extra={})) as plain,
    ):
        said, unsaid = await taught.draft(asked, line), await plain.draft(asked, line)
        assert said.text == "policy pets"
        assert unsaid.text != said.text
        assert (await taught.draft(asked, line)).text == said.text


async def test_two_processes_may_share_one_cache_folder(weights: Path, tmp_path: Path):
    config = ServerConfig("fast", weights, state=tmp_path)

    async def start() -> None:
        async with EmbeddedServer(config) as server, EmbeddedTier(server, PATIENT) as tier:
            await tier.warm(PREFIX)

    await asyncio.gather(start(), start())
    assert os.listdir(tmp_path) == [f"{prefix_key(weights, PREFIX)}.slot"]


def test_the_server_dies_with_a_parent_that_is_killed(weights: Path):
    code = (
        "import sys, time; from pathlib import Path; from voice.llm.embedded import *\n"
        "with EmbeddedServer(ServerConfig('fast', Path(sys.argv[1]))) as server:\n"
        "    print(server.pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(weights)], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        server = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
    ended, _, _ = select.select([server], [], [], 10)
    os.close(server)
    assert ended


async def test_cancelling_a_start_leaves_no_process(weights: Path):
    server = EmbeddedServer(ServerConfig("fast", weights))
    task = asyncio.create_task(server.__aenter__())
    await asyncio.sleep(0.2)
    pid = server.pid
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
