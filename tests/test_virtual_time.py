"""The clock for tests jumps to the next timer, and says so where there is none."""

from __future__ import annotations

import asyncio

import pytest

from voice.testing import in_virtual_time


@in_virtual_time
async def test_hours_pass_at_once_and_in_order() -> None:
    woken: list[str] = []

    async def wake(name: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        woken.append(f"{asyncio.get_running_loop().time():.0f} {name}")

    await asyncio.gather(wake("late", 7200.0), wake("early", 3600.0))
    assert woken == ["3600 early", "7200 late"]


def test_a_test_that_would_wait_for_ever_fails() -> None:
    @in_virtual_time
    async def waits() -> None:
        await asyncio.Event().wait()

    with pytest.raises(RuntimeError, match="every task waits and no timer is set"):
        waits()
