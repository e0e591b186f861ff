"""The served network: cities, their airports, and how callers call them (``network.toml``, airportsdata)."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, cast

import airportsdata


@dataclass(frozen=True, slots=True)
class Airport:
    """An airport. ``name`` is how it is spoken; ``latitude`` and ``longitude`` are degrees."""

    code: str
    name: str
    city: str
    country: str
    timezone: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class City:
    """A served city. ``airports`` are IATA codes, most used first; ``size`` is 1…5; ``hub`` is an airport or ``""``."""

    name: str
    airports: tuple[str, ...]
    size: int
    hub: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Network:
    """Everything that is served.

    ``airport_names`` are the ways to say one airport, by code;
    ``direct`` are pairs with a nonstop besides those that sizes and hubs give.
    """

    airline: str
    code: str
    cities: Mapping[str, City]
    airports: Mapping[str, Airport]
    airport_names: Mapping[str, tuple[str, ...]]
    direct: tuple[tuple[str, str], ...] = ()

    def city_of(self, airport: str) -> City:
        """Give the city of a served airport.

        Raises:
            KeyError: the airport is not served.
        """
        return self.cities[self.airports[airport].city]

    def spoken(self, airport: str) -> str:
        """Name an airport in a sentence: the city, or the airport itself where its city has several."""
        city = self.city_of(airport)
        return self.airports[airport].name if len(city.airports) > 1 else city.name


@cache
def all_airports() -> Mapping[str, Mapping[str, Any]]:
    """Give every airport of the world that has an IATA code (airportsdata's records, by code)."""
    return cast("Mapping[str, Mapping[str, Any]]", airportsdata.load("IATA"))


@cache
def network() -> Network:
    """Load the network once.

    Raises:
        ValueError: ``network.toml`` names an airport that airportsdata does not have.
    """
    table = tomllib.loads(files("voice.booking.places").joinpath("network.toml").read_text(encoding="utf-8"))
    cities: dict[str, City] = {}
    airports: dict[str, Airport] = {}
    names: dict[str, tuple[str, ...]] = {}
    for name, row in table["cities"].items():
        city = City(name, tuple(row["airports"]), row["size"], row.get("hub", ""), tuple(row.get("also", ())))
        cities[name] = city
        for code in city.airports:
            record = all_airports().get(code)
            if record is None:
                raise ValueError(f"network.toml: {name} has the airport {code!r}, which airportsdata does not know")
            own = table["airports"].get(code, {"name": name, "also": ()})
            names[code] = tuple(dict.fromkeys((own["name"], *own["also"]))) if code in table["airports"] else ()
            airports[code] = Airport(
                code, own["name"], name, record["country"], record["tz"], record["lat"], record["lon"]
            )
    airline = table["airline"]
    direct = tuple((first, second) for first, second in airline["direct"])
    return Network(airline["name"], airline["code"], cities, airports, names, direct)


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle distance in kilometres between two (latitude, longitude) pairs in degrees."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(x), math.radians(y)) for x, y in (a, b))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(h))
