import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.booking.dates.finding import find_dates, resolve_date
from voice.booking.dates.words import RULES

TUESDAY = date(2026, 12, 1)

PHRASES = (
    "tomorrow",
    "tonight",
    "next Friday",
    "this Friday",
    "Friday",
    "Tuesday",
    "the tenth",
    "the 31st",
    "December 10th",
    "February 29th",
    "12/10",
    "the day after",
    "two days later",
    "two nights there",
    "a week later",
    "in two weeks",
    "the Monday after",
    "end of the month",
    "next week",
    "this weekend",
    "in January",
    "the first week of March",
    "the last week of the month",
    "early March",
    "Christmas",
    "the day after Christmas",
    "two days before Thanksgiving",
    "one day earlier",
    "the day before",
    "Friday the 13th",
    "next month",
    "a week from Monday",
    "the same day",
    "yesterday",
    "last Friday",
)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("tomorrow", date(2026, 12, 2)),
        ("this Friday", date(2026, 12, 4)),
        ("Friday", date(2026, 12, 4)),
        ("next Friday", date(2026, 12, 11)),
        ("Friday next week", date(2026, 12, 11)),
        ("the tenth", date(2026, 12, 10)),
        ("December 10th", date(2026, 12, 10)),
        ("the 10th of December", date(2026, 12, 10)),
        ("December ten", date(2026, 12, 10)),
        ("12/10", date(2026, 12, 10)),
        ("31/12", date(2026, 12, 31)),
        ("Nov 30", date(2027, 11, 30)),
        ("in two weeks", date(2026, 12, 15)),
        ("a week from Friday", date(2026, 12, 11)),
        ("the day after tomorrow", date(2026, 12, 3)),
        ("end of the month", date(2026, 12, 31)),
        ("Friday the 11th", date(2026, 12, 11)),
        ("the twenty-first", date(2026, 12, 21)),
        ("Christmas Eve", date(2026, 12, 24)),
        ("the Saturday after Christmas", date(2026, 12, 26)),
        ("January fifth 2027", date(2027, 1, 5)),
        ("by Thursday", date(2026, 12, 3)),
        ("Friday morning", date(2026, 12, 4)),
    ],
)
def test_a_date_is_read_from_today(said: str, day: date) -> None:
    match = resolve_date(said, today=TUESDAY)
    assert match
    assert match.date == day


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("the day after", date(2026, 12, 11)),
        ("two days later", date(2026, 12, 12)),
        ("two nights there", date(2026, 12, 12)),
        ("a week later", date(2026, 12, 17)),
        ("the Monday after", date(2026, 12, 14)),
        ("Friday", date(2026, 12, 11)),
        ("the fifth", date(2027, 1, 5)),
        ("the 18th", date(2026, 12, 18)),
        ("the same day", date(2026, 12, 10)),
        ("one day earlier", date(2026, 12, 9)),
        ("tomorrow", date(2026, 12, 2)),
    ],
)
def test_a_later_leg_counts_from_the_leg_before(said: str, day: date) -> None:
    match = resolve_date(said, today=TUESDAY, previous=date(2026, 12, 10))
    assert match
    assert match.date == day


def test_next_week_is_a_stretch() -> None:
    match = resolve_date("next week", today=TUESDAY)
    assert match
    assert (match.first, match.last) == (date(2026, 12, 7), date(2026, 12, 13))


def test_a_week_of_a_month_is_a_stretch() -> None:
    match = resolve_date("the second week of January", today=TUESDAY)
    assert match
    assert (match.first, match.last) == (date(2027, 1, 11), date(2027, 1, 17))


def test_a_weekday_that_is_today_may_mean_either() -> None:
    match = resolve_date("Tuesday", today=TUESDAY)
    assert match
    assert match.alternatives == (TUESDAY, TUESDAY + timedelta(7))


def test_a_weekday_that_does_not_fit_its_date_leaves_both_open() -> None:
    match = resolve_date("Friday, December 10th", today=TUESDAY)
    assert match
    assert match.alternatives == (date(2026, 12, 10), date(2026, 12, 11))


@pytest.mark.parametrize(
    ("said", "problem"),
    [("December 1st 2020", "past"), ("yesterday", "past"), ("last Friday", "past"), ("February 30th", "invalid")],
)
def test_a_day_that_can_not_be_meant_is_a_problem_and_no_date(said: str, problem: str) -> None:
    match = resolve_date(said, today=TUESDAY)
    assert match
    assert (match.date, match.problem) == (None, problem)


@pytest.mark.parametrize("said", ["banana", "", "Boston", "the flight", "economy", "nine"])
def test_other_words_are_no_date(said: str) -> None:
    assert resolve_date(said, today=TUESDAY) is None


