import pytest

from voice.booking.places.finding import find_places
from voice.booking.places.meanings import resolve_place
from voice.booking.places.network import network
from voice.booking.text.spans import CERTAIN


def test_the_network_has_many_cities_and_all_their_airports_are_real() -> None:
    net = network()
    assert len(net.cities) >= 60
    assert all(net.airports[code].timezone for city in net.cities.values() for code in city.airports)
    assert {"Tokyo", "Osaka", "Seoul", "London", "Paris", "Boston", "Denver"} <= net.cities.keys()


@pytest.mark.parametrize(
    ("said", "name", "airport"),
    [
        ("Boston", "Boston", "BOS"),
        ("new york", "New York", "JFK"),
        ("JFK", "JFK", "JFK"),
        ("J F K", "JFK", "JFK"),
        ("Saint Louis", "St. Louis", "STL"),
        ("St. Louis", "St. Louis", "STL"),
        ("San Fran", "San Francisco", "SFO"),
        ("LA", "Los Angeles", "LAX"),
        ("Vegas", "Las Vegas", "LAS"),
        ("D.C.", "Washington", "IAD"),
        ("São Paulo", "Sao Paulo", "GRU"),
        ("O'Hare", "O'Hare", "ORD"),
        ("Denver airport", "Denver", "DEN"),
        ("uh, to Boston please", "Boston", "BOS"),
    ],
)
def test_a_place_is_known_by_the_ways_callers_say_it(said: str, name: str, airport: str) -> None:
    match = resolve_place(said)
    assert match
    assert (match.name, match.airports[0], match.confidence) == (name, airport, 1.0)


@pytest.mark.parametrize(
    ("heard", "name"),
    [
        ("Bostin", "Boston"),
        ("Den for", "Denver"),
        ("Sietl", "Seattle"),
        ("Osacka", "Osaka"),
        ("Filadelfia", "Philadelphia"),
        ("Minnie apple is", "Minneapolis"),
        ("Chikago", "Chicago"),
        ("Soul", "Seoul"),
        ("Detoit", "Detroit"),
        ("Sent Lewis", "St. Louis"),
    ],
)
def test_a_misheard_place_is_matched_with_less_than_full_confidence(heard: str, name: str) -> None:
    match = resolve_place(heard)
    assert match
    assert match.name == name
    assert CERTAIN <= match.confidence < 1


@pytest.mark.parametrize("heard", ["banana", "to the", "nothing", "flight", "", "blue", "as soon as possible"])
def test_what_is_like_no_place_is_none(heard: str) -> None:
    assert resolve_place(heard) is None


def test_a_place_that_is_not_served_is_known_as_such_with_the_nearest_that_is() -> None:
    match = resolve_place("Tulsa")
    assert match
    assert not match.served
    assert match.nearest == "Oklahoma City"


@pytest.mark.parametrize("said", ["Inverness", "Little Rock", "Jersey", "Bengaluru"])
def test_a_small_city_is_known_where_a_place_is_expected(said: str) -> None:
    match = resolve_place(said)
    assert match
    assert (match.name, match.served) == (said, False)
    assert said in [span.name for span in find_places(f"I need to get from Boston to {said} by Friday.")]


@pytest.mark.parametrize(("heard", "meant"), [("Sidney", "Sydney"), ("Bosten", "Boston"), ("Melburn", "Melbourne")])
def test_what_sounds_like_a_served_city_is_that_one_whatever_village_is_spelled_so(heard: str, meant: str) -> None:
    match = resolve_place(heard)
    assert match
    assert (match.name, match.served) == (meant, True)


@pytest.mark.parametrize(
    ("transcript", "places"),
    [
        ("I need a flight from Boston to Denver next Friday.", ["Boston", "Denver"]),
        ("LA to Vegas, then D.C.", ["LA", "Vegas", "D.C."]),
        ("from Bostin to Den for on the tenth", ["Bostin", "Den for"]),
        ("New York City to London Heathrow", ["New York City", "London Heathrow"]),
        ("Portland, Maine to Portland", ["Portland, Maine", "Portland"]),
        ("Bostin.", ["Bostin"]),
        ("to Paris and then Rome and Millen", ["Paris", "Rome", "Millen"]),
        ("Not Austin, Boston.", ["Austin", "Boston"]),
        ("flying to Tulsa on Monday", ["Tulsa"]),
    ],
)
def test_places_are_found_in_the_order_said(transcript: str, places: list[str]) -> None:
    spans = find_places(transcript)
    assert [span.text for span in spans] == places
    assert all(transcript[span.start : span.end] == span.text for span in spans)


@pytest.mark.parametrize(
    "transcript",
    [
        "I may be reading a nice book on May 10.",
        "I'd like to change to business class.",
        "Can I bring a bag to the airport?",
        "I need to settle this in the morning.",
        "It's a BC123.",
        "How much is it to add a bag?",
        "I want to cancel my booking.",
        "in economy, on the tenth, at nine",
        "My wife Charlotte will come with me.",
        "What do I need to bring in my carry-on?",
        "to see if there is anything cheaper",
        "I want to go from work",
        "I have a hobby, and a den full of maps.",
    ],
)
def test_ordinary_words_are_no_places(transcript: str) -> None:
    assert find_places(transcript) == []
