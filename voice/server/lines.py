"""One caller on the line: from an open connection to the end of the call."""

from __future__ import annotations

import asyncio
import importlib
import logging
import uuid
from collections.abc import Callable
from pathlib import Path

from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.transports.base_transport import BaseTransport
from pipecat.workers.runner import WorkerRunner

from voice.processors.call import Call
from voice.server.desks import DeskSource
from voice.stack import Stack
from voice.trace import JsonLines, Trace

SAMPLE_RATE = 16_000
"""Of the audio inside a pipeline, both ways. Serializers and transports resample to what the line wants."""

Build = Callable[[BaseTransport, Call], Pipeline]

_log = logging.getLogger(__name__)


class UnknownPipeline(ValueError):
    """There is no pipeline of this name."""


def pipeline(name: str) -> Build:
    """Give the builder of a pipeline: ``build`` of the module ``pipelines.<name>``.

    Raises:
        UnknownPipeline: there is no such module, or it has no ``build``.
    """
    try:
        return importlib.import_module(f"pipelines.{name}").build
    except (ModuleNotFoundError, AttributeError) as error:
        known = ", ".join(pipelines())
        raise UnknownPipeline(f"there is no pipeline {name!r}: use one of {known}") from error


def pipelines() -> list[str]:
    """Name the pipelines that there are."""
    package = importlib.import_module("pipelines")
    return sorted(file.stem for file in Path(package.__path__[0]).glob("*.py") if file.stem != "__init__")


class Lines:
    """Answers calls.

    Args:
        stack: Shared by all calls.
        build: Makes a call's pipeline.
        desks: Gives each call its desk.
        calls: Folder for what each call leaves behind, or None to keep nothing.
    """

    def __init__(self, stack: Stack, build: Build, desks: DeskSource, calls: Path | None = None) -> None:
        self.stack = stack
        self._build = build
        self._desks = desks
        self._calls = calls
        self.active: dict[str, PipelineWorker] = {}

    async def answer(self, transport: BaseTransport, call_id: str | None = None) -> None:
        """Run one call until the caller hangs up. What is being written then is still finished."""
        call_id = call_id or uuid.uuid4().hex[:12]
        folder = None
        if self._calls:
            folder = self._calls / call_id
            folder.mkdir(parents=True, exist_ok=True)
        began = asyncio.get_running_loop().time()
        trace = Trace(call_id, began)
        lines = JsonLines(folder / "trace.jsonl") if folder else None
        if lines:
            trace.add(lines)
        trace.write(began, 0, "call", {"clock": began, "profile": self.stack.config.name})
        async with self._desks.desk(folder) as desk:
            call = Call(self.stack, desk, trace)
            worker = PipelineWorker(
                self._build(transport, call),
                params=PipelineParams(audio_in_sample_rate=SAMPLE_RATE, audio_out_sample_rate=SAMPLE_RATE),
                enable_rtvi=False,
                conversation_id=call_id,
            )

            @transport.event_handler("on_client_disconnected")
            async def hung_up(_transport: BaseTransport, _client: object) -> None:
                await worker.cancel(reason="the caller hung up")

            self.active[call_id] = worker
            runner = WorkerRunner(handle_sigint=False)
            try:
                await runner.add_workers(worker)
                await runner.run()
            finally:
                self.active.pop(call_id, None)
                if lines:
                    lines.close()

    async def hang_up(self) -> None:
        """End every call."""
        await asyncio.gather(*(worker.cancel(reason="the server stops") for worker in list(self.active.values())))
