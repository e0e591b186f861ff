"""The ears with an end of turn of pipecat's own, in a pipeline on virtual time."""

from __future__ import annotations

import asyncio

from pipecat.frames.frames import (
    EndFrame,
    Frame,
    InputAudioRawFrame,
    TTSSpeakFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.pipeline.worker import PipelineWorker
from pipecat.processors.frame_processor import FrameDirection
from pipecat.turns.user_stop import SpeechTimeoutUserTurnStopStrategy
from pipecat.workers.runner import WorkerRunner

from tests.restaurant.desk import TableDesk
from tests.restaurant.evening import QUIET
from tests.restaurant.pipeline import build
from tests.restaurant.store import Book
from tests.restaurant.test_desk import PROPOSED, RESERVE, SIMPLE, meant
from tests.restaurant.test_examples import Room
from voice.processors.speaker import SpeakerTTSService
from voice.processors.transcriber import TranscriberSTTService
from voice.testing import ScriptedModel, ScriptedTranscriber, ToneSpeaker, in_virtual_time

RATE = 16_000
FALLBACK_SECONDS = 5.0
"""After which pipecat ends a turn whose strategy does not."""


class Voice(SpeakerTTSService):
    """Keeps when each sentence was to be spoken."""

    def __init__(self) -> None:
        super().__init__(ToneSpeaker())
        self.sentences: list[tuple[float, str]] = []

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        if isinstance(frame, TTSSpeakFrame):
            self.sentences.append((asyncio.get_running_loop().time(), frame.text))
        await super().process_frame(frame, direction)


async def answered_after(stop: SpeechTimeoutUserTurnStopStrategy) -> tuple[float, list[str]]:
    """Give how many seconds after a second of speech the first sentence came, and all sentences."""
    desk, voice = TableDesk(Book()), Voice()
    with (
        ScriptedModel("fast", meant(RESERVE)) as fast,
        ScriptedModel("strong") as strong,
        ScriptedTranscriber(SIMPLE) as hears,
    ):
        ears = [TranscriberSTTService(hears)]
        pipeline = build(Room(), ears, [stop], voice, desk, {"fast": fast, "strong": strong}, QUIET)
        worker = PipelineWorker(pipeline, cancel_on_idle_timeout=False)
        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(worker)
        call = asyncio.create_task(runner.run())
        await asyncio.sleep(1)
        await worker.queue_frame(VADUserStartedSpeakingFrame(start_secs=0.2))
        for _ in range(50):
            await worker.queue_frame(InputAudioRawFrame(bytes(RATE // 25), RATE, 1))
            await asyncio.sleep(0.02)
        ended = asyncio.get_running_loop().time()
        await worker.queue_frame(VADUserStoppedSpeakingFrame(stop_secs=0.2))
        await asyncio.sleep(10)
        await worker.queue_frame(EndFrame())
        await call
    return voice.sentences[0][0] - ended, [text for _, text in voice.sentences]


@in_virtual_time
async def test_pipecats_end_of_turn_answers_in_time_where_it_waits_for_no_final_transcript() -> None:
    stop = SpeechTimeoutUserTurnStopStrategy(user_speech_timeout=0.3, wait_for_transcript=False)
    seconds, sentences = await answered_after(stop)
    assert sentences == PROPOSED
    assert seconds < 1.5


@in_virtual_time
async def test_pipecats_end_of_turn_waits_in_vain_for_the_final_transcript_that_the_end_of_the_turn_gives() -> None:
    seconds, sentences = await answered_after(SpeechTimeoutUserTurnStopStrategy(user_speech_timeout=0.3))
    assert sentences == PROPOSED
    assert seconds > FALLBACK_SECONDS - 1
