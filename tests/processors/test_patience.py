"""When a turn is over, on virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pipecat.frames.frames import (
    Frame,
    InterimTranscriptionFrame,
    TranscriptionFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection

from voice.hearing.end_of_turn import AT_ONCE, CODE, PATIENT, UNFINISHED, Asked
from voice.hearing.pacing import MARGIN_SECONDS, MOST_SECONDS
from voice.ports import Transcript, Word
from voice.processors.frames import HearSoFarFrame, PatienceFrame, QuestionFrame, VoiceFrame
from voice.processors.patience import AGAIN_SECONDS, TRANSCRIPT_SECONDS, PatientTurnStopStrategy
from voice.processors.smart_turn import SmartTurn
from voice.testing import in_virtual_time


class Sure:
    """A smart-turn model with one opinion."""

    def __init__(self, probability: float | None = 0.5) -> None:
        self.said = probability

    async def probability(self, audio: bytes) -> float | None:
        return self.said


class Patience(PatientTurnStopStrategy):
    """Keeps when the turn ended, and for how long each pause was to be waited for."""

    def __init__(self, probability: float | None = 0.5, *, least_seconds: float = 0.0, again: str = "") -> None:
        super().__init__(cast("SmartTurn", Sure(probability)), least_seconds=least_seconds)
        self.again = again  # what the ears hear when they are asked once more
        self.asked_again: list[float] = []
        self.ended: list[float] = []
        self.waits: list[float] = []
        self.in_turn = False
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
        if isinstance(frame, HearSoFarFrame):
            assert direction is FrameDirection.UPSTREAM
            self.asked_again.append(round(asyncio.get_running_loop().time(), 3))
            if self.again:
                await self.hears(self.again)

    async def trigger_user_turn_stopped(self, *, enable_user_speaking_frames: bool | None = None) -> None:
        self.ended.append(round(asyncio.get_running_loop().time(), 3))
        self.in_turn = False
        await self.handle_user_turn_stopped()

    async def speaks(self, seconds: float) -> None:
        """The caller speaks, and falls silent; the detector notices after 0.2 s."""
        if not self.in_turn:
            self.in_turn = True
            await self.handle_user_turn_started()
        await self.process_frame(VADUserStartedSpeakingFrame(start_secs=0.0))
        await asyncio.sleep(seconds + 0.2)
        await self.process_frame(VADUserStoppedSpeakingFrame(stop_secs=0.2))

    async def hears(self, text: str, *, final: bool = False, confidence: float = 1.0) -> None:
        kind = TranscriptionFrame if final else InterimTranscriptionFrame
        words = tuple(Word(word, 0.0, 1.0, confidence) for word in text.split())
        await self.process_frame(kind(text, "caller", "", result=Transcript(text, words)))


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
async def test_a_hesitation_that_is_heard_as_a_word_does_not_end_the_turn_as_soon_as_the_word_would() -> None:
    for confidence, seconds in ((0.16, PATIENT), (0.9, AT_ONCE)):
        strategy = Patience()
        await strategy.process_frame(QuestionFrame(asked=Asked.YES_NO))
        await strategy.speaks(1.0)
        await strategy.hears("Yes.", confidence=confidence)
        await asyncio.sleep(3)
        assert strategy.waits == [seconds]


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


@in_virtual_time
async def test_before_half_a_code_is_given_up_the_ears_are_asked_once_more_and_a_whole_one_ends_the_turn() -> None:
    strategy = Patience(again="Look up my booking, the code is F7D5LS.")
    await strategy.speaks(1.0)
    await strategy.hears("Look up my booking, the code is F7D5.")
    await asyncio.sleep(5)
    again = 1.0 + UNFINISHED - AGAIN_SECONDS
    assert strategy.asked_again == [round(again, 3)]
    assert strategy.waits == [UNFINISHED, CODE]
    assert strategy.ended == [round(again + CODE, 3)]


@pytest.mark.parametrize("again", ["", "The code is F7D5.", "The code is F7D.", "The court is at 7D5LS"])
@in_virtual_time
async def test_ears_that_hear_nothing_more_change_nothing(again: str) -> None:
    strategy = Patience(again=again)
    await strategy.speaks(1.0)
    await strategy.hears("The code is F7D5.")
    await asyncio.sleep(5)
    assert strategy.waits == [UNFINISHED]
    assert strategy.ended == [round(1.0 + UNFINISHED, 3)]


class SlowEars(Patience):
    """Hears more when asked again, and takes as long for it as for the first time."""

    async def push_frame(self, frame: Frame, direction: FrameDirection = FrameDirection.DOWNSTREAM) -> None:
        await super().push_frame(frame, direction)
        if isinstance(frame, HearSoFarFrame):
            self.late = asyncio.create_task(self.answer())

    async def answer(self) -> None:
        await asyncio.sleep(0.7)
        await self.hears("Look up my booking, the code is F7D5LS.")


@in_virtual_time
async def test_slow_ears_are_given_a_little_longer_than_they_took_before() -> None:
    strategy = SlowEars()
    await strategy.speaks(1.0)
    await asyncio.sleep(0.7)
    await strategy.hears("Look up my booking, the code is F7D5.")
    await asyncio.sleep(5)
    assert strategy.waits == [UNFINISHED, CODE]
    assert strategy.ended == [round(1.0 + UNFINISHED - AGAIN_SECONDS + 0.7, 3)]


@in_virtual_time
async def test_a_caller_who_goes_on_while_the_ears_are_asked_again_is_not_cut() -> None:
    strategy = Patience()
    await strategy.speaks(1.0)
    await strategy.hears("The code is F7D5.")
    await asyncio.sleep(UNFINISHED - AGAIN_SECONDS)
    assert len(strategy.asked_again) == 1
    await strategy.speaks(1.0)
    assert strategy.ended == []


@in_virtual_time
async def test_a_turn_that_lacks_nothing_is_not_heard_again() -> None:
    strategy = Patience()
    await strategy.speaks(1.0)
    await strategy.hears("I need to fly from Boston to Denver on Friday.")
    await asyncio.sleep(5)
    assert (strategy.asked_again, len(strategy.ended)) == ([], 1)


async def says_yes(strategy: Patience) -> float:
    """Answer a question with a yes; how long the strategy waited."""
    await strategy.process_frame(QuestionFrame(asked=Asked.YES_NO))
    await strategy.speaks(1.0)
    silent = asyncio.get_running_loop().time() - 0.2
    await strategy.hears("Yes.")
    while strategy.in_turn:
        await asyncio.sleep(0.05)
    return round(strategy.ended[-1] - silent, 2)


@in_virtual_time
async def test_a_caller_who_was_answered_too_early_is_given_more_time_for_the_rest_of_the_call() -> None:
    strategy = Patience()
    assert await says_yes(strategy) == AT_ONCE
    await asyncio.sleep(max(0.0, strategy.ended[-1] - AT_ONCE + 0.6 - asyncio.get_running_loop().time()))
    await strategy.speaks(1.0)
    await strategy.hears("Please book it.", final=True)
    await asyncio.sleep(10)
    assert await says_yes(strategy) == pytest.approx(0.6 + MARGIN_SECONDS)
    await asyncio.sleep(10)
    assert await says_yes(strategy) == pytest.approx(0.6 + MARGIN_SECONDS)
    assert 0.6 + MARGIN_SECONDS < MOST_SECONDS


@in_virtual_time
async def test_who_speaks_after_the_answer_was_heard_had_not_been_cut() -> None:
    strategy = Patience()
    for _ in range(3):
        assert await says_yes(strategy) == AT_ONCE
        await asyncio.sleep(2)


@in_virtual_time
async def test_a_murmur_after_a_turn_teaches_nothing() -> None:
    strategy = Patience()
    assert await says_yes(strategy) == AT_ONCE
    await strategy.process_frame(VADUserStartedSpeakingFrame(start_secs=0.0))
    await strategy.process_frame(VADUserStoppedSpeakingFrame(stop_secs=0.2))
    await asyncio.sleep(5)
    assert await says_yes(strategy) == AT_ONCE


@in_virtual_time
async def test_no_turn_ends_before_the_least_silence() -> None:
    strategy = Patience(least_seconds=1.3)
    assert await says_yes(strategy) == 1.3
