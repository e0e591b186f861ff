"""Other flights than the one told: at an hour, the last of the day, on the cheapest day, and which of them is best."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from voice.booking.actions.cheaper import cheapest_day
from voice.booking.actions.earlier import gone_back_to
from voice.booking.actions.flights import book, offered, propose, search
from voice.booking.actions.turn import Step, Turn, open_question
from voice.booking.dialogue import BookingDialogue, BookTrip, Shown
from voice.booking.offers.speech import Teller, spoken_hours
from voice.booking.places.meanings import resolve_place
from voice.booking.talk.alternatives import Alternative, alternative, asks_only
from voice.booking.trips import Trip
from voice.cascade.words import Action

_READS = frozenset({"repeat", "chat", "clarify", "lookup", "policy", "search", "book", "confirm"})
_TWO = 2
_BY: Mapping[str, Callable[[Trip], object]] = {
    "departs": lambda trip: trip.legs[0].departs,
    "arrives": lambda trip: trip.legs[0].arrives,
    "fare": lambda trip: trip.fare,
    "duration": lambda trip: sum(leg.duration.total_seconds() for leg in trip.legs),
}
_BY_HOUR: Mapping[str, Callable[[Trip], object]] = {
    "departs": lambda trip: trip.legs[0].departs.time(),
    "arrives": lambda trip: trip.legs[0].arrives.time(),
}
"""What of several days is compared is the hour."""


def other_flights(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Step | None:
    """Answer a turn that only asks for other flights than those told; None for any other."""
    write = dialogue.pending.write if dialogue.pending else None
    if dialogue.search is None or not dialogue.shown or (write is not None and not isinstance(write, BookTrip)):
        return None
    if not all(one.name in _READS and "code" not in one.args for one in actions):
        return None
    wish, now = alternative(turn.reading.text), write.trip if write is not None else dialogue.shown[-1].trip
    if wish is None:
        return offered(turn, dialogue, Action("book")) if asks_only(turn.reading.text) and dialogue.offers else None
    match wish.kind:
        case "which":
            return _which(turn, dialogue, wish, now)
        case "cheapest_day":
            return _cheapest(turn, dialogue, wish, now)
        case "of_the_day":
            return _of_the_day(turn, dialogue, wish, now)
        case _:
            leg = {key: said for key, said in (("date", wish.day), ("time", wish.time)) if said}
            return search(turn, dialogue, Action("search", {"legs": [leg]})) if len(now.legs) == 1 else None


def _which(turn: Turn, dialogue: BookingDialogue, wish: Alternative, now: Trip) -> Step | None:
    """Say which of the trips told is best, and read it back."""
    told = dict([(_flights(one.trip), one) for one in dialogue.shown][-_TWO:])
    listed = dialogue.asked is not None and dialogue.asked.argument == "offer"
    if listed or len(told) < _TWO:
        told = {_flights(trip): Shown(trip, dialogue.search) for trip in dialogue.offers}
    if len(told) < _TWO:
        return None
    days = {one.trip.legs[0].departs.date() for one in told.values()}
    key = _BY[wish.by] if len(days) == 1 else {**_BY, **_BY_HOUR}[wish.by]
    ranked = sorted(told.values(), key=lambda one: key(one.trip), reverse=wish.most)  # type: ignore[arg-type, return-value]
    best, second = ranked[0], ranked[1]
    teller = Teller()
    if key(best.trip) == key(second.trip):
        return None
    says = {
        "departs": "leaves later" if wish.most else "leaves earlier",
        "arrives": f"arrives {'later' if wish.most else 'earlier'}, at {teller.clock(best.trip.legs[0].arrives)}",
        "fare": "is cheaper",
        "duration": f"is quicker, at {spoken_hours(best.trip.legs[0].duration)}",
    }
    first = best.trip.legs[0]
    when = f"at {teller.clock(first.departs)}" if len(days) == 1 else f"on {teller.when(first)}"
    note = f"The one {when} {says[wish.by]}."
    if best.trip == now and dialogue.pending:
        return Step(dialogue, (note,), open_question(dialogue), teller.facts)
    step = gone_back_to(turn, dialogue, best, now)
    return replace(step, say=(note, *step.say), facts=(*teller.facts, *step.facts))


def _flights(trip: Trip) -> tuple[int, ...]:
    return tuple(flight.id for leg in trip.legs for flight in leg.flights)


def _cheapest(turn: Turn, dialogue: BookingDialogue, wish: Alternative, now: Trip) -> Step | None:
    found = cheapest_day(turn, dialogue, now, wish.day)
    if found is None:
        return None
    action, trips, among = found
    teller = Teller()
    if trips[0].fare >= now.fare:
        note = f"That is the cheapest: {among} nothing costs less than {teller.money(now.fare)}."
        again = () if dialogue.pending else propose(turn, dialogue, dialogue.search or action, now).say
        if dialogue.pending:
            return Step(dialogue, (note,), open_question(dialogue), teller.facts)
        step = propose(turn, dialogue, dialogue.search or action, now)
        return replace(step, say=(note, *again), facts=(*teller.facts, *step.facts))
    day: date = trips[0].legs[0].departs.date()
    note = f"{among[0].upper()}{among[1:]} the cheapest day is {teller.day(day)}."
    step = propose(turn, replace(dialogue, search=action, offers=trips), action, trips[0])
    return replace(step, say=(note, *step.say), facts=(*teller.facts, *step.facts))


def _of_the_day(turn: Turn, dialogue: BookingDialogue, wish: Alternative, now: Trip) -> Step | None:
    leg, *others = now.legs
    if others:
        return None
    if wish.place:
        there = resolve_place(wish.place)
        if there is None or leg.destination not in there.airports:
            return None
    return book(turn, dialogue, Action("book", {"offer": f"the {'latest' if wish.most else 'earliest'} of the day"}))
