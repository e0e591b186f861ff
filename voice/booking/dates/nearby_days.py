"""Which day a bare "Thursday" or "the 20th" is, said of a flight that was just heard of: the one near that flight."""

from __future__ import annotations

import re
from datetime import date, timedelta

from voice.booking.dates.words import WEEKDAY, on_or_after, weekday_number
from voice.booking.text.numerals import ORDINAL, ordinal

WEEKDAY_ALONE = re.compile(rf"(?:(?:on|the|that) )*(?P<day>{WEEKDAY})", re.IGNORECASE)
"""A weekday and nothing else."""
_NUMBER = re.compile(rf"(?:(?:on|the) )*(?P<day>{ORDINAL})", re.IGNORECASE)
_WEEK = timedelta(7)
_NEAR_MONTH = timedelta(10)
"""A day of the month beside this one is meant if it is no further off: of the 28th "the 2nd" is the next month's."""


def near(said: str, heard: date, *, first: date, days: tuple[date, date] | None = None) -> date | None:
    """Give the day that bare words name beside one that was heard of; None for any other words.

    Args:
        said: The words.
        heard: The day of the flight under discussion.
        first: The first day that it can be.
        days: The days that were asked for, if those are several: a weekday among them is meant.
    """
    words = said.strip(" .,!?")
    if named := WEEKDAY_ALONE.fullmatch(words):
        number = weekday_number(named["day"])
        if days and days[0] < days[1] and days[0] <= heard <= days[1]:
            inside = on_or_after(days[0], number)
            if inside <= days[1]:
                return inside
        day = on_or_after(heard - timedelta(3), number)
        return day if day >= first else day + _WEEK
    if named := _NUMBER.fullmatch(words):
        number = ordinal(named["day"]) or 0
        found = [day for month in (-1, 0, 1) if (day := _of_month(heard, month, number)) and day >= first]
        close = [day for day in found if (day.year, day.month) == (heard.year, heard.month)]
        beside = [day for day in found if abs(day - heard) <= _NEAR_MONTH]
        return next(iter([*(beside or close), *found]), None)
    return None


def _of_month(heard: date, months: int, number: int) -> date | None:
    """Give a day of the month that is so many months from a day's; None if that month has no such day."""
    month = heard.month - 1 + months
    try:
        return date(heard.year + month // 12, month % 12 + 1, number)
    except ValueError:
        return None
