"""What a place's name stands for, as callers say it and as it is misheard."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from voice.booking.places.names import LEAST_LIKENESS, Elsewhere, Place, elsewhere, likely, served_codes, served_names
from voice.booking.places.network import all_airports, distance_km, network
from voice.booking.places.ordinary import NOT_PLACES
from voice.booking.text.wording import Wording
from voice.sounds import likeness, squeeze

_TAIL = Wording(r"(?:\s+(?:international|intl))?(?:\s+airport)?(?:,?\s+please)?$")
LEAD = Wording(
    r"^\W*(?:(?:uh+|um+|er|oh|so|well|yes|yeah|no|okay|it's|it is|i said|i meant?|that's|from|to|into|in|the|"
    r"please)\b\W*)+",
)
"""What may stand before a place in an answer that is nothing else."""


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """What a place name stands for.

    Attributes:
        said: The words as said.
        name: The place's spoken name: a city, or one airport of a city with several.
        airports: IATA codes, most used first.
        timezone: IANA time zone.
        confidence: 0…1; ask below `voice.booking.text.spans.CERTAIN`.
        alternatives: Names of other places that sound nearly as like.
        served: Whether anything flies there. If not, ``nearest`` is the closest served city.
        nearest: ``""`` for a served place.
    """

    said: str
    name: str
    airports: tuple[str, ...]
    timezone: str
    confidence: float
    alternatives: tuple[str, ...] = ()
    served: bool = True
    nearest: str = ""


def resolve_place(said: str) -> PlaceMatch | None:
    """Say which place the words mean; None where they are like no place at all.

    A place that is not served is found by its exact name only, with ``served`` False.
    """
    text = said.strip(" \t\n.,!?;:")
    named, bare = _TAIL.sub("", text), _TAIL.sub("", LEAD.sub("", text))
    for key in (squeeze(text), squeeze(named), squeeze(bare)):
        if place := served_names().get(key) or served_codes().get(key):
            return _match(said, place, 1.0)
    if (place := elsewhere(named)) and not (squeeze(named) in NOT_PLACES and text.islower()):
        return _unserved_match(said, place)
    if not squeeze(bare) or squeeze(bare) in NOT_PLACES:
        return None
    found = likely(bare)
    if found.likeness < LEAST_LIKENESS:
        return None
    return _match(said, found.place, found.confidence, found.rivals)


@lru_cache(maxsize=1024)
def rival_of(said: str) -> tuple[str, float]:
    """Give the served place whose name sounds most like a known one's, and how alike they are, 0…1."""
    match = resolve_place(said)
    if match is None or not match.served:
        return "", 0.0
    others = tuple(sorted({place.name for place in served_names().values()} - {match.name}))
    alike = likeness(squeeze(match.name), tuple(map(squeeze, others)))
    return others[int(alike.argmax())], float(alike.max())


def _match(said: str, place: Place, confidence: float, others: tuple[str, ...] = ()) -> PlaceMatch:
    zone = network().airports[place.airports[0]].timezone
    return PlaceMatch(said, place.name, place.airports, zone, confidence, others)


def _unserved_match(said: str, place: Elsewhere) -> PlaceMatch:
    code, zone = place.airport, all_airports()[place.airport]["tz"]
    return PlaceMatch(said, place.name, (code,), zone, 0.9, (), served=False, nearest=_nearest(code))


@lru_cache(maxsize=1024)
def _nearest(code: str) -> str:
    record, airports = all_airports()[code], network().airports.values()
    return min(airports, key=lambda a: distance_km((record["lat"], record["lon"]), (a.latitude, a.longitude))).city
