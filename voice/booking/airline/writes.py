"""The writes: each is one transaction with an audit row and an idempotency key, or nothing.

Invariants: a seat is sold once; nothing is charged that was not read back; the same approval writes once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from voice.booking.airline.bookings import Booking, booking_of, load_booking
from voice.booking.airline.policy import Policy
from voice.booking.airline.quotes import bags_quote, cancel_quote, change_quote
from voice.booking.airline.tables import (
    AuditRow,
    BagRow,
    BookingRow,
    FlightRow,
    KeyRow,
    LegRow,
    PassengerRow,
    SegmentRow,
)
from voice.booking.codes.locators import LENGTH
from voice.booking.dialogue import AddBags, BookTrip, CancelBooking, ChangeLeg, Proposal, write_as_dict
from voice.booking.trips import Flight, Leg

LOCATOR_LETTERS, LOCATOR_DIGITS = "AFHJKLMQRSTUWXYZ", "2345679"
"""New locators take these alone: each is told from the others on a phone line. They read letters, digits, letters."""


class RefusedError(Exception):
    """What was approved can't be had any more, and nothing was written.

    ``reason`` is ``sold_out``, ``fare_changed``, ``booking_changed`` or ``gone``.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Done:
    """What a write left behind. ``again`` says that it had been done before."""

    booking: Booking
    result: Mapping[str, Any]
    again: bool = False


Tell = Callable[[Booking], Mapping[str, Any]]
"""Makes the JSON result of a write from the booking after it; kept with the key, to give again."""


def approve(
    session: Session, proposal: Proposal, *, call_id: str, turn_key: str, now: datetime, policy: Policy, tell: Tell
) -> Done:
    """Write what was approved, once.

    Raises:
        RefusedError: it can't be had any more; the transaction must be rolled back.
    """
    turn = hashlib.sha256(f"{call_id} {turn_key}".encode()).hexdigest()[:40]
    known = session.scalars(select(KeyRow).where(or_(KeyRow.key == proposal.key, KeyRow.turn_key == turn))).first()
    if known is not None:
        booking = load_booking(session, known.result["locator"])
        assert booking
        return Done(booking, known.result, again=True)
    row, before = _write(session, proposal, now, policy)
    session.flush()
    session.refresh(row)
    after = booking_of(row)
    result = {**tell(after), "locator": after.locator}
    session.add(KeyRow(key=proposal.key, turn_key=turn, result=result, created_at=now))
    session.add(
        AuditRow(
            at=now,
            call_id=call_id,
            key=proposal.key,
            action=str(write_as_dict(proposal.write)["write"]),
            locator=after.locator,
            before=before.as_dict() if before else None,
            after=after.as_dict(),
        )
    )
    session.flush()
    return Done(after, result)


def _write(session: Session, proposal: Proposal, now: datetime, policy: Policy) -> tuple[BookingRow, Booking | None]:
    match proposal.write:
        case BookTrip() as write:
            return _book(session, write, proposal.key, now, policy), None
        case ChangeLeg() as write:
            return _change(session, write, now, policy)
        case CancelBooking() as write:
            return _cancel(session, write, now, policy)
        case AddBags() as write:
            return _add_bags(session, write, now, policy)


def _book(session: Session, write: BookTrip, key: str, now: datetime, policy: Policy) -> BookingRow:
    _take_seats(session, write.trip.legs, now)
    names = [*write.names, *([None] * write.trip.passengers)][: write.trip.passengers]
    booking = BookingRow(
        locator=_new_locator(session, key),
        status="confirmed",
        paid=write.trip.total,
        policy_version=policy.version,
        created_at=now,
    )
    booking.passengers = [PassengerRow(position=i, name=name) for i, name in enumerate(names, start=1)]
    booking.legs = [
        LegRow(position=i, cabin=leg.cabin, seats=leg.passengers, fare=leg.fare, segments=_segments(leg.flights))
        for i, leg in enumerate(write.trip.legs, start=1)
    ]
    session.add(booking)
    return booking


def _change(session: Session, write: ChangeLeg, now: datetime, policy: Policy) -> tuple[BookingRow, Booking]:
    row, before = _locked(session, write.locator)
    quote = change_quote(before, write.position, write.leg, now, policy)
    if (quote.fee, quote.difference) != (write.fee, write.difference):
        raise RefusedError("booking_changed", f"{write.locator} costs {quote} to change now")
    leg = next(leg for leg in row.legs if leg.position == write.position)
    _give_seats_back(session, [leg])
    leg.segments.clear()
    session.flush()
    _take_seats(session, [write.leg], now)
    leg.segments = _segments(write.leg.flights)
    leg.cabin, leg.fare = write.leg.cabin, write.leg.fare
    row.paid += write.fee + write.difference
    return row, before


