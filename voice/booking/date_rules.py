"""The rules that read a date phrase: a pattern each, and what makes a day of its match."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from voice.booking.numerals import CARDINAL, ORDINAL, cardinal, ordinal


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
_PARTS: list[str] = []

_WEEKDAYS = tuple(name.casefold() for name in calendar.day_name)
_MONTHS = tuple(name.casefold() for name in calendar.month_name)
_WD = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|mon|tues?|wed|thu(?:rs)?|fri"
_MO = (
    r"january|february|march|april|may|june|july|august|september|october|november|december|"
    r"(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
)
_DAY = rf"(?:the\s+)?(?:{ORDINAL}|\d{{1,2}}(?![\d:]|\s*[ap]\.?m\b))"
_N = rf"(?:{CARDINAL}|an?(?:\s+couple(?:\s+of)?)?|a\s+few|the\s+next)"
_UNIT = r"days?|nights?|weeks?|months?"


def _rule(pattern: str) -> Callable[[_Rule], _Rule]:
    """Register a rule: its pattern, and what makes a date of a match. A later rule is tried before an earlier one."""

    def register(function: _Rule) -> _Rule:
        RULES.append((re.compile(pattern, re.IGNORECASE), function))
        _PARTS.append(re.sub(r"\(\?P<\w+>", "(?:", pattern))
        return function

    return register


def _weekday(name: str) -> int:
    return next(i for i, day in enumerate(_WEEKDAYS) if day.startswith(name.casefold()[:3]))


def _month(name: str) -> int:
    return next(i for i, month in enumerate(_MONTHS) if i and month.startswith(name.casefold()[:3]))


def _day(words: str) -> int | None:
    return ordinal(words) or cardinal(re.sub(r"^the\s+", "", words, flags=re.IGNORECASE))


def _count(words: str) -> int:
    text = words.casefold()
    return 2 if "couple" in text else 3 if "few" in text else 1 if "next" in text else cardinal(text) or 1


def _on_or_after(day: date, weekday: int) -> date:
    return day + timedelta((weekday - day.weekday()) % 7)


def _after(day: date, weekday: int) -> date:
    return _on_or_after(day + timedelta(1), weekday)


def _add(day: date, count: int, unit: str) -> date:
    if unit.casefold().startswith("month"):
        year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    return day + timedelta(count * (7 if unit.casefold().startswith("week") else 1))


def _dated(month: int, day: int | None, year: str | None, context: DateContext) -> Found:
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


def _checked(found: Found, weekday: str | None) -> Found:
    """Compare a calendar day with the weekday that was said with it; where they differ both may be meant."""
    if not weekday or not isinstance(found, date) or found.weekday() == _weekday(weekday):
        return found
    near = min((found + timedelta(n) for n in range(-3, 4)), key=lambda d: d.weekday() != _weekday(weekday))
    return DateMatch("", found, found, found, (found, near))


@_rule(r"(?P<y>20\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})")
def _iso(match: re.Match[str], context: DateContext) -> Found:
    return _dated(int(match["m"]), int(match["d"]), match["y"], context)


@_rule(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})(?:/(?P<y>\d{4}|\d\d))?")
def _slashed(match: re.Match[str], context: DateContext) -> Found:
    month, day = int(match["m"]), int(match["d"])
    return _dated(*((day, month) if month > 12 else (month, day)), match["y"], context)


@_rule(
    rf"(?:(?P<wd>{_WD}),?\s+)?(?P<m>{_MO})\s+(?P<d>{_DAY}|{CARDINAL}(?=\W*$|\W+(?!(?:people|of|bags?|passengers?)\b)\D))"
    r"(?:,?\s+(?P<y>20\d\d))?"
)
def _month_day(match: re.Match[str], context: DateContext) -> Found:
    return _checked(_dated(_month(match["m"]), _day(match["d"]), match["y"], context), match["wd"])


@_rule(rf"(?:(?P<wd>{_WD}),?\s+)?(?P<d>{_DAY})\s+(?:of\s+)?(?P<m>{_MO})(?:,?\s+(?P<y>20\d\d))?")
def _day_month(match: re.Match[str], context: DateContext) -> Found:
    return _checked(_dated(_month(match["m"]), _day(match["d"]), match["y"], context), match["wd"])


def _nth(day: int | None, base: date) -> date | DateMatch:
    year, month = base.year, base.month
    for _ in range(3):
        if day and day <= calendar.monthrange(year, month)[1] and date(year, month, day) >= base:
            return date(year, month, day)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return DateMatch("", None, problem="invalid")


@_rule(
    rf"(?:(?P<wd>{_WD}),?\s+)?(?P<d>the\s+{ORDINAL}|\d{{1,2}}(?:st|nd|rd|th))(?:\s+of\s+(?P<which>this|the|next)\s+month)?"
)
def _ordinal_day(match: re.Match[str], context: DateContext) -> Found:
    base = context.base
    if match["which"] == "next":
        base = _add(context.today.replace(day=1), 1, "month")
    day = _day(match["d"])
    if match["wd"] and day:
        # "Friday the 11th" names its month: take the first one whose 11th is a Friday, within the months on sale.
        for later in range(4):
            found = _nth(day, _add(base.replace(day=1), later, "month") if later else base)
            if isinstance(found, date) and found.weekday() == _weekday(match["wd"]):
                return found
    return _checked(_nth(day, base), match["wd"])


@_rule(r"(?:the\s+)?day\s+after\s+tomorrow")
def _overmorrow(match: re.Match[str], context: DateContext) -> Found:
    return context.today + timedelta(2)


@_rule(r"today|tonight|this\s+(?:morning|afternoon|evening)|later\s+today|(?P<tomorrow>tomorrow)|(?P<past>yesterday)")
def _near(match: re.Match[str], context: DateContext) -> Found:
    return context.today + timedelta(1 if match["tomorrow"] else -1 if match["past"] else 0)


@_rule(
    rf"(?:in\s+)(?P<n>{_N})\s+(?P<u>{_UNIT})(?:['’]s?\s+time)?(?!\s+(?:after|before|later))"
    rf"|(?P<n2>{_N})\s+(?P<u2>{_UNIT})\s+from\s+(?:now|today)"
)
def _from_now(match: re.Match[str], context: DateContext) -> Found:
    return _add(context.today, _count(match["n"] or match["n2"]), match["u"] or match["u2"])


@_rule(
    rf"(?P<n>{_N})\s+(?P<u>{_UNIT})\s+(?:later|after(?:wards?)?(?:\s+(?:that|this))?(?!\s+(?:the|next|\w+day|christmas))|there|on\b)"
    rf"|(?:after|for|stay(?:ing)?|spend(?:ing)?)\s+(?P<n2>{_N})\s+(?P<u2>{_UNIT})"
    rf"|(?P<n3>{_N})\s+(?P<u3>nights?)"
)
def _later(match: re.Match[str], context: DateContext) -> Found:
    count = match["n"] or match["n2"] or match["n3"]
    return _add(context.base, _count(count), match["u"] or match["u2"] or match["u3"])


@_rule(rf"(?P<n>{_N})\s+(?P<u>{_UNIT})\s+(?:earlier|sooner|before(?:\s+(?:that|this))?)(?!\s+(?:the|{_MO}|\d|\w+day))")
def _earlier(match: re.Match[str], context: DateContext) -> Found:
    return _add(context.base, -_count(match["n"]), match["u"])


@_rule(
    r"(?:the\s+)?day\s+(?P<before>before)(?:\s+that)?|(?:the\s+)?(?P<same>same\s+day)|(?P<that>that\s+(?:same\s+)?day)"
    r"|the\s+day\s+after(?:\s+(?:that|this))?|(?:the\s+)?(?:next|following)\s+day|the\s+next\s+(?:morning|evening|afternoon)"
)
def _neighbour(match: re.Match[str], context: DateContext) -> Found:
    return context.base + timedelta(-1 if match["before"] else 0 if match["same"] or match["that"] else 1)


@_rule(rf"(?:the\s+)?(?P<wd>{_WD})\s+after\s+next|(?:the\s+)?next\s+(?P<wd2>{_WD})\s+after\s+(?:that|this)")
def _after_next(match: re.Match[str], context: DateContext) -> Found:
    if match["wd2"]:
        return _after(context.base, _weekday(match["wd2"]))
    return _next(_weekday(match["wd"]), context.today) + timedelta(7)


@_rule(rf"(?:the\s+)?(?P<wd>{_WD})\s+after(?:\s+(?:that|this))?\b|(?:the\s+)following\s+(?P<wd2>{_WD})")
def _weekday_after(match: re.Match[str], context: DateContext) -> Found:
    return _after(context.base, _weekday(match["wd"] or match["wd2"]))


def _next(weekday: int, today: date) -> date:
    """Give the day of the week that follows this one (weeks start on Monday)."""
    return today + timedelta(7 - today.weekday() + weekday)


@_rule(
    rf"(?P<n>{_N})\s+(?P<u>weeks?)\s+from\s+(?P<wd>{_WD})|(?P<wd2>{_WD})\s+(?:in\s+)?(?P<n2>a|two|three)\s+weeks?|(?P<wd3>{_WD})\s+week\b"
)
def _weeks_from(match: re.Match[str], context: DateContext) -> Found:
    weekday = _weekday(match["wd"] or match["wd2"] or match["wd3"])
    count = _count(match["n"] or match["n2"] or "a")
    return _after(context.today, weekday) + timedelta(7 * count)


@_rule(rf"next\s+(?P<wd>{_WD})|next\s+week,?\s+(?:on\s+)?(?P<wd2>{_WD})|(?P<wd3>{_WD})\s+(?:of\s+)?next\s+week")
def _next_weekday(match: re.Match[str], context: DateContext) -> Found:
    weekday = _weekday(match["wd"] or match["wd2"] or match["wd3"])
    found = _next(weekday, context.today)
    return found if not context.previous or found > context.previous else _after(context.previous, weekday)


@_rule(rf"(?:last|this\s+past)\s+(?:{_WD})")
def _last_weekday(match: re.Match[str], context: DateContext) -> Found:
    return context.today - timedelta(1)


@_rule(rf"(?:this(?:\s+coming)?|the\s+coming|coming|on)\s+(?P<wd>{_WD})|(?P<wd2>{_WD})(?:\s+(?:of\s+)?this\s+week)?")
def _coming_weekday(match: re.Match[str], context: DateContext) -> Found:
    weekday = _weekday(match["wd"] or match["wd2"])
    found = _after(context.base, weekday)
    if context.previous is None and context.today.weekday() == weekday:
        return DateMatch("", found, found, found, (context.today, found))
    return found


@_rule(r"(?P<next>(?:the\s+)?(?:next|following)\s+)?(?:(?:this|the|coming|over\s+the)\s+)?weekend(?P<after>\s+after)?")
def _weekend(match: re.Match[str], context: DateContext) -> Found:
    saturday = _on_or_after(context.base, 5)
    if match["next"] or match["after"]:
        saturday = _next(5, context.today) if context.previous is None else _after(context.base, 5)
    return saturday, saturday, saturday + timedelta(1)


@_rule(
    r"(?:the\s+)?(?P<next>next|following)\s+week|(?:the\s+)?week\s+(?P<after>after)(?:\s+(?:that|next))?|(?:later\s+)?this\s+week"
)
def _week(match: re.Match[str], context: DateContext) -> Found:
    monday = _next(0, context.base if match["after"] else context.today)
    if not match["next"] and not match["after"]:
        return context.today + timedelta(1), context.today + timedelta(1), _on_or_after(context.today + timedelta(1), 6)
    return monday, monday, monday + timedelta(6)


@_rule(
    rf"(?:(?:the\s+)?(?P<part>end|beginning|start|middle)\s+of\s+|(?P<part2>early|mid|late)(?:\s+in)?[\s-]+)"
    rf"(?:(?P<which>the|this|next)\s+month|(?P<m>{_MO}))"
    rf"|(?:sometime\s+)?(?:(?P<in>in)\s+(?P<m2>{_MO})|(?P<which2>next|this|later\s+this)\s+month)"
)
def _month_part(match: re.Match[str], context: DateContext) -> Found:
    base, name = context.base, match["m"] or match["m2"]
    start = base.replace(day=1)
    if name:
        start = date(base.year + (_month(name) < base.month), _month(name), 1)
    elif (match["which"] or match["which2"]) == "next":
        start = _add(context.today.replace(day=1), 1, "month")
    end = start.replace(day=calendar.monthrange(start.year, start.month)[1])
    match (match["part"] or match["part2"] or "").casefold():
        case "end" | "late":
            first, last, likely = end - timedelta(4), end, end
        case "beginning" | "start" | "early":
            first, last, likely = start, start + timedelta(6), start
        case "middle" | "mid":
            first, last, likely = start + timedelta(11), start + timedelta(18), start + timedelta(14)
        case _:
            first, last, likely = start, end, start
    first = max(first, context.base)
    return max(likely, first), first, max(last, first)


@_rule(
    rf"(?:the\s+)?(?P<n>first|second|third|fourth|last)\s+week\s+(?:of|in)\s+(?:(?P<which>the|this|next)\s+month|(?P<m>{_MO}))"
)
def _week_of_month(match: re.Match[str], context: DateContext) -> Found:
    start = context.base.replace(day=1)
    if match["m"]:
        start = date(start.year + (_month(match["m"]) < start.month), _month(match["m"]), 1)
    elif match["which"].casefold() == "next":
        start = _add(context.today.replace(day=1), 1, "month")
    days = calendar.monthrange(start.year, start.month)[1]
    # Weeks run from Monday; the first one is the first that lies in the month as a whole.
    index = (
        ("first", "second", "third", "fourth").index(match["n"].casefold()) if match["n"].casefold() != "last" else None
    )
    monday = _on_or_after(start, 0) + timedelta(7 * index) if index is not None else start.replace(day=days - 6)
    first = max(monday, context.base)
    return first, first, max(first, monday + timedelta(6))


_HOLIDAYS: dict[str, Callable[[int], date]] = {
    "new year's eve": lambda year: date(year, 12, 31),
    "new year": lambda year: date(year, 1, 1),
    "valentine": lambda year: date(year, 2, 14),
    "independence": lambda year: date(year, 7, 4),
    "halloween": lambda year: date(year, 10, 31),
    "thanksgiving": lambda year: _on_or_after(date(year, 11, 1), 3) + timedelta(21),
    "memorial": lambda year: _on_or_after(date(year, 5, 25), 0),
    "labor": lambda year: _on_or_after(date(year, 9, 1), 0),
    "christmas eve": lambda year: date(year, 12, 24),
    "boxing": lambda year: date(year, 12, 26),
    "christmas": lambda year: date(year, 12, 25),
}


@_rule(
    r"(?P<name>new\s+year['’]?s?\s+eve|new\s+year['’]?s?(?:\s+day)?|valentine['’]?s(?:\s+day)?|independence\s+day|halloween|"
    r"thanksgiving(?:\s+day)?|memorial\s+day|labor\s+day|christmas\s+eve|boxing\s+day|christmas(?:\s+day)?)"
)
def _holiday(match: re.Match[str], context: DateContext) -> Found:
    said = re.sub(r"\s+", " ", match["name"].casefold().replace("’", "'")).replace("years", "year's")
    day = next(rule for name, rule in _HOLIDAYS.items() if said.startswith(name))
    return next(d for year in (context.base.year, context.base.year + 1) if (d := day(year)) >= context.base)


_ANCHOR = "|".join(_PARTS)


@_rule(
    rf"(?:(?:the\s+)?(?:(?P<day>day|week)|(?P<wd>{_WD}))|(?P<n>{_N})\s+(?P<u>{_UNIT}))"
    rf"\s+(?P<side>after|before|from|following)\s+(?P<anchor>{_ANCHOR})"
)
def _relative_to(match: re.Match[str], context: DateContext) -> Found:
    previous = None if match["side"].casefold() == "from" else context.previous
    found = run(match["anchor"], DateContext(context.today, previous))
    day = found[0] if isinstance(found, tuple) else found.date if isinstance(found, DateMatch) else found
    if day is None:
        return found
    back = match["side"].casefold() == "before"
    if match["wd"]:
        weekday = _weekday(match["wd"])
        return _on_or_after(day - timedelta(7), weekday) if back else _after(day, weekday)
    count = 1 if match["day"] else _count(match["n"])
    return _add(day, -count if back else count, match["day"] or match["u"])


def run(text: str, context: DateContext) -> Found:
    """Read a whole phrase by the first rule that fits; None if none does."""
    for pattern, rule in reversed(RULES):
        if match := pattern.fullmatch(text):
            return rule(match, context)
    return None
