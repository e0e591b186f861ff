"""Window arithmetic: a network that looks only so far to each side is run on stretches of its input, one by one.

A stretch is widened by what the network sees around it (its *reach*), run, and cut back to itself. What is left equals
the same stretch of one run over everything, at the ends of the input as well, for there the network pads both alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Frames = NDArray[np.float32]
"""Values over time, shape ``(1, channels, frames)``."""

Network = Callable[[Frames], Frames]
"""Gives a fixed number of values a frame, shape ``(1, channels, frames * n)``; `n` is 1 or more."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How long windows are, in frames: short at first for an early sound, then longer, for each costs its reach.

    Attributes:
        first: Of the first window, at least 1.
        growth: From a window to the next, at least 1.
        most: Of any.
    """

    first: int
    growth: float
    most: int

    def spans(self, frames: int) -> Iterator[tuple[int, int]]:
        """Give the start and end of each window, in order, without gaps.

        A rest shorter than ``first`` is part of the last window.
        """
        start, size = 0, float(self.first)
        while start < frames:
            end = start + round(size)
            if frames - end < self.first:
                end = frames
            yield start, end
            start, size = end, min(size * self.growth, self.most)


@dataclass(frozen=True, slots=True)
class Local:
    """A network that is run in windows.

    Attributes:
        run: The network.
        reach: Frames to each side of a frame that its output depends on.
    """

    run: Network
    reach: int

    def stretch(self, frames: Frames, start: int, end: int) -> Frames:
        """Give the output for ``frames[..., start:end]``."""
        left, right = max(0, start - self.reach), min(frames.shape[-1], end + self.reach)
        output = self.run(frames[..., left:right])
        each = output.shape[-1] // (right - left)
        return output[..., (start - left) * each : (end - left) * each]


def chained(first: Local, then: Local, frames: Frames, sizes: Sizes) -> Iterator[Frames]:
    """Run two networks one behind the other, a window at a time.

    The first one runs once over each frame and its reach, just far enough ahead for the second.

    Args:
        first: Gives one value a frame.
        then: Gives any number.
        frames: Input of ``first``, shape ``(1, channels, frames)``.
        sizes: Of the windows.
    """
    total = frames.shape[-1]
    between = np.empty((1, 0, 0), np.float32)
    done = 0
    for start, end in sizes.spans(total):
        needed = min(total, end + then.reach)
        if needed > done:
            more = first.stretch(frames, done, needed)
            between = np.concatenate([between, more], axis=-1) if done else more
            done = needed
        yield then.stretch(between, start, end)


def reach_of(network: Network, channels: int, most: int) -> int:
    """Measure how far a network sees, by disturbing one frame of noise.

    Args:
        network: What to measure.
        channels: Of its input.
        most: The farthest reach, in frames, that is of use.

    Raises:
        ValueError: it sees farther, or does not give a fixed number of values a frame.
    """
    frames = 2 * most + 3
    noise = np.random.default_rng(0).normal(size=(1, channels, frames + 1)).astype(np.float32)
    calm, disturbed = noise[..., :frames], noise[..., :frames].copy()
    disturbed[..., most + 1] = noise[..., frames]
    before, after = network(calm), network(disturbed)
    if before.ndim != 3 or before.shape[-1] % frames:
        raise ValueError(f"{frames} frames gave an output of shape {before.shape}, not a fixed number a frame")
    each = before.shape[-1] // frames
    change = np.abs(after - before).max(axis=(0, 1)).reshape(frames, each).max(axis=-1)
    touched = np.flatnonzero(change > _UNHEARD * np.abs(before).max())
    reach = int(np.abs(touched - (most + 1)).max(initial=0))
    if reach > most:
        raise ValueError(f"an output depends on more than {most} frames to each side")
    return reach


_UNHEARD = 1e-6
"""Beside the largest output. With the reach so found, joined windows of the embedded voice are within a step of 16
bits of one run, mostly 0.2."""
