"""What to offer when nothing fits: the caller's fallback, another time, a connection, a day nearby, a higher price."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import time, timedelta
from itertools import chain

from sqlalchemy.orm import Session

from voice.booking.airline.search import LegQuery, find_legs, find_trips
from voice.booking.dates.finding import resolve_date
from voice.booking.dates.times import DAY_END, DAY_START, TimeWindow, resolve_time_window
from voice.booking.offers.resolving import Clock, TripRequest
from voice.booking.offers.speech import Teller, cabin_name, number
from voice.booking.places.network import network
from voice.booking.trips import Trip

_NEARBY_DAYS = (1, -1, 2, -2, 3, -3)


@dataclass(frozen=True, slots=True)
class Found:
    """Trips, best first, if any; ``note`` says why they are not quite what was asked, and is ``""`` if they are."""

    trips: tuple[Trip, ...]
    note: str = ""
    facts: tuple[str, ...] = ()


def find(session: Session, request: TripRequest, clock: Clock, *, limit: int = 3) -> Found:
    """Find trips, or the nearest thing to them."""
    trips = find_trips(session, request.legs, now=clock.now, max_price=request.max_price, limit=limit)
    if trips:
        return Found(tuple(trips))
    all_failing = _failing(session, request.legs, clock)
    failing = all_failing[0] if all_failing else None
    teller = Teller()
    why = _why(session, request, failing, clock, teller)
    together = _all_of_them(session, request, all_failing, clock, teller) if len(all_failing) > 1 else ()
    others = _others(request, failing, clock, why)
    for other, note in chain(_fallbacks(request, failing, clock, why), together, others):
        trips = find_trips(session, other.legs, now=clock.now, max_price=other.max_price, limit=limit)
        if trips:
            return Found(tuple(trips), note, teller.facts)
    return Found((), why, teller.facts)


def _failing(session: Session, legs: Sequence[LegQuery], clock: Clock) -> list[int]:
    """Give the indices of the legs that can't be flown as asked; none if only the whole does not fit."""
    return [index for index, leg in enumerate(legs) if not find_legs(session, leg, now=clock.now)]


def _all_of_them(
    session: Session, request: TripRequest, failing: Sequence[int], clock: Clock, teller: Teller
) -> Iterator[tuple[TripRequest, str]]:
    """Put the nearest thing in the place of each leg that can't be flown as asked, and say of each that it can't."""
    legs, whys = list(request.legs), list[str]()
    for index in failing:
        near = _nearest(request.legs[index], clock)
        legs[index] = next((leg for leg in near if find_legs(session, leg, now=clock.now)), legs[index])
        whys.append(_why(session, request, index, clock, teller))
    first, last = request.legs[0], request.legs[-1]
    back = len(legs) == 2 and (first.origins, first.destinations) == (last.destinations, last.origins)
    if back and [why.partition(" from ")[0] for why in whys] in (["There is no nonstop"] * 2, ["There is nothing"] * 2):
        whys = [f"{whys[0].rstrip('.')}, nor on the way back."]
    yield replace(request, legs=tuple(legs), max_price=None), " ".join(whys)


def _nearest(leg: LegQuery, clock: Clock) -> Iterator[LegQuery]:
    """Give what comes nearest to a leg: another hour, a stop, both, another day."""
    yield from _same_day(leg)
    for days in _NEARBY_DAYS:
        first, last = leg.first + timedelta(days), leg.last + timedelta(days)
        if clock.now.date() <= first and last <= clock.last_day:
            yield replace(leg, first=first, last=last, window=_around(leg.window), nonstop=False)


def _same_day(leg: LegQuery) -> tuple[LegQuery, ...]:
    near = _around(leg.window)
    if leg.window and leg.window.arrival:  # who must be somewhere by noon would rather change planes than be late
        return replace(leg, nonstop=False), replace(leg, window=near), replace(leg, window=near, nonstop=False)
    return replace(leg, window=near), replace(leg, nonstop=False), replace(leg, window=near, nonstop=False)


