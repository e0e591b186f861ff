"""How loud a voice is: one gain for all it says, so that the level is the same in every piece of a sentence."""

from __future__ import annotations

import numpy as np

from voice.ports import Samples

LOUDNESS = 0.18
"""Root mean square of speech, of full scale. Piper raises each sentence to its peak: .15 to .25, mostly .19."""

KNEE = 0.7
"""Where the limiter begins, of full scale."""

_AUDIBLE = 1 / 20

SILENCE = 0.002
"""Sound below this is silence, of full scale. Piper begins with 0.03 to 0.08 s below a twentieth of it; the softest
beginnings ("She", "Flight") reach it in their first 5 ms."""

LEAD_SECONDS = 0.01


def loudness(samples: Samples) -> float:
    """Give the root mean square of the parts that are not pauses; 0 for silence."""
    size = np.abs(samples)
    heard = samples[size > _AUDIBLE * size.max(initial=0.0)]
    return float(np.sqrt(np.mean(heard.astype(np.float64) ** 2))) if len(heard) else 0.0


def without_lead(samples: Samples, rate: int) -> Samples:
    """Begin `LEAD_SECONDS` before the first sound; silence stays as it is."""
    first = int(np.argmax(np.abs(samples) > SILENCE)) if len(samples) else 0
    return samples[max(0, first - round(LEAD_SECONDS * rate)) :]


def raised(audio: bytes, decibels: float) -> bytes:
    """Give 16-bit PCM at another level, its peaks bent as by `pcm`; 0 dB changes nothing."""
    if not decibels:
        return audio
    samples = np.frombuffer(audio, "<i2").astype(np.float32) / np.float32(32767)
    return pcm(samples, 10 ** (decibels / 20))


def pcm(samples: Samples, gain: float) -> bytes:
    """Give 16-bit PCM, raised by ``gain``. Peaks above `KNEE` are bent instead of cut, each sample by itself."""
    raised = samples * gain
    size = np.abs(raised)
    bent = KNEE + (1 - KNEE) * np.tanh((size - KNEE) / (1 - KNEE))
    limited = np.where(size > KNEE, np.copysign(bent, raised), raised)
    return np.round(limited * 32767).astype("<i2").tobytes()
