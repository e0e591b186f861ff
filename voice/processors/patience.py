"""When is the caller's turn over? Smart-turn, the words so far and what was asked decide together."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial

from pipecat.frames.frames import (
    Frame,
    InputAudioRawFrame,
    InterimTranscriptionFrame,
    TranscriptionFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection, FrameProcessorSetup
from pipecat.turns.types import ProcessFrameResult
from pipecat.turns.user_stop import BaseUserTurnStopStrategy

from voice.hearing.activity import LATE_SECONDS
from voice.hearing.end_of_turn import PAUSE_SECONDS, Asked, Wait, wait_for
from voice.hearing.endings import longer
from voice.hearing.pacing import Pacing
from voice.ports import Transcript
from voice.processors.frames import HearSoFarFrame, PatienceFrame, QuestionFrame, VoiceFrame
from voice.processors.smart_turn import SECONDS, SmartTurn

TRANSCRIPT_SECONDS = 5.0
"""How long a transcript may take before the turn is judged without it. A turn nobody has read can't be answered, so
this is long; it only bounds a transcriber that never answers."""

AGAIN_SECONDS = 0.5
"""Where words are missing, the ears are asked once more so long before the wait is over: a decode takes 0.3 s."""

_SLOW = 1.5
_LONGEST_AGAIN_SECONDS = 1.0

_BEFORE_SECONDS = 0.8


class PatientTurnStopStrategy(BaseUserTurnStopStrategy):
    """Waits after each pause for as long as what was said so far calls for.

    As soon as the caller seems to fall silent, the transcriber works; when the words are known,
    `voice.hearing.end_of_turn.wait_for` says how much silence ends the turn. Where that depends on the sound too,
    smart-turn judges it meanwhile; it is never waited for, since it moves the end by less than 0.1 s and takes a
    processor 0.05 s. The turn does not end while there seems to be a voice again, even if the detector has yet to make
    sure of it. Before a turn is given up in which words are missing, the ears hear it once more with the silence behind
    it: soft letters pass for silence. Whoever is answered too early and goes on is given more time in later turns.

    Args:
        smart_turn: Judges the sound; None loads the bundled model.
        least_seconds: No turn ends before so much silence, whatever was said.
    """

    def __init__(self, smart_turn: SmartTurn | None = None, *, least_seconds: float = 0.0) -> None:
        super().__init__()
        self._smart_turn = smart_turn
        self._pacing = Pacing(least_seconds)
        self._open = False
        self._ended: float | None = None  # when the silence began that ended the last turn
        self._voice_began = 0.0
        self._rate = 16_000
        self._audio = bytearray()
        self._speaking = False
        self._voice = False
        self._quiet = asyncio.Event()
        self._silent_since: float | None = None
        self._pauses = 0
        self._settled: list[str] = []
        self._interim = ""
        self._sure = 1.0  # of the least sure word that was heard last
        self._asked = Asked.OPEN
        self._transcribed = asyncio.Event()
        self._judging: asyncio.Task[None] | None = None

    async def setup(self, setup: FrameProcessorSetup) -> None:
        """Load the model."""
        await super().setup(setup)
        self._rate = setup.audio_in_sample_rate
        self._smart_turn = self._smart_turn or SmartTurn(self._rate)

    async def cleanup(self) -> None:
        """Stop judging."""
        await self._stop_judging()
        await super().cleanup()

    async def handle_user_turn_started(self) -> None:
        """Begin a turn."""
        self._open = True
        self._forget()

    async def handle_user_turn_stopped(self) -> None:
        """Forget the turn; it may have been ended by the watchdog."""
        self._open = False
        self._ended = self._silent_since
        self._forget()
        if self._judging is not asyncio.current_task():
            await self._stop_judging()

    async def process_frame(self, frame: Frame) -> ProcessFrameResult:
        """Follow speech, pauses and transcripts."""
        await super().process_frame(frame)
        match frame:
            case InputAudioRawFrame():
                self._audio += frame.audio
                self._keep(SECONDS + _BEFORE_SECONDS)
            case VoiceFrame(on=True):
                self._voice = True
                if self._speaking:  # too short for the detector: the same stretch of speech goes on
                    await self._stop_judging()
            case VoiceFrame(on=False):
                self._voice = False
                if self._speaking:
                    await self._fell_silent(frame.seconds + LATE_SECONDS)
            case VADUserStartedSpeakingFrame():
                self._speaking = True
                await self._stop_judging()
                self._voice_began = asyncio.get_running_loop().time() - frame.start_secs
                if self._silent_since is not None:
                    self._pauses += self._voice_began - self._silent_since >= PAUSE_SECONDS
            case VADUserStoppedSpeakingFrame():
                self._speaking = self._voice = False
                if not self._judging:
                    await self._fell_silent(frame.stop_secs)
            case InterimTranscriptionFrame():
                self._interim, self._sure = frame.text.strip(), _sureness(frame)
                self._transcribed.set()
            case TranscriptionFrame():
                self._settled.append(frame.text.strip())
                self._interim, self._sure = "", _sureness(frame)
                self._transcribed.set()
            case QuestionFrame():
                self._asked = Asked(frame.asked)
            case _:
                pass
        if self._open and self._ended is not None:
            self._pacing = self._pacing.cut_short(max(0.0, self._voice_began - self._ended))
            self._ended = None
        if self._speaking or self._voice:
            self._quiet.clear()
        else:
            self._quiet.set()
        return ProcessFrameResult.CONTINUE

    async def _fell_silent(self, seconds: float) -> None:
        await self._stop_judging()
        self._silent_since = asyncio.get_running_loop().time() - seconds
        self._transcribed.clear()
        self._judging = self.task_manager.create_task(self._judge(self._silent_since), f"{self}::judge")

    async def _judge(self, silent_since: float) -> None:
        sound, began = bytes(self._audio), asyncio.get_running_loop().time()
        await self._transcript(TRANSCRIPT_SECONDS)
        took = asyncio.get_running_loop().time() - began
        verdict = await self._weigh(sound, silent_since)
        if verdict.lacking:
            before, again = self._text, silent_since + verdict.seconds - AGAIN_SECONDS
            await self._until(again)
            self._transcribed.clear()
            await self.push_frame(HearSoFarFrame(), FrameDirection.UPSTREAM)
            await self._transcript(min(_LONGEST_AGAIN_SECONDS, max(AGAIN_SECONDS, _SLOW * took)))
            if longer(self._text, before):
                silent_since = again
                verdict = await self._weigh(sound, silent_since)
        await self._until(silent_since + verdict.seconds)
        await self._quiet.wait()
        self._judging = None
        await self.trigger_user_turn_stopped()

    @property
    def _text(self) -> str:
        return " ".join(filter(None, [*self._settled, self._interim]))

    async def _transcript(self, seconds: float) -> None:
        """Wait for the ears, for so long at most."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._transcribed.wait(), seconds)

    async def _until(self, time: float) -> None:
        await asyncio.sleep(max(0.0, time - asyncio.get_running_loop().time()))

    async def _weigh(self, sound: bytes, silent_since: float) -> Wait:
        """Say how much silence ends the turn, by its words and, where that matters, its sound."""
        least = self._pacing.least_seconds
        wait = partial(
            wait_for,
            self._text,
            asked=self._asked,
            pauses=self._pauses,
            confidence=self._sure,
            least_seconds=least,
        )
        verdict, probability = wait(), None
        if wait(probability=0.0).seconds != wait(probability=1.0).seconds:
            probability = await self._probability(sound, silent_since + verdict.seconds)
            verdict = wait(probability=probability)
        await self.push_frame(
            PatienceFrame(seconds=verdict.seconds, reason=verdict.reason, smart_turn=probability, pauses=self._pauses)
        )
        return verdict

    async def _probability(self, sound: bytes, until: float) -> float | None:
        """Judge the sound, if that is done before the wait that the words alone call for is over."""
        assert self._smart_turn
        left = until - asyncio.get_running_loop().time()
        if left <= 0:
            return None
        with contextlib.suppress(TimeoutError):
            return await asyncio.wait_for(self._smart_turn.probability(sound), left)
        return None

    async def _stop_judging(self) -> None:
        if self._judging:
            task, self._judging = self._judging, None
            await self.task_manager.cancel_task(task)

    def _forget(self) -> None:
        self._settled.clear()
        self._interim = ""
        self._pauses = 0
        self._silent_since = None
        self._keep(_BEFORE_SECONDS)

    def _keep(self, seconds: float) -> None:
        """Drop audio that is older than that."""
        surplus = len(self._audio) - 2 * int(seconds * self._rate)
        if surplus > 0:
            del self._audio[:surplus]


def _sureness(frame: InterimTranscriptionFrame | TranscriptionFrame) -> float:
    """Give how sure the ears were of their least sure word, 1 if they don't say."""
    words = frame.result.words if isinstance(frame.result, Transcript) else ()
    return min((word.confidence for word in words), default=1.0)
