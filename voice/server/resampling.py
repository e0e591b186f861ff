"""Sound between 8 kHz and 16 kHz, packet by packet, for phone lines.

Stream resamplers of soxr hold sound back and give it in bursts: at 20 ms a packet up to 109 ms as pipecat uses them
(VHQ), and 61 ms at LQ, while QQ lets what is above 4 kHz fold down unhindered. The filter here holds back 1.4 ms.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_TAPS = 24
"""Of each half of the filter. Up to 3.4 kHz it changes nothing by more than 0.01 dB; mirror images are 61 dB weaker."""

_PAST = _TAPS - 1
"""How many samples at 8 kHz an output sample looks back."""

_MIDDLE = _TAPS // 2
"""Where the other half of the filter, which is one tap, stands: what it lets through is 11 samples at 8 kHz old."""


def _taps() -> NDArray[np.float64]:
    """Give every other tap of a half-band filter for 16 kHz; of those between, only the middle one is not zero."""
    reach = np.arange(_TAPS) - _PAST / 2
    taps = np.sinc(reach) * np.kaiser(_TAPS, 5.0)
    return taps / taps.sum()


_FILTER = _taps()


class Doubler:
    """Makes 16 kHz of 8 kHz. Samples are 16-bit mono; twice as many come out as go in."""

    def __init__(self) -> None:
        self._past = np.zeros(_PAST)

    def __call__(self, audio: bytes) -> bytes:
        """Take a packet of any length, and give what is known by it."""
        samples = np.concatenate([self._past, np.frombuffer(audio, np.int16)])
        count = len(samples) - _PAST
        if not count:
            return b""
        self._past = samples[count:]
        doubled = np.empty(2 * count)
        doubled[0::2] = np.convolve(samples, _FILTER, "valid")
        doubled[1::2] = samples[_MIDDLE : _MIDDLE + count]
        return _pcm(doubled)


class Halver:
    """Makes 8 kHz of 16 kHz. Samples are 16-bit mono; half as many come out as go in, an odd one goes with the next."""

    def __init__(self) -> None:
        self._past = np.zeros(2 * _PAST)

    def __call__(self, audio: bytes) -> bytes:
        """Take a packet of any length, and give what is known by it."""
        samples = np.concatenate([self._past, np.frombuffer(audio, np.int16)])
        count = len(samples) // 2 - _PAST
        self._past = samples[2 * count :]
        if not count:
            return b""
        first, second = samples[0 : 2 * (count + _PAST) : 2], samples[1 : 2 * (count + _PAST) : 2]
        return _pcm((np.convolve(second, _FILTER, "valid") + first[_MIDDLE : _MIDDLE + count]) / 2)

    def clear(self) -> None:
        """Forget what came before: the next packet does not go on from it."""
        self._past = np.zeros(2 * _PAST)


class AsItIs:
    """Leaves sound that has the right rate already as it is."""

    def __call__(self, audio: bytes) -> bytes:
        """Give a packet back."""
        return audio

    def clear(self) -> None:
        """Forget nothing: nothing is kept."""


def _pcm(samples: NDArray[np.float64]) -> bytes:
    return np.clip(np.rint(samples), -32768, 32767).astype(np.int16).tobytes()
