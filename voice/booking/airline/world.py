"""The seeded world: the schedule of the coming months, and bookings at fixed locators that are there from the start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, select
from sqlalchemy.orm import Session

from voice.booking.airline.policy import Policy, load_policy
from voice.booking.airline.store import Store, writing
from voice.booking.airline.tables import (
    AirportRow,
    BagRow,
    BookingRow,
    FlightRow,
    LegRow,
    PassengerRow,
    PolicyVersionRow,
    SegmentRow,
    WorldRow,
)
from voice.booking.airline.timetable import FLIGHT_COLUMNS, flights_on
from voice.booking.places.network import network

DAYS_BACK, DAYS_AHEAD = 3, 121
"""How many days of flights there are around today."""


@dataclass(frozen=True, slots=True)
class SeedLeg:
    """A leg of a booking that is there from the start: the nonstop or connection that leaves nearest to ``hour``.

    ``after`` is in days from today; ``hour`` is local.
    """

    origin: str
    destination: str
    after: int
    hour: int = 10


@dataclass(frozen=True, slots=True)
class SeedBooking:
    """A booking that is there from the start. ``booked`` is in hours before 9 in the morning (New York) of today."""

    locator: str
    passengers: tuple[str, ...]
    legs: tuple[SeedLeg, ...]
    cabin: str = "economy"
    bags: int = 0
    booked: int = 400
    cancelled: bool = False


SEED_BOOKINGS: tuple[SeedBooking, ...] = (
    SeedBooking("QT44LZ", ("Maya Reyes",), (SeedLeg("BOS", "DEN", 10, 9), SeedLeg("DEN", "BOS", 14, 15))),
    SeedBooking(
        "ABC123",
        ("Daniel Okafor", "Ruth Okafor"),
        (SeedLeg("JFK", "LHR", 17, 19), SeedLeg("LHR", "JFK", 24, 12)),
        bags=1,
    ),
    SeedBooking(
        "WK7R2M",
        ("Hana Sato",),
        (
            SeedLeg("BOS", "NRT", 9, 11),
            SeedLeg("NRT", "KIX", 12, 10),
            SeedLeg("KIX", "ICN", 15, 12),
            SeedLeg("ICN", "BOS", 19, 11),
        ),
        booked=900,
    ),
    SeedBooking(
        "HN5B8C",
        ("Grace Lindqvist", "Per Lindqvist", "Elsa Lindqvist"),
        (SeedLeg("ORD", "MCO", 18, 8), SeedLeg("MCO", "ORD", 25, 17)),
        bags=2,
    ),
    SeedBooking(
        "R4T9XK", ("Tomas Alvarez",), (SeedLeg("LAX", "MEX", 6, 10), SeedLeg("MEX", "LAX", 11, 14)), cabin="business"
    ),
    SeedBooking("M2P6WD", ("Olivia Chen",), (SeedLeg("SEA", "SFO", 3, 7),), cabin="premium"),
    SeedBooking("K8J3FV", ("Samuel Brandt",), (SeedLeg("ATL", "BOS", 0, 20),)),
    SeedBooking(
        "ZX29QH", ("Priya Nair", "Arjun Nair"), (SeedLeg("DEN", "LAX", 12, 12), SeedLeg("LAX", "HNL", 14, 10)), booked=5
    ),
    SeedBooking(
        "F7D5LS",
        ("Jack Moreau",),
        (SeedLeg("CDG", "FCO", 20, 10), SeedLeg("FCO", "MAD", 24, 13), SeedLeg("MAD", "CDG", 28, 16)),
    ),
    SeedBooking("G3H8TY", ("Nora Fischer",), (SeedLeg("JFK", "SFO", -2, 9), SeedLeg("SFO", "JFK", 5, 15))),
    SeedBooking(
        "P9V4CB", ("Leo Martins",), (SeedLeg("MIA", "BOG", 30, 10), SeedLeg("BOG", "MIA", 37, 14)), cancelled=True
    ),
    SeedBooking(
        "D6Y2NJ",
        ("Amara Diallo", "Kofi Diallo"),
        (SeedLeg("IAD", "CDG", 40, 17), SeedLeg("CDG", "IAD", 52, 11)),
        cabin="business",
    ),
    SeedBooking("T5S8GR", ("Ben Whitaker",), (SeedLeg("DFW", "ATL", 8, 6), SeedLeg("ATL", "DFW", 10, 18)), bags=1),
    SeedBooking(
        "X3W7KP",
        ("Ines Duarte",),
        (SeedLeg("LHR", "DXB", 21, 14), SeedLeg("DXB", "SIN", 26, 9), SeedLeg("SIN", "LHR", 33, 22)),
    ),
    SeedBooking(
        "L8C2ZN",
        ("Wei Zhang", "Lin Zhang"),
        (SeedLeg("SFO", "NRT", 33, 12), SeedLeg("NRT", "SFO", 47, 17)),
        cabin="premium",
    ),
    SeedBooking("B4F6MX", ("Carla Romano",), (SeedLeg("BOS", "SEA", 16, 8), SeedLeg("SEA", "BOS", 22, 12)), bags=1),
)
"""Bookings for tests, recordings and examples: one way to four legs, one to three passengers, every cabin; one that
leaves within a day, one just made, one half flown, one cancelled."""


def seed_world(
    store: Store, *, seed: int, today: date, policy: Policy | None = None, days_ahead: int = DAYS_AHEAD
) -> None:
    """Fill an empty database: the same seed and day give the same rows. A filled one gets the days that it lacks.

    Raises:
        ValueError: the database was filled from another seed.
        StoreError: the database is locked, full, missing …
    """
    with writing(store) as connection:
        # one writer fills a database, whoever else waits for it
        world = connection.execute(select(WorldRow.seed, WorldRow.last_day)).one_or_none()
        last_day = today + timedelta(days_ahead)
        if world is None:
            _found(connection, seed, today, last_day, policy or load_policy())
            _fly(connection, seed, today - timedelta(DAYS_BACK), last_day)
            with Session(connection, join_transaction_mode="create_savepoint") as session:
                _book(session, today, policy or load_policy())
                session.commit()
            return
        if world.seed != seed:
            raise ValueError(f"the database holds world {world.seed}, not {seed}: use its seed, or another file")
        _keep_policy(connection, policy or load_policy())
        if world.last_day < last_day:
            _fly(connection, seed, world.last_day + timedelta(1), last_day)
            connection.execute(WorldRow.__table__.update().values(last_day=last_day))  # type: ignore[attr-defined]


def _found(connection: Connection, seed: int, today: date, last: date, policy: Policy) -> None:
    airports = [{"code": a.code, "city": a.city, "timezone": a.timezone} for a in network().airports.values()]
    connection.execute(insert(AirportRow), airports)
    _keep_policy(connection, policy)
    first = today - timedelta(DAYS_BACK)
    connection.execute(insert(WorldRow).values(seed=seed, first_day=first, last_day=last))


def _keep_policy(connection: Connection, policy: Policy) -> None:
    known = connection.scalars(select(PolicyVersionRow.version)).all()
    if policy.version not in known:
        fees = {**policy.fees, **policy.rules}
        connection.execute(insert(PolicyVersionRow).values(version=policy.version, fees=fees))


def _fly(connection: Connection, seed: int, first: date, last: date) -> None:
    """Insert the flights of all days from first to last, past SQLAlchemy's types, which would cost most of the time."""
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    marks = ", ".join([mark] * len(FLIGHT_COLUMNS))
    statement = f"INSERT INTO flights ({', '.join(FLIGHT_COLUMNS)}) VALUES ({marks})"
    plain = _as_text if connection.dialect.name == "sqlite" else _without_zone
    for offset in range((last - first).days + 1):
        rows = flights_on(first + timedelta(offset), seed)
        connection.exec_driver_sql(statement, [plain(row) for row in rows])


