"""Where there is sound in a recording, and how much: read off the samples, never off a program's own events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voice.bench.recordings.manifest import Span

SAMPLE_RATE = 16_000
"""Of every track, in samples a second."""

FRAME_SECONDS = 0.01
"""How finely sound is located."""

_FRAME = round(FRAME_SECONDS * SAMPLE_RATE)


@dataclass(frozen=True, slots=True)
class Threshold:
    """What counts as sound.

    Attributes:
        least_db: RMS of a frame in dB of full scale below which there is never sound.
        above_noise_db: How far a frame must also stand out of the track's noise floor (its 20% quantile), or None.
        shortest: Sounds shorter than this are clicks, in seconds.
        join: Pauses shorter than this belong to the sound around them, in seconds.
    """

    least_db: float
    above_noise_db: float | None
    shortest: float
    join: float


AGENT = Threshold(least_db=-50.0, above_noise_db=None, shortest=0.02, join=0.15)
"""An agent's line is digitally silent while it says nothing; -50 dB lies below the onset of any voice."""

CALLER = Threshold(least_db=-42.0, above_noise_db=10.0, shortest=0.08, join=0.35)
"""A caller's line has noise of its own."""


def voiced(track: NDArray[np.int16], threshold: Threshold) -> list[Span]:
    """Find the sounds of a track.

    Args:
        track: Shape ``(n,)``, 16 kHz.
        threshold: What counts as sound.

    Returns:
        (start, end) in seconds, in order, without overlap.
    """
    level = _decibels(track)
    if not len(level):
        return []
    least = threshold.least_db
    if threshold.above_noise_db is not None:
        least = max(least, float(np.quantile(level, 0.2)) + threshold.above_noise_db)
    loud = np.flatnonzero(level > least)
    if not len(loud):
        return []
    breaks = np.flatnonzero(np.diff(loud) > max(1, round(threshold.join / FRAME_SECONDS)))
    starts = loud[np.concatenate(([0], breaks + 1))]
    ends = loud[np.concatenate((breaks, [len(loud) - 1]))] + 1
    frames = zip(starts.tolist(), ends.tolist(), strict=True)
    spans = [(round(start * FRAME_SECONDS, 3), round(end * FRAME_SECONDS, 3)) for start, end in frames]
    return [(start, end) for start, end in spans if end - start >= threshold.shortest]


def envelope(track: NDArray[np.int16], per_second: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Give what a waveform is drawn from: the peak and the RMS of each piece, 0…255 of full scale.

    Args:
        track: Shape ``(n,)``, 16 kHz.
        per_second: Pieces a second; must divide 16,000.
    """
    size = SAMPLE_RATE // per_second
    count = -(-len(track) // size)
    pieces = np.zeros(count * size, dtype=np.float32)
    pieces[: len(track)] = track
    pieces = np.abs(pieces.reshape(count, size)) / 32768.0
    peak = pieces.max(axis=1, initial=0.0)
    rms = np.sqrt(np.mean(np.square(pieces), axis=1)) if count else peak
    return tuple(np.minimum(255, np.round(255 * values)).astype(np.uint8) for values in (peak, rms))  # type: ignore[return-value]


def first_onset(sounds: Sequence[Span], after: float, before: float) -> float | None:
    """Give when the first sound begins in ``after``…``before``, or None. A sound that is under way does not count."""
    return next((start for start, _ in sounds if after <= start < before), None)


def longest_silence(sounds: Sequence[Span], start: float, end: float) -> float:
    """Give the longest stretch without sound within ``start``…``end``, in seconds."""
    longest, silent_since = 0.0, start
    for begins, ends in sounds:
        if ends <= start:
            continue
        if begins >= end:
            break
        longest = max(longest, begins - silent_since)
        silent_since = max(silent_since, ends)
    return max(longest, end - silent_since, 0.0)


def _decibels(track: NDArray[np.int16]) -> NDArray[np.float64]:
    frames = track[: len(track) // _FRAME * _FRAME].astype(np.float64).reshape(-1, _FRAME)
    rms = np.sqrt(np.mean(np.square(frames), axis=1)) / 32768.0 if len(frames) else np.zeros(0)
    return 20.0 * np.log10(np.maximum(rms, 1e-6))
