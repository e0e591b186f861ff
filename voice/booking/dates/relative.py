"""The rules for days that count from another phrase ("two days before Christmas"), and the way to run all rules."""

from __future__ import annotations

import re
from datetime import date, timedelta

from voice.booking.dates import holidays, rules, stretches
from voice.booking.dates.words import (
    NUMBER,
    PARTS,
    RULES,
    UNIT,
    WEEKDAY,
    DateContext,
    DateMatch,
    Found,
    count_of,
    first_after,
    on_or_after,
    rule,
    shifted,
    weekday_number,
)

_REGISTERED = (rules, stretches, holidays)  # their rules register when they are imported
ANY_DATE = "|".join(PARTS)
"""A pattern for what the other rules read."""


def _day_of(phrase: str, context: DateContext) -> date | None:
    """Give the first day that a phrase means."""
    found = run(phrase, context)
    return found[0] if isinstance(found, tuple) else found.date if isinstance(found, DateMatch) else found


@rule(rf"(?:the\s+)?weekend\s+(?:of|on|beginning|starting)\s+(?P<anchor>{ANY_DATE})")
def _weekend_of(match: re.Match[str], context: DateContext) -> Found:
    day = _day_of(match["anchor"], context)
    if day is None:
        return None
    saturday = on_or_after(day - timedelta(1), 5)
    return saturday, saturday, saturday + timedelta(1)


@rule(rf"(?:the\s+)?week\s+(?:of|commencing|beginning|starting)\s+(?:on\s+)?(?P<anchor>{ANY_DATE})")
def _week_of(match: re.Match[str], context: DateContext) -> Found:
    day = _day_of(match["anchor"], context)
    if day is None:
        return None
    monday = day - timedelta(day.weekday())
    return max(monday, context.today), max(monday, context.today), monday + timedelta(6)


@rule(
    rf"(?:any\s*time\s+|any\s+day\s+|some\s*time\s+|some\s+day\s+)?between\s+(?P<a>{ANY_DATE})\s+and\s+(?P<b>{ANY_DATE})"
)
def _between(match: re.Match[str], context: DateContext) -> Found:
    first = _day_of(match["a"], context)
    last = _day_of(match["b"], DateContext(context.today, first)) if first else None
    return None if first is None or last is None else (first, first, max(first, last))


@rule(
    rf"(?:(?:the\s+)?(?:(?P<day>day|week)|(?P<end>weekend)|(?P<wd>{WEEKDAY}))|"
    rf"(?P<n>{NUMBER})\s+(?P<u>{UNIT}))\s+(?P<side>after|before|from|following)\s+(?P<anchor>{ANY_DATE})"
)
def _relative_to(match: re.Match[str], context: DateContext) -> Found:
    previous = None if match["side"].casefold() == "from" else context.previous
    day = _day_of(match["anchor"], DateContext(context.today, previous))
    if day is None:
        return run(match["anchor"], DateContext(context.today, previous))
    back = match["side"].casefold() == "before"
    if match["wd"] or match["end"]:
        weekday = weekday_number(match["wd"] or "saturday")
        found = on_or_after(day - timedelta(7), weekday) if back else first_after(day, weekday)
        return (found, found, found + timedelta(1)) if match["end"] else found
    count = 1 if match["day"] else count_of(match["n"])
    return shifted(day, -count if back else count, match["day"] or match["u"])


def run(text: str, context: DateContext) -> Found:
    """Read a whole phrase by the first rule that fits; None if none does."""
    for pattern, function in reversed(RULES):
        if match := pattern.fullmatch(text):
            return function(match, context)
    return None
