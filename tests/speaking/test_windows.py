from __future__ import annotations

import numpy as np
import pytest

from voice.speaking.windows import Frames, Local, Sizes, chained, reach_of

SIZES = Sizes(first=4, growth=2, most=9)


def blur(reach: int, each: int = 1) -> Local:
    """A network whose output at a frame is a weighted sum of what is around it, `each` values a frame."""
    weights = np.arange(1, 2 * reach + 2, dtype=np.float32)

    def run(frames: Frames) -> Frames:
        padded = np.pad(frames[0, 0], reach)
        summed = np.convolve(padded, weights, "valid") if frames.shape[-1] else padded[:0]
        return (summed[:, None] + np.arange(each, dtype=np.float32)).reshape(1, 1, -1)

    return Local(run, reach)


def noise(frames: int) -> Frames:
    return np.random.default_rng(frames).integers(-9, 9, (1, 1, frames)).astype(np.float32)


@pytest.mark.parametrize("frames", [1, 3, 4, 5, 7, 8, 11, 12, 13, 40, 41, 100])
def test_windows_joined_are_one_run_over_everything(frames: int) -> None:
    flow, decoder, given = blur(5), blur(3, each=7), noise(frames)
    windows = [*chained(flow, decoder, given, SIZES)]
    np.testing.assert_array_equal(np.concatenate(windows, axis=-1), decoder.run(flow.run(given)))
    assert [window.shape[-1] for window in windows] == [7 * (end - start) for start, end in SIZES.spans(frames)]


@pytest.mark.parametrize(
    ("frames", "spans"),
    [
        (0, []),
        (2, [(0, 2)]),
        (7, [(0, 7)]),
        (8, [(0, 4), (4, 8)]),
        (12, [(0, 4), (4, 12)]),
        (25, [(0, 4), (4, 12), (12, 21), (21, 25)]),
        (24, [(0, 4), (4, 12), (12, 24)]),
    ],
)
def test_windows_grow_up_to_a_size_and_leave_no_scrap(frames: int, spans: list[tuple[int, int]]) -> None:
    assert [*SIZES.spans(frames)] == spans


def test_nothing_is_made_before_it_is_asked_for() -> None:
    run: list[int] = []

    def watched(frames: Frames) -> Frames:
        run.append(frames.shape[-1])
        return frames

    windows = chained(blur(5), Local(watched, 3), noise(100), SIZES)
    assert run == []
    next(windows)
    assert run == [4 + 3]
    next(windows)
    assert run == [4 + 3, 3 + 8 + 3]


@pytest.mark.parametrize("reach", [0, 1, 6])
def test_a_networks_reach_is_found_out(reach: int) -> None:
    assert reach_of(blur(reach, each=3).run, channels=1, most=6) == reach


def test_a_network_that_looks_at_everything_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 6 frames"):
        reach_of(blur(7).run, channels=1, most=6)
    with pytest.raises(ValueError, match="more than 6 frames"):
        reach_of(lambda frames: frames - frames.mean(), channels=1, most=6)
    with pytest.raises(ValueError, match="not a fixed number"):
        reach_of(lambda frames: frames[..., 1:], channels=1, most=6)
