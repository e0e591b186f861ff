"""States and provinces said behind a city to tell which one it is: "Columbus, Ohio", "San Juan, Puerto Rico"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise

from voice.booking.places.areas import area_of
from voice.booking.places.meanings import resolve_place
from voice.booking.places.network import all_airports, network
from voice.booking.text.spans import Span
from voice.sounds import squeeze

_BEHIND = re.compile(r"(?:\s*[,.]\s*|\s+)(?:(?:over |up |down |the one )?in\s+)?(?=[A-Z])")
_NAME = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+){0,2}")
_COUNTRIES = ("US", "CA", "AU", "GB", "IN")


@cache
def _cities() -> Mapping[str, frozenset[str]]:
    """Squeezed region → the squeezed cities with an airport in it."""
    found: dict[str, set[str]] = {}
    for record in all_airports().values():
        if record["subd"]:
            found.setdefault(squeeze(record["subd"]), set()).add(squeeze(record["city"]))
    return {region: frozenset(cities) for region, cities in found.items()}


@cache
def _plain() -> frozenset[str]:
    """Regions by whose name no city is called that is flown to."""
    names = {squeeze(record["subd"]) for record in all_airports().values() if record["country"] in _COUNTRIES}
    return frozenset(names - {squeeze(city) for city in network().cities} - {""})


def without_regions(text: str, spans: Sequence[Span]) -> str:
    """Leave out the words that only say where the city before them lies, and a city before one of its airports."""
    for city, airport in reversed([*pairwise(spans)]):
        if {city.kind, airport.kind} == {"place"} and re.fullmatch(r"\s*,\s*|\s+", text[city.end : airport.start]):
            whole, part = resolve_place(city.text), resolve_place(airport.text)
            if whole and part and set(part.airports) < set(whole.airports):
                return without_regions(text[: city.start] + text[airport.start :], [])
    for city in reversed([span for span in spans if span.kind == "place"]):
        behind = _BEHIND.match(text, city.end)
        name = _NAME.match(text, behind.end()) if behind else None
        while name and not _is_region(city, name.group()):
            shorter = name.group().rpartition(" ")[0]
            name = re.compile(re.escape(shorter)).match(text, name.start()) if shorter else None
        if name is None and behind and "in" in behind.group().split():
            area = _NAME.match(text, behind.end())
            name = area if area and area_of(area.group()) else None  # "Valencia, in Spain"
        if name and not any(span.start <= name.start() < name.end() < span.end for span in spans):  # "Oklahoma City"
            text = text[: city.end] + text[name.end() :]
    return text


def _is_region(city: Span, said: str) -> bool:
    region, names = squeeze(said), (squeeze(city.name), squeeze(city.text))
    return region in _plain() or any(name in _cities().get(region, ()) for name in names)
