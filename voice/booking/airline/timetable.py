"""What flies on which day: a pure function of a seed. Hubs with spokes, pairs of large cities, and long-haul trunks."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from voice.booking.places.network import Airport, distance_km, network

_ALL_HUBS = ("JFK", "ORD", "DEN", "ATL", "LAX")
_MIDDLE = "ORD"
_HOME_HUBS = {
    "north": _ALL_HUBS,
    "south": ("ATL", "JFK"),
    "europe": ("LHR",),
    "africa": ("LHR",),
    "asia": ("NRT",),
    "oceania": ("NRT", "LAX"),
}
_TRUNKS = {
    ("JFK", "LHR"): 4,
    ("ORD", "LHR"): 2,
    ("ATL", "LHR"): 2,
    ("DEN", "LHR"): 1,
    ("LAX", "LHR"): 2,
    ("JFK", "NRT"): 2,
    ("ORD", "NRT"): 2,
    ("LAX", "NRT"): 3,
    ("DEN", "NRT"): 1,
    ("LHR", "NRT"): 2,
}
"""Flights a day between hubs on different continents."""
_REACH_KM = 14_000


@dataclass(frozen=True, slots=True)
class Service:
    """A flight that leaves every day at the same local time. Seats are (economy, premium, business)."""

    number: str
    origin: str
    destination: str
    after_midnight: timedelta
    under_way: timedelta
    distance_km: int
    seats: tuple[int, int, int]


def region(airport: Airport) -> str:
    """Give the part of the world that an airport lies in, as far as routes care."""
    lat, lon = airport.latitude, airport.longitude
    if lon < -30:
        return "north" if lat > 12 else "south"
    if lon > 60:
        return "asia" if lat > -12 else "oceania"
    return "europe" if lat > 34 else "africa"


@cache
def timetable(seed: int) -> tuple[Service, ...]:
    """Give every daily service, in order of its number. The same seed gives the same timetable on every machine."""
    rng = random.Random(f"timetable {seed}")
    services: list[Service] = []
    for (origin, destination), times_a_day in sorted(_pairs(rng).items()):
        for start, end in ((origin, destination), (destination, origin)):
            for slot in range(times_a_day):
                services.append(_service(rng, f"{network().code}{100 + len(services)}", start, end, slot, times_a_day))
    return tuple(services)


FLIGHT_COLUMNS = (
    "number",
    "day",
    "origin",
    "destination",
    "departs_at",
    "arrives_at",
    *(f"{what}_{cabin}" for what in ("seats", "sold", "fare") for cabin in ("economy", "premium", "business")),
)
"""What `flights_on` gives of a flight, in this order."""


def flights_on(day: date, seed: int) -> list[tuple[Any, ...]]:
    """Give that day's rows of the flights table, with moments in UTC.

    Fares and the seats sold before the desk opened depend on the seed and the day alone. Vectorised, since
    a desk opens with two hundred thousand flights.
    """
    services, fixed = timetable(seed), _columns(seed)
    noise = random.Random(f"day {seed} {day.isoformat()}").randbytes(4 * 4 * len(services))
    fare_draw, load_draw, premium_draw, business_draw = np.frombuffer(noise, "<u4").reshape(4, -1) / 2**32
    # Friday and Sunday are dear, Tuesday and Wednesday cheap; the end of December is high season.
    demand = (1.0, 0.9, 0.9, 1.0, 1.12, 0.97, 1.14)[day.weekday()]
    demand *= 1.22 if (day.month, day.day) >= (12, 18) or (day.month, day.day) <= (1, 4) else 1.0
    economy = np.rint(fixed.base_fare * demand * (0.82 + 0.42 * fare_draw)).astype(int)
    # A few flights in a hundred are sold out, most have room.
    load = np.minimum(1.0, 0.35 + 0.67 * load_draw)
    premium_load = np.minimum(1.0, load * (0.6 + 0.5 * premium_draw))
    business_load = np.minimum(1.0, load * (0.5 + 0.6 * business_draw))
    sold = [seats * share for seats, share in zip(fixed.seats, (load, premium_load, business_load), strict=True)]
    fares = (economy, economy * 1.6 + 20, economy * 2.7 + 60)
    midnights = {
        code: datetime.combine(day, time(), _zone(airport.timezone)).astimezone(UTC)
        for code, airport in network().airports.items()
    }
    rows: list[tuple[Any, ...]] = []
    numbers = zip(*(column.astype(int).tolist() for column in (*sold, *fares)), strict=True)
    for service, changing in zip(services, numbers, strict=True):
        departs = midnights[service.origin] + service.after_midnight
        moments = (departs, departs + service.under_way)
        rows.append((service.number, day, service.origin, service.destination, *moments, *service.seats, *changing))
    return rows


@dataclass(frozen=True, slots=True)
class _Columns:
    base_fare: NDArray[np.float64]
    seats: tuple[NDArray[np.int64], ...]


@cache
def _columns(seed: int) -> _Columns:
    services = timetable(seed)
    fares = np.array([_base_fare(service.distance_km) for service in services])
    return _Columns(fares, tuple(np.array([service.seats[i] for service in services]) for i in range(3)))


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _base_fare(distance: int) -> float:
    """Give an average economy fare in dollars: dear per kilometre on short hauls, cheap on long ones."""
    return 44 + 0.058 * min(distance, 3000) + 0.028 * max(0, distance - 3000)


def _service(rng: random.Random, number: str, origin: str, destination: str, slot: int, of: int) -> Service:
    airports = network().airports
    start, end = airports[origin], airports[destination]
    distance = distance_km((start.latitude, start.longitude), (end.latitude, end.longitude))
    block = int(-(-(35 + distance / 13.4) // 5) * 5)
    minute = _departure(rng, start, end, slot, of, block)
    if distance > 4500:
        seats = (212, 28, 30)
    elif distance < 900 and min(network().city_of(origin).size, network().city_of(destination).size) <= 2:
        seats = (70, 0, 6)
    else:
        seats = (138, 18, 12)
    leaves, lasts = timedelta(minutes=minute), timedelta(minutes=block)
    return Service(number, origin, destination, leaves, lasts, round(distance), seats)


def _departure(rng: random.Random, start: Airport, end: Airport, slot: int, of: int, block: int) -> int:
    """Choose a local departure, in minutes after midnight.

    Flights between a hub and a smaller city keep the hub's waves: what arrives there shortly before noon or in the
    evening goes on an hour or two later, so that any two cities of a hub connect within the day.
    """
    first, last = 6 * 60, 21 * 60
    jitter = rng.uniform(-1, 1)
    if region(start) == region(end) and _is_hub(end) and not _is_hub(start):
        ahead = (_standard_offset(end) - _standard_offset(start)) * 60
        minute = (11.2 * 60, 17.4 * 60, 8.6 * 60)[slot % 3] - block - ahead + 30 * jitter
    elif region(start) == region(end) and _is_hub(start) and not _is_hub(end):
        minute = (13.4 * 60, 19.4 * 60, 10.4 * 60)[slot % 3] + 35 * jitter
    else:
        minute = first + (last - first) * (slot + 0.5) / of + 0.38 * jitter * (last - first) / of
    return int(min(max(minute, 5.5 * 60), 22 * 60)) // 5 * 5


def _is_hub(airport: Airport) -> bool:
    return network().city_of(airport.code).hub == airport.code


@cache
def _standard_offset(airport: Airport) -> float:
    """Give the hours from UTC in a northern winter."""
    offset = datetime(2026, 1, 15, 12, tzinfo=_zone(airport.timezone)).utcoffset()
    assert offset is not None
    return offset.total_seconds() / 3600


def _pairs(rng: random.Random) -> dict[tuple[str, str], int]:
    """Choose which airports have a nonstop, and how often a day."""
    net = network()
    airports = [net.airports[code] for city in net.cities.values() for code in city.airports]
    sizes = {a.code: net.city_of(a.code).size - net.city_of(a.code).airports.index(a.code) for a in airports}
    hubs = {city.hub for city in net.cities.values() if city.hub}
    pairs: dict[tuple[str, str], int] = {}

    def add(first: str, second: str, times: int) -> None:
        if net.city_of(first) is not net.city_of(second):
            key = (min(first, second), max(first, second))
            pairs[key] = max(times, pairs.get(key, 0))

    def km(first: Airport, second: Airport) -> float:
        return distance_km((first.latitude, first.longitude), (second.latitude, second.longitude))

    for (first, second), times in _TRUNKS.items():
        add(first, second, times)
    for first, second in combinations(_ALL_HUBS, 2):
        add(first, second, 3)
    for airport in airports:
        size = sizes[airport.code]
        hubs_near = sorted((net.airports[h] for h in _HOME_HUBS[region(airport)]), key=lambda h: km(airport, h))
        reached = [hub for hub in hubs_near if net.city_of(hub.code) is not net.city_of(airport.code)]
        # One hub in the middle reaches every city of its continent, whatever else is near.
        for hub in dict.fromkeys([*reached[: 3 if size >= 4 else 2], *(h for h in reached if h.code == _MIDDLE)]):
            add(airport.code, hub.code, 1 + (size >= 3) + (size >= 4 and km(airport, hub) < 1500))
        if airport.code not in hubs and size >= 3:
            away = [net.airports[h] for h in sorted(hubs) if region(net.airports[h]) != region(airport)]
            near = [h for h in sorted(away, key=lambda h: km(airport, h)) if km(airport, h) < _REACH_KM]
            for hub in near[: 2 if size >= 4 else 1]:
                add(airport.code, hub.code, 1)
    for first, second in combinations(airports, 2):
        small, apart = min(sizes[first.code], sizes[second.code]), km(first, second)
        likely = 0.35 if small >= 4 else 0.04
        if region(first) == region(second) and 250 < apart < 4600 and small >= 3 and rng.random() < likely:
            add(first.code, second.code, 1)
    for first, second in net.direct:
        add(first, second, 3 if km(net.airports[first], net.airports[second]) < 3500 else 2)
    return pairs
