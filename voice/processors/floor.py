"""Who has the floor? A caller who speaks takes it; one who murmurs or coughs while the agent speaks does not."""

from __future__ import annotations

import asyncio
import math

from pipecat.frames.frames import (
    BotStartedSpeakingFrame,
    BotStoppedSpeakingFrame,
    Frame,
    InterimTranscriptionFrame,
    TranscriptionFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection
from pipecat.turns.types import ProcessFrameResult
from pipecat.turns.user_start import BaseUserTurnStartStrategy

from voice.hearing.activity import LATE_SECONDS
from voice.hearing.end_of_turn import Asked
from voice.hearing.murmurs import murmur
from voice.processors.frames import HearSoFarFrame, MurmurFrame, OverheardFrame, QuestionFrame, VoiceFrame

CLAIM_SECONDS = 0.9
"""Whoever speaks for so long over the agent probably wants the floor: what they said so far is asked for. In 26
listeners' words the voice lasted at most 0.6 s. The agent holds its breath from the first 0.06 s on, so that this costs
nothing that can be heard."""

ANSWER_SECONDS = 1.0
"""Ears that have not answered by then are not waited for: who speaks on has the floor."""

MOST_ASKED = 3
"""How often. Somebody of whom no word was heard by then does not talk to the agent; their next pause may tell more."""


class FloorTurnStartStrategy(BaseUserTurnStartStrategy):
    """Begins the caller's turn at the voice activity detector's word while the agent is silent.

    While it speaks, the caller has to say something: words that were heard at a pause, or, of someone who speaks on for
    `CLAIM_SECONDS`, up to there. A sound without words and a listener's "mhm" are answered with a `MurmurFrame` in both
    directions. It interrupts nothing itself.
    """

    def __init__(self) -> None:
        super().__init__(enable_interruptions=False)
        self._agent_speaks = False
        self._broken_into = False  # the agent spoke when the voice began, though it may hold its breath by now
        self._undecided = False
        self._asked = Asked.OPEN
        self._speaking = False  # by the detector's firm word
        self._since: float | None = None  # when the voice began
        self._lasted = math.inf  # seconds of it, once it fell silent
        self._murmured = False  # what was heard at the last pause was a murmur
        self._answered = asyncio.Event()
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
            case VoiceFrame(on=True):
                await self._voice_on(frame.seconds)
            case VoiceFrame(on=False):
                await self._voice_off(frame.seconds)
            case VADUserStartedSpeakingFrame():
                self._speaking = True
                if not self._undecided:  # what is known of murmurs counts from the firm start
                    self._since = asyncio.get_running_loop().time() - frame.start_secs
                await self._stop_waiting()
                if not (self._agent_speaks or self._broken_into or self._undecided):
                    await self.trigger_user_turn_started()
                    return ProcessFrameResult.STOP
                self._undecided = True
                self._wait(frame.start_secs)
            case VADUserStoppedSpeakingFrame():
                self._speaking = False
                await self._stop_waiting()
                if self._undecided and self._murmured:
                    await self._let_pass()
            case OverheardFrame():
                if self._undecided:
                    await self._decide(frame.text, frame.confidence)
            case InterimTranscriptionFrame() | TranscriptionFrame():
                if self._undecided:  # ears that know nothing of turns
                    await self._decide(frame.text, 1.0)
            case _:
                pass
        return ProcessFrameResult.CONTINUE

    async def handle_user_turn_started(self) -> None:
        """There is nothing left to decide."""
        self._forget()

    async def _voice_on(self, seconds: float) -> None:
        self._murmured = False
        if self._since is None:
            self._since = asyncio.get_running_loop().time() - seconds
            self._broken_into = self._agent_speaks
        elif self._undecided and self._speaking:  # a gap between words
            await self._stop_waiting()
            self._wait(self._voiced())
        self._lasted = math.inf

    async def _voice_off(self, seconds: float) -> None:
        if self._since is not None:
            self._lasted = self._voiced() - seconds - LATE_SECONDS
        if self._undecided:
            await self._stop_waiting()  # what was said will be heard now
        else:
            self._since, self._broken_into = None, False

    def _voiced(self) -> float:
        """Tell for how long somebody has been speaking, infinite if unknown."""
        return math.inf if self._since is None else asyncio.get_running_loop().time() - self._since

    async def _decide(self, text: str, confidence: float) -> None:
        self._answered.set()
        seconds = min(self._lasted, self._voiced())
        if not murmur(text, answers=self._asked is Asked.YES_NO, confidence=confidence, seconds=seconds):
            await self._stop_waiting()
            await self.trigger_user_turn_started()
        elif not self._claim:
            self._murmured = True
            if not self._speaking:
                await self._let_pass()

    async def _let_pass(self) -> None:
        self._forget()
        await self.broadcast_frame(MurmurFrame)

    def _forget(self) -> None:
        self._undecided = self._murmured = self._broken_into = False
        self._since, self._lasted = None, math.inf

    def _wait(self, spoken: float) -> None:
        self._claim = self.create_task(self._ask(CLAIM_SECONDS - spoken), "claim")

    async def _ask(self, seconds: float) -> None:
        """Have someone who speaks on heard so far; they have the floor if the ears don't answer."""
        await asyncio.sleep(max(0.0, seconds))
        for _ in range(MOST_ASKED):
            self._answered.clear()
            await self.push_frame(HearSoFarFrame(), FrameDirection.UPSTREAM)
            await asyncio.sleep(ANSWER_SECONDS)
            if not self._answered.is_set():
                self._claim = None
                await self.trigger_user_turn_started()
                return
        self._claim = None

    async def _stop_waiting(self) -> None:
        if self._claim:
            task, self._claim = self._claim, None
            await self.cancel_task(task)