def _as_text(row: tuple[Any, ...]) -> tuple[Any, ...]:
    number, day, origin, destination, departs, arrives, *rest = row
    moments = (f"{moment.isoformat(' ')[:19]}.000000" for moment in (departs, arrives))
    return (number, day.isoformat(), origin, destination, *moments, *rest)


def _without_zone(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(value.replace(tzinfo=None) if isinstance(value, datetime) else value for value in row)


def _book(session: Session, today: date, policy: Policy) -> None:
    morning = datetime.combine(today, time(9), ZoneInfo("America/New_York"))
    for seeded in SEED_BOOKINGS:
        people = len(seeded.passengers)
        legs: list[LegRow] = []
        for position, leg in enumerate(seeded.legs, start=1):
            flights = _route(session, leg, today, seeded.cabin, people)
            fare = sum(getattr(flight, f"fare_{seeded.cabin}") for flight in flights)
            segments = [SegmentRow(position=i, flight_id=flight.id) for i, flight in enumerate(flights, start=1)]
            legs.append(LegRow(position=position, cabin=seeded.cabin, seats=people, fare=fare, segments=segments))
            if not seeded.cancelled:
                for flight in flights:
                    setattr(flight, f"sold_{seeded.cabin}", getattr(flight, f"sold_{seeded.cabin}") + people)
        each_way = policy.bag_fee(seeded.cabin, people, 0, seeded.bags)
        fares = sum(leg.fare * people for leg in legs)
        booking = BookingRow(
            locator=seeded.locator,
            status="cancelled" if seeded.cancelled else "confirmed",
            paid=0 if seeded.cancelled else fares + each_way * len(legs),
            policy_version=policy.version,
            created_at=(morning - timedelta(hours=seeded.booked)).astimezone(UTC),
        )
        booking.passengers = [PassengerRow(position=i, name=name) for i, name in enumerate(seeded.passengers, start=1)]
        booking.legs = legs
        booking.bags = [BagRow(count=seeded.bags, fee=each_way * len(legs))] if seeded.bags else []
        session.add(booking)
        session.flush()


def _route(session: Session, leg: SeedLeg, today: date, cabin: str, people: int) -> Sequence[FlightRow]:
    """Choose the nonstop nearest to the hour, or else the quickest connection over one airport, with seats left.

    Raises:
        LookupError: nothing flies; the seed bookings and the network do not fit.
    """
    day, wanted = today + timedelta(leg.after), timedelta(hours=leg.hour)
    zone = ZoneInfo(network().airports[leg.origin].timezone)

    def room(flight: FlightRow) -> bool:
        return getattr(flight, f"seats_{cabin}") - getattr(flight, f"sold_{cabin}") >= people

    def off(flight: FlightRow) -> float:
        local = flight.departs_at.astimezone(zone)
        return abs((timedelta(hours=local.hour, minutes=local.minute) - wanted).total_seconds())

    out = [
        f
        for f in session.scalars(select(FlightRow).where(FlightRow.origin == leg.origin, FlightRow.day == day))
        if room(f)
    ]
    direct = [flight for flight in out if flight.destination == leg.destination]
    if direct:
        return [min(direct, key=lambda f: (off(f), f.number))]
    last = select(FlightRow).where(
        FlightRow.destination == leg.destination, FlightRow.day.between(day, day + timedelta(1))
    )
    onward = [f for f in session.scalars(last) if room(f)]
    pairs: list[tuple[Any, FlightRow, FlightRow]] = [
        ((second.arrives_at - first.departs_at, first.number, second.number), first, second)
        for first in out
        for second in onward
        if first.destination == second.origin and second.departs_at - first.arrives_at >= timedelta(minutes=75)
    ]
    if not pairs:
        raise LookupError(f"nothing flies from {leg.origin} to {leg.destination} with {people} {cabin} seats on {day}")
    _, first, second = min(pairs, key=lambda pair: pair[0])
    return [first, second]
