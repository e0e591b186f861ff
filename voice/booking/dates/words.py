"""What the rules for date phrases are made of: words, arithmetic, and the list that the rules register in."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from voice.booking.text.numerals import CARDINAL, ORDINAL, cardinal, ordinal


@dataclass(frozen=True, slots=True)
class DateMatch:
    """What a date phrase stands for.

    Attributes:
        said: The words as said.
        date: The day meant, or the likeliest day of a stretch ("next week"); None if there is a ``problem``.
        first: First day that would do.
        last: Last day that would do; equal to ``first`` for a single day.
        alternatives: Other days that may be meant: ask which.
        problem: ``past`` or ``invalid`` (the 30th of February), else ``""``.
    """

    said: str
    date: date | None
    first: date | None = None
    last: date | None = None
    alternatives: tuple[date, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class DateContext:
    """What a phrase is seen from: the date now, and the date of the leg before if there is one."""

    today: date
    previous: date | None

    @property
    def base(self) -> date:
        """Give the day that later ones count from."""
        return self.previous or self.today


Found = date | tuple[date, date, date] | DateMatch | None
"""A day; the likely, first and last day of a stretch; a finished match; or nothing."""
_Rule = Callable[[re.Match[str], DateContext], Found]
RULES: list[tuple[re.Pattern[str], _Rule]] = []
"""Later ones are more particular and are tried first."""
PARTS: list[str] = []

_WEEKDAYS = tuple(name.casefold() for name in calendar.day_name)
_MONTHS = tuple(name.casefold() for name in calendar.month_name)
WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|mon|tues?|wed|thu(?:rs)?|fri"
MONTH = (
    r"january|february|march|april|may|june|july|august|september|october|november|december|"
    r"(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
)
DAY = rf"(?:the\s+)?(?:{ORDINAL}|\d{{1,2}}(?![\d:]|\s*[ap]\.?m\b))"
NUMBER = rf"(?:{CARDINAL}|an?(?:\s+couple(?:\s+of)?)?|a\s+few|the\s+next)"
UNIT = r"days?|nights?|weeks?|fortnights?|months?"


def rule(pattern: str) -> Callable[[_Rule], _Rule]:
    """Register a rule: its pattern, and what makes a date of a match. A later rule is tried before an earlier one."""

    def register(function: _Rule) -> _Rule:
        RULES.append((re.compile(pattern, re.IGNORECASE), function))
        PARTS.append(re.sub(r"\(\?P<\w+>", "(?:", pattern))
        return function

    return register


def weekday_number(name: str) -> int:
    """Give 0 for a Monday … 6 for a Sunday, by its name or the start of it."""
    return next(i for i, day in enumerate(_WEEKDAYS) if day.startswith(name.casefold()[:3]))


def month_number(name: str) -> int:
    """Give 1 … 12, by a month's name or the start of it."""
    return next(i for i, month in enumerate(_MONTHS) if i and month.startswith(name.casefold()[:3]))


def day_number(words: str) -> int | None:
    """Read a day of the month: "the 10th", "twenty-first", "10"."""
    return ordinal(words) or cardinal(re.sub(r"^the\s+", "", words, flags=re.IGNORECASE))


def count_of(words: str) -> int:
    """Read how many units are counted: "two", "a couple of", "a few"."""
    text = words.casefold()
    return 2 if "couple" in text else 3 if "few" in text else 1 if "next" in text else cardinal(text) or 1


def on_or_after(day: date, weekday: int) -> date:
    """Give the first such weekday that is not before the day."""
    return day + timedelta((weekday - day.weekday()) % 7)


def first_after(day: date, weekday: int) -> date:
    """Give the first such weekday after the day."""
    return on_or_after(day + timedelta(1), weekday)


def shifted(day: date, count: int, unit: str) -> date:
    """Give the day that many units later; a month later is the same day of the month, or the last one."""
    if unit.casefold().startswith("month"):
        year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    days = {"w": 7, "f": 14}.get(unit[:1].casefold(), 1)
    return day + timedelta(count * days)


def dated(month: int, day: int | None, year: str | None, context: DateContext) -> Found:
    """Give a day of the calendar; without a year, the first one that is not before the leg before."""
    if not day or not 1 <= month <= 12:
        return DateMatch("", None, problem="invalid")
    for candidate in (
        [int(year) + (2000 if len(year) == 2 else 0)] if year else range(context.base.year, context.base.year + 5)
    ):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year or found >= context.base:
            return found
    return DateMatch("", None, problem="invalid")


def checked(found: Found, weekday: str | None) -> Found:
    """Compare a calendar day with the weekday that was said with it; where they differ both may be meant."""
    if not weekday or not isinstance(found, date) or found.weekday() == weekday_number(weekday):
        return found
    near = min((found + timedelta(n) for n in range(-3, 4)), key=lambda d: d.weekday() != weekday_number(weekday))
    return DateMatch("", found, found, found, (found, near))
