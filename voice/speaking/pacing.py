"""Speech at another rate, also by voices that know only one."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator

from voice.ports import Paced, Speaker
from voice.speaking.phrases import phrases

PAUSE_SECONDS = 0.35
"""Between phrases, for one who can't follow: about what people leave between sentences."""


def spoken(speaker: Speaker, text: str, rate: float = 1.0) -> AsyncIterator[bytes]:
    """Give 16-bit mono PCM at this rate, 1 as the voice was made.

    A voice that can't be slowed (`voice.ports.Paced`) pauses between phrases instead; it is never faster than it is.

    Raises:
        SpeechError: the voice can't be used now.
    """
    if rate == 1.0:
        return speaker.speak(text)
    if isinstance(speaker, Paced):
        return speaker.speak_at(text, rate)
    return _in_phrases(speaker, text) if rate < 1.0 else speaker.speak(text)


async def _in_phrases(speaker: Speaker, text: str) -> AsyncGenerator[bytes]:
    silence = bytes(2 * round(PAUSE_SECONDS * speaker.sample_rate))
    for index, phrase in enumerate(phrases(text)):
        if index:
            yield silence
        async for part in speaker.speak(phrase):
            yield part
