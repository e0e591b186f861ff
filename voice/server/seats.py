"""Places of calls: how many there may be at once, what each is called, and where it may leave files."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

TRACE = "trace.jsonl"
"""The name of a call's trace in its folder."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class LinesBusy(RuntimeError):
    """No more calls are taken now."""


class CallRefused(ValueError):
    """A call can't have the name that it asks for."""


@dataclass(eq=False)
class Seat:
    """One call's place, taken while it rings and given back when it is over.

    Attributes:
        call_id: Names the call in its trace and in the keys of its writes. No two calls ever have the same.
        folder: Where the call may leave files, if anywhere.
        answered: Whether it has stopped ringing.
    """

    call_id: str
    folder: Path | None
    answered: bool = field(default=False, init=False)
    _release: Callable[[Seat], None]
    _free: asyncio.Event = field(default_factory=asyncio.Event)

    def release(self) -> None:
        """Give the place back. Harmless when that was done already."""
        self._release(self)
        self._free.set()

    async def wait(self) -> None:
        """Wait until the call is over."""
        await self._free.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.release()


class Seats:
    """The places of a server.

    Args:
        folder: For what each call leaves behind, or None to keep nothing.
        most: How many calls are taken at the same time.
    """

    def __init__(self, folder: Path | None, most: int) -> None:
        self._folder = folder
        self._most = most
        self._taken: set[Seat] = set()
        self._names: set[str] = set()
        self._closed = False

    @property
    def busy(self) -> bool:
        """Whether another call would be refused."""
        return self._closed or len(self._taken) >= self._most

    @property
    def closed(self) -> bool:
        """Whether no more calls are taken at all."""
        return self._closed

    @property
    def answered(self) -> list[Seat]:
        """Those whose calls have stopped ringing."""
        return [seat for seat in self._taken if seat.answered]

    def close(self) -> None:
        """Take no more calls."""
        self._closed = True

    def take(self, name: str | None = None) -> Seat:
        """Take a place for a call.

        Args:
            name: The call's folder, for a caller who wants to find its files again. It can be used once.

        Raises:
            LinesBusy: there is none left, or the server stops.
            CallRefused: the name is no plain file name, or was used before.
        """
        if self.busy:
            raise LinesBusy("the server stops" if self._closed else f"all {self._most} lines are busy: try again later")
        unique = uuid.uuid4().hex[:12]
        if name is None:
            seat = Seat(unique, self._folder and self._folder / unique, self._taken.discard)
        elif not _NAME.fullmatch(name):
            raise CallRefused("a call's name is 1 to 64 letters, digits, dots, dashes and underscores")
        else:
            seat = Seat(f"{name}-{unique}", self._folder and self._folder / name, self._taken.discard)
            if name in self._names or (seat.folder and (seat.folder / TRACE).exists()):
                raise CallRefused(f"there is a call named {name!r} already: take another name")
            self._names.add(name)
        self._taken.add(seat)
        return seat
