"""Both directions of a call on one clock, as the caller hears it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

SAMPLE_RATE = 16_000
"""Of a recording, in samples a second."""

Track = NDArray[np.int16]


class Recording:
    """Caller and agent, sample by sample, from the moment the line opened.

    What the agent sends ahead of time is played in order, each piece when the one before has ended, as a phone or a
    browser plays it. A `clear` drops what was not yet played: nobody heard it. The agent's sound is kept at the rates
    it came in, and resampled as a whole at the end, so that no filter moves its onsets.

    Args:
        began: The clock's reading at the first sample, in seconds.
    """

    def __init__(self, began: float) -> None:
        self.began = began
        self._caller = bytearray()
        self._agent: dict[int, bytearray] = {}
        self._played_until = began

    def caller(self, at: float, pcm: bytes) -> None:
        """Note 16 kHz PCM whose first sample was spoken at ``at``."""
        _put(self._caller, self._position(at, SAMPLE_RATE), pcm)

    def agent(self, at: float, pcm: bytes, sample_rate: int) -> None:
        """Note PCM that arrived at ``at``."""
        track = self._agent.setdefault(sample_rate, bytearray())
        _put(track, self._position(max(at, self._played_until), sample_rate), pcm)
        self._played_until = max(self._played_until, self.began + len(track) / 2 / sample_rate)

    def clear(self, at: float) -> None:
        """Drop what the agent sent that was not yet played at ``at``."""
        for sample_rate, track in self._agent.items():
            del track[2 * self._position(at, sample_rate) :]
        self._played_until = min(self._played_until, max(self.began, at))

    def agent_level(self, start: float, end: float) -> float:
        """Give the RMS in dB of full scale of what is played between two moments of the clock."""
        level = -120.0
        for sample_rate, track in self._agent.items():
            first, last = self._position(start, sample_rate), self._position(end, sample_rate)
            heard = np.frombuffer(bytes(track[2 * first : 2 * last]), dtype=np.int16).astype(np.float64)
            if len(heard):
                rms = float(np.sqrt(np.sum(np.square(heard)) / max(1, last - first))) / 32768.0
                level = max(level, 20.0 * float(np.log10(max(rms, 1e-6))))
        return level

    @property
    def seconds(self) -> float:
        """The length of the longer track."""
        return max(len(self._caller) / 2 / SAMPLE_RATE, self._played_until - self.began)

    def tracks(self) -> NDArray[np.int16]:
        """Give both directions, shape ``(n, 2)``, 16 kHz: caller left, agent right."""
        caller = np.frombuffer(bytes(self._caller), dtype=np.int16)
        agent = [_resampled(track, sample_rate) for sample_rate, track in self._agent.items()]
        mixed = np.zeros((max(len(caller), *(len(part) for part in agent), 0), 2), dtype=np.int32)
        mixed[: len(caller), 0] = caller
        for part in agent:
            mixed[: len(part), 1] += part
        return np.clip(mixed, -32768, 32767).astype(np.int16)

    def save(self, path: Path) -> None:
        """Write a stereo WAV."""
        soundfile.write(path, self.tracks(), SAMPLE_RATE, subtype="PCM_16")

    def _position(self, at: float, sample_rate: int) -> int:
        return max(0, round((at - self.began) * sample_rate))


def _put(track: bytearray, position: int, pcm: bytes) -> None:
    """Append samples, after as much silence as leads up to their position."""
    track.extend(bytes(max(0, 2 * position - len(track))))
    track.extend(pcm)


def _resampled(track: bytearray, sample_rate: int) -> Track:
    samples = np.frombuffer(bytes(track), dtype=np.int16)
    return samples if sample_rate == SAMPLE_RATE else soxr.resample(samples, sample_rate, SAMPLE_RATE)
