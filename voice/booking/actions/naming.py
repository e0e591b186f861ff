"""A flight of the booking that is only named: "And the way back?", "What about the one to Seoul?"; and its bags."""

from __future__ import annotations

import re
from collections.abc import Sequence

from voice.booking.actions.inquiring import legs_asked
from voice.booking.actions.of_booking import bags_told
from voice.booking.actions.turn import Step, Turn
from voice.booking.airline.bookings import load_booking
from voice.booking.dialogue import BookingDialogue
from voice.booking.offers.speech import Teller, place, with_stops
from voice.booking.places.finding import find_places
from voice.booking.places.meanings import resolve_place
from voice.booking.text.wording import Wording
from voice.booking.trips import Leg
from voice.cascade.words import Action

_LEADS = Wording(r"\W*(?:(?:and|so|okay|ok|then|now|yes)\W+)*(?:what about|how about|and|what's|what is)\b")
_WORDS = """
a about and back final first flight flights from going home how inbound is it last leg my now okay ok on one our out
outbound part return second so the then third there to trip way what what's yes
"""
_NAMES = frozenset(_WORDS.split())
_FROM = Wording(r"\b(?:from|out of|leaving)\W+$")
_WORD = re.compile(r"[^\W_][\w'’-]*")
_BAGS = Wording(
    r"\b(?:(?:how many|what|which|any) (?:\w+ )?(?:bags?|suitcases?|luggage)\b[^.?!]{0,25}"
    r"\b(?:do (?:i|we) have|(?:i|we) have|have (?:i|we)(?: got)?|booked|paid for|on (?:it|there|my|the|this)|included)|"
    r"(?:are|is|do (?:i|we) have|have (?:i|we) got) (?:there |my |our |any |a )*(?:bags?|suitcases?|luggage)"
    r"(?: (?:already|now))* (?:included|booked|on (?:it|there|my|the|this)))\b",
)


def named(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Step | None:
    """Tell a flight that is only named, or the bags of the booking; None where neither is asked or none is booked."""
    text = turn.reading.text
    if dialogue.search is not None or dialogue.pending or dialogue.asked or not dialogue.bookings:
        return None
    bags = bool(_BAGS.search(text)) and all(
        action.name in ("policy", "chat", "lookup", "clarify") for action in actions
    )
    if not bags and not (_names_one(text) and all(_only_names(action) for action in actions)):
        return None
    booking = turn.store.read(lambda session: load_booking(session, dialogue.bookings[-1]))
    if booking is None or booking.cancelled:
        return None
    if bags:
        return Step(dialogue, (bags_told(turn, booking),), data={"about": ["bags"]})
    ahead = tuple(leg.leg for leg in booking.ahead(turn.clock.now))
    legs = _named(text, ahead)
    if len(legs) != 1:
        return None
    teller = Teller()
    return Step(dialogue, (_way(legs[0], teller),), facts=teller.facts, data={"about": ["leg"]})


def _named(text: str, ahead: tuple[Leg, ...]) -> tuple[Leg, ...]:
    legs = ahead
    for span in find_places(text):
        at, match = _FROM.search(text[: span.start]), resolve_place(span.text)
        if match is not None:
            legs = tuple(leg for leg in legs if (leg.origin if at else leg.destination) in match.airports)
    return legs_asked(text, ahead) if legs == ahead else legs


def _names_one(text: str) -> bool:
    if not _LEADS.match(text):
        return False
    rest = text
    for span in reversed(find_places(text)):
        rest = rest[: span.start] + rest[span.end :]
    return all(word in _NAMES for word in _WORD.findall(rest.casefold()))


def _only_names(action: Action) -> bool:
    if action.name == "search":
        legs = action.args.get("legs") or ()
        return action.args.keys() <= {"legs"} and len(legs) <= 1 and all(leg.keys() <= {"from", "to"} for leg in legs)
    known = {"leg", "missing", "time"}  # "my first flight" may be read as an hour
    return action.name in ("chat", "clarify", "lookup", "repeat", "change") and action.args.keys() <= known


def _way(leg: Leg, teller: Teller) -> str:
    day = "" if leg.arrives.date() == leg.departs.date() else f" on {teller.day(leg.arrives.date())}"
    when = f"{teller.when(leg)}, arriving at {teller.clock(leg.arrives)}{day}"
    return f"{place(leg.origin)} to {place(leg.destination)} on {when}{with_stops(leg)}."
