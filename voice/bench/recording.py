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
    browser plays it. A `clear` drops what was not yet played.

    Args:
        began: The clock's reading at the first sample, in seconds.
    """

    def __init__(self, began: float) -> None:
        self.began = began
        self._tracks = [bytearray(), bytearray()]
        self._resampler: tuple[int, soxr.ResampleStream] | None = None

    def caller(self, at: float, pcm: bytes) -> None:
        """Note 16 kHz PCM that is spoken at ``at``."""
        self._put(0, at, pcm)

    def agent(self, at: float, pcm: bytes, sample_rate: int) -> None:
        """Note PCM that arrived at ``at``."""
        if sample_rate != SAMPLE_RATE:
            pcm = self._resampled(pcm, sample_rate)
        self._put(1, at, pcm)

    def clear(self, at: float) -> None:
        """Drop what the agent sent that was not yet played at ``at``."""
        del self._tracks[1][self._position(at) :]

    def agent_until(self) -> float:
        """When the agent's last sound so far ends, on the clock."""
        return self.began + len(self._tracks[1]) / 2 / SAMPLE_RATE

    @property
    def seconds(self) -> float:
        """The length of the longer track."""
        return max(len(track) for track in self._tracks) / 2 / SAMPLE_RATE

    def tracks(self) -> NDArray[np.int16]:
        """Give both directions, shape ``(n, 2)``, 16 kHz: caller left, agent right."""
        length = max(len(track) for track in self._tracks)
        padded = [bytes(track).ljust(length, b"\0") for track in self._tracks]
        return np.stack([np.frombuffer(track, dtype=np.int16) for track in padded], axis=1)

    def save(self, path: Path) -> None:
        """Write a stereo WAV."""
        soundfile.write(path, self.tracks(), SAMPLE_RATE, subtype="PCM_16")

    def _position(self, at: float) -> int:
        return max(0, round((at - self.began) * SAMPLE_RATE)) * 2

    def _put(self, index: int, at: float, pcm: bytes) -> None:
        track = self._tracks[index]
        gap = self._position(at) - len(track)
        if gap > 0:
            track.extend(bytes(gap))
        track.extend(pcm)

    def _resampled(self, pcm: bytes, sample_rate: int) -> bytes:
        if self._resampler is None or self._resampler[0] != sample_rate:
            stream = soxr.ResampleStream(sample_rate, SAMPLE_RATE, 1, dtype="int16")
            self._resampler = (sample_rate, stream)
        return self._resampler[1].resample_chunk(np.frombuffer(pcm, dtype=np.int16)).tobytes()
