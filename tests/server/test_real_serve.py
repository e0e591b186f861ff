"""`voice serve` with the embedded models: talked to on its page and by phone, started and stopped as a process."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import websockets
from pipecat.audio.utils import create_stream_resampler, pcm_to_ulaw, ulaw_to_pcm

from tests.server.browser import CHROMIUM, browser
from voice import models
from voice.bench.recordings.manifest import RecordedTurn, find, load
from voice.hearing import audio
from voice.hearing.whisper import WhisperTranscriber

pytestmark = pytest.mark.real

FIXTURES = Path(__file__).parents[2] / "audio_fixtures"
PATIENCE_SECONDS = 180.0
"""The models may have to be warmed from nothing, on a busy machine."""


@pytest.fixture(scope="module", autouse=True)
def embedded() -> None:
    try:
        for name in ("llm-fast", "llm-strong", "whisper-base", "piper-joe"):
            models.path(name)
    except models.MissingModel as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="module")
def bags_question() -> RecordedTurn:
    """Give "Hi, how many bags can I take for free?"."""
    if not (FIXTURES / "manifest.jsonl").exists():
        pytest.skip("the recorded calls are not made yet")
    return find(load(FIXTURES), "demo").turns[0]


@dataclass
class Served:
    process: subprocess.Popen[str]
    port: int
    calls: Path

    def trace(self) -> list[dict[str, Any]]:
        """Give the newest call's trace."""
        traces = sorted(self.calls.glob("*/trace.jsonl"), key=lambda path: path.stat().st_mtime_ns)
        return [json.loads(line) for line in traces[-1].read_text().splitlines()] if traces else []

    def traced(self, kind: str) -> list[dict[str, Any]]:
        """Give the newest call's lines of a kind."""
        return [line for line in self.trace() if line["kind"] == kind]

    async def until_traced(self, kind: str) -> dict[str, Any]:
        """Wait for a line of a kind in the newest call, and give the first."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (found := self.traced(kind)):
                await asyncio.sleep(0.1)
        return found[0]

    def children(self) -> list[int]:
        """Give the processes of its model servers."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [int(pid) for task in tasks for pid in task.read_text().split()]


