"""An agent has done with a call when its trace says so, and is not waited for without end."""

from __future__ import annotations

import asyncio
from pathlib import Path

from voice.bench.calls.closing import CLOSING_SECONDS, closed
from voice.testing import in_virtual_time


@in_virtual_time
async def test_the_last_line_of_a_trace_is_waited_for(tmp_path: Path):
    trace = tmp_path / "trace.jsonl"
    trace.write_text('{"kind": "call"}\n')
    asyncio.get_running_loop().call_later(1.0, trace.write_text, '{"kind": "call"}\n{"kind": "closed"}\n')
    assert await closed(trace)
    assert asyncio.get_running_loop().time() < 1.3


@in_virtual_time
async def test_an_agent_that_never_closes_a_call_is_not_waited_for_without_end(tmp_path: Path):
    began = asyncio.get_running_loop().time()
    assert not await closed(tmp_path / "trace.jsonl")
    assert asyncio.get_running_loop().time() - began < CLOSING_SECONDS + 0.2
