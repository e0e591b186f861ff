"""Finds trips: nonstops and connections for each leg, legs that follow each other, the cheapest that fits first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from voice.booking.airline.tables import FlightRow
from voice.booking.dates.times import TimeWindow
from voice.booking.places.network import distance_km, network
from voice.booking.trips import Flight, Leg, Trip

CONNECT_DOMESTIC, CONNECT_INTERNATIONAL = timedelta(minutes=45), timedelta(minutes=75)
"""The least time to change planes; the longer one where either flight crosses a border."""
WAIT_DOMESTIC, WAIT_INTERNATIONAL = timedelta(hours=8), timedelta(hours=20)
"""The most time between two flights of a leg."""
LAST_CALL = timedelta(hours=1)
"""How long before departure a seat can be sold."""
BETWEEN_LEGS = timedelta(hours=2)

DETOUR_FACTOR, DETOUR_KM = 2.0, 3500
"""A connection longer than so many times the direct way, plus so many kilometres, is not offered."""

STOP_DOLLARS = 40  # a connection is offered before a nonstop only if it saves more than this for each stop
HOUR_DOLLARS = 5  # what an hour under way counts as
MINUTE_DOLLARS = 2  # what a minute away from the time asked for counts as
_BREADTH = 24  # legs and unfinished trips that are kept


@dataclass(frozen=True, slots=True)
class LegQuery:
    """What one leg must satisfy: airports by code, and a local day of departure from ``first`` to ``last``."""

    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    first: date
    last: date
    passengers: int = 1
    cabin: str = "economy"
    window: TimeWindow | None = None
    nonstop: bool = False


def find_trips(
    session: Session, legs: Sequence[LegQuery], *, now: datetime, max_price: int | None = None, limit: int = 3
) -> list[Trip]:
    """Find trips, best first: cheap, with few stops, near the time asked for.

    Args:
        session: A read transaction.
        legs: At least one.
        now: Nothing is offered that leaves within `LAST_CALL` of it.
        max_price: The most that one passenger may pay for all legs, in US dollars.
        limit: How many trips at most.
    """
    found = [find_legs(session, leg, now=now) for leg in legs]
    trips = _joined(found, legs, by_fare=False)
    if max_price is not None:
        trips = [trip for trip in trips if trip.fare <= max_price] or [
            trip for trip in _joined(found, legs, by_fare=True) if trip.fare <= max_price
        ]
    return trips[:limit]


def find_legs(session: Session, query: LegQuery, *, now: datetime) -> list[Leg]:
    """Find every way to fly one leg, best first: with up to one stop, with two only where there is nothing else."""
    if set(query.origins) & set(query.destinations):
        return []
    search = _LegSearch(session, query, now)
    nonstops = search.fitting(search.nonstops())
    if query.nonstop or (nonstops and query.first != query.last):
        return nonstops
    return search.fitting([*search.nonstops(), *search.one_stop()]) or search.fitting(search.two_stops())


def connects(first: Flight, second: Flight) -> bool:
    """Whether one can change from one flight to the other: same airport, enough time, not too much."""
    abroad = first.international or second.international
    least = CONNECT_INTERNATIONAL if abroad else CONNECT_DOMESTIC
    most = WAIT_INTERNATIONAL if abroad else WAIT_DOMESTIC
    return first.destination == second.origin and least <= second.departs - first.arrives <= most


def flight_of(row: FlightRow, cabin: str) -> Flight:
    """Give a row of the flights table as a flight in one cabin."""
    airports = network().airports
    return Flight(
        row.id,
        row.number,
        row.origin,
        row.destination,
        row.departs_at.astimezone(_zone(airports[row.origin].timezone)),
        row.arrives_at.astimezone(_zone(airports[row.destination].timezone)),
        getattr(row, f"fare_{cabin}"),
        getattr(row, f"seats_{cabin}") - getattr(row, f"sold_{cabin}"),
    )


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


class _LegSearch:
    """The flights of one leg's days, read once."""

    def __init__(self, session: Session, query: LegQuery, now: datetime) -> None:
        self._session, self._query, self._now = session, query, now
        self._nonstops: list[tuple[Flight, ...]] | None = None
        self._outward: list[Flight] = []
        self._inward: dict[str, list[Flight]] = {}

    def nonstops(self) -> list[tuple[Flight, ...]]:
        if self._nonstops is None:
            q = self._query
            rows = select(FlightRow).where(
                FlightRow.origin.in_(q.origins),
                FlightRow.destination.in_(q.destinations),
                FlightRow.day.between(q.first, q.last),
            )
            self._nonstops = [(flight,) for flight in self._flights(rows)]
        return self._nonstops

    def one_stop(self) -> list[tuple[Flight, ...]]:
        self._read_ends()
        return [
            (first, second)
            for first in self._outward
            for second in self._inward.get(first.destination, ())
            if connects(first, second)
        ]

    def two_stops(self) -> list[tuple[Flight, ...]]:
        self._read_ends()
        q = self._query
        hubs = {city.hub for city in network().cities.values() if city.hub}
        middles = select(FlightRow).where(
            FlightRow.origin.in_(hubs & {flight.destination for flight in self._outward}),
            FlightRow.destination.in_(hubs & set(self._inward)),
            FlightRow.day.between(q.first, q.last + timedelta(1)),
        )
        by_origin: defaultdict[str, list[Flight]] = defaultdict(list)
        for flight in self._flights(middles):
            by_origin[flight.origin].append(flight)
        return [
            (first, middle, last)
            for first in self._outward
            for middle in by_origin[first.destination]
            if connects(first, middle)
            for last in self._inward.get(middle.destination, ())
            if connects(middle, last)
        ]

    def fitting(self, ways: Iterable[tuple[Flight, ...]]) -> list[Leg]:
        """Keep what satisfies the query, best first."""
        q = self._query
        legs = [Leg(flights, q.cabin, q.passengers) for flights in ways if not _is_detour(flights)]
        legs = [
            leg
            for leg in legs
            if leg.departs >= self._now + LAST_CALL and (q.window is None or _in_window(leg, q.window))
        ]
        if legs:
            quickest = min(leg.duration for leg in legs)
            legs = [leg for leg in legs if leg.duration <= 2 * quickest + timedelta(hours=5)]
        return sorted(legs, key=lambda leg: (_rank(leg, q.window), leg.departs, leg.flights[0].number))

    def _read_ends(self) -> None:
        if self._outward:
            return
        q, net = self._query, network()
        home = {airport for code in q.origins for airport in net.city_of(code).airports}
        there = {airport for code in q.destinations for airport in net.city_of(code).airports}
        outward = select(FlightRow).where(FlightRow.origin.in_(q.origins), FlightRow.day.between(q.first, q.last))
        self._outward = [flight for flight in self._flights(outward) if flight.destination not in home | there]
        inward: defaultdict[str, list[Flight]] = defaultdict(list)
        onward = select(FlightRow).where(
            FlightRow.destination.in_(q.destinations), FlightRow.day.between(q.first, q.last + timedelta(2))
        )
        for flight in self._flights(onward):
            if flight.origin not in home | there:
                inward[flight.origin].append(flight)
        self._inward = dict(inward)

    def _flights(self, rows: Select[Any]) -> list[Flight]:
        """Read flights that have room for everyone."""
        found: Iterable[FlightRow] = self._session.scalars(rows.order_by(FlightRow.id))
        flights = (flight_of(row, self._query.cabin) for row in found)
        return [flight for flight in flights if flight.seats_left >= self._query.passengers]


