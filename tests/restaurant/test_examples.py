"""The two examples of how to use the cascade elsewhere run, are short, and stand in the documentation as they are."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import grimp
import pytest
from pipecat.frames.frames import (
    EndFrame,
    Frame,
    TranscriptionFrame,
    TTSAudioRawFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.pipeline.worker import PipelineWorker
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.transports.base_transport import BaseTransport
from pipecat.turns.user_stop import SpeechTimeoutUserTurnStopStrategy
from pipecat.workers.runner import WorkerRunner

from tests.restaurant.chat import chat
from tests.restaurant.desk import TableDesk
from tests.restaurant.evening import POLICY, QUIET
from tests.restaurant.pipeline import build
from tests.restaurant.store import Book
from tests.restaurant.test_desk import PROPOSED, RESERVE, SIMPLE, meant
from voice.processors.speaker import SpeakerTTSService
from voice.testing import Reply, ScriptedModel, ToneSpeaker, in_virtual_time
from voice.trace import Line

HERE = Path(__file__).parent
PAGE = Path(__file__).parents[2] / "docs" / "cascade.md"
MOST_LINES = 30


@in_virtual_time
async def test_a_text_chat_reserves_a_table() -> None:
    shown: list[str] = []

    async def lines() -> AsyncIterator[str]:
        for line in (SIMPLE, "yes"):
            shown.append(f"> {line}")
            yield line

    desk = TableDesk(Book())
    with ScriptedModel("fast", Reply(meant(RESERVE), 2.0)) as fast, ScriptedModel("strong") as strong:
        await chat(lines(), shown.append, desk, {"fast": fast, "strong": strong}, POLICY)
    assert shown == [
        "Good evening. What can I do for you?",
        f"> {SIMPLE}",
        *PROPOSED,
        "> yes",
        "Your table for 2 on Friday at 8 PM is booked, under T1.",
    ]


@in_virtual_time
async def test_two_callers_at_one_desk_get_each_what_they_asked_for() -> None:
    shown: list[str] = []
    traced: list[Line] = []

    async def lines(request: str) -> AsyncIterator[str]:
        for line in (request, "yes"):
            yield line

    desk = TableDesk(Book())
    five = {"action": "reserve", "party": "five", "day": "Sunday", "time": "six"}
    for request, action in ((SIMPLE, RESERVE), ("A table for five on Sunday at six, please.", five)):
        with ScriptedModel("fast", meant(action)) as fast, ScriptedModel("strong") as strong:
            await chat(lines(request), shown.append, desk, {"fast": fast, "strong": strong}, QUIET, traced.append)
    assert shown[3::4] == [
        "Your table for 2 on Friday at 8 PM is booked, under T1.",
        "Your table for 5 on Sunday at 6 PM is booked, under T2.",
    ]
    assert [*desk.book.bookings] == ["T1", "T2"]
    assert len({line["call"] for line in traced}) == 2


def test_what_the_chat_is_made_of_imports_no_pipecat() -> None:
    graph = grimp.build_graph("voice", include_external_packages=True, cache_dir=None)
    chains = {module: graph.find_shortest_chain(module, "pipecat") for module in ("voice.runtime", "voice.stack")}
    assert chains == {"voice.runtime": None, "voice.stack": None}


class Wire(FrameProcessor):
    """Passes everything on, and keeps the sound that passed."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        await super().process_frame(frame, direction)
        if isinstance(frame, TTSAudioRawFrame):
            self.seconds += frame.num_frames / frame.sample_rate
        await self.push_frame(frame, direction)


class Room(BaseTransport):
    """A transport that reaches nobody."""

    def __init__(self) -> None:
        super().__init__()
        self.ears, self.mouth = Wire(), Wire()

    def input(self) -> FrameProcessor:
        return self.ears

    def output(self) -> FrameProcessor:
        return self.mouth


@in_virtual_time
async def test_a_pipecat_pipeline_reserves_a_table() -> None:
    desk, room, voice = TableDesk(Book()), Room(), ToneSpeaker()
    stop = SpeechTimeoutUserTurnStopStrategy(user_speech_timeout=0.3)
    with ScriptedModel("fast", meant(RESERVE)) as fast, ScriptedModel("strong") as strong:
        tiers = {"fast": fast, "strong": strong}
        pipeline = build(room, [], [stop], SpeakerTTSService(voice), desk, tiers, QUIET)
        worker = PipelineWorker(pipeline, cancel_on_idle_timeout=False)
        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(worker)
        call = asyncio.create_task(runner.run())
        for text in (SIMPLE, "Yes."):
            heard = TranscriptionFrame(text, "", "")
            await asyncio.sleep(1)
            await worker.queue_frames([VADUserStartedSpeakingFrame(), heard, VADUserStoppedSpeakingFrame()])
            await asyncio.sleep(10)
        await worker.queue_frame(EndFrame())
        await call
    assert [*dict.fromkeys(voice.said)] == [*PROPOSED, "Your table for 2 on Friday at 8 PM is booked, under T1."]
    assert [*desk.book.bookings] == ["T1"]
    assert room.mouth.seconds > 1.0


@pytest.mark.parametrize("name", ["chat.py", "pipeline.py"])
def test_an_example_is_short_and_stands_in_the_documentation_as_it_is(name: str) -> None:
    code = (HERE / name).read_text(encoding="utf-8")
    assert sum(bool(line.strip()) for line in code.splitlines()) < MOST_LINES
    quoted = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    assert code in quoted
