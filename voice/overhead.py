"""What a call's own synchronous work takes, by part and by turn."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, Literal

from voice.cascade.commands import Command, Examine, Read, Record
from voice.cascade.events import Event, Examined, WasRead

Clock = Callable[[], float]
"""Gives seconds, from any origin, that only grow; ``time.perf_counter`` is one."""

Part = Literal["router", "checks", "prompt", "core", "commands", "trace"]
"""``router``: the reading by rules, and the decision who drafts. ``checks``: a draft examined and judged. ``prompt``:
the words and the grammar for a draft, and its actions read back. ``core``: every other step. ``commands``: what the
steps ask for, set going. ``trace``: its lines written."""

PARTS: tuple[Part, ...] = ("router", "checks", "prompt", "core", "commands", "trace")


def part_of(work: Event | Command) -> Part:
    """Say what the step on an event, or the work on a command, counts to."""
    match work:
        case Read() | WasRead():
            return "router"
        case Examine() | Examined():
            return "checks"
        case Record():
            return "trace"
        case _:
            return "core" if isinstance(work, Event) else "commands"


class Overhead:
    """Measures stretches of work that hold the event loop; what is timed within another stretch counts once.

    Args:
        clock: Read at both ends of each stretch.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._within: list[float] = []
        self._spent: dict[Part, float] = {}
        self._longest = 0.0
        self._ahead = 0.0
        self._checked = 0

    @contextmanager
    def part(self, part: Part) -> Generator[None]:
        """Count what is done in the ``with`` block to a part. Nothing may be awaited in it."""
        began = self._clock()
        self._within.append(0.0)
        try:
            yield
        finally:
            took = self._clock() - began
            self._spent[part] = self._spent.get(part, 0.0) + took - self._within.pop()
            if self._within:
                self._within[-1] += took
            else:
                self._longest = max(self._longest, took)

    def checked(self) -> None:
        """A draft is examined."""
        self._checked += 1

    def overtaken(self) -> None:
        """The caller was heard anew: what was done for what was heard before kept nobody waiting."""
        self._ahead += sum(self._spent.values())
        self._spent, self._longest, self._checked = {}, 0.0, 0

    def settle(self) -> dict[str, Any]:
        """Give a turn's account, in milliseconds, and begin the next.

        ``parts`` and ``all`` are for the hearing that was answered, of which ``longest`` is the longest stretch at a
        time; ``ahead`` is the work since the turn before for what was overtaken, ``drafts`` how many were examined.
        """
        parts = {part: round(1000 * self._spent.get(part, 0.0), 3) for part in PARTS}
        account = {
            "parts": parts,
            "all": round(sum(parts.values()), 3),
            "longest": round(1000 * self._longest, 3),
            "ahead": round(1000 * self._ahead, 3),
            "drafts": self._checked,
        }
        self.overtaken()
        self._ahead = 0.0
        return account
