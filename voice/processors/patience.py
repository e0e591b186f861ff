"""When is the caller's turn over? Smart-turn, the words so far and what was asked decide together."""

from __future__ import annotations

import asyncio
import contextlib

from pipecat.audio.turn.smart_turn.local_smart_turn_v3 import LocalSmartTurnAnalyzerV3
from pipecat.frames.frames import (
    Frame,
    InputAudioRawFrame,
    InterimTranscriptionFrame,
    TranscriptionFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.metrics.metrics import TurnMetricsData
from pipecat.processors.frame_processor import FrameProcessorSetup
from pipecat.turns.types import ProcessFrameResult
from pipecat.turns.user_stop import BaseUserTurnStopStrategy

from voice.hearing.end_of_turn import Asked, wait_for
from voice.processors.frames import PatienceFrame, QuestionFrame

TRANSCRIPT_SECONDS = 5.0
"""How long a transcript may take before the turn is judged without it. A turn nobody has read can't be answered, so
this is long; it only bounds a transcriber that never answers."""


class PatientTurnStopStrategy(BaseUserTurnStopStrategy):
    """Waits after each pause for as long as what was said so far calls for.

    At every pause the VAD reports, smart-turn judges the sound while the transcriber works; when both are known,
    `voice.hearing.end_of_turn.wait_for` says how much silence ends the turn.
    """

    def __init__(self) -> None:
        super().__init__()
        self._analyzer = LocalSmartTurnAnalyzerV3()
        self._speaking = False
        self._silent_since = 0.0
        self._pauses = 0
        self._settled: list[str] = []
        self._interim = ""
        self._asked = Asked.OPEN
        self._transcribed = asyncio.Event()
        self._judging: asyncio.Task[None] | None = None

    async def setup(self, setup: FrameProcessorSetup) -> None:
        """Tell the analyzer the sample rate."""
        await super().setup(setup)
        self._analyzer.set_sample_rate(setup.audio_in_sample_rate)

    async def cleanup(self) -> None:
        """Stop judging."""
        await self._stop_judging()
        await self._analyzer.cleanup()
        await super().cleanup()

    async def handle_user_turn_started(self) -> None:
        """Begin a turn."""
        self._settled.clear()
        self._interim = ""
        self._pauses = 0

    async def handle_user_turn_stopped(self) -> None:
        """Forget the turn; it may have been ended by the watchdog."""
        self._settled.clear()
        self._interim = ""
        self._pauses = 0
        self._analyzer.clear()
        if self._judging is not asyncio.current_task():
            await self._stop_judging()

    async def process_frame(self, frame: Frame) -> ProcessFrameResult:
        """Follow speech, pauses and transcripts."""
        await super().process_frame(frame)
        match frame:
            case InputAudioRawFrame():
                self._analyzer.append_audio(frame.audio, self._speaking)
            case VADUserStartedSpeakingFrame():
                self._analyzer.update_vad_start_secs(frame.start_secs)
                self._speaking = True
                await self._stop_judging()
            case VADUserStoppedSpeakingFrame():
                self._speaking = False
                self._pauses += 1
                self._silent_since = asyncio.get_running_loop().time() - frame.stop_secs
                self._transcribed.clear()
                await self._stop_judging()
                self._judging = self.task_manager.create_task(self._judge(), f"{self}::judge")
            case InterimTranscriptionFrame():
                self._interim = frame.text.strip()
                self._transcribed.set()
            case TranscriptionFrame():
                self._settled.append(frame.text.strip())
                self._interim = ""
                self._transcribed.set()
            case QuestionFrame():
                self._asked = Asked(frame.asked)
            case _:
                pass
        return ProcessFrameResult.CONTINUE

    async def _judge(self) -> None:
        _, metrics = await self._analyzer.analyze_end_of_turn()
        probability = metrics.probability if isinstance(metrics, TurnMetricsData) else None
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._transcribed.wait(), TRANSCRIPT_SECONDS)
        text = " ".join(filter(None, [*self._settled, self._interim]))
        verdict = wait_for(text, probability=probability, asked=self._asked, pauses=max(0, self._pauses - 1))
        silence = asyncio.get_running_loop().time() - self._silent_since
        await self.push_frame(
            PatienceFrame(seconds=verdict.seconds, reason=verdict.reason, smart_turn=probability, pauses=self._pauses)
        )
        await asyncio.sleep(max(0.0, verdict.seconds - silence))
        self._judging = None
        await self.trigger_user_turn_stopped()

    async def _stop_judging(self) -> None:
        if self._judging:
            task, self._judging = self._judging, None
            await self.task_manager.cancel_task(task)
