"""Any `voice.ports.Transcriber` as a pipecat STT service."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence

import numpy as np
from pipecat.frames.frames import ErrorFrame, Frame, TranscriptionFrame
from pipecat.services.settings import STTSettings
from pipecat.services.stt_service import SegmentedSTTService
from pipecat.transcriptions.language import Language
from pipecat.utils.time import time_now_iso8601

from voice.ports import Transcriber

CONTEXT_CHARACTERS = 200
"""How much of the turn so far the transcriber carries on from."""


class TranscriberSTTService(SegmentedSTTService):
    """Transcribes each stretch of speech when the VAD reports its end.

    A frame's ``result`` is the `voice.ports.Transcript` with word confidences. An empty transcript is sent too, so that
    a cough ends its turn.

    Args:
        transcriber: Hears.
        hints: Domain words worth recognising.
    """

    def __init__(self, transcriber: Transcriber, *, hints: Sequence[str] = ()) -> None:
        super().__init__(
            trailing_silence_secs=0.0,
            ttfs_p99_latency=1.0,
            settings=STTSettings(model=None, language=Language.EN),
        )
        self._transcriber = transcriber
        self._hints = hints

    @property
    def wants_wav_segments(self) -> bool:
        """Raw PCM is wanted."""
        return False

    async def run_stt(self, audio: bytes) -> AsyncGenerator[Frame | None, None]:
        """Transcribe 16-bit mono PCM at the service's sample rate, which must be 16 kHz."""
        samples = np.frombuffer(audio, dtype=np.int16).astype(np.float32) / 32768.0
        try:
            transcript = await self._transcriber.transcribe(samples, hints=self._hints)
        except Exception as error:
            yield ErrorFrame(f"speech could not be transcribed: {error}")
            return
        yield TranscriptionFrame(transcript.text, self._user_id, time_now_iso8601(), Language.EN, result=transcript)