def _is_detour(flights: tuple[Flight, ...]) -> bool:
    """Whether a connection leads far around: from one end of a country to the other by way of another continent."""
    if len(flights) == 1:
        return False
    direct = _km(flights[0].origin, flights[-1].destination)
    return sum(_km(flight.origin, flight.destination) for flight in flights) > DETOUR_FACTOR * direct + DETOUR_KM


@cache
def _km(origin: str, destination: str) -> float:
    start, end = network().airports[origin], network().airports[destination]
    return distance_km((start.latitude, start.longitude), (end.latitude, end.longitude))


def _in_window(leg: Leg, window: TimeWindow) -> bool:
    if not window.arrival:
        return window.holds(leg.departs.time())
    # "Arriving by noon" means noon of the day it leaves, except for flights that last through the night.
    days = (leg.arrives.date() - leg.departs.date()).days
    return window.holds(leg.arrives.time()) and (days <= 0 or leg.duration > timedelta(hours=9))


def _rank(leg: Leg, window: TimeWindow | None) -> float:
    """What a leg counts as, in dollars: its fare, stops, hours, and how far it is from the time asked for."""
    off = 0
    if window and window.target:
        moment = (leg.arrives if window.arrival else leg.departs).time()
        off = abs((moment.hour - window.target.hour) * 60 + moment.minute - window.target.minute)
    hours = leg.duration.total_seconds() / 3600
    return leg.fare + STOP_DOLLARS * len(leg.stops) + HOUR_DOLLARS * hours + MINUTE_DOLLARS * off


def _joined(found: Sequence[list[Leg]], queries: Sequence[LegQuery], *, by_fare: bool) -> list[Trip]:
    """Join legs that can be flown one after the other, best trip first."""
    trips: list[tuple[float, tuple[Leg, ...]]] = [(0.0, ())]
    for legs, query in zip(found, queries, strict=True):
        ranked = sorted(
            ((float(leg.fare) if by_fare else _rank(leg, query.window), leg) for leg in legs), key=lambda x: x[0]
        )
        longer = [
            (rank + more, (*done, leg))
            for rank, done in trips
            for more, leg in ranked
            if not done or leg.departs.astimezone(UTC) >= done[-1].arrives.astimezone(UTC) + BETWEEN_LEGS
        ]
        # Early arrivals stay in play, since a cheap late one may leave no way on.
        longer.sort(key=lambda x: (x[0], x[1][-1].arrives))
        early = sorted(longer, key=lambda x: (x[1][-1].arrives, x[0]))[: _BREADTH // 4]
        trips = list(dict.fromkeys([*longer[:_BREADTH], *early]))
    trips.sort(key=lambda x: (x[0], x[1][0].departs if x[1] else datetime.min))
    return [Trip(legs) for _, legs in trips if legs]
