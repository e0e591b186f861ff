"""Which flight of a booking is meant: by its places, its number, its day, or as the way home."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from voice.booking.actions.turn import Turn
from voice.booking.airline.bookings import BookedLeg, Booking
from voice.booking.airline.quotes import NotAllowedError
from voice.booking.dates.finding import find_dates, resolve_date
from voice.booking.offers.resolving import UnclearError
from voice.booking.offers.speech import city, listed
from voice.booking.places.finding import find_places
from voice.booking.places.meanings import PlaceMatch, resolve_place
from voice.booking.text.numerals import ORDINAL, ordinal
from voice.booking.trips import Leg

_SEVERAL = re.compile(r"\b(?:both|all|each|every)\b", re.IGNORECASE)


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
    named = _named(turn, booking, ahead, said) if said else _by_ends(ahead, args)
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
    for key in ("from", "to"):  # naming a leg by its ends changes nothing
        place = resolve_place(str(args.get(key) or ""))
        if place and (_only_names(named.leg, key, place) or (said and _is_far_end(named.leg, key, place))):
            args.pop(key)
    return named


def _by_ends(ahead: Sequence[BookedLeg], args: Mapping[str, object]) -> BookedLeg | None:
    """Find the only flight that goes from where to where was said: "my Osaka to Seoul flight"."""
    start, end = (resolve_place(str(args.get(key) or "")) for key in ("from", "to"))
    if start is None or end is None:
        return None
    found = [leg for leg in ahead if leg.leg.origin in start.airports and leg.leg.destination in end.airports]
    return found[0] if len(found) == 1 else None


def _only_names(leg: Leg, key: str, place: PlaceMatch) -> bool:
    """Whether an end that was said is the flight's own: its airport, or the city that it belongs to."""
    return _end(leg, key) in place.airports


def _is_far_end(leg: Leg, key: str, place: PlaceMatch) -> bool:
    """Whether an end that was said is the other one, from which nobody flies to itself: "the Osaka one"."""
    return _end(leg, "to" if key == "from" else "from") in place.airports


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
