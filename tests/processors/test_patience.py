"""When a turn is over, on virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from types import SimpleNamespace
from typing import Any, cast

from pipecat.frames.frames import (
    Frame,
    InterimTranscriptionFrame,
    TranscriptionFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection

from tests.virtual_time import in_virtual_time
from voice.hearing.end_of_turn import AT_ONCE, UNFINISHED, Asked
from voice.processors.frames import PatienceFrame, QuestionFrame, VoiceFrame
from voice.processors.patience import TRANSCRIPT_SECONDS, PatientTurnStopStrategy
from voice.processors.smart_turn import SmartTurn


class Sure:
    """A smart-turn model with one opinion."""

    def __init__(self, probability: float | None = 0.5) -> None:
        self.said = probability

    async def probability(self, audio: bytes) -> float | None:
        return self.said


class Patience(PatientTurnStopStrategy):
    """Keeps when the turn ended, and for how long each pause was to be waited for."""

    def __init__(self, probability: float | None = 0.5) -> None:
        super().__init__(cast("SmartTurn", Sure(probability)))
        self.ended: list[float] = []
        self.waits: list[float] = []
        self._manager = SimpleNamespace(create_task=self._create, cancel_task=self._cancel)

    @property
    def task_manager(self) -> Any:
        return self._manager

    def _create(self, coroutine: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        return asyncio.create_task(coroutine, name=name)

    async def _cancel(self, task: asyncio.Task[None]) -> None:
        task.cancel()

    async def push_frame(self, frame: Frame, direction: FrameDirection = FrameDirection.DOWNSTREAM) -> None:
        if isinstance(frame, PatienceFrame):
            self.waits.append(frame.seconds)

    async def trigger_user_turn_stopped(self, *, enable_user_speaking_frames: bool | None = None) -> None:
        self.ended.append(round(asyncio.get_running_loop().time(), 3))
        await self.handle_user_turn_stopped()

    async def speaks(self, seconds: float) -> None:
        """The caller speaks, and falls silent; the detector notices after 0.2 s."""
        await self.process_frame(VADUserStartedSpeakingFrame(start_secs=0.0))
        await asyncio.sleep(seconds + 0.2)
        await self.process_frame(VADUserStoppedSpeakingFrame(stop_secs=0.2))

    async def hears(self, text: str, *, final: bool = False) -> None:
        kind = TranscriptionFrame if final else InterimTranscriptionFrame
        await self.process_frame(kind(text, "caller", ""))


@in_virtual_time
async def test_a_yes_to_a_question_ends_the_turn_at_once_counted_from_the_end_of_the_speech() -> None:
    strategy = Patience()
    await strategy.process_frame(QuestionFrame(asked=Asked.YES_NO))
    await strategy.speaks(1.0)
    await strategy.hears("Yes, please.")
    await asyncio.sleep(3)
    assert strategy.ended == [round(1.0 + AT_ONCE, 3)]


@in_virtual_time
async def test_a_sentence_that_needs_more_words_is_waited_for_and_a_caller_who_goes_on_is_not_cut() -> None:
    strategy = Patience()
    await strategy.speaks(1.0)
    await strategy.hears("I'd like to fly from Boston to")
    await asyncio.sleep(1.0)
    await strategy.speaks(1.0)
    assert strategy.ended == []
    await strategy.hears("I'd like to fly from Boston to Denver on Monday.")
    await asyncio.sleep(3)
    assert strategy.waits[0] == UNFINISHED
    assert len(strategy.ended) == 1
    assert strategy.ended[0] > 3.2


@in_virtual_time
async def test_a_turn_that_nobody_transcribes_ends_all_the_same() -> None:
    strategy = Patience()
    await strategy.speaks(1.0)
    await asyncio.sleep(20)
    assert len(strategy.ended) == 1
    assert strategy.ended[0] >= TRANSCRIPT_SECONDS


@in_virtual_time
async def test_a_turn_does_not_end_while_there_seems_to_be_a_voice_again() -> None:
    strategy = Patience()
    await strategy.process_frame(QuestionFrame(asked=Asked.YES_NO))
    await strategy.speaks(1.0)
    await strategy.hears("Yes.")
    await strategy.process_frame(VoiceFrame(on=True))
    await asyncio.sleep(2)
    assert strategy.ended == []
    await strategy.process_frame(VoiceFrame(on=False))
    await asyncio.sleep(2)
    assert len(strategy.ended) == 1


@in_virtual_time
async def test_a_new_turn_starts_without_the_words_and_pauses_of_the_last() -> None:
    strategy = Patience()
    await strategy.speaks(1.0)
    await strategy.hears("I'd like to fly from Boston to", final=True)
    await asyncio.sleep(5)
    await strategy.process_frame(QuestionFrame(asked=Asked.YES_NO))
    await strategy.speaks(1.0)
    await strategy.hears("No.")
    await asyncio.sleep(5)
    assert strategy.waits[-1] == AT_ONCE


class Slow(Sure):
    """A smart-turn model on a machine with too much to do."""

    async def probability(self, audio: bytes) -> float | None:
        await asyncio.sleep(5.0)
        return await super().probability(audio)


@in_virtual_time
async def test_a_judgement_of_the_sound_that_is_late_is_not_waited_for() -> None:
    ended: list[float] = []
    for model in (Sure(None), Slow(0.0)):
        strategy = Patience()
        strategy._smart_turn = cast("SmartTurn", model)
        began = asyncio.get_running_loop().time()
        await strategy.speaks(1.0)
        await strategy.hears("How many bags can I take for free?")
        await asyncio.sleep(3)
        ended.append(round(strategy.ended[0] - began, 2))
    assert ended[0] == ended[1]
