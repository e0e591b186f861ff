"""Which flights a leg of a booking could take instead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from voice.booking.actions.meant_leg import which_leg
from voice.booking.actions.turn import Turn
from voice.booking.airline.bookings import BookedLeg, Booking
from voice.booking.airline.search import LegQuery
from voice.booking.dates.nearby_days import near
from voice.booking.dates.times import DAY_END, DAY_START, TimeWindow
from voice.booking.offers.relaxing import find
from voice.booking.offers.resolving import (
    TripRequest,
    UnclearError,
    resolve_cabin,
    resolve_city,
    resolve_day,
    resolve_window,
)
from voice.booking.offers.speech import Teller, between, city
from voice.booking.places.network import network
from voice.booking.text.wording import Wording
from voice.booking.trips import Leg
from voice.booking.wishes import cues
from voice.cascade.words import Action

_NEW = ("date", "time", "from", "to", "cabin")
_RELATIVE = re.compile(
    r"\b(?:later|earlier|sooner|after|before|following|next day|same day|that day)\b(?! tomorrow)", re.IGNORECASE
)
_BETWEEN_LEGS = timedelta(hours=1)
_SAME_DAY = re.compile(r"\bsame day\b", re.IGNORECASE)
_THE_HOUR = Wording(r"\b(?:the|its|departure|flight) times?\b|\bsame day\b|\b(?:at )?another time\b")
"""What says that the hour is to be another one."""


def moved_leg(turn: Turn, booking: Booking, action: Action, heard: Leg | None = None) -> tuple[BookedLeg, Leg, str]:
    """Find the leg that is meant and the flights that fit the change best.

    ``heard`` are the flights that "later" compares with and that others should leave near; the booked ones if None.

    Returns:
        The leg as booked, its new flights, and a sentence if they are not quite what was asked (else ``""``).

    Raises:
        UnclearError: the leg, the day or the place must be asked for, or nothing fits.
        NotAllowedError: nothing is ahead any more.
    """
    args = dict(action.args)
    old = which_leg(turn, booking, args)
    if not any(args.get(key) for key in _NEW) and not cues.wants_nonstop(turn.reading.text):
        raise _nothing_new(turn, old)
    query = _query(turn, booking, old, args, heard)
    if _is_as_booked(old, query, args):
        raise _nothing_new(turn, old, known=True)
    found = turn.store.read(lambda session: find(session, TripRequest((query,)), turn.clock, limit=12))
    legs = [trip.legs[0] for trip in found.trips]
    same = [flight.id for flight in old.leg.flights]
    fresh = [leg for leg in legs if [flight.id for flight in leg.flights] != same or leg.cabin != old.leg.cabin]
    if args.get("cabin") and not any(args.get(key) for key in ("date", "time", "from", "to")):
        fresh.sort(key=lambda leg: [flight.id for flight in leg.flights] != same)
    fitting = [leg for leg in fresh if _fits(booking, old, leg)]
    if fitting:
        return old, fitting[0], found.note
    if fresh:
        raise _conflict(booking, old, fresh[0])
    note = found.note or "There is no other flight with seats that day."
    raise UnclearError("date", (note, "What other day would work?"), facts=found.facts)


def _nothing_new(turn: Turn, old: BookedLeg, *, known: bool = False) -> UnclearError:
    """Give the question what a flight is to be changed to; ``known``: the day that it is on was said."""
    if known:
        teller = Teller()
        say = f"That flight is on {teller.when(old.leg)} as it is."
        return UnclearError("date", (say, "What day or time would you like instead?"), facts=teller.facts)
    if _THE_HOUR.search(turn.reading.text):
        return UnclearError("time", (f"What time of day would you like to fly {between(old.leg)} instead?",))
    return UnclearError("date", (f"What day would you like to fly {between(old.leg)} instead?",))


def _is_as_booked(old: BookedLeg, query: LegQuery, args: Mapping[str, object]) -> bool:
    """Whether a change only says the day again that the flight is on, and nothing that would be new."""
    day = old.leg.departs.date()
    said = any(args.get(key) for key in ("time", "from", "to", "cabin")) or query.nonstop
    return not said and query.first == query.last == day and not _SAME_DAY.search(str(args.get("date") or ""))


def _query(turn: Turn, booking: Booking, old: BookedLeg, args: dict[str, object], heard: Leg | None) -> LegQuery:
    leg = old.leg
    origins, destinations = (leg.origin,), (leg.destination,)
    if args.get("from"):
        origins = resolve_city(args["from"], "from").airports
    if args.get("to"):
        destinations = resolve_city(args["to"], "to").airports
    first = last = leg.departs.date()
    if said := str(args.get("date") or ""):
        first, last = _days(turn, booking, old, said, network().airports[origins[0]].timezone)
    # "earlier" than what was read back, unless that was on another day and this one is the flight's own
    compared = heard if heard and not (first == last == leg.departs.date() != heard.departs.date()) else leg
    hour = compared.departs.time()
    window = resolve_window(args.get("time"), than=hour)
    if window is None:
        window = TimeWindow(DAY_START, DAY_END, target=hour)
    elif window.target is None and (window.earliest, window.latest) != (DAY_START, DAY_END):
        window = replace(window, target=min(max(hour, window.earliest), window.latest))
    cabin = resolve_cabin(args["cabin"]) if args.get("cabin") else leg.cabin
    nonstop = cues.wants_nonstop(turn.reading.text)
    return LegQuery(origins, destinations, first, last, leg.passengers, cabin, window, nonstop)


def _days(turn: Turn, booking: Booking, old: BookedLeg, said: str, zone: str) -> tuple[date, date]:
    """Give the first and the last day that a change may mean. A bare day is the one nearest to the flight's own."""
    day, today = old.leg.departs.date(), turn.clock.today(zone)
    before = [other.leg.arrives.date() for other in booking.legs if other.position < old.position]
    if beside := near(said, day, first=max(today, *before) if before else today):
        said = beside.isoformat()
    question = f"What day would you like to fly {between(old.leg)} instead?"
    previous = day if _RELATIVE.search(said) else None
    found = resolve_day(said, turn.clock, zone, previous=previous, question=question)
    assert found.first
    assert found.last
    return found.first, found.last


def _fits(booking: Booking, old: BookedLeg, leg: Leg) -> bool:
    before = [other for other in booking.legs if other.position < old.position]
    after = [other for other in booking.legs if other.position > old.position]
    return all(other.leg.arrives + _BETWEEN_LEGS <= leg.departs for other in before) and all(
        leg.arrives + _BETWEEN_LEGS <= other.leg.departs for other in after
    )


def _conflict(booking: Booking, old: BookedLeg, leg: Leg) -> UnclearError:
    teller = Teller()
    later = [other for other in booking.legs if other.position > old.position]
    if later and leg.arrives + _BETWEEN_LEGS > later[0].leg.departs:
        say = f"You would miss your flight {between(later[0].leg)} on {teller.when(later[0].leg)}."
    else:
        before = [other for other in booking.legs if other.position < old.position][-1]
        say = f"You only get to {city(leg.origin)} on {teller.day(before.leg.arrives.date())}."
    return UnclearError("date", (say, "What other day would work?"), facts=teller.facts)
