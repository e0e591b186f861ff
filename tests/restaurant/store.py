"""The restaurant's book: how many tables an evening has, and who sits at them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Booking:
    """A table. ``day`` is a weekday's name, ``hour`` is 0…23; ``code`` is empty until it is written down."""

    party: int
    day: str
    hour: int
    children: int = 0
    code: str = ""


@dataclass
class Book:
    """Bookings by their code, kept in memory.

    Attributes:
        bookings: Those of the caller, who is known by their number.
        tables: How many bookings an hour takes.
        full: Hours that are taken by others, by day.
    """

    bookings: dict[str, Booking] = field(default_factory=dict[str, Booking])
    tables: int = 3
    full: Mapping[str, frozenset[int]] = field(default_factory=dict[str, frozenset[int]])
    _written: dict[str, tuple[Booking, ...]] = field(default_factory=dict[str, tuple[Booking, ...]])

    def free(self, day: str, hour: int) -> bool:
        """Say whether there is a table left."""
        taken = sum((booking.day, booking.hour) == (day, hour) for booking in self.bookings.values())
        return hour not in self.full.get(day, ()) and taken < self.tables

    def on(self, day: str) -> Booking | None:
        """Find the caller's booking of a day."""
        return next((booking for booking in self.bookings.values() if booking.day == day), None)

    def write(self, key: str, changes: Sequence[Booking]) -> tuple[Booking, ...]:
        """Write all changes down, once for a key; asked again, tell what was written."""
        if key not in self._written:
            codes = (f"T{number}" for number in range(len(self.bookings) + 1, 100))
            done = tuple(change if change.code else replace(change, code=next(codes)) for change in changes)
            self.bookings.update({booking.code: booking for booking in done})
            self._written[key] = done
        return self._written[key]
