"""Which end of a flight a bare city puts right: of a trip from Austin "No, Boston." is where it starts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from voice.booking.places.finding import find_places
from voice.booking.places.meanings import resolve_place
from voice.booking.places.roles import role_of
from voice.booking.text.spans import CERTAIN
from voice.booking.text.wording import Wording
from voice.cascade.words import Reading
from voice.sounds import likeness, squeeze

_MISHEARD = 0.65
"""From here on one city is heard for another: Austin for Boston is 0.66, Denver for Dallas 0.32."""
_RIGHTS = Wording(r"^\W*(?:no|nope|not|sorry|wait)\b|\b(?:i (?:said|meant?)|did i say|wrong|misheard|mistake)\b")


def righted(
    reading: Reading, said: Sequence[Mapping[str, Any]], known: Mapping[str, Any]
) -> Sequence[Mapping[str, Any]]:
    """Put a bare city that corrects what was heard in the place of the one that sounds like it.

    Args:
        reading: The turn.
        said: Its legs.
        known: The leg under discussion.
    """
    if len(said) == 1 and (whole := _with_state(str(said[0].get("to") or ""), str(known.get("to") or ""))):
        return [{**said[0], "to": whole}]
    if len(said) != 1 or said[0].keys() & {"from", "to"} != {"to"} or not (known.get("from") and known.get("to")):
        return said
    if not (reading.corrected or _RIGHTS.search(reading.text)) or _goes_to(reading.text, str(said[0]["to"])):
        return said
    start, end = (_alike(str(said[0]["to"]), str(known[key])) for key in ("from", "to"))
    if start < _MISHEARD or start <= end:
        return said
    rest = {key: value for key, value in said[0].items() if key != "to"}
    return [{"from": said[0]["to"], **rest}]


def _with_state(said: str, known: str) -> str:
    """Give the city of the same name in the state that is said alone: "No, Oregon." of Portland, Maine."""
    place, alone = resolve_place(known) if known else None, resolve_place(said) if said else None
    if place is None or not said or (alone is not None and alone.confidence >= CERTAIN):
        return ""
    whole = f"{place.name.partition(',')[0]} {said}"
    named = resolve_place(whole)
    return whole if named is not None and named.served and named.confidence == 1.0 else ""


def _goes_to(text: str, city: str) -> bool:
    """Whether the words around a city say that it is where the flight ends."""
    spans = [span for span in find_places(text) if span.text.casefold() == city.casefold()]
    return not spans or any(role_of(text, span) for span in spans)


def _alike(one: str, other: str) -> float:
    """Say how alike two cities sound, 0…1; 1 for the same one."""
    names = [place.name if (place := resolve_place(said)) else said for said in (one, other)]
    return float(likeness(squeeze(names[0]), (squeeze(names[1]),))[0]) if names[0] != names[1] else 1.0
