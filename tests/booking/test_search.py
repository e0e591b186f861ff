from collections.abc import Sequence
from datetime import UTC, date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from voice.booking.airline.search import LAST_CALL, LegQuery, find_trips
from voice.booking.airline.tables import FlightRow
from voice.booking.dates.times import TimeWindow, resolve_time_window
from voice.booking.desk import FIXTURE_NOW, BookingDesk
from voice.booking.places.meanings import resolve_place
from voice.booking.trips import Trip

FRIDAY = date(2026, 12, 11)


def query(start: str, end: str, first: date = FRIDAY, last: date | None = None, **more: object) -> LegQuery:
    origin, destination = resolve_place(start), resolve_place(end)
    assert origin
    assert destination
    return LegQuery(origin.airports, destination.airports, first, last or first, **more)  # type: ignore[arg-type]


def find(desk: BookingDesk, *legs: LegQuery, max_price: int | None = None, limit: int = 5) -> Sequence[Trip]:
    return desk.store.read(lambda session: find_trips(session, legs, now=FIXTURE_NOW, max_price=max_price, limit=limit))


def check(trip: Trip, legs: Sequence[LegQuery]) -> None:
    """Assert everything that a trip must satisfy."""
    for leg, asked in zip(trip.legs, legs, strict=True):
        assert leg.origin in asked.origins
        assert leg.destination in asked.destinations
        assert asked.first <= leg.departs.date() <= asked.last
        assert leg.departs >= FIXTURE_NOW + LAST_CALL
        assert all(flight.seats_left >= asked.passengers for flight in leg.flights)
        for one, other in zip(leg.flights, leg.flights[1:], strict=False):
            least = 75 if one.international or other.international else 45
            assert one.destination == other.origin
            assert other.departs.astimezone(UTC) - one.arrives.astimezone(UTC) >= timedelta(minutes=least)
        if asked.window and not asked.window.arrival:
            assert asked.window.holds(leg.departs.time())
        if asked.nonstop:
            assert not leg.stops
    for one, other in zip(trip.legs, trip.legs[1:], strict=False):
        assert other.departs.astimezone(UTC) >= one.arrives.astimezone(UTC)


def test_a_single_leg_is_found_with_the_fare_that_the_database_holds(desk: BookingDesk) -> None:
    trips = find(desk, query("Boston", "Denver"))
    flight = trips[0].legs[0].flights[0]
    row = desk.store.read(lambda session: session.get(FlightRow, flight.id))
    assert row
    assert (row.number, row.fare_economy) == (flight.number, trips[0].fare)


def test_the_cheapest_nonstop_comes_first(desk: BookingDesk) -> None:
    rows = desk.store.read(
        lambda session: list(
            session.scalars(
                select(FlightRow).where(
                    FlightRow.origin == "BOS",
                    FlightRow.destination == "DEN",
                    FlightRow.day == FRIDAY,
                    FlightRow.sold_economy < FlightRow.seats_economy,
                )
            )
        )
    )
    assert find(desk, query("Boston", "Denver", nonstop=True))[0].fare == min(row.fare_economy for row in rows)


def test_places_without_a_nonstop_are_connected(desk: BookingDesk) -> None:
    legs = [query("Providence", "Osaka")]
    trips = find(desk, *legs)
    assert trips
    assert all(trip.legs[0].stops for trip in trips)
    for trip in trips:
        check(trip, legs)


def test_a_time_window_is_kept(desk: BookingDesk) -> None:
    legs = [query("Boston", "New York", window=resolve_time_window("before noon"))]
    trips = find(desk, *legs)
    assert trips
    for trip in trips:
        check(trip, legs)


def test_an_arrival_window_is_kept_on_the_day_of_departure(desk: BookingDesk) -> None:
    window = resolve_time_window("arriving by 2 pm")
    trips = find(desk, query("Boston", "Chicago", window=window))
    assert trips
    assert all(trip.legs[0].arrives.date() == FRIDAY and trip.legs[0].arrives.hour < 15 for trip in trips)


def test_the_time_asked_for_draws_the_nearest_flight(desk: BookingDesk) -> None:
    early = find(desk, query("New York", "London", window=resolve_time_window("the first flight")))
    late = find(desk, query("New York", "London", window=resolve_time_window("the last flight")))
    assert early[0].legs[0].departs < late[0].legs[0].departs


def test_legs_follow_each_other(desk: BookingDesk) -> None:
    legs = [query("Boston", "Denver"), query("Denver", "Seattle"), query("Seattle", "Boston", FRIDAY + timedelta(4))]
    trips = find(desk, *legs)
    assert trips
    for trip in trips:
        check(trip, legs)


def test_a_price_limit_holds_for_the_whole_trip(desk: BookingDesk) -> None:
    legs = [query("Boston", "Denver"), query("Denver", "Boston", FRIDAY + timedelta(4))]
    cheapest = min(trip.fare for trip in find(desk, *legs, limit=50))
    assert all(trip.fare <= cheapest + 30 for trip in find(desk, *legs, max_price=cheapest + 30, limit=50))
    assert find(desk, *legs, max_price=cheapest - 100) == []


def test_a_full_flight_is_not_offered(desk: BookingDesk) -> None:
    first = find(desk, query("Boston", "Denver", nonstop=True))[0].legs[0].flights[0]
    desk.store.write(
        lambda session: session.execute(
            update(FlightRow).where(FlightRow.id == first.id).values(sold_economy=FlightRow.seats_economy - 1)
        )
    )
    assert first.id in [trip.legs[0].flights[0].id for trip in find(desk, query("Boston", "Denver", nonstop=True))]
    pair = find(desk, query("Boston", "Denver", nonstop=True, passengers=2))
    assert first.id not in [trip.legs[0].flights[0].id for trip in pair]


def test_nothing_is_found_from_a_city_to_itself(desk: BookingDesk) -> None:
    assert find(desk, query("New York", "New York")) == []


def test_nothing_is_offered_that_leaves_within_the_hour(desk: BookingDesk) -> None:
    today = FIXTURE_NOW.date()
    for trip in find(desk, query("New York", "Chicago", today), limit=50):
        assert trip.legs[0].departs >= FIXTURE_NOW + LAST_CALL


def test_random_trips_satisfy_what_was_asked(desk: BookingDesk) -> None:
    cities = [
        "Boston",
        "Denver",
        "Seattle",
        "Tokyo",
        "Osaka",
        "London",
        "Paris",
        "Miami",
        "Sydney",
        "Boise",
        "Lima",
        "Oslo",
    ]

    @settings(max_examples=40)
    @given(
        route=st.lists(st.sampled_from(cities), min_size=2, max_size=4),
        gaps=st.lists(st.integers(0, 6), min_size=3, max_size=3),
        people=st.integers(1, 4),
        cabin=st.sampled_from(["economy", "premium", "business"]),
        window=st.sampled_from(
            [None, TimeWindow(resolve_time_window("after 9 am").earliest, resolve_time_window("before 8 pm").latest)]
        ),  # type: ignore[union-attr]
    )
    def run(route: list[str], gaps: list[int], people: int, cabin: str, window: TimeWindow | None) -> None:
        day, legs = FRIDAY, list[LegQuery]()
        for start, end, gap in zip(route, route[1:], gaps, strict=False):
            legs.append(query(start, end, day, passengers=people, cabin=cabin, window=window))
            day += timedelta(gap)
        for trip in find(desk, *legs):
            check(trip, legs)
            assert trip.total == trip.fare * people

    run()
