"""The watch over calls in which nothing happens any more, on virtual time."""

from __future__ import annotations

import asyncio

import pytest

from voice.server.idle import IDLE_SECONDS, end_when_idle
from voice.testing import in_virtual_time
from voice.trace import Trace


@in_virtual_time
async def test_a_call_in_which_nothing_happens_is_hung_up_on_once_and_one_in_which_something_does_is_not(
    caplog: pytest.LogCaptureFixture,
) -> None:
    now = asyncio.get_running_loop().time
    trace = Trace("call-1", now())
    ended: list[float] = []

    async def hang_up() -> None:
        ended.append(now())

    watching = asyncio.create_task(end_when_idle(trace, hang_up))
    for _ in range(3):
        await asyncio.sleep(IDLE_SECONDS - 1)
        trace.write(now(), 0, "voice_on", {})
    last = now()
    await asyncio.sleep(IDLE_SECONDS - 1)
    assert ended == []
    await asyncio.sleep(3 * IDLE_SECONDS)
    assert ended == [last + IDLE_SECONDS]
    assert watching.done()
    assert [record.message for record in caplog.records] == ["call call-1 is idle, and ends"]


@in_virtual_time
async def test_the_watch_over_a_call_that_ended_by_itself_ends_with_it() -> None:
    async def hang_up() -> None:
        raise AssertionError("the call is over")

    watching = asyncio.create_task(end_when_idle(Trace("call-1", 0.0), hang_up))
    await asyncio.sleep(1)
    watching.cancel()
    await asyncio.sleep(2 * IDLE_SECONDS)
    assert watching.cancelled()
    assert asyncio.all_tasks() == {asyncio.current_task()}
