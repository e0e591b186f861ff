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
    UserStartedSpeakingFrame,
    UserStoppedSpeakingFrame,
    VADUserStartedSpeakingFrame,
    VADUserStoppedSpeakingFrame,
)
from pipecat.processors.frame_processor import FrameDirection
from pipecat.services.settings import STTSettings
from pipecat.services.stt_service import STTService
from pipecat.transcriptions.language import Language
from pipecat.utils.time import time_now_iso8601

from voice.hearing.agreement import Agreement
from voice.hearing.segments import Stretch, TurnAudio
from voice.ports import Transcriber, Transcript
from voice.processors.frames import HearSoFarFrame, MurmurFrame, OverheardFrame, UnheardFrame, VoiceFrame

EAGER_SECONDS = 0.4
"""Less new audio than this is not worth a decode at the first sign of silence: the gaps inside of a spelled code come
thicker than a model can follow. The detector's firm pause is waited for."""


class TranscriberSTTService(STTService):
    """Transcribes the turn so far as soon as the caller seems to fall silent, and the whole turn when it is over.

    Each pause gives an ``InterimTranscriptionFrame``, also when nothing was heard, so that a cough ends its turn; the
    turn's end gives the ``TranscriptionFrame``, or an `UnheardFrame` if the transcriber failed. The ``result`` of both
    is the `voice.ports.Transcript` with word confidences. What is heard while no turn of the caller's is open goes out
    as `OverheardFrame` instead, for a turn strategy to decide whether it is one, and when it is asked for in between
    (`HearSoFarFrame`); a `MurmurFrame` drops it. Asked so in a pause, they hear the turn once more up to now. The
    pipeline's input must be 16 kHz.

    A turn's end must not wait for a ``TranscriptionFrame``, as it gives that: pipecat's own end-of-turn strategies need
    ``wait_for_transcript=False``, or else each turn ends by pipecat's fallback of 5 s.

    Args:
        transcriber: Hears.
        names: What callers may say and the model may not know.
        stream_seconds: Someone who speaks on is decoded each time so much was added, and what two decodes agree on
            goes out too; None decodes at pauses only.
    """

    def __init__(
        self, transcriber: Transcriber, *, names: Sequence[str] = (), stream_seconds: float | None = None
    ) -> None:
        super().__init__(ttfs_p99_latency=1.0, settings=STTSettings(model=None, language=Language.EN))
        self._transcriber = transcriber
        self._names = names
        self._stream_seconds = stream_seconds
        self._turn = TurnAudio()
        self._agreement = Agreement()
        self._decoding: asyncio.Task[None] | None = None
        self._again: asyncio.Task[None] | None = None  # the decode of a pause that was heard before
        self._speaking = False
        self._paused = False
        self._open = False
        self._ending = False
        self._failed = False  # at what was to be heard last

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Follow speech, pauses and the end of the turn."""
        await super().process_frame(frame, direction)
        match frame:
            case VADUserStartedSpeakingFrame():
                self._speaking, self._paused = True, False
                self._turn.started()
            case VoiceFrame(on=True):
                if self._speaking and self._paused:  # a gap between words: nobody waits for what came before it
                    self._paused = False
                    await self._stop_decoding()
                    self._turn.started()
            case VoiceFrame(on=False):
                if self._speaking and self._turn.unheard_seconds >= EAGER_SECONDS:
                    await self._pause()
            case VADUserStoppedSpeakingFrame():
                self._speaking = False
                if not self._paused:
                    await self._pause()
            case HearSoFarFrame():
                if self._open and not self._speaking and not self._decoding:  # the detector may have missed a voice
                    await self._pause()
                    self._again = self._decoding
                elif self._speaking and not self._open and not self._decoding and (stretch := self._turn.next()):
                    self._decoding = self.create_task(self._hear_on(stretch), "hear so far")
            case UserStartedSpeakingFrame():
                await self._begin_turn()
            case UserStoppedSpeakingFrame():
                self._ending = True
                if self._decoding and self._decoding is self._again:  # what was heard before is what is answered
                    await self._stop_decoding()
                if not self._decoding:
                    await self._end_turn()
            case MurmurFrame():
                if not self._open and not self._speaking:
                    self._paused = False
                    self._turn.ended()
            case EndFrame() | CancelFrame():
                await self._stop_decoding()
            case _:
                pass

    async def process_audio_frame(self, frame: InputAudioRawFrame, direction: FrameDirection) -> None:
        """Keep the audio of the turn; someone who speaks on for long is heard in between."""
        self._turn.feed(np.frombuffer(frame.audio, dtype=np.int16).astype(np.float32) / 32768.0)
        if stretch := self._turn.overdue():
            await self._decode(stretch)
        elif self._may_hear_on() and (stretch := self._turn.next()):
            self._decoding = self.create_task(self._hear_on(stretch), "hear on")

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

    async def _pause(self) -> None:
        self._paused = True
        self._agreement.reset()
        await self._decode(self._turn.paused())

    async def _decode(self, stretch: Stretch | None) -> None:
        """Decode in a task of its own; a decode that is overtaken by a longer one is abandoned."""
        await self._stop_decoding()
        if stretch:
            self._decoding = self.create_task(self._hear(stretch), "hear")

    async def _hear(self, stretch: Stretch | None) -> None:
        try:
            while stretch:
                self._turn.heard(stretch, await self._transcribe(stretch))
                stretch = self._turn.next() if stretch.more else None
            self._failed = False
        except Exception as error:
            self._failed = True
            await self.push_error(f"speech could not be transcribed: {error}", exception=error)
        self._decoding = None
        await self._tell()
        if self._ending:
            await self._end_turn()

    def _may_hear_on(self) -> bool:
        if not self._stream_seconds or not self._speaking or self._paused or self._decoding:
            return False
        return self._turn.unheard_seconds >= self._stream_seconds

    async def _hear_on(self, stretch: Stretch) -> None:
        """Decode in the middle of speech. It settles nothing: the next pause decodes the same audio again."""
        try:
            heard = await self._transcribe(stretch)
        except Exception as error:
            await self.push_error(f"speech could not be transcribed: {error}", exception=error)
            self._decoding = None
            return
        self._decoding = None
        if not self._open:
            text = " ".join(filter(None, [stretch.context, heard.text]))
            await self._overhear(Transcript(text, heard.words))
        elif agreed := self._agreement.of(heard):
            text = " ".join(filter(None, [stretch.context, *(word.text for word in agreed)]))
            await self._push(Transcript(text, agreed), final=False)

    async def _transcribe(self, stretch: Stretch) -> Transcript:
        return await self._transcriber.transcribe(stretch.audio, context=stretch.context, names=self._names)

    async def _tell(self) -> None:
        transcript = self._turn.transcript
        if self._open:
            await self._push(transcript, final=False)
        elif not self._failed:  # no word is no murmur if nobody listened
            await self._overhear(transcript)

    async def _overhear(self, transcript: Transcript) -> None:
        sure = min((word.confidence for word in transcript.words), default=1.0)
        await self.push_frame(OverheardFrame(text=transcript.text, confidence=sure))

    async def _begin_turn(self) -> None:
        if self._open:
            self._ending = False  # the words before are still being made out: the turn goes on
            return
        self._open = True
        if self._paused and not self._decoding:  # what was overheard is the beginning of the turn
            await self._tell()

    async def _end_turn(self) -> None:
        self._ending = self._open = False
        transcript = self._turn.ended()
        if transcript.text:
            await self._push(transcript, final=True)
        elif self._failed:
            await self.push_frame(UnheardFrame())

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