def _cancel(session: Session, write: CancelBooking, now: datetime, policy: Policy) -> tuple[BookingRow, Booking]:
    row, before = _locked(session, write.locator)
    quote = cancel_quote(before, now, policy)
    if (quote.refund, quote.fee) != (write.refund, write.fee):
        raise RefusedError("booking_changed", f"{write.locator} gives {quote} back now")
    _give_seats_back(session, row.legs)
    row.status = "cancelled"
    row.paid -= write.refund
    return row, before


def _add_bags(session: Session, write: AddBags, now: datetime, policy: Policy) -> tuple[BookingRow, Booking]:
    row, before = _locked(session, write.locator)
    quote = bags_quote(before, write.count, now, policy)
    if quote.fee != write.fee:
        raise RefusedError("booking_changed", f"the bags of {write.locator} cost {quote.fee} now")
    row.bags.append(BagRow(count=write.count, fee=write.fee))
    row.paid += write.fee
    return row, before


def _locked(session: Session, locator: str) -> tuple[BookingRow, Booking]:
    row = session.scalars(select(BookingRow).where(BookingRow.locator == locator).with_for_update()).one_or_none()
    if row is None:
        raise RefusedError("gone", f"there is no booking {locator}")
    return row, booking_of(row)


def _segments(flights: Iterable[Flight]) -> list[SegmentRow]:
    return [SegmentRow(position=i, flight_id=flight.id) for i, flight in enumerate(flights, start=1)]


def _take_seats(session: Session, legs: Iterable[Leg], now: datetime) -> None:
    """Sell a seat of each flight to each passenger, at the fare that was read back, or refuse."""
    wanted = [(flight, leg.cabin, leg.passengers) for leg in legs for flight in leg.flights]
    for flight, cabin, count in sorted(
        wanted, key=lambda x: x[0].id
    ):  # one order for all, so that no two writers wait in a ring
        sold, seats = getattr(FlightRow, f"sold_{cabin}"), getattr(FlightRow, f"seats_{cabin}")
        fare = getattr(FlightRow, f"fare_{cabin}")
        taken = session.execute(
            update(FlightRow)
            .where(FlightRow.id == flight.id, sold + count <= seats, fare == flight.fare, FlightRow.departs_at > now)
            .values({sold: sold + count})
            .execution_options(synchronize_session=False)
        )
        if taken.rowcount == 1:  # type: ignore[attr-defined]
            continue
        row = session.execute(select(fare, seats - sold).where(FlightRow.id == flight.id)).one_or_none()
        if row is None:
            raise RefusedError("gone", f"flight {flight.number} does not fly any more")
        if row[0] != flight.fare:
            raise RefusedError("fare_changed", f"flight {flight.number} costs {row[0]}, not {flight.fare}")
        raise RefusedError("sold_out", f"flight {flight.number} has {row[1]} {cabin} seats left for {count}")


def _give_seats_back(session: Session, legs: Iterable[LegRow]) -> None:
    given = [(segment.flight_id, leg.cabin, leg.seats) for leg in legs for segment in leg.segments]
    for flight_id, cabin, count in sorted(given):
        sold = getattr(FlightRow, f"sold_{cabin}")
        session.execute(
            update(FlightRow)
            .where(FlightRow.id == flight_id)
            .values({sold: sold - count})
            .execution_options(synchronize_session=False)
        )


def _new_locator(session: Session, key: str) -> str:
    """Make a free locator from the proposal's key, so that the same approval would get the same one."""
    for attempt in range(100):
        digest = hashlib.sha256(f"{key} {attempt}".encode()).digest()
        letters = [LOCATOR_LETTERS[byte % len(LOCATOR_LETTERS)] for byte in digest[:4]]
        digits = [LOCATOR_DIGITS[byte % len(LOCATOR_DIGITS)] for byte in digest[4:6]]
        code = "".join([*letters[:2], *digits, *letters[2:]])
        assert len(code) == LENGTH
        if session.get(BookingRow, code) is None:
            return code
    raise RefusedError("gone", "no locator is free")
