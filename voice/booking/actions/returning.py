"""The way back of a trip one way that is booked: it is searched, since there is nothing of it to change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from voice.booking.actions.refining import legs_said
from voice.booking.actions.turn import Turn
from voice.booking.airline.bookings import Booking, load_booking
from voice.booking.dates.finding import resolve_date
from voice.booking.dialogue import BookingDialogue, BookTrip
from voice.booking.places.meanings import resolve_place
from voice.booking.places.network import network
from voice.booking.text.wording import Wording
from voice.booking.wishes import cues
from voice.cascade.words import Action

_CHANGES = Wording(
    r"\b(?:mov(?:e|ed|ing)|chang(?:e|ed|ing)|switch(?:ed|ing)?|swap|reschedul\w+|rebook\w*|postpone\w*|push|shift|"
    r"instead|rather than|different|another (?:day|date|time)|earlier|sooner|"
    r"(?<!day )(?<!days )(?<!week )(?<!weeks )later)\b",
)
_JUST = timedelta(hours=1)
"""What was booked longer ago than a call takes may be the flight home itself, which "back" is said of."""

_HOME = frozenset({"", "back", "home", "back home", "return"})


def homeward(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Give the search for the way back where a turn asks for one that the booking spoken of does not hold."""
    said = turn.reading.text
    if not any(action.name in ("change", "search", "book") for action in actions) or not cues.RETURNS.search(said):
        return actions
    if _CHANGES.search(said) or not dialogue.bookings or _searches(dialogue):
        return actions
    booking = turn.store.read(lambda session: load_booking(session, dialogue.bookings[-1]))
    if booking is None or booking.cancelled or turn.clock.now - booking.created_at > _JUST or not _is_one_way(booking):
        return actions
    return [_way_back(turn, booking, action) or action for action in actions]


def _searches(dialogue: BookingDialogue) -> bool:
    """Whether other flights than the booked ones are under discussion."""
    asked = dialogue.asked is not None and dialogue.asked.action.name == "search"
    offers = dialogue.pending is not None and isinstance(dialogue.pending.write, BookTrip)
    return dialogue.search is not None or asked or offers


def _is_one_way(booking: Booking) -> bool:
    first, last = booking.legs[0].leg, booking.legs[-1].leg
    return network().city_of(first.origin) != network().city_of(last.destination)


def _way_back(turn: Turn, booking: Booking, action: Action) -> Action | None:
    """Give the search from the end of a trip to its start for the same people and cabin; None for other actions."""
    legs = legs_said(action) if action.name == "search" else [action.args]
    if action.name not in ("change", "search", "book") or len(legs) > 1 or "code" in action.args:
        return None
    leg = dict(legs[0]) if legs else {}
    start, end = booking.legs[-1].leg.destination, booking.legs[0].leg.origin
    if not _is_at(leg.get("from"), start) or not _is_at(leg.get("to"), end):
        return None
    way = {"from": _name(leg, "from", start), "to": _name(leg, "to", end)}
    more = {key: leg[key] for key in ("date", "time") if leg.get(key)}
    if more.get("date") and str(more["date"]) not in turn.reading.doubted:
        more["date"] = _day(turn, booking, str(more["date"]))
    as_booked = {"pax": str(len(booking.passengers)), "cabin": booking.legs[-1].leg.cabin}
    whole = {key: value for key, value in action.args.items() if key in ("pax", "cabin", "nonstop", "max_price")}
    return Action("search", {"legs": [{**way, **more}], **as_booked, **whole})


def _day(turn: Turn, booking: Booking, said: str) -> str:
    """Give a day as the one that it is for a way back; ``""`` for one before the flight out, to be asked for."""
    out = booking.legs[-1].leg.departs.date()
    day = resolve_date(said, today=turn.clock.now.date(), previous=out)
    if day is None or day.first is None or day.last is None or day.alternatives:
        return said
    if day.last < out:
        return ""
    return day.first.isoformat() if day.first == day.last else f"between {day.first} and {day.last}"


def _is_at(said: object, airport: str) -> bool:
    """Whether words for a place, if there are any, mean this airport's city."""
    text = str(said or "").casefold()
    place = None if text in _HOME else resolve_place(text)
    return text in _HOME or (place is not None and airport in place.airports)


def _name(leg: Mapping[str, Any], key: str, airport: str) -> str:
    said = str(leg.get(key) or "")
    return network().city_of(airport).name if said.casefold() in _HOME else said
