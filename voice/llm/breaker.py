"""A circuit breaker: a provider that keeps failing is left alone for a while, so that no caller waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

BreakerState = Literal["closed", "open", "half_open"]
"""Calls go through; none does; one does, to try."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A call that was let through.

    Attributes:
        openings: How often the breaker had opened by then. A call that began before the last time is an old one: how it
            ends says nothing of the provider as it is since.
    """

    openings: int


class Breaker:
    """Counts failures in a row. Shared by all calls of a process; times are seconds on any one clock.

    Args:
        failures: So many in a row open it; 0 never does.
        cool_seconds: How long it stays open before one call may try.

    Raises:
        ValueError: a number is negative.
    """

    def __init__(self, failures: int = 5, cool_seconds: float = 10.0) -> None:
        if failures < 0 or cool_seconds < 0:
            raise ValueError(f"failures and cool_seconds must be at least 0, got {failures} and {cool_seconds}")
        self._limit = failures
        self._cool = cool_seconds
        self._failures = 0
        self._until: float | None = None  # open until then, half open after
        self._openings = 0
        self._trying = False  # only by a call that is not old: whatever opens it makes all calls under way old

    def state(self, at: float) -> BreakerState:
        """Say what happens to a call now."""
        if self._until is None:
            return "closed"
        return "half_open" if at >= self._until else "open"

    def seconds_left(self, at: float) -> float:
        """Say how long it stays open."""
        return 0.0 if self._until is None else max(0.0, self._until - at)

    def admit(self, at: float) -> Ticket | None:
        """Ask for a call to be let through; if it is, tell what became of it, by one of the three below."""
        state = self.state(at)
        if state == "open" or (state == "half_open" and self._trying):
            return None
        self._trying = state == "half_open"
        return Ticket(self._openings)

    def succeeded(self, ticket: Ticket) -> None:
        """A call went well: close, unless it is an old one."""
        if not self._is_old(ticket):
            self._failures, self._until, self._trying = 0, None, False

    def failed(self, ticket: Ticket, at: float, rest_seconds: float = 0.0) -> None:
        """A call failed: open, if it was one too many or the one that tried, or if the provider asks for a rest.

        Of an old call only the rest counts.

        Args:
            ticket: The call's.
            at: Now.
            rest_seconds: For how long the provider asks to be left alone.
        """
        enough = False
        if not self._is_old(ticket):
            self._failures += 1
            enough = self._trying or 0 < self._limit <= self._failures
        seconds = max(self._cool if enough else 0.0, rest_seconds if self._limit else 0.0)
        if seconds or enough:
            self._until = max(self._until or at, at + seconds)
            self._openings += 1
            self._trying = False

    def withdrawn(self, ticket: Ticket) -> None:
        """A call was cancelled, which says nothing about the provider: if it was the one that tried, another may."""
        if not self._is_old(ticket):
            self._trying = False

    def _is_old(self, ticket: Ticket) -> bool:
        return ticket.openings != self._openings
