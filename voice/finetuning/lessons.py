"""An utterance as Whisper's decoder learns from it, kept in a file so that a stopped run goes on where it was."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voice.finetuning.utterances import Utterance
from voice.hearing.decoder import SAMPLE_RATE, WINDOW_SECONDS, WhisperDecoder
from voice.hearing.whisper import MARGIN_SECONDS

_STAMPS_PER_SECOND = 50


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the decoder learns from.

    Attributes:
        encoded: What the encoder made of the audio: 50 frames a second x the model's width, 16-bit floats.
        prompt: Tokens that are given.
        answer: Tokens to be written: words between the times at which they were said.
    """

    encoded: NDArray[np.float16]
    prompt: tuple[int, ...]
    answer: tuple[int, ...]


def lesson_of(utterance: Utterance, whisper: WhisperDecoder) -> Lesson:
    """Encode an utterance on its own length, as in a call."""
    tokens = whisper.tokens
    answer: list[int] = []
    for start, end, words in utterance.stretches:
        first = 0.0 if not answer and start < 0.5 else start  # Whisper begins at the beginning
        answer += [_stamp(first, tokens), *tokens.encode(f" {words}"), _stamp(end, tokens)]
    window = min(WINDOW_SECONDS, len(utterance.audio) / SAMPLE_RATE + MARGIN_SECONDS)
    encoded = whisper.encode(utterance.audio, window).astype(np.float16)
    return Lesson(encoded, tuple(tokens.sot_sequence), (*answer, tokens.eot))


@dataclass(frozen=True, slots=True)
class Kept:
    """A lesson in a file; ``frames`` of its audio were encoded."""

    file: Path
    frames: int

    def load(self) -> Lesson:
        """Read it."""
        with np.load(self.file, allow_pickle=False) as held:
            return Lesson(held["encoded"], tuple(held["prompt"].tolist()), tuple(held["answer"].tolist()))


def kept(file: Path, make: Callable[[], Lesson]) -> Kept:
    """Give the lesson of a file, or make it and keep it there."""
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as held:
            return Kept(file, int(held["frames"]))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        lesson = make()
    part = file.with_suffix(".part")
    frames = len(lesson.encoded)
    with part.open("wb") as stream:
        np.savez(
            stream,
            encoded=lesson.encoded,
            prompt=np.array(lesson.prompt),
            answer=np.array(lesson.answer),
            frames=frames,
        )
    part.replace(file)
    return Kept(file, frames)


def _stamp(seconds: float, tokens: Any) -> int:
    return int(tokens.timestamp_begin) + round(seconds * _STAMPS_PER_SECOND)
