"""Bookings as the desk sees them, read from the database as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from voice.booking.airline.search import flight_of
from voice.booking.airline.tables import BookingRow, LegRow
from voice.booking.trips import Leg


@dataclass(frozen=True, slots=True)
class BookedLeg:
    """A leg of a booking. ``fare`` is what each passenger paid for it, whatever its flights cost now."""

    position: int
    leg: Leg
    fare: int

    def departed(self, now: datetime) -> bool:
        """Whether its first flight has left."""
        return self.leg.departs <= now


@dataclass(frozen=True, slots=True)
class Booking:
    """A booking. ``paid`` is what was charged less what was returned, in US dollars; names may be missing (None)."""

    locator: str
    status: str
    passengers: tuple[str | None, ...]
    legs: tuple[BookedLeg, ...]
    bags: int
    bag_fees: int
    paid: int
    created_at: datetime

    @property
    def cancelled(self) -> bool:
        """Whether it was cancelled."""
        return self.status == "cancelled"

    def ahead(self, now: datetime) -> tuple[BookedLeg, ...]:
        """Give the legs that have not left yet."""
        return tuple(leg for leg in self.legs if not leg.departed(now))

    def as_dict(self) -> dict[str, Any]:
        """Give JSON values."""
        return {
            "locator": self.locator,
            "status": self.status,
            "passengers": list(self.passengers),
            "legs": [{"position": leg.position, **leg.leg.as_dict(), "fare": leg.fare} for leg in self.legs],
            "bags": self.bags,
            "paid": self.paid,
        }


def load_booking(session: Session, locator: str, *, lock: bool = False) -> Booking | None:
    """Read a booking; None if there is none. ``lock`` keeps other writers off it until the transaction ends."""
    query = select(BookingRow).where(BookingRow.locator == locator)
    row = session.scalars(query.with_for_update() if lock else query).one_or_none()
    return booking_of(row) if row else None


def booking_of(row: BookingRow) -> Booking:
    """Give a row, with all that belongs to it, as a plain value."""
    return Booking(
        row.locator,
        row.status,
        tuple(passenger.name for passenger in row.passengers),
        tuple(_leg(leg) for leg in row.legs),
        sum(bag.count for bag in row.bags),
        sum(bag.fee for bag in row.bags),
        row.paid,
        row.created_at,
    )


def known_locators(session: Session) -> list[str]:
    """Give the locators of all bookings, to match a spelled one against."""
    return list(session.scalars(select(BookingRow.locator)))


def _leg(row: LegRow) -> BookedLeg:
    flights = tuple(flight_of(segment.flight, row.cabin) for segment in row.segments)
    return BookedLeg(row.position, Leg(flights, row.cabin, row.seats), row.fare)
