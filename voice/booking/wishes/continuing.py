"""A city of a trip that is put in another's place: the flights that touch it move with it, and the trip stays whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from voice.booking.places.meanings import resolve_place


def continued(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Let the flights of a trip join where they joined before. Pure.

    Where one flight now ends elsewhere the next one starts there, if it started where the one before ended; a trip
    that went back to its start goes back to the new one.
    """
    legs = [dict(leg) for leg in after]
    if len(before) != len(legs) or len(legs) < 2:
        return legs
    for index, (old, new) in enumerate(zip(before, after, strict=True)):
        onward = index + 1
        if onward == len(legs) or not old.get("to") or same_city(old["to"], new.get("to")):
            continue
        starts = before[onward].get("from")
        if starts and same_city(starts, old["to"]) and same_city(after[onward].get("from"), starts):
            legs[onward]["from"] = new["to"]
    start, home = before[0].get("from"), before[-1].get("to")
    if (
        start
        and not same_city(start, after[0].get("from"))
        and same_city(home, start)
        and same_city(home, after[-1].get("to"))
    ):
        legs[-1]["to"] = after[0]["from"]
    return legs


def other_end(known: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give what a flight told with both its ends changes of the one under discussion; None where it shares neither.

    "No, Chicago to Memphis", said of Chicago to Miami, is another destination, and on the same day.
    """
    if not (known.get("from") and known.get("to") and said.get("from") and said.get("to")) or said.get("date"):
        return None
    differ = [end for end in ("from", "to") if not same_city(known[end], said[end])]
    if len(differ) > 1:
        return None
    return {key: value for key, value in said.items() if key not in ("from", "to") or key in differ}


def outward(legs: Sequence[Mapping[str, Any]], at: int) -> int:
    """Give the index of the flight that another city is the end of: of a way home that is the one before it."""
    start, end = legs[0].get("from"), str(legs[at].get("to") or "back").casefold()
    return at - 1 if at and (end in ("back", "home") or same_city(start, end)) else at


def same_city(one: object, other: object) -> bool:
    """Whether two names, as said, are one city's; what was not said is its own."""
    first, second = str(one or "").casefold(), str(other or "").casefold()
    if first == second:
        return True
    places = [resolve_place(said) if said else None for said in (first, second)]
    return all(places) and len({place.name for place in places if place}) == 1
