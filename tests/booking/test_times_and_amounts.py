from datetime import time

import pytest

from voice.booking.dates.times import TimeWindow, find_times, resolve_time_window, speak_time
from voice.booking.text.amounts import find_counts, find_prices, resolve_count, resolve_price


@pytest.mark.parametrize(
    ("said", "earliest", "latest"),
    [
        ("before 5 pm", time(0), time(17)),
        ("in the morning", time(5), time(11, 59)),
        ("after noon", time(12), time(23, 59)),
        ("no earlier than eight", time(8), time(23, 59)),
        ("between 2 and 4 pm", time(14), time(16)),
        ("from 9 to 5 pm", time(9), time(17)),
        ("early afternoon", time(12), time(14, 59)),
        ("tonight", time(17), time(23, 59)),
        ("any time", time(0), time(23, 59)),
        ("can't leave before 10 AM", time(10), time(23, 59)),
        ("must not leave past 8 PM", time(0), time(20)),
    ],
)
def test_a_stretch_of_the_day_is_a_window(said: str, earliest: time, latest: time) -> None:
    assert resolve_time_window(said) == TimeWindow(earliest, latest)


@pytest.mark.parametrize(
    ("said", "target"),
    [
        ("at 9:15", time(9, 15)),
        ("around three", time(15)),
        ("nine fifteen", time(9, 15)),
        ("half past nine", time(9, 30)),
        ("quarter to ten", time(9, 45)),
        ("915 am", time(9, 15)),
        ("10 o'clock", time(10)),
        ("six thirty in the evening", time(18, 30)),
        ("at ten at night", time(22)),
    ],
)
def test_a_point_of_time_keeps_its_target_inside_a_margin(said: str, target: time) -> None:
    window = resolve_time_window(said)
    assert window
    assert window.target == target
    assert window.holds(target)


def test_the_time_of_arrival_is_told_from_the_time_of_departure() -> None:
    window = resolve_time_window("get there by 3")
    assert window == TimeWindow(time(0), time(15), arrival=True)


def test_earlier_and_later_compare_with_a_time() -> None:
    assert resolve_time_window("earlier", than=time(10)) == TimeWindow(time(0), time(9, 59))
    assert resolve_time_window("later in the day", than=time(10)) == TimeWindow(time(10, 1), time(23, 59))


def test_words_without_a_time_are_no_window() -> None:
    assert resolve_time_window("banana") is None


@pytest.mark.parametrize(
    ("transcript", "times"),
    [
        ("Friday at 9:15 AM, please", ["at 9:15 AM"]),
        ("two nights in Osaka", []),
        ("on 12/10", []),
        ("around 300 dollars", []),
        ("from Boston at 7", ["at 7"]),
        ("after three days", []),
        ("book the 9:15", ["9:15"]),
        ("for 2 at 2", ["at 2"]),
        ("I don't want to fly before noon", ["don't want to fly before noon"]),
        ("it's about two bookings", []),
    ],
)
def test_times_are_found(transcript: str, times: list[str]) -> None:
    assert [span.text for span in find_times(transcript)] == times


def test_a_time_is_spoken_shortly() -> None:
    assert [speak_time(time(h, m)) for h, m in ((9, 15), (12, 0), (0, 5), (17, 0))] == [
        "9:15 AM",
        "12 PM",
        "12:05 AM",
        "5 PM",
    ]


@pytest.mark.parametrize(
    ("said", "dollars"),
    [
        ("$1,200", 1200),
        ("900 dollars", 900),
        ("twelve hundred dollars", 1200),
        ("a thousand bucks", 1000),
        ("two fifty", 250),
        ("one thousand two hundred dollars", 1200),
        ("a hundred and fifty dollars", 150),
        ("$412.50", 412),
        ("$1.5k", 1500),
    ],
)
def test_a_price_is_read_in_whole_dollars(said: str, dollars: int) -> None:
    assert resolve_price(said) == dollars


@pytest.mark.parametrize(
    ("transcript", "prices"),
    [
        ("under 900 dollars", ["900 dollars"]),
        ("no more than 600 each", ["600"]),
        ("for under two hours", []),
        ("max 3 people", []),
        ("it's QT44LZ", []),
        ("less than two fifty", ["two fifty"]),
    ],
)
def test_prices_are_found(transcript: str, prices: list[str]) -> None:
    assert [span.text for span in find_prices(transcript)] == prices


@pytest.mark.parametrize(
    ("transcript", "unit", "count"),
    [
        ("two of us", "passengers", 2),
        ("three passengers", "passengers", 3),
        ("for my wife and me", "passengers", 2),
        ("two adults and one child", "passengers", 3),
        ("a party of four", "passengers", 4),
        ("a group of twelve", "passengers", 12),
        ("add one checked bag", "bags", 1),
        ("another bag", "bags", 1),
    ],
)
def test_counts_are_found_and_read(transcript: str, unit: str, count: int) -> None:
    (span,) = find_counts(transcript)
    assert (span.name, resolve_count(span.text)) == (unit, count)


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("me and two friends", 3),
        ("my two kids and me", 3),
        ("me, my husband and our two kids", 4),
        ("a family of five", 5),
        ("all three of us", 3),
        ("just my boss", 1),
        ("with my wife", 2),
        ("a bag", 1),
        ("another suitcase", 1),
        ("an extra checked bag", 1),
        ("two more bags", 2),
        ("with my two kids", 3),
        ("another", 1),
        ("banana", None),
    ],
)
def test_people_are_counted_by_who_they_are(said: str, count: int | None) -> None:
    assert resolve_count(said) == count


def test_nights_and_dates_are_no_counts() -> None:
    assert find_counts("for two nights on the second") == []
