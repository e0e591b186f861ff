"""The rules for holidays."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from voice.booking.date_words import DateContext, Found, on_or_after, rule


def _easter(year: int) -> date:
    """Give Easter Sunday by the Gregorian computus (Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    j = (32 + 2 * e + 2 * i - h - k) % 7
    month, day = divmod(h + j - 7 * ((a + 11 * h + 22 * j) // 451) + 114, 31)
    return date(year, month, day + 1)


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    return on_or_after(date(year, month, 1), weekday) + timedelta(7 * (nth - 1))


_HOLIDAYS: dict[str, Callable[[int], date]] = {
    "new year's eve": lambda year: date(year, 12, 31),
    "new year": lambda year: date(year, 1, 1),
    "martin luther king": lambda year: _nth(year, 1, 0, 3),
    "valentine": lambda year: date(year, 2, 14),
    "president": lambda year: _nth(year, 2, 0, 3),
    "saint patrick": lambda year: date(year, 3, 17),
    "good friday": lambda year: _easter(year) - timedelta(2),
    "easter monday": lambda year: _easter(year) + timedelta(1),
    "easter": _easter,
    "mother": lambda year: _nth(year, 5, 6, 2),
    "memorial": lambda year: on_or_after(date(year, 5, 25), 0),
    "father": lambda year: _nth(year, 6, 6, 3),
    "independence": lambda year: date(year, 7, 4),
    "labor": lambda year: on_or_after(date(year, 9, 1), 0),
    "columbus": lambda year: _nth(year, 10, 0, 2),
    "halloween": lambda year: date(year, 10, 31),
    "veterans": lambda year: date(year, 11, 11),
    "thanksgiving": lambda year: _nth(year, 11, 3, 4),
    "christmas eve": lambda year: date(year, 12, 24),
    "boxing": lambda year: date(year, 12, 26),
    "christmas": lambda year: date(year, 12, 25),
}
"""The day of each holiday in a year, by the start of its name; the longer of two like names comes first."""


@rule(
    r"(?:the\s+day\s+of\s+)?(?P<name>new\s+year['’]?s?\s+eve|new\s+year['’]?s?(?:\s+day)?|valentine['’]?s(?:\s+day)?|"
    r"independence\s+day|halloween|thanksgiving(?:\s+day)?|memorial\s+day|labou?r\s+day|christmas\s+eve|boxing\s+day|"
    r"christmas(?:\s+day)?|easter\s+monday|easter(?:\s+sunday)?|good\s+friday|martin\s+luther\s+king(?:\s+day)?|"
    r"presidents?['’]?s?\s+day|(?:saint|st\.?)\s+patrick['’]?s\s+day|mother['’]?s\s+day|father['’]?s\s+day|"
    r"columbus\s+day|veterans['’]?\s+day)"
)
def _holiday(match: re.Match[str], context: DateContext) -> Found:
    said = re.sub(r"\s+", " ", match["name"].casefold().replace("’", "'")).replace("years", "year's")
    said = re.sub(r"^st\b\.?", "saint", said.replace("labour", "labor"))
    day = next(holiday for name, holiday in _HOLIDAYS.items() if said.startswith(name))
    return next(d for year in (context.base.year, context.base.year + 1) if (d := day(year)) >= context.base)
