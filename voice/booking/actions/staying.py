"""A stay that is to be longer or shorter: it moves the flight that leaves there, of an offered trip or a booked one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from voice.booking.actions.refining import legs_said
from voice.booking.actions.turn import Turn
from voice.booking.airline.bookings import load_booking
from voice.booking.dialogue import BookingDialogue, BookTrip
from voice.booking.places.meanings import resolve_place
from voice.booking.places.network import network
from voice.booking.trips import Leg
from voice.booking.wishes.stays import Stay, stay_in
from voice.cascade.words import Action

_READS = frozenset({"search", "change", "chat", "clarify", "lookup", "book"})
"""What such a turn is read as, at most one of them."""


def stayed(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Give the search or change that a stay asks for; the actions as they are if it is about no known trip."""
    stay = stay_in(turn.reading.text)
    if stay is None or dialogue.asked or len(actions) > 1 or any(action.name not in _READS for action in actions):
        return actions
    trip = _trip(dialogue)
    if trip is not None:
        at = _onward(stay, trip)
        if at is None and not stay.place and 0 < dialogue.leg < len(trip):
            at = dialogue.leg  # "there" is where the flight spoken of last leaves
        if at is None or at >= len(legs_said(dialogue.search) if dialogue.search else ()):
            return actions
        moved = {"date": _day(stay, trip, at).isoformat()}
        return [Action("search", {"legs": [*({} for _ in range(at)), moved]})]
    if dialogue.search or not dialogue.bookings:
        return actions
    booking = turn.store.read(lambda session: load_booking(session, dialogue.bookings[-1]))
    legs = tuple(booked.leg for booked in booking.legs) if booking and not booking.cancelled else ()
    at = _onward(stay, legs)
    if at is None:
        return actions
    leg = f"flight from {network().city_of(legs[at].origin).name}"
    return [Action("change", {"leg": leg, "date": _day(stay, legs, at).isoformat()})]


def _trip(dialogue: BookingDialogue) -> tuple[Leg, ...] | None:
    """Give the flights of the trip that was read back last, and is not booked."""
    write = dialogue.pending.write if dialogue.pending else None
    if isinstance(write, BookTrip):
        return write.trip.legs
    return dialogue.shown[-1].trip.legs if dialogue.search and dialogue.shown and write is None else None


def _onward(stay: Stay, legs: Sequence[Leg]) -> int | None:
    """Give the index of the flight that leaves where the stay is; without a place that is the way back of two."""
    if not stay.place:
        return 1 if len(legs) == 2 else None
    place = resolve_place(stay.place)
    found = [at for at, leg in enumerate(legs) if at and place and leg.origin in place.airports]
    return found[0] if len(found) == 1 else None


def _day(stay: Stay, legs: Sequence[Leg], at: int) -> date:
    start = legs[at - 1].arrives if stay.whole else legs[at].departs
    return start.date() + timedelta(stay.days)
