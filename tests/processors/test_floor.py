"""Who may interrupt the agent, on virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    BotStoppedSpeakingFrame,
    Frame,
    TranscriptionFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection

from voice.hearing.activity import LATE_SECONDS
from voice.hearing.end_of_turn import Asked
from voice.processors.floor import ANSWER_SECONDS, CLAIM_SECONDS, MOST_ASKED, FloorTurnStartStrategy
from voice.processors.frames import HearSoFarFrame, MurmurFrame, OverheardFrame, QuestionFrame, VoiceFrame
from voice.testing import in_virtual_time


class Floor(FloorTurnStartStrategy):
    """Keeps what it decides."""

    def __init__(self) -> None:
        super().__init__()
        self.decided: list[str] = []

    def create_task(
        self, coroutine: Coroutine[Any, Any, Any], name: str | None = None, context: object = None
    ) -> asyncio.Task[Any]:
        return asyncio.ensure_future(coroutine)

    async def cancel_task(self, task: asyncio.Task[Any], timeout: float | None = 1.0) -> None:  # noqa: ASYNC109
        task.cancel()

    async def trigger_user_turn_started(self, **settings: bool | None) -> None:
        self.decided.append("turn")
        await self.handle_user_turn_started()

    async def broadcast_frame(self, frame_cls: type[Frame], **kwargs: object) -> None:
        assert frame_cls is MurmurFrame
        self.decided.append("murmur")

    async def push_frame(self, frame: Frame, direction: FrameDirection = FrameDirection.DOWNSTREAM) -> None:
        assert isinstance(frame, HearSoFarFrame)
        assert direction is FrameDirection.UPSTREAM
        self.decided.append("asks")


async def floor(*frames: Frame) -> Floor:
    strategy = Floor()
    for frame in frames:
        await strategy.process_frame(frame)
    return strategy


@in_virtual_time
async def test_while_the_agent_is_silent_a_voice_takes_the_floor_at_once() -> None:
    strategy = await floor(BotStartedSpeakingFrame(), BotStoppedSpeakingFrame(), VADUserStartedSpeakingFrame())
    assert strategy.decided == ["turn"]


@in_virtual_time
async def test_a_cough_or_a_mhm_over_the_agent_is_a_murmur_and_words_take_the_floor() -> None:
    for text, decided in (("", "murmur"), ("Mhm.", "murmur"), ("Okay.", "murmur"), ("Wait, stop.", "turn")):
        strategy = await floor(
            BotStartedSpeakingFrame(),
            VADUserStartedSpeakingFrame(start_secs=0.2),
            VADUserStoppedSpeakingFrame(),
            OverheardFrame(text=text),
        )
        await asyncio.sleep(2)
        assert strategy.decided == [decided], text


@in_virtual_time
async def test_an_okay_over_a_yes_or_no_question_answers_it_and_over_any_other_it_does_not() -> None:
    for asked, decided in ((Asked.YES_NO, "turn"), (Asked.ARGUMENT, "murmur"), (Asked.OPEN, "murmur")):
        strategy = await floor(
            BotStartedSpeakingFrame(),
            QuestionFrame(asked=asked),
            VADUserStartedSpeakingFrame(start_secs=0.2),
            VADUserStoppedSpeakingFrame(),
            OverheardFrame(text="Okay."),
        )
        assert strategy.decided == [decided], asked


async def voice(strategy: Floor, seconds: float) -> None:
    """Be heard over the agent for so long, as the detectors tell it."""
    await asyncio.sleep(0.06)
    await strategy.process_frame(VoiceFrame(on=True, seconds=0.06))
    await asyncio.sleep(0.14)
    await strategy.process_frame(VADUserStartedSpeakingFrame(start_secs=0.2))
    await asyncio.sleep(seconds + LATE_SECONDS - 0.2 + 0.1)
    await strategy.process_frame(VoiceFrame(on=False, seconds=0.1))
    await asyncio.sleep(0.1)
    await strategy.process_frame(VADUserStoppedSpeakingFrame(stop_secs=0.2))


@in_virtual_time
async def test_a_listeners_word_that_is_misheard_is_a_murmur_if_it_was_as_short_as_one() -> None:
    for seconds, decided in ((0.4, "murmur"), (0.8, "turn")):
        strategy = await floor(BotStartedSpeakingFrame())
        await voice(strategy, seconds)
        await strategy.process_frame(OverheardFrame(text="White", confidence=0.27))
        await asyncio.sleep(5)
        assert strategy.decided[-1] == decided, seconds


@in_virtual_time
async def test_a_murmur_is_none_before_the_voice_has_certainly_ended() -> None:
    strategy = await floor(
        BotStartedSpeakingFrame(),
        VoiceFrame(on=True, seconds=0.06),
        VADUserStartedSpeakingFrame(start_secs=0.2),
        VoiceFrame(on=False, seconds=0.1),
        OverheardFrame(text="Okay"),
        VoiceFrame(on=True, seconds=0.06),
        VADUserStoppedSpeakingFrame(),
    )
    assert strategy.decided == []
    await strategy.process_frame(OverheardFrame(text="Okay, stop."))
    assert strategy.decided == ["turn"]


@in_virtual_time
async def test_who_speaks_on_over_the_agent_is_heard_in_the_midst_of_it() -> None:
    strategy = await floor(BotStartedSpeakingFrame(), VADUserStartedSpeakingFrame(start_secs=0.2))
    await asyncio.sleep(CLAIM_SECONDS - 0.2 - 0.01)
    assert strategy.decided == []
    await asyncio.sleep(0.02)
    assert strategy.decided == ["asks"]
    await strategy.process_frame(OverheardFrame(text="I just want a flight"))
    assert strategy.decided == ["asks", "turn"]


@in_virtual_time
async def test_somebody_of_whom_no_word_is_heard_does_not_take_the_floor_however_long_they_speak() -> None:
    strategy = await floor(BotStartedSpeakingFrame(), VADUserStartedSpeakingFrame(start_secs=0.2))
    for _ in range(40):
        await asyncio.sleep(0.2)
        await strategy.process_frame(OverheardFrame(text=""))
    assert strategy.decided == ["asks"] * MOST_ASKED
    await strategy.process_frame(VADUserStoppedSpeakingFrame())
    await strategy.process_frame(OverheardFrame(text=""))
    assert strategy.decided[-1] == "murmur"


@in_virtual_time
async def test_who_speaks_on_has_the_floor_if_the_ears_do_not_answer() -> None:
    strategy = await floor(BotStartedSpeakingFrame(), VADUserStartedSpeakingFrame(start_secs=0.2))
    await asyncio.sleep(CLAIM_SECONDS - 0.2 + ANSWER_SECONDS + 0.1)
    assert strategy.decided == ["asks", "turn"]


@in_virtual_time
async def test_ears_that_know_nothing_of_turns_tell_as_well_who_takes_the_floor() -> None:
    for text, decided in (("mhm", "murmur"), ("stop", "turn")):
        strategy = await floor(
            BotStartedSpeakingFrame(),
            VADUserStartedSpeakingFrame(start_secs=0.2),
            VADUserStoppedSpeakingFrame(),
            TranscriptionFrame(text, "", ""),
        )
        assert strategy.decided == [decided], text


@in_virtual_time
async def test_an_agent_that_holds_its_breath_for_a_voice_has_not_fallen_silent() -> None:
    for text, decided in (("Mhm.", "murmur"), ("Wait, stop.", "turn")):
        strategy = await floor(BotStartedSpeakingFrame(), VoiceFrame(on=True, seconds=0.06))
        await asyncio.sleep(0.35)
        await strategy.process_frame(BotStoppedSpeakingFrame())  # nothing was sent for so long
        await strategy.process_frame(VADUserStartedSpeakingFrame(start_secs=0.2))
        assert strategy.decided == []
        await strategy.process_frame(VoiceFrame(on=False, seconds=0.1))
        await strategy.process_frame(VADUserStoppedSpeakingFrame(stop_secs=0.2))
        await strategy.process_frame(OverheardFrame(text=text))
        assert strategy.decided == [decided]


@in_virtual_time
async def test_a_click_over_the_agent_says_nothing_of_a_voice_in_the_silence_after_it() -> None:
    strategy = await floor(
        BotStartedSpeakingFrame(),
        VoiceFrame(on=True, seconds=0.06),
        VoiceFrame(on=False, seconds=0.1),
        BotStoppedSpeakingFrame(),
        VoiceFrame(on=True, seconds=0.06),
        VADUserStartedSpeakingFrame(start_secs=0.2),
    )
    assert strategy.decided == ["turn"]
