"""What the caller has been played, and what they have been asked, on virtual time."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any, cast

from pipecat.clocks.system_clock import SystemClock
from pipecat.frames.frames import Frame, InterruptionFrame, TTSAudioRawFrame
from pipecat.processors.frame_processor import FrameDirection, FrameProcessorSetup
from pipecat.utils.asyncio.task_manager import TaskManager

from voice.hearing.end_of_turn import Asked
from voice.processors.frames import QuestionFrame, UnspokenFrame, UtteranceEndFrame, UtteranceStartFrame
from voice.processors.playback import PlaybackProcessor
from voice.testing import in_virtual_time

RATE = 16_000


class Ear(PlaybackProcessor):
    """Keeps what was asked and what was played to its end."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.heard: list[int] = []
        self.unheard: list[int] = []

        def spoken(utterance: int, *, played: bool) -> None:
            (self.heard if played else self.unheard).append(utterance)

        runtime = SimpleNamespace(note=lambda *_, **__: None, spoken=spoken)  # pyright: ignore[reportUnknownLambdaType]
        super().__init__(cast(Any, SimpleNamespace(runtime=runtime)))

    async def push_frame(self, frame: Frame, direction: FrameDirection = FrameDirection.DOWNSTREAM) -> None:
        if isinstance(frame, QuestionFrame):
            assert direction is FrameDirection.UPSTREAM
            self.asked.append(frame.asked)

    async def plays(self, *frames: Frame) -> None:
        for frame in frames:
            await self.process_frame(frame, FrameDirection.DOWNSTREAM)


def sound(seconds: float) -> TTSAudioRawFrame:
    return TTSAudioRawFrame(bytes(2 * int(seconds * RATE)), RATE, 1)


@in_virtual_time
async def test_a_question_is_asked_when_its_first_sound_is_played_and_not_by_the_sentence_before_it() -> None:
    ear = Ear()
    await ear.plays(UtteranceStartFrame(utterance=1, text="There is one at nine."), sound(1.0))
    assert ear.asked == [Asked.OPEN]
    await ear.plays(UtteranceEndFrame(utterance=1), UtteranceStartFrame(utterance=2, text="Shall I book it?"))
    assert ear.asked == [Asked.OPEN]
    await ear.plays(sound(0.5), sound(0.5))
    assert ear.asked == [Asked.OPEN, Asked.YES_NO]


@in_virtual_time
async def test_an_utterance_is_heard_when_its_sound_has_been_played_and_never_if_it_is_cut() -> None:
    ear = Ear()
    await ear.setup(FrameProcessorSetup(SystemClock(), TaskManager(), cast(Any, None)))
    await ear.plays(UtteranceStartFrame(utterance=1, text="One."), sound(1.0), UtteranceEndFrame(utterance=1))
    await ear.plays(UtteranceStartFrame(utterance=2, text="Two."), sound(1.0), UtteranceEndFrame(utterance=2))
    await asyncio.sleep(1.5)
    await ear.plays(InterruptionFrame())
    await asyncio.sleep(5)
    assert ear.heard == [1]
    await ear.cleanup()


@in_virtual_time
async def test_an_utterance_that_the_voice_could_not_finish_was_not_heard() -> None:
    ear = Ear()
    await ear.setup(FrameProcessorSetup(SystemClock(), TaskManager(), cast(Any, None)))
    await ear.plays(UtteranceStartFrame(utterance=1, text="One."), sound(1.0), UnspokenFrame())
    await ear.plays(UtteranceEndFrame(utterance=1))
    await ear.plays(UtteranceStartFrame(utterance=2, text="Two."), sound(1.0), UtteranceEndFrame(utterance=2))
    await asyncio.sleep(3.0)
    assert (ear.heard, ear.unheard) == ([2], [1])
    await ear.cleanup()


@in_virtual_time
async def test_a_prompt_that_asks_nothing_leaves_the_question_that_is_open() -> None:
    ear = Ear()
    for number, (text, speech) in enumerate(
        [("Shall I book it?", "answer"), ("I'm still here if you need me.", "prompt"), ("One moment.", "filler")]
    ):
        await ear.plays(UtteranceStartFrame(utterance=number, text=text, speech=speech), sound(1.0))
    assert ear.asked == [Asked.YES_NO]


@in_virtual_time
async def test_what_is_asked_for_is_known_also_where_it_is_the_last_word() -> None:
    ear = Ear()
    for number, text in enumerate(["And the rest of the code?", "What is your code, please?", "Is that the code?"]):
        await ear.plays(UtteranceStartFrame(utterance=number, text=text), sound(1.0))
    assert ear.asked == [Asked.CODE] * 3
