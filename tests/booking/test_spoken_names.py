"""The names that ears listen for."""

import pytest

from tests.restaurant.desk import TableDesk
from tests.restaurant.store import Book
from voice.booking.desk import BookingDesk
from voice.booking.places.meanings import resolve_place
from voice.booking.places.names import spoken_names
from voice.booking.places.network import network
from voice.ports import Named
from voice.sounds import squeeze


def test_the_desk_gives_the_same_names_each_time(desk: BookingDesk) -> None:
    assert isinstance(desk, Named)
    assert desk.names is desk.names is spoken_names()


def test_a_desk_may_have_no_names() -> None:
    assert not isinstance(TableDesk(Book()), Named)


@pytest.mark.parametrize(
    "name", ["Vancouver", "New York City", "O'Hare", "Heathrow", "Vegas", "Winnipeg", "Ho Chi Minh City"]
)
def test_served_places_airports_and_far_cities_are_named_as_callers_say_them(name: str) -> None:
    assert name in spoken_names()


def test_every_served_city_is_among_them_and_stands_before_those_far_away() -> None:
    names = spoken_names()
    cities = {city.name.split(",")[0] for city in network().cities.values()}
    assert cities <= set(names)
    assert max(map(names.index, cities)) < names.index("Winnipeg")


def test_names_are_words_each_once_without_codes_or_states() -> None:
    names = spoken_names()
    assert len(names) == len(set(names))
    assert not [name for name in names if name.isupper() or "," in name or name != name.strip() or not squeeze(name)]
    assert not [name for name in names if name.lower().startswith("the ")]
    assert 500 < len(names) < 5000


def test_most_of_what_is_served_is_understood_by_its_name() -> None:
    served = spoken_names()[: spoken_names().index("Winnipeg")]
    understood = [name for name in served[:100] if resolve_place(name)]
    assert understood == list(served[:100])
