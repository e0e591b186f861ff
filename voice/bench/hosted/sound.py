"""A voice without words: speech-like sound, as long as the text would take to say."""

from __future__ import annotations

import numpy as np

SAMPLE_RATE = 24_000
CHARACTERS_PER_SECOND = 15.0
_SECONDS = 20.0
_SYLLABLES_PER_SECOND = 4.5
_PITCH_HZ = 120.0
_LEAST_LOUDNESS = 0.2
"""Never silent in the midst of an utterance, so that a hole in the recording is one that the agent's process made."""


class Murmur:
    """Gives the sound of texts: a buzz with the pitch and the syllables of a voice. Always the same."""

    def __init__(self) -> None:
        at = np.arange(round(_SECONDS * SAMPLE_RATE)) / SAMPLE_RATE
        pitch = _PITCH_HZ + 12.0 * np.sin(2 * np.pi * 0.4 * at)
        phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
        buzz = sum(np.cos(number * phase + number) / number for number in range(1, 12))
        syllables = np.abs(np.sin(np.pi * _SYLLABLES_PER_SECOND * at))
        loud = (_LEAST_LOUDNESS + (1 - _LEAST_LOUDNESS) * syllables) * buzz
        self._sound = (loud / np.max(np.abs(loud)) * 9000).astype(np.int16)

    def speak(self, text: str) -> bytes:
        """Give 16-bit mono PCM at `SAMPLE_RATE`."""
        samples = round((0.2 + len(text) / CHARACTERS_PER_SECOND) * SAMPLE_RATE)
        return np.resize(self._sound, samples).tobytes()
