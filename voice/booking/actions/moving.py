"""Which leg of a booking is meant, and which flights it could take instead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta

from voice.booking.actions.turn import Turn
from voice.booking.airline.bookings import BookedLeg, Booking
from voice.booking.airline.quotes import NotAllowedError
from voice.booking.airline.search import LegQuery
from voice.booking.dates.finding import find_dates, resolve_date
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
from voice.booking.offers.speech import Teller, between, city, listed
from voice.booking.places.finding import find_places
from voice.booking.places.meanings import resolve_place
from voice.booking.places.network import network
from voice.booking.text.numerals import ORDINAL, ordinal
from voice.booking.trips import Leg
from voice.cascade.words import Action

_NEW = ("date", "time", "from", "to", "cabin")
_RELATIVE = re.compile(
    r"\b(?:later|earlier|sooner|after|before|following|next day|same day|that day)\b(?! tomorrow)", re.IGNORECASE
)
_SEVERAL = re.compile(r"\b(?:both|all|each|every)\b", re.IGNORECASE)
_BETWEEN_LEGS = timedelta(hours=1)


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
    if not any(args.get(key) for key in _NEW):
        raise UnclearError("date", (f"What day would you like to fly {between(old.leg)} instead?",))
    query = _query(turn, old, args, (heard or old.leg).departs.time())
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


def _query(turn: Turn, old: BookedLeg, args: dict[str, object], near: time) -> LegQuery:
    leg = old.leg
    origins, destinations = (leg.origin,), (leg.destination,)
    if args.get("from"):
        origins = resolve_city(args["from"], "from").airports
    if args.get("to"):
        destinations = resolve_city(args["to"], "to").airports
    question = f"What day would you like to fly {between(leg)} instead?"
    first = last = leg.departs.date()
    if said := args.get("date"):
        zone = network().airports[origins[0]].timezone
        previous: date | None = first if _RELATIVE.search(str(said)) else None
        day = resolve_day(said, turn.clock, zone, previous=previous, question=question)
        assert day.first
        assert day.last
        first, last = day.first, day.last
    window = resolve_window(args.get("time"), than=near)
    if window is None:
        window = TimeWindow(DAY_START, DAY_END, target=near)
    elif window.target is None and (window.earliest, window.latest) != (DAY_START, DAY_END):
        window = replace(window, target=min(max(near, window.earliest), window.latest))
    cabin = resolve_cabin(args["cabin"]) if args.get("cabin") else leg.cabin
    return LegQuery(origins, destinations, first, last, leg.passengers, cabin, window)


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


def which_leg(turn: Turn, booking: Booking, args: dict[str, object]) -> BookedLeg:
    """Find the leg that a change means, and drop from ``args`` the places that only name it.

    Raises:
        UnclearError: several legs are ahead, and none of them is named.
        NotAllowedError: it has left.
    """
    ahead = booking.ahead(turn.clock.now)
    if not ahead:
        raise NotAllowedError("departed")
    said = str(args.get("leg") or "")
    if len(ahead) > 1 and _SEVERAL.search(said):
        raise UnclearError("leg", (f"I can change one flight at a time. Which one first, {_ways(ahead)}?",))
    if _has_left(turn, booking, said):
        raise NotAllowedError("left")
    named = _named(turn, booking, ahead, said) if said else None
    if named is None and len(ahead) > 1 and (args.get("date") or args.get("time") or args.get("cabin")):
        # "Change my flight to Denver to Saturday": the place names the leg, it is not what is new.
        for key in ("from", "to"):
            place = resolve_place(str(args.get(key) or ""))
            hits = [leg for leg in ahead if place and _end(leg.leg, key) in place.airports]
            if len(hits) == 1:
                named = hits[0]
                args.pop(key)
                break
    if named is None and len(ahead) == 1:
        named = ahead[0]
    if named is None:
        raise UnclearError("leg", (f"Which flight do you mean, {_ways(ahead)}?",))
    if named.departed(turn.clock.now):
        raise NotAllowedError("departed")
    for key in ("from", "to"):  # naming a leg by its own ends changes nothing
        place = resolve_place(str(args.get(key) or ""))
        if place and _end(named.leg, key) in place.airports and set(place.airports) - {_end(named.leg, key)} == set():
            args.pop(key)
    return named


def _has_left(turn: Turn, booking: Booking, said: str) -> bool:
    """Whether words name the end of a flight that has left, and of none that is ahead."""
    places = [place for span in find_places(said) if (place := resolve_place(span.text))] if said else []
    reached = [leg for leg in booking.legs if places and leg.leg.destination in places[-1].airports]
    return bool(reached) and all(leg.departed(turn.clock.now) for leg in reached)


def _ways(legs: Sequence[BookedLeg]) -> str:
    return listed([f"{city(leg.leg.origin)} to {city(leg.leg.destination)}" for leg in legs[:3]], "or")


def _named(turn: Turn, booking: Booking, ahead: Sequence[BookedLeg], said: str) -> BookedLeg | None:
    text = said.casefold()
    hits = list(ahead)
    spans = find_places(said)
    for index, span in enumerate(spans):
        place = resolve_place(span.text)
        from_it = re.search(r"\b(?:from|out of|leaving)\W+$", said[: span.start], re.IGNORECASE)
        first_of_two = len(spans) == 2 and index == 0 and not re.search(r"\bto\W+$", said[: span.start], re.IGNORECASE)
        for key in ("from",) if from_it or first_of_two else ("to", "from"):
            narrowed = [leg for leg in hits if place and _end(leg.leg, key) in place.airports]
            if narrowed:
                hits = narrowed
                break
    if len(hits) == 1 and len(ahead) > 1:
        return hits[0]
    if re.search(r"\b(?:return|back|home|inbound|last|final)\b", text):
        return booking.legs[-1]
    if re.search(r"\b(?:outbound|going|out|outgoing|there|onward)\b", text):
        return booking.legs[0]
    if match := re.search(ORDINAL, text):
        index = ordinal(match[0]) or 0
        if 0 < index <= len(booking.legs):
            return booking.legs[index - 1]
    for span in find_dates(said):
        day = resolve_date(span.text, today=turn.clock.now.date())
        dated = [leg for leg in ahead if day and leg.leg.departs.date() == day.date]
        if len(dated) == 1:
            return dated[0]
    return hits[0] if len(hits) == 1 else None


def _end(leg: Leg, key: str) -> str:
    return leg.origin if key == "from" else leg.destination
