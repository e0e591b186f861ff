"""What a call's processor passes to its runtime, and what it lets out, on virtual time."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from pipecat.audio.dtmf.types import KeypadEntry
from pipecat.clocks.system_clock import SystemClock
from pipecat.frames.frames import (
    Frame,
    InputDTMFFrame,
    InterimTranscriptionFrame,
    StartFrame,
    TranscriptionFrame,
    TTSSpeakFrame,
    UserStartedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessorSetup
from pipecat.utils.asyncio.task_manager import TaskManager

from voice.cascade.commands import Say
from voice.processors.cascade import CascadeProcessor
from voice.processors.frames import QuestionFrame, TurnOverFrame, UnheardFrame
from voice.testing import in_virtual_time


class Line:
    """Stands in for the runtime: keeps what was noted and heard."""

    def __init__(self) -> None:
        self.notes: list[dict[str, Any]] = []
        self.words: list[str] = []
        self.deaf = False

    def start(self, greeting: str) -> None: ...

    def caller_spoke(self, *, since: float | None = None) -> None: ...

    def note(self, kind: str, **data: Any) -> None:
        self.notes.append(data)

    def heard(self, text: str, *, deaf: bool = False, **_: Any) -> None:
        self.words.append(text)
        self.deaf = deaf

    async def close(self) -> None: ...


class Keypad(CascadeProcessor):
    """A processor without a pipeline around it; keeps what it sends."""

    sent: list[str]

    async def push_frame(self, frame: Frame, direction: FrameDirection = FrameDirection.DOWNSTREAM) -> None:
        self.sent.append(frame.text if isinstance(frame, TTSSpeakFrame) else type(frame).__name__)

    async def broadcast_interruption(self) -> None:
        self.sent.append("interruption")

    async def presses(self, keys: str, *, every: float = 0.3) -> None:
        for key in keys:
            await self.process_frame(InputDTMFFrame(KeypadEntry(key)), FrameDirection.DOWNSTREAM)
            await asyncio.sleep(every)


async def keypad(line: Line) -> Keypad:
    pad = Keypad(lambda _: cast(Any, line), keys={"1": "Yes.", "0": "A person, please."})
    pad.sent = []
    await pad.setup(FrameProcessorSetup(SystemClock(), TaskManager(), cast(Any, None)))
    await pad.process_frame(StartFrame(), FrameDirection.DOWNSTREAM)
    return pad


@in_virtual_time
async def test_a_key_that_is_pressed_alone_stands_for_its_words() -> None:
    line = Line()
    pad = await keypad(line)
    await pad.presses("1")
    assert line.words == []
    await asyncio.sleep(2)
    assert line.words == ["Yes."]
    await pad.cleanup()


@in_virtual_time
async def test_a_number_that_is_keyed_in_is_no_answer_and_leaves_no_digit() -> None:
    line = Line()
    pad = await keypad(line)
    await pad.presses("4111111111111110")
    await asyncio.sleep(2)
    assert line.words == []
    assert line.notes == [{"key": "", "count": 16, "means": None}]
    await pad.cleanup()


@in_virtual_time
async def test_what_is_stopped_before_it_is_on_its_way_is_never_spoken() -> None:
    pad = await keypad(Line())
    pad.say(Say(1, "I found a flight.", "answer"))
    pad.stop()
    pad.say(Say(2, "Sorry, go on.", "answer"))
    await asyncio.sleep(0.1)
    spoken = pad.sent[pad.sent.index("interruption") :]
    assert "I found a flight." not in pad.sent
    assert spoken == ["interruption", "UtteranceStartFrame", "Sorry, go on.", "UtteranceEndFrame"]
    await pad.cleanup()


@in_virtual_time
async def test_the_runtime_is_told_of_a_turn_that_the_ears_lost() -> None:
    line = Line()
    pad = await keypad(line)
    await pad.process_frame(UnheardFrame(), FrameDirection.DOWNSTREAM)
    assert line.words == [""]
    assert line.deaf
    await pad.cleanup()


@in_virtual_time
async def test_a_listeners_word_after_an_open_question_is_no_turn_and_an_answer_is_one() -> None:
    for asked, said, heard in (
        ("And the rest of the code?", "Um-ham.", ""),
        ("And the rest of the code?", "L, S.", "L, S."),
        ("Shall I book it?", "Right.", "Right."),
    ):
        line = Line()
        pad = await keypad(line)
        for frame in (QuestionFrame(text=asked), UserStartedSpeakingFrame(), InterimTranscriptionFrame(said, "", "")):
            await pad.process_frame(frame, FrameDirection.DOWNSTREAM)
        await pad.process_frame(TurnOverFrame(), FrameDirection.DOWNSTREAM)
        assert line.words == [heard, heard]
        assert ({"text": said, "after": asked} in line.notes) == (heard == "")
        await pad.cleanup()


@in_virtual_time
async def test_what_is_heard_once_more_after_the_turn_is_no_other_turn() -> None:
    line = Line()
    pad = await keypad(line)
    said = InterimTranscriptionFrame("Boston to Denver.", "", "")
    for frame in (UserStartedSpeakingFrame(), said, TurnOverFrame(), said, TranscriptionFrame(said.text, "", "")):
        await pad.process_frame(frame, FrameDirection.DOWNSTREAM)
    assert line.words == ["Boston to Denver."] * 2  # while it was open, and at its end
    await pad.cleanup()
