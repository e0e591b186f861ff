"""The watch over calls in which nothing happens any more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from pipecat.processors.frame_processor import FrameProcessor

from voice.processors.cascade import CascadeProcessor
from voice.trace import Trace

IDLE_SECONDS = 300.0
"""A call in which nothing happened for so long is over, whatever its line says. Pipecat's own watch over idle calls
looks at every frame in every processor, and takes a tenth of what a call takes: it is for calls that are not traced."""

_log = logging.getLogger(__name__)


def is_traced(stage: FrameProcessor) -> bool:
    """Tell whether a cascade is in this pipeline, so that whatever anybody says is traced."""
    return isinstance(stage, CascadeProcessor) or any(is_traced(each) for each in stage.processors)


async def end_when_idle(trace: Trace, hang_up: Callable[[], Awaitable[None]], seconds: float = IDLE_SECONDS) -> None:
    """Wait until nothing was traced for so many seconds, and hang up. Cancelling it ends the watch."""
    happened = asyncio.Event()
    trace.add(lambda line: happened.set())
    with suppress(TimeoutError):
        while True:
            happened.clear()
            await asyncio.wait_for(happened.wait(), seconds)
    _log.warning("call %s is idle, and ends", trace.call_id)
    await hang_up()
