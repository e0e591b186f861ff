"""Answers to questions about the flights that were read back, or else those that are booked: from what is known.

They leave the question that waits as it is, so that "What time does it arrive?" loses no offer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from voice.booking.actions.turn import Step, Turn
from voice.booking.airline.bookings import Booking, load_booking
from voice.booking.dates.finding import find_dates, resolve_date
from voice.booking.dates.nearby_days import near
from voice.booking.dialogue import BookingDialogue, BookTrip, ChangeLeg, Write
from voice.booking.offers.speech import Teller, city, listed, place, spoken_hours
from voice.booking.offers.terms import price
from voice.booking.places.finding import find_places
from voice.booking.places.meanings import resolve_place
from voice.booking.places.network import network
from voice.booking.talk.inquiries import inquiries, leg_asked
from voice.booking.talk.of_booking import without_codes
from voice.booking.text.wording import Wording
from voice.booking.trips import Leg, Trip
from voice.cascade.words import Action

_NTH = Wording(r"\b(?:first|second|third|fourth|last|final)(?: (?:one|flight))?\b")
_ON = re.compile(r"\b(?:on|for|of)\s+(?:the\s+)?$", re.IGNORECASE)
_PUTS_RIGHT = Wording(
    r"\W*(?:no|nope)\b[\s,.]*(?:no\b[\s,.]*|sorry\b[\s,.]*|but\b[\s,.]*)*(?:(?:i|we) (?:mean|meant|said|ask(?:ed)?|"
    r"(?:just |only )?want(?:ed)? to know|(?:just |only )?wanna know)|(?:i'm|i am|i was|we're) (?:just |only )*asking|"
    r"(?:when|what|how|which|where)\b)"
)
"""A "no" that declines nothing."""
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
    text = turn.reading.text
    if puts_right(text):
        actions = [action for action in actions if action.name != "confirm"]
    asked, day = inquiries(text), None
    if not asked and (dated := _of_a_day(turn, dialogue, text)):
        asked, day = inquiries(dated[0]), dated[1]
    if not asked or not all(_only_asks(action, dated=day is not None) for action in actions):
        return None
    if any("code" in one.args and str(one.args["code"]) not in dialogue.bookings[-1:] for one in actions):
        return None  # another booking than the one that is known
    known = _known(turn, dialogue, asked)
    legs = legs_asked(text, known.legs) if known else ()
    legs = tuple(leg for leg in legs if day in (None, leg.departs.date(), leg.arrives.date()))
    if known is None or not legs or ("leg" in asked and len(known.legs) < 2):
        return None
    teller = Teller()
    say = tuple(dict.fromkeys(filter(None, (_TELL[name](known, legs, teller) for name in asked))))
    return Step(dialogue, say, facts=teller.facts, data={"about": list(asked)}) if say else None


def told_of(trip: Trip, asked: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give what is asked about a trip, by the names of `voice.booking.talk.inquiries`, and the facts of that."""
    known, teller = _Known(trip.legs, BookTrip(trip)), Teller()
    say = tuple(dict.fromkeys(filter(None, (_TELL[name](known, trip.legs, teller) for name in asked))))
    return say, teller.facts


def ranked(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Give the choice that "What's the last one?" is of a trip of one leg: it has no other leg to be asked about."""
    write = dialogue.pending.write if dialogue.pending else None
    named = _NTH.search(turn.reading.text) if inquiries(turn.reading.text) == ("leg",) else None
    if named is None or not isinstance(write, BookTrip) or len(write.trip.legs) > 1:
        return actions
    return [Action("book", {"offer": named[0]})] if all(_only_asks(action) for action in actions) else actions


def puts_right(text: str) -> bool:
    """Whether a "no" declines nothing: it says that something else was asked than what was answered."""
    return bool(_PUTS_RIGHT.match(text))


def hours_of(turn: Turn, dialogue: BookingDialogue, booking: Booking, question: str) -> Step | None:
    """Answer a question about the flights of a booking that it names; None if it is about none of them."""
    said = without_codes(question)
    legs = legs_asked(said, tuple(one.leg for one in booking.ahead(turn.clock.now)))
    teller, known = Teller(), _Known(legs, None, booking)
    say = (
        tuple(dict.fromkeys(filter(None, (_TELL[name](known, legs, teller) for name in inquiries(said)))))
        if legs
        else ()
    )
    return Step(dialogue, say, facts=teller.facts, data={"about": list(inquiries(said))}) if say else None


def _of_a_day(turn: Turn, dialogue: BookingDialogue, text: str) -> tuple[str, date] | None:
    """Give a question without the day in it, and that day, where a known flight leaves on it: "the one on the 16th"."""
    known = _known(turn, dialogue, ())
    days = [span for span in find_dates(text) if known]
    if known is None or len(days) != 1:
        return None
    said, today = days[0], turn.clock.now.date()
    meant = resolve_date(said.text, today=today)
    for leg in known.legs:
        day = leg.departs.date()
        if near(said.text, day, first=today) == day or (meant and meant.date == day):
            lead = _ON.search(text[: said.start])
            start = lead.start() if lead else said.start
            return re.sub(r"\s{2,}", " ", f"{text[:start]} {text[said.end :]}").strip(), day
    return None


def _only_asks(action: Action, *, dated: bool = False) -> bool:
    day = {"date"} if dated else set[str]()
    if action.name == "change":
        return action.args.keys() <= {"leg", *day}  # "What was the last flight again?" asks for no other one
    if action.name == "search":
        return action.args.keys() <= {"legs", "nonstop"} and all(
            leg.keys() <= {"to", *day} and not (leg.get("date") and leg.get("to") == "back")
            for leg in action.args.get("legs") or ()
        )
    return action.name in _READS


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
        touched = touched or tuple(leg for leg in legs if {*leg.stops} & set(named.airports))
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


def _layover(known: _Known, legs: Sequence[Leg], teller: Teller) -> str:
    """Tell how long one waits between the flights of each leg that has a stop."""
    waits = [
        f"{spoken_hours(onward.departs - flight.arrives)} in {city(flight.destination)}"
        + (f" on the way to {city(leg.destination)}" if len(legs) > 1 else "")
        for leg in legs
        for flight, onward in pairwise(leg.flights)
    ]
    return f"You have {listed(waits)}." if waits else f"{_stops(known, legs, teller)} There is no layover."


def _duration(known: _Known, legs: Sequence[Leg], teller: Teller) -> str:
    if len(legs) == 1:
        return f"It takes {spoken_hours(legs[0].duration)}."
    ways = [f"{city(leg.origin)} to {city(leg.destination)} takes {spoken_hours(leg.duration)}" for leg in legs]
    return f"{', and '.join(ways)}."


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
    "layover": _layover,
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
