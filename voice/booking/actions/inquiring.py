"""Answers to questions about the flights that were read back, or else those that are booked: from what is known.

They leave the question that waits as it is, so that "What time does it arrive?" loses no offer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from voice.booking.actions.turn import Step, Turn
from voice.booking.airline.bookings import Booking, load_booking
from voice.booking.dialogue import BookingDialogue, BookTrip, ChangeLeg, Write
from voice.booking.offers.speech import Teller, city, listed, place, plural
from voice.booking.offers.terms import price
from voice.booking.places.finding import find_places
from voice.booking.places.meanings import resolve_place
from voice.booking.places.network import network
from voice.booking.talk.inquiries import inquiries, leg_asked
from voice.booking.text.wording import Wording
from voice.booking.trips import Leg
from voice.cascade.words import Action

_NTH = Wording(r"\b(?:first|second|third|fourth|last|final)(?: (?:one|flight))?\b")
_READS = frozenset({"repeat", "chat", "lookup", "policy", "clarify"})
"""What a question about known flights is read as, besides a search that gives nothing but "nonstop"."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What a question is about: flights in the order flown, and the proposal or the booking that they belong to."""

    legs: tuple[Leg, ...]
    write: Write | None = None
    booking: Booking | None = None


def inquired(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Step | None:
    """Answer a turn that only asks about known flights; None if it does not, or if nothing of that is known."""
    asked = inquiries(turn.reading.text)
    if not asked or not all(_only_asks(action) for action in actions):
        return None
    known = _known(turn, dialogue, asked)
    legs = legs_asked(turn.reading.text, known.legs) if known else ()
    if known is None or not legs or ("leg" in asked and len(known.legs) < 2):
        return None
    teller = Teller()
    say = tuple(dict.fromkeys(filter(None, (_TELL[name](known, legs, teller) for name in asked))))
    return Step(dialogue, say, facts=teller.facts, data={"about": list(asked)}) if say else None


def ranked(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Give the choice that "What's the last one?" is of a trip of one leg: it has no other leg to be asked about."""
    write = dialogue.pending.write if dialogue.pending else None
    named = _NTH.search(turn.reading.text) if inquiries(turn.reading.text) == ("leg",) else None
    if named is None or not isinstance(write, BookTrip) or len(write.trip.legs) > 1:
        return actions
    return [Action("book", {"offer": named[0]})] if all(_only_asks(action) for action in actions) else actions


def _only_asks(action: Action) -> bool:
    if action.name == "change":
        return action.args.keys() <= {"leg"}  # "What was the last flight again?" asks for no other one
    if action.name == "search":
        return action.args.keys() <= {"legs", "nonstop"} and all(
            leg.keys() <= {"to"} for leg in action.args.get("legs") or ()
        )
    return action.name in _READS and "code" not in action.args


def _known(turn: Turn, dialogue: BookingDialogue, asked: Sequence[str]) -> _Known | None:
    """Give what was read back and waits, or else the booking that the call dealt with last."""
    write = dialogue.pending.write if dialogue.pending else None
    if isinstance(write, BookTrip) and "code" not in asked:
        return _Known(write.trip.legs, write)
    if isinstance(write, ChangeLeg) and "code" not in asked:
        return _Known((write.leg,), write)
    if write is None and dialogue.search is not None and dialogue.shown and "code" not in asked:
        trip = dialogue.shown[-1].trip
        return _Known(trip.legs, BookTrip(trip))
    if not dialogue.bookings or (write is None and dialogue.search is not None):
        return None
    booking = turn.store.read(lambda session: load_booking(session, dialogue.bookings[-1]))
    ahead = booking.ahead(turn.clock.now) if booking and not booking.cancelled else ()
    return _Known(tuple(booked.leg for booked in ahead), write, booking)


def legs_asked(text: str, legs: tuple[Leg, ...]) -> tuple[Leg, ...]:
    """Give the legs that a question is about: by the places in it, by "back" or "second", or else all of them."""
    places = [match for span in find_places(text) if (match := resolve_place(span.text))]
    for named in places:
        touched = tuple(leg for leg in legs if {leg.origin, leg.destination} & set(named.airports))
        reached = tuple(leg for leg in touched if leg.destination in named.airports)
        legs = reached if "arrives" in inquiries(text) else touched
    at = leg_asked(text, len(legs)) if len(legs) > 1 else None
    return legs if at is None else (legs[at],)


def _arrives(known: _Known, legs: Sequence[Leg], teller: Teller) -> str:
    def moment(leg: Leg) -> str:
        same_day = leg.arrives.date() == leg.departs.date()
        return f"in {place(leg.destination)} at {teller.clock(leg.arrives)}" + (
            "" if same_day else f" on {teller.day(leg.arrives.date())}"
        )

    return f"You arrive {listed([moment(leg) for leg in legs])}."


def _departs(known: _Known, legs: Sequence[Leg], teller: Teller) -> str:
    return f"You leave {listed([f'{place(leg.origin)} on {teller.when(leg)}' for leg in legs])}."


def _stops(known: _Known, legs: Sequence[Leg], teller: Teller) -> str:
    if not any(leg.stops for leg in legs):
        return "It's nonstop." if len(legs) == 1 else "All of the flights are nonstop."
    if len(legs) == 1:
        return f"You change planes in {listed([city(code) for code in legs[0].stops])}."
    ways = [
        f"{city(leg.origin)} to {city(leg.destination)} "
        + (f"changes planes in {listed([city(code) for code in leg.stops])}" if leg.stops else "is nonstop")
        for leg in legs
    ]
    return f"{', and '.join(ways)}."


def _duration(known: _Known, legs: Sequence[Leg], teller: Teller) -> str:
    if len(legs) == 1:
        return f"It takes {_hours(legs[0].duration)}."
    ways = [f"{city(leg.origin)} to {city(leg.destination)} takes {_hours(leg.duration)}" for leg in legs]
    return f"{', and '.join(ways)}."


def _hours(duration: timedelta) -> str:
    hours, minutes = divmod(int(duration.total_seconds()) // 60, 60)
    parts = [plural(hours, "hour")] if hours else []
    return " and ".join(parts + ([f"{minutes} minutes"] if minutes else []))


def _airport(known: _Known, legs: Sequence[Leg], teller: Teller) -> str:
    """Tell the airports, of cities that have several. Of others there is no more to tell than that."""
    codes = dict.fromkeys(code for leg in legs for code in (leg.origin, leg.destination))
    several = [place(code) for code in codes if len(network().city_of(code).airports) > 1]
    if several:
        return f"It's {listed(several)}."
    return f"There is only one airport in {listed([city(code) for code in codes])} that we fly to."


def _price(known: _Known, legs: Sequence[Leg], teller: Teller) -> str:
    match known.write:
        case BookTrip(trip) if legs != trip.legs:
            each = " each" if trip.passengers > 1 else ""
            fares = [f"{city(leg.origin)} to {city(leg.destination)} is {teller.money(leg.fare)}{each}" for leg in legs]
            return f"{listed(fares)}."
        case None:
            return f"You paid {teller.money(known.booking.paid)} in total." if known.booking else ""
        case write:
            return price(write, teller)


def _number(known: _Known, legs: Sequence[Leg], teller: Teller) -> str:
    return f"It's {listed([teller.flight(flight.number) for leg in legs for flight in leg.flights])}."


def _leg(known: _Known, legs: Sequence[Leg], teller: Teller) -> str:
    return f"{listed([f'{city(leg.origin)} to {city(leg.destination)} on {teller.when(leg)}' for leg in legs])}."


def _local(known: _Known, legs: Sequence[Leg], teller: Teller) -> str:
    return "Yes, all times are local."


def _code(known: _Known, legs: Sequence[Leg], teller: Teller) -> str:
    return f"Your code is {teller.code(known.booking.locator)}." if known.booking else ""


_TELL: Mapping[str, Callable[[_Known, Sequence[Leg], Teller], str]] = {
    "arrives": _arrives,
    "departs": _departs,
    "day": _departs,
    "stops": _stops,
    "duration": _duration,
    "airport": _airport,
    "price": _price,
    "number": _number,
    "leg": _leg,
    "local": _local,
    "code": _code,
}
"""What tells the answer to each question of `voice.booking.talk.inquiries`."""
