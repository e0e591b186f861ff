"""One caller on the line: from an open connection to the end of the call."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.transports.base_transport import BaseTransport
from pipecat.workers.runner import WorkerRunner

from voice.fingerprint import version_of
from voice.processors.call import Call
from voice.server.desks import DeskSource
from voice.server.idle import IDLE_SECONDS, end_when_idle, is_traced
from voice.server.seats import TRACE, Seat, Seats
from voice.stack import Stack
from voice.trace import JsonLines, Sink, Trace

if TYPE_CHECKING:
    from voice.server.pipeline import Build
    from voice.telemetry.spans import Spans

SAMPLE_RATE = 16_000
"""Of the audio inside a pipeline, both ways. Serializers and transports resample to what the line wants."""

CLOSING_SECONDS = 15.0
"""How long `Lines.hang_up` waits: longer than a call may take to finish a write."""

_log = logging.getLogger(__name__)


class Lines:
    """Answers calls.

    Args:
        stack: Shared by all calls.
        build: Makes a call's pipeline.
        desks: Gives each call its desk.
        calls: Folder for what each call leaves behind, or None to keep nothing.
        most: How many calls are taken at the same time.
        sinks: Given every trace line of every call.
        now: Gives the moment, for the date of a call; without it a trace tells none.
        spans: Makes what turns a call's trace into spans; pipecat's own tracing is on then, too.

    Attributes:
        active: The calls that are being answered, by id.
    """

    def __init__(
        self,
        stack: Stack,
        build: Build,
        desks: DeskSource,
        calls: Path | None = None,
        *,
        most: int = 8,
        sinks: Sequence[Sink] = (),
        now: Callable[[], datetime] | None = None,
        spans: Callable[[], Spans] | None = None,
    ) -> None:
        self.stack = stack
        self.active: dict[str, PipelineWorker] = {}
        self._build = build
        self._desks = desks
        self._sinks = sinks
        self._now = now
        self._models = version_of(stack.config)
        self._spans = spans
        self._seats = Seats(calls, most)

    @property
    def busy(self) -> bool:
        """Whether another call would be refused."""
        return self._seats.busy

    def take(self, name: str | None = None) -> Seat:
        """Take a place for a call.

        Args:
            name: The call's folder, for a caller who wants to find its files again. It can be used once.

        Raises:
            LinesBusy: there is none left, or the server stops.
            CallRefused: the name is no plain file name, or was used before.
        """
        return self._seats.take(name)

    async def answer(
        self,
        transport: BaseTransport,
        seat: Seat,
        *,
        line: str,
        rtvi: bool = False,
        about: Mapping[str, object] | None = None,
        ending: Callable[[], Mapping[str, object]] = dict[str, object],
    ) -> None:
        """Run one call until the caller hangs up. What is being written then is still finished.

        Args:
            transport: Carries the call's sound.
            seat: The call's place; given back at the end.
            line: How the caller came in (``web``, ``socket``, ``twilio``, …), for the trace.
            rtvi: Whether the client speaks pipecat's RTVI messages, as web clients do.
            about: What else the trace is to say about the call.
            ending: Gives what it is to say about its end.
        """
        clock = asyncio.get_running_loop().time
        with seat:
            if self._seats.closed:
                return
            seat.answered = True
            folder = _made(seat.folder)
            began = clock()
            trace = Trace(seat.call_id, began, *self._sinks)
            file = _opened(folder)
            if file:
                trace.add(file)
            spans = self._spans() if self._spans else None
            if spans:
                trace.add(spans)
            date = {"date": self._now().isoformat(timespec="seconds")} if self._now else {}
            profile = {"profile": self.stack.config.name, "models": self._models}
            about = {"clock": began, **date, **profile, "line": line, **(about or {})}
            trace.write(began, 0, "call", about)
            try:
                async with self._desks.desk(folder) as desk:
                    if not self._seats.closed:  # while the desk was being opened
                        with spans.within() if spans else nullcontext():
                            await self._run(transport, Call(self.stack, desk, trace), seat.call_id, rtvi=rtvi)
            finally:
                trace.write(clock(), 0, "closed", ending())
                if spans:
                    spans.close()
                if file:
                    file.close()

    async def _run(self, transport: BaseTransport, call: Call, call_id: str, *, rtvi: bool) -> None:
        stages = self._build(transport, call)
        traced = is_traced(stages)
        worker = PipelineWorker(
            stages,
            params=PipelineParams(audio_in_sample_rate=SAMPLE_RATE, audio_out_sample_rate=SAMPLE_RATE),
            enable_rtvi=rtvi,
            enable_tracing=self._spans is not None,
            enable_turn_tracking=self._spans is not None,
            idle_timeout_secs=None if traced else IDLE_SECONDS,
            conversation_id=call_id,
        )

        @transport.event_handler("on_client_disconnected")
        async def hung_up(_transport: BaseTransport, _client: object) -> None:
            await worker.cancel(reason="the caller hung up")

        self.active[call_id] = worker
        runner = WorkerRunner(handle_sigint=False)
        idle = partial(worker.cancel, reason="nothing happened for long")
        watch = partial(end_when_idle, call.trace, idle)
        watching = asyncio.create_task(watch(), name=f"watch over {call_id}") if traced else None
        try:
            await runner.add_workers(worker)
            await runner.run()
        finally:
            if watching:
                watching.cancel()
            del self.active[call_id]

    async def hang_up(self) -> None:
        """Take no more calls, end those that run, and wait until each has finished what it is writing."""
        self._seats.close()
        await asyncio.gather(*(worker.cancel(reason="the server stops") for worker in list(self.active.values())))
        ending = [asyncio.create_task(seat.wait()) for seat in self._seats.answered]
        if ending:
            _, pending = await asyncio.wait(ending, timeout=CLOSING_SECONDS)
            for task in pending:
                task.cancel()
            if pending:
                _log.error("%d calls did not end in time", len(pending))


def _made(folder: Path | None) -> Path | None:
    try:
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        return folder
    except OSError as error:
        _log.error("a call leaves no files: %s", error)
        return None


def _opened(folder: Path | None) -> JsonLines | None:
    try:
        return JsonLines(folder / TRACE) if folder else None
    except OSError as error:
        _log.error("a call leaves no trace: %s", error)
        return None