@contextmanager
def served(calls: Path) -> Iterator[Served]:
    command = [sys.executable, "-m", "voice", "serve", "--port", "0", "--desk", "seed-1", "--with-parent"]
    with (calls / "serve.log").open("w") as log:
        child = subprocess.Popen(
            [*command, "--calls", str(calls)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        assert child.stdout
        for line in child.stdout:
            if line.startswith("{"):
                yield Served(child, json.loads(line)["port"], calls)
                break
        else:
            pytest.fail((calls / "serve.log").read_text())
    finally:
        child.kill()
        child.wait()
        for pipe in filter(None, (child.stdin, child.stdout)):
            pipe.close()


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("calls")) as agent:
        yield agent


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt install chromium")
async def test_a_recorded_caller_asks_on_the_web_page_and_is_answered(
    agent: Served, bags_question: RecordedTurn, tmp_path: Path
):
    samples = audio.read(bags_question.audio, rate=48_000).samples
    microphone = tmp_path / "microphone.wav"
    soundfile.write(
        microphone, np.concatenate([np.zeros(6 * 48_000), samples, np.zeros(60 * 48_000)]), 48_000, "PCM_16"
    )
    async with browser(microphone, tmp_path / "profile") as page:
        await page.open(f"http://127.0.0.1:{agent.port}/")
        await page.press("Talk")
        heard = await agent.until_traced("turn")
        assert "bags" in heard["text"].lower()
        answer = await agent.until_traced("answer")
        await agent.until_traced("sound")
        said = "[...document.querySelectorAll('li.agent:not(.unsaid)')].map(item => item.innerText).join(' ')"
        await page.until(f"{said}.includes({json.dumps(answer['say'][-1])})")
        await page.screenshot(tmp_path / "talk.png")
        await page.open(f"http://127.0.0.1:{agent.port}/live")
        await page.until("document.querySelector('article .heard')?.innerText.toLowerCase().includes('bags')")
        await page.screenshot(tmp_path / "live.png")
    await agent.until_traced("closed")


async def test_a_recorded_caller_asks_over_a_twilio_line_and_hears_the_fee(agent: Served, bags_question: RecordedTurn):
    samples = audio.read(bags_question.audio, rate=8000).samples
    quiet = np.zeros(8000, np.float32)
    pcm = (np.clip(np.concatenate([quiet, samples, *[quiet] * 60]), -1, 1) * 32767).astype(np.int16)
    ulaw = await pcm_to_ulaw(pcm.tobytes(), 8000, 8000, create_stream_resampler())
    start = {"streamSid": "MZ1", "callSid": "CA1", "accountSid": "AC1", "customParameters": {}}
    reply = bytearray()

    async def listen(connection: websockets.ClientConnection) -> None:
        async for message in connection:
            event = json.loads(message)
            if event["event"] == "media":
                reply.extend(base64.b64decode(event["media"]["payload"]))

    async with websockets.connect(f"ws://127.0.0.1:{agent.port}/phone") as connection:
        await connection.send(json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}))
        await connection.send(json.dumps({"event": "start", "streamSid": "MZ1", "start": start}))
        listening = asyncio.create_task(listen(connection))
        clock = asyncio.get_running_loop().time
        began, heard, quiet_since = clock(), 0, clock()
        for number in range(len(ulaw) // 160):
            media = {"track": "inbound", "payload": base64.b64encode(ulaw[160 * number : 160 * (number + 1)]).decode()}
            await connection.send(json.dumps({"event": "media", "streamSid": "MZ1", "media": media}))
            await asyncio.sleep(max(0.0, began + 0.02 * (number + 1) - clock()))
            if len(reply) != heard:
                heard, quiet_since = len(reply), clock()
            elif clock() - quiet_since > 3 and number % 50 == 0 and agent.traced("answer"):
                break
        await connection.send(json.dumps({"event": "stop", "streamSid": "MZ1"}))
    await asyncio.wait([listening])

    assert agent.trace()[0]["line"] == "twilio"
    facts = [fact for line in agent.traced("performed") for fact in line["facts"]]
    numbers = {number for fact in facts for number in re.findall(r"\d+", fact)}
    assert numbers, agent.traced("turn")
    sound = await ulaw_to_pcm(bytes(reply), 8000, 16_000, create_stream_resampler())
    ears = WhisperTranscriber(models.path("whisper-base"))
    samples = np.frombuffer(sound, np.int16).astype(np.float32) / 32768
    spoken = (await ears.transcribe(samples[: 29 * 16_000])).text
    ears.close()
    assert numbers & set(re.findall(r"\d+", spoken)), (spoken, agent.traced("answer"))


async def test_calls_leave_a_trace_and_a_database_each(agent: Served):
    folders = [path.parent for path in agent.calls.glob("*/trace.jsonl")]
    if not folders:
        pytest.skip("no call was made")
    assert all((folder / "desk.db").is_file() for folder in folders)


def test_a_signal_ends_the_server_and_its_model_servers(agent: Served):
    children = agent.children()
    assert len(children) >= 2
    agent.process.send_signal(signal.SIGTERM)
    assert agent.process.wait(PATIENCE_SECONDS) == 0
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


async def test_the_server_and_its_model_servers_die_with_their_parent(tmp_path: Path):
    with served(tmp_path) as agent:
        children = agent.children()
        assert agent.process.stdin
        agent.process.stdin.close()  # as the kernel does when the parent is killed
        async with asyncio.timeout(PATIENCE_SECONDS):
            while agent.process.poll() is None:
                await asyncio.sleep(0.1)
        assert agent.process.returncode == 0
        assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]
