"""The rules for phrases that name one day: a pattern each, and what makes a day of its match."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from voice.booking.dates.words import (
    DAY,
    MONTH,
    NUMBER,
    UNIT,
    WEEKDAY,
    DateContext,
    DateMatch,
    Found,
    checked,
    count_of,
    dated,
    day_number,
    first_after,
    month_number,
    rule,
    shifted,
    weekday_number,
)
from voice.booking.text.numerals import CARDINAL, ORDINAL


@rule(r"(?P<y>20\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})")
def _iso(match: re.Match[str], context: DateContext) -> Found:
    return dated(int(match["m"]), int(match["d"]), match["y"], context)


@rule(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})(?:/(?P<y>\d{4}|\d\d))?")
def _slashed(match: re.Match[str], context: DateContext) -> Found:
    month, day = int(match["m"]), int(match["d"])
    return dated(*((day, month) if month > 12 else (month, day)), match["y"], context)


@rule(
    rf"(?:(?P<wd>{WEEKDAY}),?\s+)?(?P<m>{MONTH})\s+(?P<d>{DAY}|"
    rf"{CARDINAL}(?=\W*$|\W+(?!(?:people|of|bags?|passengers?)\b)\D))(?:,?\s+(?P<y>20\d\d))?"
)
def _month_day(match: re.Match[str], context: DateContext) -> Found:
    return checked(dated(month_number(match["m"]), day_number(match["d"]), match["y"], context), match["wd"])


@rule(rf"(?:(?P<wd>{WEEKDAY}),?\s+)?(?P<d>{DAY})\s+(?:of\s+)?(?P<m>{MONTH})(?:,?\s+(?P<y>20\d\d))?")
def _day_month(match: re.Match[str], context: DateContext) -> Found:
    return checked(dated(month_number(match["m"]), day_number(match["d"]), match["y"], context), match["wd"])


def _nth(day: int | None, base: date) -> date | DateMatch:
    year, month = base.year, base.month
    for _ in range(3):
        if day and day <= calendar.monthrange(year, month)[1] and date(year, month, day) >= base:
            return date(year, month, day)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return DateMatch("", None, problem="invalid")


@rule(
    rf"(?:(?P<wd>{WEEKDAY}),?\s+)?(?P<d>the\s+{ORDINAL}|"
    r"\d{1,2}(?:st|nd|rd|th))(?:\s+of\s+(?P<which>this|the|next)\s+month)?"
)
def _ordinal_day(match: re.Match[str], context: DateContext) -> Found:
    base = context.base
    if match["which"] == "next":
        base = shifted(context.today.replace(day=1), 1, "month")
    day = day_number(match["d"])
    if match["wd"] and day:
        # "Friday the 11th" names its month: take the first one whose 11th is a Friday, within the months on sale.
        for later in range(4):
            found = _nth(day, shifted(base.replace(day=1), later, "month") if later else base)
            if isinstance(found, date) and found.weekday() == weekday_number(match["wd"]):
                return found
    return checked(_nth(day, base), match["wd"])


@rule(r"the\s+\d{1,2}(?=\s*(?:[.,;!?]|$|\s(?:from|to|and|or|please|back|in the)\b))(?!\s*[.,]\d)")
def _bare_day(match: re.Match[str], context: DateContext) -> Found:
    return _nth(day_number(match.group()), context.base)


@rule(r"(?:the\s+)?day\s+after\s+tomorrow|(?<!day )(?<!days )after\s+tomorrow|overmorrow")
def _overmorrow(match: re.Match[str], context: DateContext) -> Found:
    return context.today + timedelta(2)


@rule(r"today|tonight|this\s+(?:morning|afternoon|evening)|later\s+today|(?P<tomorrow>tomorrow)|(?P<past>yesterday)")
def _near(match: re.Match[str], context: DateContext) -> Found:
    return context.today + timedelta(1 if match["tomorrow"] else -1 if match["past"] else 0)


@rule(
    r"(?:in|within)\s+(?:about\s+|around\s+|roughly\s+|"
    rf"exactly\s+)?(?P<n>{NUMBER})\s+(?P<u>{UNIT})(?:['’]s?\s+time)?(?!\s+(?:after|before|later))|"
    rf"(?P<n2>{NUMBER})\s+(?P<u2>{UNIT})\s+from\s+(?:now|today)|"
    rf"(?P<n3>{NUMBER})\s+(?P<u3>weeks?|fortnights?)\s+(?P<day>today|tomorrow)|"
    r"(?P<day2>tomorrow|today)\s+(?P<u4>week|fortnight)"
)
def _from_now(match: re.Match[str], context: DateContext) -> Found:
    count = count_of(match["n"] or match["n2"] or match["n3"] or "a")
    day = shifted(context.today, count, match["u"] or match["u2"] or match["u3"] or match["u4"])
    return day + timedelta((match["day"] or match["day2"] or "").casefold() == "tomorrow")


@rule(
    rf"(?P<n>{NUMBER})\s+(?P<u>{UNIT})\s+(?:later|"
    r"after(?:wards?)?(?:\s+(?:that|this))?(?!\s+(?:the|next|\w+day|christmas))|there)|"
    rf"(?:after|for|stay(?:ing)?|spend(?:ing)?)\s+(?P<n2>{NUMBER})\s+(?P<u2>{UNIT})|(?P<n3>{NUMBER})\s+(?P<u3>nights?)"
)
def _later(match: re.Match[str], context: DateContext) -> Found:
    count = match["n"] or match["n2"] or match["n3"]
    return shifted(context.base, count_of(count), match["u"] or match["u2"] or match["u3"])


@rule(
    rf"(?P<n>{NUMBER})\s+(?P<u>{UNIT})\s+(?:earlier|sooner|before(?:\s+(?:that|this))?)(?!\s+(?:the|{MONTH}|\d|\w+day))"
)
def _earlier(match: re.Match[str], context: DateContext) -> Found:
    return shifted(context.base, -count_of(match["n"]), match["u"])


@rule(
    r"(?:the\s+)?(?:day|(?<=the\s)(?:morning|afternoon|evening|night))\s+(?P<before>before)(?:\s+that)?|"
    r"(?:the\s+)?(?P<same>(?:very\s+)?same\s+(?:day|morning|afternoon|evening|night))|(?P<that>that\s+(?:same\s+)?day)|"
    r"the\s+day\s+after(?:\s+(?:that|this))?|(?:the\s+)?(?:next|following)\s+day|"
    r"the\s+(?:next|following)\s+(?:morning|evening|afternoon|night)|the\s+(?:morning|afternoon|evening)\s+after"
)
def _neighbour(match: re.Match[str], context: DateContext) -> Found:
    return context.base + timedelta(-1 if match["before"] else 0 if match["same"] or match["that"] else 1)


@rule(rf"(?:the\s+)?(?P<wd>{WEEKDAY})\s+after\s+next|(?:the\s+)?next\s+(?P<wd2>{WEEKDAY})\s+after\s+(?:that|this)")
def _afterin_next_week(match: re.Match[str], context: DateContext) -> Found:
    if match["wd2"]:
        return first_after(context.base, weekday_number(match["wd2"]))
    return in_next_week(weekday_number(match["wd"]), context.today) + timedelta(7)


@rule(
    rf"(?:the\s+)?(?P<wd>{WEEKDAY})\s+(?:after(?:\s+(?:that|this)(?:\s+one)?)?|"
    rf"following)\b(?!\s+(?:\d|noon|mid|lunch|work|dinner|breakfast|about|around|{CARDINAL}\b))|"
    rf"(?:the\s+)following\s+(?P<wd2>{WEEKDAY})"
)
def _weekday_after(match: re.Match[str], context: DateContext) -> Found:
    return first_after(context.base, weekday_number(match["wd"] or match["wd2"]))


def in_next_week(weekday: int, today: date) -> date:
    """Give the day of the week that follows this one (weeks start on Monday)."""
    return today + timedelta(7 - today.weekday() + weekday)


@rule(
    rf"(?P<n>{NUMBER})\s+(?P<u>weeks?|fortnights?)\s+(?:from|on|this|come|next)\s+(?P<wd>{WEEKDAY})|"
    rf"(?P<wd2>{WEEKDAY})\s+(?:in\s+)?(?P<n2>a|two|three)\s+weeks?|(?P<wd3>{WEEKDAY})\s+(?P<u3>week|fortnight)\b"
)
def _weeks_from(match: re.Match[str], context: DateContext) -> Found:
    weekday = weekday_number(match["wd"] or match["wd2"] or match["wd3"])
    count = count_of(match["n"] or match["n2"] or "a")
    return shifted(first_after(context.today, weekday), count, match["u"] or match["u3"] or "week")


@rule(
    rf"(?:the\s+)?next\s+(?P<wd>{WEEKDAY})|(?P<wd4>{WEEKDAY})\s+next\b(?!\s+(?:week|month))|"
    rf"next\s+week,?\s+(?:on\s+)?(?P<wd2>{WEEKDAY})|(?P<wd3>{WEEKDAY})\s+(?:of\s+)?next\s+week"
)
def _next_weekday(match: re.Match[str], context: DateContext) -> Found:
    weekday = weekday_number(match["wd"] or match["wd2"] or match["wd3"] or match["wd4"])
    found = in_next_week(weekday, context.today)
    return found if not context.previous or found > context.previous else first_after(context.previous, weekday)


@rule(rf"(?:last|this\s+past)\s+(?:{WEEKDAY})")
def _last_weekday(match: re.Match[str], context: DateContext) -> Found:
    return context.today - timedelta(1)


_COMING = (
    r"\s+coming\b(?=\s*(?:[.,;!?]|$|"
    r"(?:and|at|please|around|about|before|after|by|if|but|or|for|not|morning|evening)\b))"
)
"""Of "Friday coming", and not of "on Friday, coming from Boston", which says where somebody comes from."""


@rule(
    rf"(?:this(?:\s+coming)?|the\s+coming|coming|on)\s+(?P<wd>{WEEKDAY})(?:{_COMING})?|"
    rf"(?:the\s+)?(?P<wd2>{WEEKDAY})(?:{_COMING}|\s+(?:of\s+)?this\s+week)?"
)
def _coming_weekday(match: re.Match[str], context: DateContext) -> Found:
    weekday = weekday_number(match["wd"] or match["wd2"])
    found = first_after(context.base, weekday)
    if context.previous is None and context.today.weekday() == weekday:
        return DateMatch("", found, found, found, (context.today, found))
    return found


@rule(
    rf"(?:the\s+)?(?P<wd>{WEEKDAY})\s+(?:of|in)\s+the\s+(?:week\s+(?:after|following)|"
    r"following\s+week)(?:\s+(?:that|next))?"
)
def _weekday_of_week_after(match: re.Match[str], context: DateContext) -> Found:
    weekday = weekday_number(match["wd"])
    start = context.previous or in_next_week(0, context.today)
    return in_next_week(weekday, start)
