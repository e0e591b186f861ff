"""Whether a trip that was found before can still be had, and for how much."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from voice.booking.airline.search import LAST_CALL, flight_of
from voice.booking.airline.tables import FlightRow
from voice.booking.trips import Leg, Trip


def still_on_sale(session: Session, trip: Trip, *, now: datetime) -> Trip | None:
    """Give a trip at the fares of now; None where a seat is gone, or its first flight leaves too soon."""
    legs = [_leg(session, leg) for leg in trip.legs]
    if any(leg is None for leg in legs) or trip.legs[0].departs < now + LAST_CALL:
        return None
    return Trip(tuple(leg for leg in legs if leg is not None))


def _leg(session: Session, leg: Leg) -> Leg | None:
    ids = [flight.id for flight in leg.flights]
    rows = {row.id: row for row in session.scalars(select(FlightRow).where(FlightRow.id.in_(ids)))}
    if len(rows) < len(ids):
        return None
    flights = tuple(flight_of(rows[number], leg.cabin) for number in ids)
    free = all(flight.seats_left >= leg.passengers for flight in flights)
    return replace(leg, flights=flights) if free else None
