"""Reads any recording into the one form that the rest uses: mono, float32, one sample rate.

Whatever a recording looks like, reading it ends in one of two ways: a `Recording`, with a warning for everything that
will hurt recognition, or an `AudioError` that says what is wrong and what to do. Memory is bounded by the length limit,
not by what the file's header claims.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile as sf
import soxr
from numpy.typing import NDArray

from voice.ports import Samples

LIMIT_SECONDS = 30 * 60.0
"""Longest recording read by default: 115 MB of samples at 16 kHz. A caller on the line for longer is no fixture."""

_BLOCK_SECONDS = 0.5  # a damaged FLAC loses the block in which the damage starts
_LOWEST_RATE, _HIGHEST_RATE = 4_000, 384_000
_SILENT_PEAK = 10 ** (-60 / 20)
_FULL_SCALE = 0.999
_CLIPPED_RUN = 3
_CLIPPED_SHARE = 0.001
_STREAMED_SIZES = (0, 0x7FFFFFFF, 0xFFFFFFFF)


class AudioError(ValueError):
    """A recording that cannot be used. The message says what is wrong with it and what to do."""


@dataclass(frozen=True, slots=True)
class Recording:
    """A recording that was read.

    Attributes:
        samples: Shape ``(n,)``, float32, in -1…1.
        rate: Samples a second.
        warnings: One sentence for each thing that may hurt recognition (silent, clipped, mixed to mono, cut off).
    """

    samples: Samples
    rate: int
    warnings: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return len(self.samples) / self.rate


def read(
    path: Path | str, *, rate: int = 16_000, limit_seconds: float = LIMIT_SECONDS, channel: int | None = None
) -> Recording:
    """Read a recording of any rate, sample format and number of channels.

    Args:
        path: WAV, FLAC, Ogg, MP3, AIFF or whatever else libsndfile reads.
        rate: The sample rate wished for.
        limit_seconds: Longer recordings are refused.
        channel: The channel to take, counted from 0; None mixes all channels.

    Raises:
        AudioError: there is no such file, it is no audio, holds no samples, is too long, or has no such channel.
    """
    path = Path(path)
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "does not exist"
        raise AudioError(f"{path} {what}; give the path of a recording")
    if path.stat().st_size == 0:
        raise AudioError(f"{path} is empty (0 bytes); record or copy it again")
    if not os.access(path, os.R_OK):
        raise AudioError(f"{path} may not be read by this user; change its permissions")
    try:
        file = sf.SoundFile(path)
    except (sf.SoundFileError, TypeError) as error:
        raise AudioError(
            f"{path} is no audio that can be read here ({error}); "
            f"convert it: ffmpeg -i {path.name} -ac 1 -ar {rate} converted.wav"
        ) from error
    with file:
        _check_header(file, path, limit_seconds, channel)
        return _read(file, path, rate, limit_seconds, channel)


def _check_header(file: sf.SoundFile, path: Path, limit_seconds: float, channel: int | None) -> None:
    if not _LOWEST_RATE <= file.samplerate <= _HIGHEST_RATE:
        raise AudioError(
            f"{path} claims {file.samplerate} samples a second; speech needs {_LOWEST_RATE} to {_HIGHEST_RATE}. "
            f"Its header is probably wrong"
        )
    if channel is not None and not 0 <= channel < file.channels:
        raise AudioError(f"{path} has no channel {channel}; it has {file.channels}, counted from 0")
    if file.frames > limit_seconds * file.samplerate and file.frames not in _STREAMED_SIZES:
        raise _too_long(path, f"{file.frames / file.samplerate / 60:.0f} minutes", limit_seconds)


def _too_long(path: Path, length: str, limit_seconds: float) -> AudioError:
    return AudioError(
        f"{path} is {length} long; the limit is {limit_seconds / 60:.0f}. "
        f"Cut it: ffmpeg -i {path.name} -t {limit_seconds:.0f} short.wav"
    )


def _read(file: sf.SoundFile, path: Path, rate: int, limit_seconds: float, channel: int | None) -> Recording:
    resampler = soxr.ResampleStream(file.samplerate, rate, 1, dtype="float32", quality="HQ")
    limit = int(limit_seconds * file.samplerate)
    blocks: list[Samples] = []
    read = clipped = broken = 0
    loudest = 0.0
    cut_off = _promises_more(file, path)
    while True:
        try:
            block = file.read(int(_BLOCK_SECONDS * file.samplerate), dtype="float32", always_2d=True)
        except sf.SoundFileError:
            cut_off = True
            break
        if not len(block):
            cut_off = cut_off or read < file.frames < limit
            break
        read += len(block)
        if read > limit:
            raise _too_long(path, f"more than {limit_seconds / 60:.0f} minutes", limit_seconds)
        finite = np.isfinite(block)
        broken += int(block.size - np.count_nonzero(finite))
        block = np.where(finite, block, np.float32(0))
        clipped += _count_clipped(block)
        loudest = max(loudest, float(np.abs(block).max()))
        mono = block[:, channel] if channel is not None else block.mean(axis=1)
        blocks.append(resampler.resample_chunk(np.ascontiguousarray(mono, dtype=np.float32)))
    if not read and cut_off:
        raise AudioError(f"{path} is cut off before its first sample could be read; record or copy it again")
    if not read:
        raise AudioError(f"{path} holds no samples; record or copy it again")
    blocks.append(resampler.resample_chunk(np.zeros(0, np.float32), last=True))
    samples = np.concatenate(blocks)

    warnings: list[str] = []
    if loudest > 1.0:
        samples /= loudest
        warnings.append(f"goes beyond full scale ({loudest:.3g} times); turned down to fit")
    elif clipped > _CLIPPED_SHARE * read * file.channels:
        share = clipped / (read * file.channels)
        warnings.append(f"clipped: {share:.1%} of the samples are at full scale; record it at a lower level")
    if file.channels > 1 and channel is None:
        warnings.append(f"{file.channels} channels were mixed; choose one if each has its own speaker")
    if float(np.abs(samples).max()) < _SILENT_PEAK:
        warnings.append("silent: no sample is louder than -60 dB")
    if broken:
        warnings.append(f"not every sample is a number: {broken} set to zero")
    if cut_off:
        warnings.append(f"cut off: the file ends before its header says so, {read / file.samplerate:.1f} s were read")
    np.clip(samples, -1, 1, out=samples)
    return Recording(samples, rate, tuple(warnings))


def _count_clipped(block: NDArray[np.float32]) -> int:
    """Count the samples that stand in runs at full scale; a lone peak is no clipping."""
    full = np.abs(block) >= _FULL_SCALE
    runs = full[2:] & full[1:-1] & full[:-2]
    return int(np.count_nonzero(runs)) + (_CLIPPED_RUN - 1) * bool(runs.any())


def _promises_more(file: sf.SoundFile, path: Path) -> bool:
    """Tell whether a WAV header promises more data than the file has (libsndfile quietly reads what is there)."""
    if file.format not in ("WAV", "WAVEX"):
        return False
    with path.open("rb") as raw:
        head = raw.read(64 * 1024)
    at = head.find(b"data", 12)
    if at < 0 or at + 8 > len(head):
        return False
    promised = int.from_bytes(head[at + 4 : at + 8], "little")
    return promised not in _STREAMED_SIZES and at + 8 + promised > path.stat().st_size
