"""Who may interrupt the agent, on virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    BotStoppedSpeakingFrame,
    Frame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)

from tests.virtual_time import in_virtual_time
from voice.hearing.end_of_turn import Asked
from voice.processors.floor import FloorTurnStartStrategy
from voice.processors.frames import MurmurFrame, OverheardFrame, QuestionFrame


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
async def test_an_okay_over_a_question_answers_it() -> None:
    strategy = await floor(
        BotStartedSpeakingFrame(),
        QuestionFrame(asked=Asked.YES_NO),
        VADUserStartedSpeakingFrame(start_secs=0.2),
        VADUserStoppedSpeakingFrame(),
        OverheardFrame(text="Okay."),
    )
    assert strategy.decided == ["turn"]


@in_virtual_time
async def test_who_speaks_on_over_the_agent_takes_the_floor_before_anything_is_understood() -> None:
    strategy = await floor(BotStartedSpeakingFrame(), VADUserStartedSpeakingFrame(start_secs=0.2))
    await asyncio.sleep(0.4)
    assert strategy.decided == []
    await asyncio.sleep(0.2)
    assert strategy.decided == ["turn"]
