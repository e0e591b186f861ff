"""Recordings that no one should send, and everyone does: made in a test's own folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import soundfile as sf
import soxr

FIXTURES = Path(__file__).parent.parent / "audio_fixtures"
SPEECH = FIXTURES / "demo-1.flac"
"""A short question, mono, 16 kHz."""


def silent(folder: Path, *, seconds: float = 2.0, rate: int = 16_000) -> Path:
    """Nothing is said, for ``seconds``."""
    return _write(folder / "silent.wav", np.zeros(round(seconds * rate), dtype=np.float32), rate)


def without_samples(folder: Path) -> Path:
    """A good header, and no audio."""
    return _write(folder / "without-samples.wav", np.zeros(0, dtype=np.float32), 16_000)


def without_bytes(folder: Path) -> Path:
    """A file of zero bytes."""
    path = folder / "without-bytes.wav"
    path.touch()
    return path


def no_audio(folder: Path) -> Path:
    """Text under the name of a recording."""
    path = folder / "no-audio.wav"
    path.write_text("This is a letter, not a recording.", encoding="utf-8")
    return path


def stereo(folder: Path, speech: Path = SPEECH) -> Path:
    """Speech on the left channel, nothing on the right one."""
    samples, rate = _read(speech)
    return _write(folder / "stereo.wav", np.stack([samples, np.zeros_like(samples)], axis=1), rate)


def at_rate(folder: Path, rate: int, speech: Path = SPEECH) -> Path:
    """The same speech at another sampling rate."""
    samples, old_rate = _read(speech)
    return _write(folder / f"at-{rate}.wav", soxr.resample(samples, old_rate, rate), rate)


def clipped(folder: Path, speech: Path = SPEECH, *, gain: float = 30.0) -> Path:
    """Speech that is far too loud for its format."""
    samples, rate = _read(speech)
    return _write(folder / "clipped.wav", np.clip(samples * gain, -1, 1), rate)


def truncated(folder: Path, speech: Path = SPEECH) -> Path:
    """A WAV whose header promises more than there is, as a killed recorder leaves it."""
    samples, rate = _read(speech)
    path = _write(folder / "truncated.wav", samples, rate)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])
    return path


def truncated_flac(folder: Path, speech: Path = SPEECH) -> Path:
    """A FLAC that stops in the middle."""
    path = folder / "truncated.flac"
    shutil.copy(speech, path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return path


def endless(folder: Path, *, seconds: float = 2 * 3_600.0) -> Path:
    """Two hours of silence, in a small file."""
    path = folder / "endless.flac"
    minute = np.zeros(60 * 8_000, dtype=np.int16)
    with sf.SoundFile(path, "w", samplerate=8_000, channels=1, subtype="PCM_16") as file:
        for _ in range(round(seconds / 60)):
            file.write(minute)
    return path


def _read(path: Path) -> tuple[np.ndarray, int]:
    samples, rate = sf.read(path, dtype="float32")
    return samples, rate


def _write(path: Path, samples: np.ndarray, rate: int) -> Path:
    sf.write(path, samples, rate, subtype="PCM_16")
    return path
