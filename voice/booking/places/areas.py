"""Countries and states in the place of a city: "to Italy", "somewhere in Florida". They stand for their cities."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from voice.booking.places.network import all_airports, network
from voice.sounds import squeeze

_COUNTRIES = {
    "AE": ("the Emirates", "the UAE", "United Arab Emirates"),
    "AR": ("Argentina",),
    "AT": ("Austria",),
    "AU": ("Australia",),
    "BE": ("Belgium",),
    "BR": ("Brazil",),
    "CA": ("Canada",),
    "CH": ("Switzerland",),
    "CL": ("Chile",),
    "CN": ("China",),
    "CO": ("Colombia",),
    "CZ": ("the Czech Republic", "Czechia"),
    "DE": ("Germany",),
    "DK": ("Denmark",),
    "EG": ("Egypt",),
    "ES": ("Spain",),
    "FI": ("Finland",),
    "FR": ("France",),
    "GB": ("Britain", "Great Britain", "the UK", "the United Kingdom"),
    "GR": ("Greece",),
    "HU": ("Hungary",),
    "IE": ("Ireland",),
    "IN": ("India",),
    "IS": ("Iceland",),
    "IT": ("Italy",),
    "JP": ("Japan",),
    "KE": ("Kenya",),
    "KR": ("Korea", "South Korea"),
    "MX": ("Mexico",),
    "MY": ("Malaysia",),
    "NL": ("the Netherlands", "Holland"),
    "NO": ("Norway",),
    "NZ": ("New Zealand",),
    "PE": ("Peru",),
    "PH": ("the Philippines",),
    "PL": ("Poland",),
    "PT": ("Portugal",),
    "SE": ("Sweden",),
    "TH": ("Thailand",),
    "TR": ("Turkey", "Türkiye"),
    "TW": ("Taiwan",),
    "ZA": ("South Africa",),
}
_PARTS = {"England": ("London", "Manchester"), "Scotland": ("Edinburgh",)}
_WITH_STATES = ("US", "CA")


@cache
def _areas() -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Squeezed name → the area as spoken, and its served cities, the largest first. A city's own name is no area."""
    cities = sorted(network().cities.values(), key=lambda city: -city.size)
    found: dict[str, tuple[str, list[str]]] = {}
    for city in cities:
        record = all_airports()[city.airports[0]]
        names = _COUNTRIES.get(record["country"], ())
        state = record["subd"] if record["country"] in _WITH_STATES else ""
        for name in (*names, *([state] if state else [])):
            spoken = next(iter(names), name) if name in names else name
            found.setdefault(squeeze(name.removeprefix("the ")), (spoken, []))[1].append(city.name)
    taken = {squeeze(said) for city in cities for said in (city.name, *city.also)}
    areas = {key: (spoken, tuple(names)) for key, (spoken, names) in found.items() if key not in taken}
    return areas | {squeeze(name): (name, named) for name, named in _PARTS.items()}


def area_of(said: str) -> tuple[str, tuple[str, ...]] | None:
    """Give the country or state that is named, as it is spoken, and its served cities; None for any other name."""
    text = said.strip(" .,!?").casefold()
    for lead in ("to ", "somewhere in ", "anywhere in ", "in ", "the "):
        text = text.removeprefix(lead)
    return _areas().get(squeeze(text))
