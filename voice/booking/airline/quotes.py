"""What a change, a cancellation or bags would cost, by the policy: read back, and computed again at the write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from voice.booking.airline.bookings import Booking
from voice.booking.airline.policy import Policy
from voice.booking.trips import Leg


class NotAllowedError(Exception):
    """The rules don't allow it; ``reason`` is a short code, such as ``departed`` or ``no_refund``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ChangeQuote:
    """For all passengers of the leg: the fee, and the difference in fare (negative if the new flights are cheaper)."""

    fee: int
    difference: int


@dataclass(frozen=True, slots=True)
class CancelQuote:
    """What goes back to the caller, and what is kept as a fee."""

    refund: int
    fee: int


@dataclass(frozen=True, slots=True)
class BagsQuote:
    """What the bags cost for all legs that are still ahead."""

    fee: int


def change_quote(booking: Booking, position: int, leg: Leg, now: datetime, policy: Policy) -> ChangeQuote:
    """Give the price of flying ``leg`` instead of the booking's leg at ``position``.

    Raises:
        NotAllowedError: ``cancelled``, ``departed`` or ``too_late``.
    """
    _check_open(booking)
    old = next(booked for booked in booking.legs if booked.position == position)
    if old.departed(now):
        raise NotAllowedError("departed")
    if not policy.changeable(old.leg.departs, now):
        raise NotAllowedError("too_late")
    fee = policy.change_fee(old.leg.cabin, booking.created_at, booking.legs[0].leg.departs, now)
    return ChangeQuote(fee * old.leg.passengers, (leg.fare - old.fare) * old.leg.passengers)


def cancel_quote(booking: Booking, now: datetime, policy: Policy) -> CancelQuote:
    """Give what cancelling gives back.

    Raises:
        NotAllowedError: ``cancelled`` or ``departed`` (a part was flown: a colleague must sort it out).
    """
    _check_open(booking)
    if any(leg.departed(now) for leg in booking.legs):
        raise NotAllowedError("departed")
    first = booking.legs[0].leg.departs
    fees = [policy.cancel_fee(leg.leg.cabin, booking.created_at, first, now) for leg in booking.legs]
    if any(fee is None for fee in fees):
        return CancelQuote(0, 0)
    fee = min(max(fee for fee in fees if fee is not None) * len(booking.passengers), booking.paid)
    return CancelQuote(booking.paid - fee, fee)


def bags_quote(booking: Booking, count: int, now: datetime, policy: Policy) -> BagsQuote:
    """Give what ``count`` more checked bags cost.

    Raises:
        NotAllowedError: ``cancelled``, ``departed`` (nothing is ahead any more) or ``too_many``.
    """
    _check_open(booking)
    ahead = booking.ahead(now)
    if not ahead:
        raise NotAllowedError("departed")
    if booking.bags + count > policy.rules["most_bags"] * len(booking.passengers):
        raise NotAllowedError("too_many")
    return BagsQuote(sum(policy.bag_fee(leg.leg.cabin, leg.leg.passengers, booking.bags, count) for leg in ahead))


def _check_open(booking: Booking) -> None:
    if booking.cancelled:
        raise NotAllowedError("cancelled")
