"""What the stand-in for the ears hears: it knows the recordings, and finds what it is sent in them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from voice.bench.calls.caller import CHUNK_SECONDS, utterances
from voice.bench.recordings.manifest import RecordedTurn
from voice.bench.recordings.recording import SAMPLE_RATE

_FRAME = round(CHUNK_SECONDS * SAMPLE_RATE)
"""As callers cut a recording, so that frames of what arrives are those of the recording."""

_WINDOW = 20
"""Frames that are compared: 0.4 s."""

_LEAST_DB = 20.0
"""Frames below this, in dB above the least step of 16 bits, are the line's silence, not the recording's."""

_ALIKE_DB = 0.5
"""Mean difference of two windows up to which they are the same sound."""

_END_SECONDS = 0.35
"""So near the end of the last words, all of them were said."""

Levels = NDArray[np.float64]


class Overhearing:
    """Gives the text of any stretch of these turns, as long as the speech in it is.

    Args:
        turns: With their text and, for stretches, their speech.

    Raises:
        AudioError: a recording can't be read.
    """

    def __init__(self, turns: Sequence[RecordedTurn]) -> None:
        self._turns = tuple(turns)
        gap = np.zeros(_WINDOW)
        recorded = [_levels(utterance.audio) for utterance in utterances(self._turns)]
        self._lengths = np.array([len(levels) for levels in recorded])
        self._starts = np.cumsum([0, *(self._lengths[:-1] + _WINDOW)])
        padded = [part for levels in recorded for part in (levels, gap)]
        self._windows = sliding_window_view(np.concatenate(padded).astype(np.float32), _WINDOW)

    def text(self, samples: NDArray[np.int16]) -> str:
        """Give what is said in 16 kHz mono audio, shape ``(n,)``; empty if it is none of the turns."""
        return " ".join(filter(None, self._texts(_levels(samples))))

    def _texts(self, levels: Levels) -> list[str]:
        """Find the turn that the loudest sound is from, then those before and after it."""
        if np.count_nonzero(levels) < _WINDOW:
            return []
        at = int(np.argmax(np.convolve(levels, np.ones(_WINDOW), mode="valid")))
        difference = np.abs(self._windows - levels[at : at + _WINDOW].astype(np.float32)).mean(axis=1)
        best = int(np.argmin(difference))
        if difference[best] > _ALIKE_DB:
            return []
        turn = int(np.searchsorted(self._starts, best, side="right")) - 1
        begins = at - (best - int(self._starts[turn]))
        ends = begins + int(self._lengths[turn])
        first, last = max(0, begins), min(len(levels), ends)
        heard = said(self._turns[turn], (first - begins) * CHUNK_SECONDS, (last - begins) * CHUNK_SECONDS)
        return [*self._texts(levels[:first]), heard, *self._texts(levels[last:])]


def said(turn: RecordedTurn, start: float, end: float) -> str:
    """Give the words of a turn that are spoken between two seconds of its recording, at an even pace."""
    words, spans = turn.text.split(), turn.speech
    if not spans or not words:
        return turn.text
    if end >= spans[-1][1] - _END_SECONDS:
        end = spans[-1][1]
    whole = sum(until - since for since, until in spans)
    shares = (sum(max(0.0, min(at, until) - since) for since, until in spans) / whole for at in (start, end))
    first, last = (_words(words, share) for share in shares)
    return " ".join(words[first:last])


def _words(words: Sequence[str], share: float) -> int:
    """Give how many words are said when this share of the speech, counted in letters, is over.

    People pause at commas: where there is one a word further or less far, the share is taken to be a little off.
    """
    if not 0 < share < 1:
        return len(words) if share >= 1 else 0
    ends = np.cumsum([len(word) + 1 for word in words])
    count = int(np.searchsorted(ends, share * ends[-1] - 2.0))
    return next((near for near in (count, count + 1, count - 1) if _pauses(words, near)), count)


def _pauses(words: Sequence[str], count: int) -> bool:
    return 0 < count <= len(words) and words[count - 1][-1] in ",.?!;:"


def _levels(samples: NDArray[np.int16]) -> Levels:
    """Give the level of each frame in dB above a step of 16 bits; 0 where the line is silent."""
    whole = samples[: len(samples) // _FRAME * _FRAME].astype(np.float64).reshape(-1, _FRAME)
    power = np.mean(np.square(whole), axis=1)
    levels = 10 * np.log10(np.maximum(power, 1.0))
    return np.where(levels < _LEAST_DB, 0.0, levels)
