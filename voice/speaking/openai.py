"""A voice behind any OpenAI-compatible speech endpoint."""

from __future__ import annotations

from collections.abc import AsyncIterator

import openai

from voice.config import TtsSettings
from voice.ports import SpeechError

TIMEOUT_SECONDS = 8.0


class OpenAISpeaker:
    """Streams speech as it is made: 16-bit mono PCM at 24 kHz, as the interface defines it.

    Args:
        settings: Endpoint, model and voice.
    """

    sample_rate = 24_000

    def __init__(self, settings: TtsSettings) -> None:
        key = settings.api_key.get_secret_value() if settings.api_key else "none"
        self._client = openai.AsyncOpenAI(
            api_key=key, base_url=settings.base_url, timeout=TIMEOUT_SECONDS, max_retries=1
        )
        self._settings = settings

    async def close(self) -> None:
        """Close idle connections."""
        await self._client.close()

    def speak(self, text: str) -> AsyncIterator[bytes]:
        """Give PCM as it arrives; see `speak_at`."""
        return self.speak_at(text, 1.0)

    async def speak_at(self, text: str, rate: float) -> AsyncIterator[bytes]:
        """Do so at another rate, 1 as the voice was made; the interface takes 0.25 to 4.

        Raises:
            SpeechError: the endpoint can't be reached, or refused.
        """
        try:
            async with self._client.audio.speech.with_streaming_response.create(
                model=self._settings.model,
                voice=self._settings.voice,
                input=text,
                response_format="pcm",
                speed=openai.omit if rate == 1.0 else rate,
            ) as response:
                odd = b""
                async for piece in response.iter_bytes(4096):
                    whole = odd + piece
                    even = len(whole) - len(whole) % 2
                    odd = whole[even:]
                    yield whole[:even]
        except Exception as error:  # a body that breaks off raises the errors of the transport
            raise SpeechError(f"the voice {self._settings.model} failed: {error}") from error
