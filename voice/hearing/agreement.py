"""What of a transcript is stable while the caller still speaks: the words that two successive decodes agree on. Pure.

This is local agreement with n = 2 (Liu, Spanakis and Niehues, "Low-Latency Sequence-to-Sequence Speech Recognition and
Translation by Partial Hypothesis Selection", Interspeech 2020), as Whisper-Streaming applies it to Whisper (Macháček,
Dabre and Bojar, "Turning Whisper into Real-Time Transcription System", IJCNLP-AACL 2023).
"""

from __future__ import annotations

import re

from voice.ports import Transcript, Word

_NOT_A_LETTER = re.compile(r"[^\w']+")


class Agreement:
    """Compares each transcript of a growing stretch of audio with the one before."""

    def __init__(self) -> None:
        self._before: tuple[Word, ...] = ()

    def of(self, transcript: Transcript) -> tuple[Word, ...]:
        """Give the words, as now written, that this transcript and the one before begin with."""
        before, self._before = self._before, transcript.words
        count = 0
        for earlier, later in zip(before, transcript.words, strict=False):
            if _plain(earlier) != _plain(later):
                break
            count += 1
        return transcript.words[:count]

    def reset(self) -> None:
        """Begin anew."""
        self._before = ()


def _plain(word: Word) -> str:
    return _NOT_A_LETTER.sub("", word.text).lower()
