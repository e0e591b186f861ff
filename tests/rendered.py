"""What the embedded voice says, as ears want it."""

from __future__ import annotations

import numpy as np
import soxr

from voice.ports import Samples
from voice.speaking.piper import PiperSpeaker

RATE = 16_000


async def speech(voice: PiperSpeaker, text: str) -> Samples:
    """Give a text as the voice says it, 16 kHz, shape ``(n,)``."""
    pcm = b"".join([sentence async for sentence in voice.speak(text)])
    samples = np.frombuffer(pcm, np.int16).astype(np.float32) / 32768
    return soxr.resample(samples, voice.sample_rate, RATE)