def _why(session: Session, request: TripRequest, failing: int | None, clock: Clock, teller: Teller) -> str:
    if failing is None:
        if request.max_price is not None and find_trips(session, request.legs, now=clock.now, limit=1):
            when = f" {_when(request.legs[0], teller)}" if len(request.legs) == 1 else ""
            return f"I found nothing for {teller.money(request.max_price)} or less{when}."
        return "Those flights don't fit one after the other."
    leg = request.legs[failing]
    way = f"from {network().city_of(leg.origins[0]).name} to {network().city_of(leg.destinations[0]).name}"
    plain = replace(leg, window=None, nonstop=False)
    if (leg.window or leg.nonstop) and find_legs(session, plain, now=clock.now):
        if leg.window is None:
            return f"There is no nonstop {way} that day."
        if not leg.nonstop or not find_legs(session, replace(leg, nonstop=False), now=clock.now):
            return f"There is nothing {way} at that time."
        return f"There is no nonstop {way} at that time."
    days = _when(leg, teller)
    if not find_legs(session, replace(plain, passengers=0), now=clock.now):
        return f"There is no flight {way} {days}."
    elsewhere = leg.cabin != "economy" and find_legs(session, replace(plain, cabin="economy"), now=clock.now)
    seats = f"{cabin_name(leg.cabin)} seats" if elsewhere else "seats"
    if leg.passengers > 1 and find_legs(session, replace(plain, passengers=1), now=clock.now):
        return f"There are no {number(leg.passengers)} {seats} left {way} {days}."
    return f"There are no {seats} {way} {days}." if elsewhere else f"Everything {way} {days} is sold out."


def _when(leg: LegQuery, teller: Teller) -> str:
    return f"on {teller.day(leg.first)}" if leg.first == leg.last else "in those days"


def _fallbacks(request: TripRequest, failing: int | None, clock: Clock, why: str) -> Iterator[tuple[TripRequest, str]]:
    """Read what the caller would take instead."""
    said = request.fallback
    if not said:
        return
    at = failing if failing is not None else 0
    leg = request.legs[at]
    zone = network().airports[leg.origins[0]].timezone
    relative = re.search(r"\b(?:after|later|next day|following|before|earlier)\b", said, re.IGNORECASE)
    day = resolve_date(said, today=clock.today(zone), previous=leg.first if relative else None)
    changes: dict[str, object] = {}
    if day and day.date and day.first and day.last:
        changes |= {"first": day.first, "last": day.last}
    if window := resolve_time_window(said):
        changes["window"] = window
    if re.search(r"\b(?:stops?|connect\w*|layover)\b", said, re.IGNORECASE):
        changes["nonstop"] = False
    for cabin in ("business", "premium", "economy"):
        if re.search(rf"\b{cabin}\b", said, re.IGNORECASE):
            changes["cabin"] = cabin
    if changes:
        yield _with_leg(request, at, replace(leg, **changes)), why  # type: ignore[arg-type]
        yield replace(_with_leg(request, at, replace(leg, **changes)), max_price=None), why  # type: ignore[arg-type]


def _others(request: TripRequest, failing: int | None, clock: Clock, why: str) -> Iterator[tuple[TripRequest, str]]:
    if failing is None:
        if request.max_price is not None:
            yield replace(request, max_price=None), why
        for at in range(len(request.legs) - 1, 0, -1):
            leg = request.legs[at]
            moved = replace(leg, last=min(leg.last + timedelta(2), clock.last_day))
            yield _with_leg(replace(request, max_price=None), at, moved), why
        return
    leg, free = request.legs[failing], replace(request, max_price=None)
    same_day = [plain for plain in _same_day(leg) if plain != leg]
    yield from ((_with_leg(free, failing, plain), why) for plain in same_day)
    if leg.cabin != "economy":
        note = f"{why} In economy there are."
        yield _with_leg(free, failing, replace(leg, cabin="economy")), note
        yield replace(free, legs=tuple(replace(one, cabin="economy") for one in free.legs)), note
    for days in _NEARBY_DAYS:
        first, last = leg.first + timedelta(days), leg.last + timedelta(days)
        if clock.now.date() <= first and last <= clock.last_day:
            yield _with_leg(free, failing, replace(leg, first=first, last=last)), why
            yield (
                _with_leg(
                    free, failing, replace(leg, first=first, last=last, window=_around(leg.window), nonstop=False)
                ),
                why,
            )


def _with_leg(request: TripRequest, at: int, leg: LegQuery) -> TripRequest:
    return replace(request, legs=(*request.legs[:at], leg, *request.legs[at + 1 :]))


def _around(window: TimeWindow | None) -> TimeWindow | None:
    """Open a window to the whole day, drawn to where it was."""
    if window is None:
        return None
    middle = (window.earliest.hour + window.latest.hour) // 2
    edge = (
        window.earliest if window.latest == DAY_END else window.latest if window.earliest == DAY_START else time(middle)
    )
    return TimeWindow(DAY_START, DAY_END, window.arrival, window.target or edge)
