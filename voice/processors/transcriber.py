"""Any `voice.ports.Transcriber` as a pipecat STT service that hears turns whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence

import numpy as np
from pipecat.frames.frames import (
    CancelFrame,
    EndFrame,
    Frame,
    InputAudioRawFrame,
    InterimTranscriptionFrame,
    TranscriptionFrame,
    UserStoppedSpeakingFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.settings import STTSettings
from pipecat.services.stt_service import STTService
from pipecat.transcriptions.language import Language
from pipecat.utils.time import time_now_iso8601

from voice.hearing.segments import Stretch, TurnAudio
from voice.ports import Transcriber, Transcript


class TranscriberSTTService(STTService):
    """Transcribes the turn so far at every pause that the VAD reports, and the whole turn when it is over.

    Each pause gives an ``InterimTranscriptionFrame``, also when nothing was heard, so that a cough ends its turn; the
    turn's end gives the ``TranscriptionFrame``. Their ``result`` is the `voice.ports.Transcript` with word confidences.
    The pipeline's input must be 16 kHz.

    Args:
        transcriber: Hears.
        hints: Domain words worth recognising.
    """

    def __init__(self, transcriber: Transcriber, *, hints: Sequence[str] = ()) -> None:
        super().__init__(ttfs_p99_latency=1.0, settings=STTSettings(model=None, language=Language.EN))
        self._transcriber = transcriber
        self._hints = hints
        self._turn = TurnAudio()
        self._decoding: asyncio.Task[None] | None = None
        self._ending = False

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Follow speech, pauses and the end of the turn."""
        await super().process_frame(frame, direction)
        match frame:
            case VADUserStartedSpeakingFrame():
                self._turn.started()
            case VADUserStoppedSpeakingFrame():
                await self._decode(self._turn.paused())
            case UserStoppedSpeakingFrame():
                self._ending = True
                if not self._decoding:
                    await self._end_turn()
            case EndFrame() | CancelFrame():
                await self._stop_decoding()
            case _:
                pass

    async def process_audio_frame(self, frame: InputAudioRawFrame, direction: FrameDirection) -> None:
        """Keep the audio of the turn; someone who speaks on for long is heard in between."""
        self._turn.feed(np.frombuffer(frame.audio, dtype=np.int16).astype(np.float32) / 32768.0)
        if stretch := self._turn.overdue():
            await self._decode(stretch)

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        """Not used: what is decoded is chosen at each pause.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError
        yield None

    async def cleanup(self) -> None:
        """Stop decoding."""
        await self._stop_decoding()
        await super().cleanup()

    async def _decode(self, stretch: Stretch | None) -> None:
        """Decode in a task of its own; a decode that is overtaken by a longer one is abandoned."""
        await self._stop_decoding()
        if stretch:
            self._decoding = self.create_task(self._hear(stretch), "hear")

    async def _hear(self, stretch: Stretch | None) -> None:
        try:
            while stretch:
                heard = await self._transcriber.transcribe(stretch.audio, context=stretch.context, hints=self._hints)
                self._turn.heard(stretch, heard)
                stretch = self._turn.next() if stretch.more else None
        except Exception as error:
            await self.push_error(f"speech could not be transcribed: {error}", exception=error)
        self._decoding = None
        await self._push(self._turn.transcript, final=False)
        if self._ending:
            await self._end_turn()

    async def _end_turn(self) -> None:
        self._ending = False
        transcript = self._turn.ended()
        if transcript.text:
            await self._push(transcript, final=True)

    async def _push(self, transcript: Transcript, *, final: bool) -> None:
        kind = TranscriptionFrame if final else InterimTranscriptionFrame
        frame = kind(transcript.text, self._user_id, time_now_iso8601(), Language.EN, result=transcript)
        # What the caller said is never dropped, whoever is interrupted.
        frame.interruptible = False
        await self.push_frame(frame)

    async def _stop_decoding(self) -> None:
        if self._decoding:
            task, self._decoding = self._decoding, None
            await self.cancel_task(task)
