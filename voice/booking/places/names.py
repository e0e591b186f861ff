"""The names and codes of cities and airports, served or not, and which served one a misheard name is like."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from voice.booking.places.network import all_airports, network
from voice.booking.places.ordinary import NOT_PLACES, PERSONS
from voice.sounds import likeness, sound_key, squeeze

LEAST_LIKENESS = 0.72
"""A misheard name below this likeness is no place at all. Set so that ordinary sentences give no place."""

_RIVALS_WITHIN = 0.06
"""Two names closer than this are alternatives of each other."""
_MOST_LIKE = 4
_SURELY_SERVED = 0.85
"""What sounds so much like a served place is that, whatever village is spelled so."""
_LARGE = re.compile(r"International|Intl|Regional|Municipal|National|Metropolitan")
_INTERNATIONAL = re.compile(r"International|Intl")
_NAMED_FOR = re.compile(r"(?P<place>[^\W\d_]+(?: [^\W\d_]+)??)(?: (?:International|Intl))? Airport")
_PARTS_OF_NAME = re.compile(r"\s*[/,(]\s*|-(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Place:
    """A served place: its spoken name, and the codes of its airports, most used first."""

    name: str
    airports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Likely:
    """The served place that a misheard name is most like, how alike they are (0…1), and the names of its rivals."""

    place: Place
    likeness: float
    rivals: tuple[str, ...]

    @property
    def confidence(self) -> float:
        """Give the likeness, less where there are rivals."""
        return self.likeness - (0.1 if self.rivals else 0.0)


@cache
def served_names() -> Mapping[str, Place]:
    """Every way to say a served place, squeezed."""
    net, names = network(), dict[str, Place]()
    for city in net.cities.values():
        place = Place(city.name, city.airports)
        for said in (city.name, *city.also):
            names[squeeze(said.removeprefix("the "))] = place
    for code, airport in net.airports.items():
        single = len(net.cities[airport.city].airports) == 1
        place = Place(airport.city if single else airport.name, (code,))
        for said in net.airport_names[code]:
            names.setdefault(squeeze(said), place)
    return names


@cache
def spoken_names() -> tuple[str, ...]:
    """Every name that callers may say for a place: what is served first, then cities with an international airport."""
    net = network()
    cities = [said for city in net.cities.values() for said in (city.name.split(",")[0], *city.also)]
    airports = [
        said
        for code, airport in net.airports.items()
        for said in (airport.name.split(",")[0], *net.airport_names[code])
    ]
    far = [place.name for place in unserved().values() if _INTERNATIONAL.search(all_airports()[place.airport]["name"])]
    named = (name.removeprefix("the ") for name in (*cities, *airports, *far))
    return tuple(dict.fromkeys(name for name in named if not name.isupper()))


@cache
def served_codes() -> Mapping[str, Place]:
    """The code of every served airport, in small letters."""
    net = network()
    return {code.casefold(): Place(net.spoken(code), (code,)) for code in net.airports}


@cache
def beginnings() -> frozenset[str]:
    """What names and codes of served places begin with: words that begin otherwise need no further look."""
    known = (*served_names(), *served_codes())
    return frozenset(key[:length] for key in known for length in range(1, len(key) + 1))


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A place that nothing flies to: its name, and the code of its airport."""

    name: str
    airport: str


@cache
def unserved() -> Mapping[str, Elsewhere]:
    """Cities of the world with a large airport that nothing flies to, by their squeezed names. United States first.

    Of a double name ("Denpasar-Bali Island", "Sarasota/Bradenton") each part is a name too.
    """
    found = _elsewhere(
        lambda record: (record["city"].removesuffix(" Island"),) if _LARGE.search(record["name"]) else ()
    )
    names = served_names()
    served, sounds = tuple(names), {sound_key(name) for name in names}

    def taken(name: str) -> bool:
        # A village that is spelled and sounds almost like a served city is taken for the city: Sidney for Sydney.
        return name in names or (sound_key(name) in sounds and float(likeness(name, served).max()) >= 0.9)

    return {name: place for name, place in found.items() if not taken(name)}


@cache
def _small() -> Mapping[str, Elsewhere]:
    """Every other city with an airport, and what airports are named for ("Jersey Airport", in Saint Helier)."""

    def names(record: Mapping[str, Any]) -> tuple[str, ...]:
        named = _NAMED_FOR.fullmatch(record["name"])
        return (record["city"], named["place"]) if named else (record["city"],)

    known = served_names().keys() | PERSONS | NOT_PLACES
    return {name: place for name, place in _elsewhere(names).items() if len(name) > 3 and name not in known}


def elsewhere(said: str) -> Elsewhere | None:
    """Find a place that nothing flies to by its whole name, said where a place is expected."""
    key = squeeze(said)
    if place := unserved().get(key):
        return place
    place = _small().get(key)
    return place if place and likely(said).likeness < _SURELY_SERVED else None


def _elsewhere(names: Callable[[Mapping[str, Any]], tuple[str, ...]]) -> dict[str, Elsewhere]:
    found: dict[str, Elsewhere] = {}
    for code, record in sorted(all_airports().items(), key=lambda item: item[1]["country"] != "US"):
        if code in network().airports:
            continue
        for name in names(record):
            parts = _PARTS_OF_NAME.split(name)
            for part in (name, *parts):
                if key := squeeze(part):
                    found.setdefault(key, Elsewhere(parts[0], code))
    return found


@cache
def _cities() -> frozenset[str]:
    return frozenset(squeeze(record["city"]) for record in all_airports().values())


def is_city(said: str) -> bool:
    """Whether words are the name of some city with an airport, served or not."""
    return squeeze(said) in _cities()


@cache
def _sounding() -> tuple[tuple[str, ...], tuple[Place, ...], NDArray[np.intp]]:
    """Give the names that are long enough to be known by their sound, all places, and which place each name is of."""
    names = {name: place for name, place in served_names().items() if len(name) > 2}
    places = tuple(sorted(dict.fromkeys(names.values()), key=lambda place: place.name))
    index = {place: number for number, place in enumerate(places)}
    return tuple(names), places, np.array([index[place] for place in names.values()])


@lru_cache(maxsize=4096)
def likely(said: str) -> Likely:
    """Find the served place that a name is most like, however little."""
    names, places, owners = _sounding()
    best = np.zeros(len(places), dtype=np.float32)
    np.maximum.at(best, owners, likeness(said, names))
    first, *others = ((float(best[index]), places[index]) for index in np.argsort(-best, kind="stable")[:_MOST_LIKE])
    score, place = first
    rivals = (other.name for near, other in others if near >= LEAST_LIKENESS and score - near < _RIVALS_WITHIN)
    return Likely(place, score, tuple(rivals))
