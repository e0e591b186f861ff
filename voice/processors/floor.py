"""Who has the floor? A caller who speaks takes it; one who murmurs or coughs while the agent speaks does not."""

from __future__ import annotations

import asyncio

from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    BotStoppedSpeakingFrame,
    Frame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.turns.types import ProcessFrameResult
from pipecat.turns.user_start import BaseUserTurnStartStrategy

from voice.hearing.end_of_turn import Asked
from voice.hearing.murmurs import murmur
from voice.processors.frames import MurmurFrame, OverheardFrame, QuestionFrame

CLAIM_SECONDS = 0.7
"""Whoever speaks for so long over the agent wants the floor, whatever they say. A cough or an "mhm" is over by then."""


class FloorTurnStartStrategy(BaseUserTurnStartStrategy):
    """Begins the caller's turn at the voice activity detector's word while the agent is silent.

    While it speaks, the caller has to say something, or to speak for `CLAIM_SECONDS`; a sound without words and a
    listener's "mhm" are answered with a `MurmurFrame` in both directions. It interrupts nothing itself.
    """

    def __init__(self) -> None:
        super().__init__(enable_interruptions=False)
        self._agent_speaks = False
        self._undecided = False
        self._asked = Asked.OPEN
        self._claim: asyncio.Task[None] | None = None

    async def cleanup(self) -> None:
        """Stop waiting."""
        await self._stop_waiting()
        await super().cleanup()

    async def process_frame(self, frame: Frame) -> ProcessFrameResult:
        """Follow both sides of the call."""
        await super().process_frame(frame)
        match frame:
            case BotStartedSpeakingFrame():
                self._agent_speaks = True
            case BotStoppedSpeakingFrame():
                self._agent_speaks = False
            case QuestionFrame():
                self._asked = Asked(frame.asked)
            case VADUserStartedSpeakingFrame():
                await self._stop_waiting()
                if not (self._agent_speaks or self._undecided):
                    await self.trigger_user_turn_started()
                    return ProcessFrameResult.STOP
                self._undecided = True
                self._claim = self.create_task(self._wait(frame.start_secs), "claim")
            case VADUserStoppedSpeakingFrame():
                await self._stop_waiting()
            case OverheardFrame():
                if self._undecided:
                    await self._decide(frame.text, frame.confidence)
            case _:
                pass
        return ProcessFrameResult.CONTINUE

    async def handle_user_turn_started(self) -> None:
        """There is nothing left to decide."""
        self._undecided = False

    async def _decide(self, text: str, confidence: float) -> None:
        if not murmur(text, answers=self._asked is not Asked.OPEN, confidence=confidence):
            await self._stop_waiting()
            await self.trigger_user_turn_started()
        elif not self._claim:
            self._undecided = False
            await self.broadcast_frame(MurmurFrame)

    async def _wait(self, spoken: float) -> None:
        await asyncio.sleep(max(0.0, CLAIM_SECONDS - spoken))
        self._claim = None
        await self.trigger_user_turn_started()

    async def _stop_waiting(self) -> None:
        if self._claim:
            task, self._claim = self._claim, None
            await self.cancel_task(task)
