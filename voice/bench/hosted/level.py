"""So many callers at once, for a while: each calls again as soon as its call is over."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from voice.bench.calls.caller import Placed, Utterance, place_call
from voice.bench.recordings.manifest import RecordedCall
from voice.bench.wire import Line, LineError

RING_EVERY_SECONDS = 0.4
"""Callers don't ring in the same instant. Nothing is measured until all of them are on the line."""

WAITING_SECONDS = 6.0
"""How long after the measured time callers still wait for answers to what they had said."""

Connect = Callable[[str], Awaitable[Line]]


@dataclass(frozen=True, slots=True)
class Window:
    """How long is measured: at least ``seconds``, and until callers have spoken ``turns``; ``longest`` seconds at most.

    All are counted from when the last caller has rung.
    """

    seconds: float = 60.0
    turns: int = 30
    longest: float = 300.0


@dataclass(frozen=True, slots=True)
class Made:
    """A call that was made; ``failed`` says why it ended before its time, or is None."""

    call: RecordedCall
    placed: Placed
    failed: str | None


@dataclass(slots=True)
class Load:
    """What callers did together.

    Attributes:
        began: The clock's reading when the last of them had rung.
        ended: The clock's reading at the end of what is measured.
        made: Every call that was answered.
        refused: Why others were not.
    """

    began: float = 0.0
    ended: float = 0.0
    made: list[Made] = field(default_factory=list[Made])
    refused: list[str] = field(default_factory=list[str])


class Callers:
    """Plays calls to an agent, several at once.

    Args:
        connect: Opens a line for a call of this name.
        calls: What is played; each caller begins with another one.
        said: What each call says, by its id.
    """

    def __init__(self, connect: Connect, calls: Sequence[RecordedCall], said: dict[str, list[Utterance]]) -> None:
        self._connect = connect
        self._calls = calls
        self._said = said

    async def load(
        self,
        at_once: int,
        window: Window,
        *,
        label: str = "",
        began: Callable[[], None] = lambda: None,
        ended: Callable[[], None] = lambda: None,
        turn: Callable[[int], None] = lambda turns: None,
    ) -> Load:
        """Keep so many callers on the line for the length of a window.

        Args:
            at_once: How many.
            window: How long.
            label: What the calls' names begin with; the number of callers by default. No two loads may share it.
            began: Told when all of them are on the line.
            ended: Told when the measured time is over.
            turn: Told how many turns were spoken in it so far.
        """
        now = asyncio.get_running_loop().time
        load = Load()
        lines: set[Line] = set()
        spoken = asyncio.Event()
        turns, over, measuring = 0, False, False

        def count(number: int, at: float) -> None:
            nonlocal turns
            del number, at
            if measuring and not over:
                turns += 1
                turn(turns)
                if turns >= window.turns:
                    spoken.set()

        async def keep_calling(number: int) -> None:
            await asyncio.sleep(number * RING_EVERY_SECONDS)
            made = 0
            while not over:
                call = self._calls[(number + made) % len(self._calls)]
                name = f"{label or at_once}-{number}-{made}-{call.id}"
                made += 1
                try:
                    line = await self._connect(name)
                except LineError as error:
                    load.refused.append(str(error))
                    await asyncio.sleep(1.0)
                    continue
                lines.add(line)
                placed = await place_call(line, self._said[call.id], on_turn=count)
                lines.discard(line)
                load.made.append(Made(call, placed, None if over else placed.broken))

        async with asyncio.TaskGroup() as callers:
            for number in range(at_once):
                callers.create_task(keep_calling(number), name=f"caller {number}")
            await asyncio.sleep(at_once * RING_EVERY_SECONDS)
            load.began, measuring = now(), True
            began()
            await asyncio.sleep(window.seconds)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(spoken.wait(), max(0.0, load.began + window.longest - now()))
            load.ended, over = now(), True
            ended()
            await asyncio.sleep(WAITING_SECONDS)
            for line in list(lines):
                await line.close()
        return load