@given(
    said=st.sampled_from(PHRASES),
    today=st.dates(date(2024, 1, 1), date(2032, 12, 31)),
    ahead=st.none() | st.integers(0, 120),
)
def test_a_resolved_date_is_never_in_the_past(said: str, today: date, ahead: int | None) -> None:
    previous = None if ahead is None else today + timedelta(ahead)
    match = resolve_date(said, today=today, previous=previous)
    assert match
    if match.date is None:
        assert match.problem in ("past", "invalid")
        return
    assert match.first
    assert match.last
    assert today <= match.first <= match.date <= match.last
    assert all(day >= today for day in match.alternatives)


@given(
    text=st.text(alphabet="abcdeforthymnsu 0123456789/,.'-", max_size=40),
    today=st.dates(date(2024, 1, 1), date(2030, 1, 1)),
)
def test_any_words_are_read_without_an_error(text: str, today: date) -> None:
    for span in find_dates(text):
        assert text[span.start : span.end] == span.text
        match = resolve_date(span.text, today=today)
        assert match is None or match.problem or (match.date and match.date >= today)


@pytest.mark.parametrize(
    ("transcript", "dates"),
    [
        (
            "Boston to Denver next Friday, then two days later to Seattle, back on the 15th",
            ["next Friday", "two days later", "the 15th"],
        ),
        ("leave on the first and come back on the fifth", ["the first", "the fifth"]),
        ("I'll take the first flight", []),
        ("the first one, please", []),
        ("uh the tenth of December, no wait, the eleventh", ["the tenth of December", "the eleventh"]),
        ("from December 10th to December 15th", ["December 10th", "December 15th"]),
        ("the second leg to Friday the 18th", ["Friday the 18th"]),
        ("I may change my mind", []),
        ("It's A B C one two three", []),
        ("if that's full, the 21st", ["the 21st"]),
        ("I need 2 tickets for December 10", ["December 10"]),
    ],
)
def test_dates_are_found_in_the_order_said(transcript: str, dates: list[str]) -> None:
    assert [span.text for span in find_dates(transcript)] == dates


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("in a fortnight", date(2026, 12, 15)),
        ("a week on Friday", date(2026, 12, 11)),
        ("Friday week", date(2026, 12, 11)),
        ("tomorrow week", date(2026, 12, 9)),
        ("two weeks today", date(2026, 12, 15)),
        ("the week after next", date(2026, 12, 14)),
        ("the weekend after next", date(2026, 12, 19)),
        ("the week of the 14th", date(2026, 12, 14)),
        ("next month on the 5th", date(2027, 1, 5)),
        ("the 5th of next month", date(2027, 1, 5)),
        ("the second Tuesday in March", date(2027, 3, 9)),
        ("the last Friday of January", date(2027, 1, 29)),
        ("the first Monday of next month", date(2027, 1, 4)),
        ("the end of next week", date(2026, 12, 10)),
        ("early next week", date(2026, 12, 7)),
        ("after tomorrow", date(2026, 12, 3)),
        ("the 15", date(2026, 12, 15)),
        ("Friday next", date(2026, 12, 11)),
        ("within three days", date(2026, 12, 4)),
        ("Good Friday", date(2027, 3, 26)),
        ("Easter Monday", date(2027, 3, 29)),
        ("the weekend before Christmas", date(2026, 12, 19)),
        ("between the 10th and the 14th", date(2026, 12, 10)),
        ("the week after next, on the Friday", date(2026, 12, 18)),
        ("in March on the second Tuesday", date(2027, 3, 9)),
        ("the third weekend of January", date(2027, 1, 16)),
        ("the second to last Friday of January", date(2027, 1, 22)),
        ("two Saturdays from now", date(2026, 12, 12)),
        ("this Friday coming", date(2026, 12, 4)),
        ("the weekend of the 12th", date(2026, 12, 12)),
        ("St. Andrew's Day", date(2027, 11, 30)),
    ],
)
def test_a_phrase_of_several_parts_is_one_date(said: str, day: date):
    """British and learners' forms among them; the date is found as a whole and means the day, or begins with it."""
    text = f"From Boston to Denver {said}, please."
    assert [span.text.removeprefix("the ") for span in find_dates(text)] == [said.removeprefix("the ")]
    found = resolve_date(said, today=TUESDAY)
    assert found is not None
    assert day in (found.date, found.first)


def test_a_weekday_said_again_as_a_day_of_the_month_is_one_date():
    said = "Boston to Denver on the Friday, that'd be the 18th."
    assert [span.text for span in find_dates(said)] == ["the 18th"]


def test_rules_are_written_in_small_letters_since_they_are_looked_for_in_such_text() -> None:
    capitals = [re.sub(r"\\[A-Z]|\(\?P[<=]\w+", "", pattern.pattern) for pattern, _ in RULES]
    assert [pattern for pattern in capitals if re.search(r"[A-Z]", pattern)] == []


@pytest.mark.parametrize("said", ["Next Friday", "DECEMBER 14TH", "İ, the 16th", "In Two Weeks"])
def test_a_date_is_found_in_any_letters_and_given_as_it_was_said(said: str) -> None:
    (span,) = find_dates(said)
    assert span.text in said
    assert said[span.start : span.end] == span.text
