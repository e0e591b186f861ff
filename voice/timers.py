"""The timers of a call, by name: a new one takes the place of the old one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from voice.cascade.commands import SetTimer
from voice.cascade.events import TimerFired, TimerName


class Timers:
    """Timers on the running loop.

    Args:
        now: Gives the time, in seconds.
        tell: Told of each that ran out.
    """

    def __init__(self, now: Callable[[], float], tell: Callable[[TimerFired], None]) -> None:
        self._now, self._tell = now, tell
        self._set: dict[TimerName, asyncio.TimerHandle] = {}

    def set(self, command: SetTimer) -> None:
        """Start a timer."""
        if timer := self._set.pop(command.name, None):
            timer.cancel()

        def fire() -> None:
            self._set.pop(command.name, None)
            self._tell(TimerFired(self._now(), command.generation, command.name))

        self._set[command.name] = asyncio.get_running_loop().call_later(command.seconds, fire)

    def stop(self) -> None:
        """Let go of all."""
        for timer in self._set.values():
            timer.cancel()
        self._set.clear()
