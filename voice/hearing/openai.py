"""Ears behind any OpenAI-compatible transcription endpoint."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import openai
import soundfile

from voice.config import SttSettings
from voice.ports import Samples, Transcript

SAMPLE_RATE = 16_000
TIMEOUT_SECONDS = 6.0


class OpenAITranscriber:
    """Sends each stretch of speech to an endpoint. Gives no word times: the text is all that every provider returns.

    Args:
        settings: Endpoint, model and language.
    """

    def __init__(self, settings: SttSettings) -> None:
        key = settings.api_key.get_secret_value() if settings.api_key else "none"
        self._client = openai.AsyncOpenAI(
            api_key=key, base_url=settings.base_url, timeout=TIMEOUT_SECONDS, max_retries=1
        )
        self._settings = settings

    async def close(self) -> None:
        """Close idle connections."""
        await self._client.close()

    async def transcribe(self, audio: Samples, *, context: str = "", names: Sequence[str] = ()) -> Transcript:
        """Transcribe 16 kHz mono audio, shape ``(n,)``. A prompt has no room for ``names``.

        Raises:
            openai.APIError: the endpoint can't be reached, or refused.
        """
        if not len(audio):
            return Transcript("")
        file = io.BytesIO()
        soundfile.write(file, np.clip(audio, -1, 1), SAMPLE_RATE, format="WAV", subtype="PCM_16")
        del names
        answer = await self._client.audio.transcriptions.create(
            model=self._settings.model,
            file=("turn.wav", file.getvalue(), "audio/wav"),
            language=self._settings.language,
            prompt=context.strip() or openai.omit,
        )
        return Transcript(answer.text.strip())
