"""Which trip is meant by what it is beside the others: the cheapest of the day, the one before, "the second one"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from voice.booking.actions.turn import Turn
from voice.booking.airline.search import find_legs, find_trips
from voice.booking.dates.times import find_times, resolve_time_window
from voice.booking.dialogue import BookingDialogue, BookTrip
from voice.booking.offers.resolving import TripRequest, UnclearError, resolve_trip
from voice.booking.text.numerals import ORDINAL, ordinal
from voice.booking.trips import Trip

_THAT_ONE = re.compile(r"\W*(?:it|(?:that|this)(?: (?:one|flight|option))?)?\W*", re.IGNORECASE)
_CHEAP = re.compile(r"\b(?:cheap\w*|least|less expensive|less pricey)\b", re.IGNORECASE)
_EARLIEST = re.compile(r"\b(?:earliest|soonest)\b", re.IGNORECASE)
_LATEST = re.compile(r"\b(?:latest|last)\b", re.IGNORECASE)
_OF_THE_DAY = re.compile(r"\bof the day\b", re.IGNORECASE)
_QUICK = re.compile(r"\b(?:quick|fast|short)\w*\b", re.IGNORECASE)
_BEFORE = re.compile(r"\b(?:previous|before)\b", re.IGNORECASE)
_FIRST = re.compile(r"\bfirst\b", re.IGNORECASE)
_NO_OTHER = (
    (re.compile(r"\b(?:cheaper|less)\b", re.IGNORECASE), "I have nothing cheaper than that."),
    (_CHEAP, "That is the cheapest one."),
    (_EARLIEST, "That is the earliest one."),
    (_LATEST, "That is the latest one."),
    (_QUICK, "That is the quickest one."),
)


def chosen(turn: Turn, dialogue: BookingDialogue, said: str) -> Trip | None:
    """Say which trip is meant: "that one" is the one that was read back. None if it is unclear.

    Of several that were listed one of them is meant; otherwise the best of all that fit the search, or one that was
    read back before.
    """
    write = dialogue.pending.write if dialogue.pending else None
    if isinstance(write, BookTrip) and _THAT_ONE.fullmatch(said):
        return write.trip
    if dialogue.asked is None or dialogue.asked.argument != "offer":
        trip = _read_back(dialogue, said) or _best(turn, dialogue, said)
        if trip:
            return trip
    return dialogue.offers[0] if len(dialogue.offers) == 1 else choose(dialogue.offers, said)


def no_other(said: str) -> str:
    """Tell that the trip which was read back is itself what was asked for; ``""`` for other words than those."""
    return next((line for pattern, line in _NO_OTHER if pattern.search(said)), "")


def choose(offers: Sequence[Trip], said: str) -> Trip | None:
    """Say which offer is meant by "the first one", "the 9:15", "the nonstop", "the cheaper one"; None if unclear."""
    text = said.casefold()
    pool = list(offers)
    if re.search(r"non-?\s?stop|direct", text):
        pool = [trip for trip in pool if not any(leg.stops for leg in trip.legs)] or pool
    for span in find_times(said):
        window = resolve_time_window(span.text)
        pool = [trip for trip in pool if window and window.holds(trip.legs[0].departs.time())]
    if _CHEAP.search(text):
        return min(pool, key=lambda trip: trip.fare, default=None)
    if re.search(r"\b(?:earl\w+|soonest)\b", text):
        return min(pool, key=lambda trip: trip.legs[0].departs, default=None)
    if re.search(r"\blat(?:er|est)\b", text):
        return max(pool, key=lambda trip: trip.legs[0].departs, default=None)
    if _QUICK.search(text):
        return min(pool, key=_duration, default=None)
    if re.search(r"\blast\b", text):
        return pool[-1] if pool else None
    if match := re.search(rf"\b(?:{ORDINAL}|(?:number|option)\s+(?:\d|one|two|three))\b", text):
        words = {"one": 1, "two": 2, "three": 3}
        index = ordinal(match[0]) or words.get(match[0].split()[-1]) or int(re.sub(r"\D", "", match[0]) or 0)
        return offers[index - 1] if 0 < index <= len(offers) else None
    if re.search(r"\bother\b|\bsecond\b", text):
        return offers[1] if len(offers) == 2 else None
    return pool[0] if pool else None


def _read_back(dialogue: BookingDialogue, said: str) -> Trip | None:
    """Give the first trip that was read back, or the one before the last, where that is what is meant."""
    shown = [one.trip for one in dialogue.shown]
    if _FIRST.search(said) and shown:
        return shown[0]
    return shown[-2] if _BEFORE.search(said) and len(shown) > 1 else None


def _best(turn: Turn, dialogue: BookingDialogue, said: str) -> Trip | None:
    """Give the cheapest, earliest, latest or quickest trip of all that fit the search; None for any other words.

    By hour and by duration it is looked for among trips of one leg alone: of others it says little.
    """
    try:
        request = resolve_trip(dialogue.search.args, turn.clock) if dialogue.search else None
    except UnclearError:
        return None
    if request is None:
        return None
    if _CHEAP.search(said):
        return _cheapest(turn, dialogue, request)
    query, *others = request.legs
    if others:
        return None
    query = replace(query, window=None) if _OF_THE_DAY.search(said) else query
    legs = turn.store.read(lambda session: find_legs(session, query, now=turn.clock.now))
    trips = [Trip((leg,)) for leg in legs if request.max_price is None or leg.fare <= request.max_price]
    if _EARLIEST.search(said):
        return min(trips, key=lambda trip: trip.legs[0].departs, default=None)
    if _LATEST.search(said):
        return max(trips, key=lambda trip: trip.legs[0].departs, default=None)
    return min(trips, key=_duration, default=None) if _QUICK.search(said) else None


def _cheapest(turn: Turn, dialogue: BookingDialogue, request: TripRequest) -> Trip | None:
    """Give the cheapest trip: the one read back last, unless one that fits the search costs less."""
    best = dialogue.shown[-1].trip if dialogue.shown else None
    while True:
        most = best.fare - 1 if best else request.max_price
        found = turn.store.read(
            lambda session, most=most: find_trips(session, request.legs, now=turn.clock.now, max_price=most, limit=24)
        )
        if not found:
            return best
        best = min(found, key=lambda trip: trip.fare)


def _duration(trip: Trip) -> float:
    return sum(leg.duration.total_seconds() for leg in trip.legs)
