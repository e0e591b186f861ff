"""Speech on its way to a transport of another rate."""

from __future__ import annotations

from collections.abc import AsyncIterator

import numpy as np
import pytest
import soxr

from voice.processors.speaker import resampled

RATE = 22_050
TONE = (8000 * np.sin(np.arange(RATE) / 20)).astype(np.int16)


async def parts(sizes: list[int], closed: list[bool] | None = None) -> AsyncIterator[bytes]:
    try:
        for part in np.split(TONE, np.cumsum(sizes)):
            yield part.tobytes()
    finally:
        if closed is not None:
            closed.append(True)


@pytest.mark.parametrize("wanted", [8_000, 16_000, 22_050, 24_000])
async def test_an_utterance_in_parts_is_resampled_as_one_and_to_its_end(wanted: int) -> None:
    given = b"".join([part async for part in resampled(parts([1, 50, 6000, 9000]), RATE, wanted)])
    whole = soxr.resample(TONE, RATE, wanted, quality="HQ")
    np.testing.assert_allclose(np.frombuffer(given, np.int16), whole, atol=3)  # soxr dithers


async def test_who_stops_listening_ends_the_speaking() -> None:
    closed: list[bool] = []
    heard = resampled(parts([6000] * 3, closed), RATE, RATE)
    await anext(heard)
    await heard.aclose()
    assert closed == [True]
