"""The rules for stretches of days, holidays, and days that count from another one."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from voice.booking.dates.rules import in_next_week
from voice.booking.dates.words import (
    MONTH,
    RULES,
    WEEKDAY,
    DateContext,
    Found,
    count_of,
    dated,
    day_number,
    first_after,
    month_number,
    on_or_after,
    rule,
    shifted,
    weekday_number,
)
from voice.booking.text.numerals import CARDINAL, ORDINAL, cardinal


@rule(
    r"(?P<next>(?:the\s+)?(?:next|following)\s+)?(?:(?:this(?:\s+coming)?|(?:the\s+)?coming|the|"
    r"over\s+the)\s+)?weekend(?P<after>\s+after(?P<two>\s+next)?)?"
)
def _weekend(match: re.Match[str], context: DateContext) -> Found:
    saturday = on_or_after(context.base, 5)
    if match["next"] or match["after"]:
        saturday = in_next_week(5, context.today) if context.previous is None else first_after(context.base, 5)
    if match["two"]:
        saturday += timedelta(7)
    return saturday, saturday, saturday + timedelta(1)


@rule(
    r"(?:the\s+)?(?:(?P<next>next)|(?P<following>following))\s+week|(?:the\s+)?week\s+(?P<after>after)(?:\s+(?:that|(?P<two>next)))?|"
    r"any\s+day\s+(?P<next2>next)\s+week|(?:later\s+)?this\s+week"
)
def _week(match: re.Match[str], context: DateContext) -> Found:
    monday = in_next_week(0, context.base if match["after"] or match["following"] else context.today)
    if match["two"]:
        monday = in_next_week(0, context.today) + timedelta(7)
    elif not any(match[name] for name in ("next", "following", "after", "next2")):
        return context.today + timedelta(1), context.today + timedelta(1), on_or_after(context.today + timedelta(1), 6)
    return monday, monday, monday + timedelta(6)


@rule(
    r"(?:(?:the\s+)?(?P<part>end|beginning|start|middle)\s+of\s+|"
    rf"(?P<part2>early|mid|late)(?:\s+in)?[\s-]+)(?:(?P<which>the|this|next)\s+month|(?P<m>{MONTH}))|"
    rf"(?:some\s*time\s+|any\s*time\s+|any\s+day\s+)?(?:(?P<in>in)\s+(?P<m2>{MONTH})|"
    r"(?P<which2>next|this|later\s+this)\s+month)"
)
def _month_part(match: re.Match[str], context: DateContext) -> Found:
    base, name = context.base, match["m"] or match["m2"]
    start = base.replace(day=1)
    if name:
        start = date(base.year + (month_number(name) < base.month), month_number(name), 1)
    elif (match["which"] or match["which2"]) == "next":
        start = shifted(context.today.replace(day=1), 1, "month")
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


@rule(
    r"(?:the\s+)?(?P<n>first|second|third|fourth|last)\s+week\s+(?:of|in)\s+(?:(?P<which>the|this|next)\s+month|"
    rf"(?P<m>{MONTH}))"
)
def _week_of_month(match: re.Match[str], context: DateContext) -> Found:
    start = context.base.replace(day=1)
    if match["m"]:
        start = date(start.year + (month_number(match["m"]) < start.month), month_number(match["m"]), 1)
    elif match["which"].casefold() == "next":
        start = shifted(context.today.replace(day=1), 1, "month")
    days = calendar.monthrange(start.year, start.month)[1]
    # Weeks run from Monday; the first one is the first that lies in the month as a whole.
    index = (
        ("first", "second", "third", "fourth").index(match["n"].casefold()) if match["n"].casefold() != "last" else None
    )
    monday = on_or_after(start, 0) + timedelta(7 * index) if index is not None else start.replace(day=days - 6)
    first = max(monday, context.base)
    return first, first, max(first, monday + timedelta(6))


_NTHS = ("first", "second", "third", "fourth", "fifth")


@rule(
    rf"(?:the\s+)?(?P<n>first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th)\s+(?P<wd>{WEEKDAY})\s+(?:of|"
    rf"in)\s+(?:(?:the\s+)?(?P<which>this|next|following|same)?\s*(?:the\s+)?month|(?P<m>{MONTH}))"
)
def _nth_weekday(match: re.Match[str], context: DateContext) -> Found:
    base, weekday, word = context.base, weekday_number(match["wd"]), match["n"].casefold()
    start = base.replace(day=1)
    if match["m"]:
        month = month_number(match["m"])
        start = date(base.year + (month < base.month), month, 1)
    elif (match["which"] or "").casefold() in ("next", "following"):
        start = shifted(context.today.replace(day=1), 1, "month")
    if word == "last":
        end = start.replace(day=calendar.monthrange(start.year, start.month)[1])
        found = on_or_after(end - timedelta(6), weekday)
    else:
        index = int(word[0]) - 1 if word[0].isdigit() else _NTHS.index(word)
        found = on_or_after(start, weekday) + timedelta(7 * index)
    return found if found >= base or not match["m"] else found.replace(year=found.year + 1)


@rule(
    r"(?:(?:the\s+)?(?P<part>end|beginning|start|middle)\s+of|"
    r"(?P<part2>early|mid|late|later)(?:\s+in)?[\s-]+)\s*(?:the\s+)?(?P<which>this|next|following)?\s*week(?!end|"
    r"\s+(?:after|of))"
)
def _week_part(match: re.Match[str], context: DateContext) -> Found:
    monday = in_next_week(0, context.today)
    if (match["which"] or "this").casefold() == "this":
        monday -= timedelta(7)
    first, last, likely = {
        "end": (3, 6, 4),
        "late": (3, 6, 4),
        "later": (3, 6, 4),
        "middle": (1, 3, 2),
        "mid": (1, 3, 2),
    }.get((match["part"] or match["part2"]).casefold(), (0, 2, 0))
    begin, end, day = (max(monday + timedelta(n), context.today) for n in (first, last, likely))
    return day, begin, end


@rule(
    rf"(?P<d>(?:the\s+)?{ORDINAL})\s+of\s+(?:the\s+)?(?:next|following)\s+month|"
    rf"(?:next|the\s+following)\s+month,?\s+(?:on\s+)?(?P<d2>(?:the\s+)?{ORDINAL})"
)
def _day_of_next_month(match: re.Match[str], context: DateContext) -> Found:
    start = shifted(context.today.replace(day=1), 1, "month")
    return dated(start.month, day_number(match["d"] or match["d2"]), str(start.year), context)


@rule(rf"(?:an?|any|some|one)\s+(?P<wd>{WEEKDAY})\s+in\s+(?P<m>{MONTH})")
def _some_weekday(match: re.Match[str], context: DateContext) -> Found:
    month, base = month_number(match["m"]), context.base
    start = date(base.year + (month < base.month), month, 1)
    last = start.replace(day=calendar.monthrange(start.year, month)[1])
    found = on_or_after(max(start, base), weekday_number(match["wd"]))
    return (found, found, last) if found <= last else None


@rule(
    r"(?:the\s+)?(?P<n>first|last)\s+day\s+(?:of|in)\s+(?:(?:the\s+)?(?P<which>this|next)?\s*(?:the\s+)?month|"
    rf"(?P<m>{MONTH}))"
)
def _edge_of_month(match: re.Match[str], context: DateContext) -> Found:
    base = context.base
    start = base.replace(day=1)
    if match["m"]:
        start = date(base.year + (month_number(match["m"]) < base.month), month_number(match["m"]), 1)
    elif (match["which"] or "").casefold() == "next" or match["n"].casefold() == "first":
        start = shifted(context.today.replace(day=1), 1, "month")
    days = calendar.monthrange(start.year, start.month)[1]
    return start if match["n"].casefold() == "first" else start.replace(day=days)


_WEEK = (
    r"(?:(?P<next>(?:the\s+)?(?:next|following)\s+week)|(?P<after>the\s+week\s+after(?:\s+next)?)|"
    r"(?P<this>this\s+week))"
)


@rule(
    rf"{_WEEK},?\s+(?:on\s+)?(?:the\s+)?(?P<wd>{WEEKDAY})|"
    rf"(?:the\s+)?(?P<wd2>{WEEKDAY}),?\s+(?:(?:of|"
    rf"in)\s+)?{_WEEK.replace('<next>', '<next2>').replace('<after>', '<after2>').replace('<this>', '<this2>')}"
)
def _weekday_of_week(match: re.Match[str], context: DateContext) -> Found:
    weekday = weekday_number(match["wd"] or match["wd2"])
    after = match["after"] or match["after2"]
    if match["this"] or match["this2"]:
        return on_or_after(context.today, weekday)
    found = in_next_week(weekday, context.today)
    return found + timedelta(7) if after else found


@rule(
    rf"(?:in\s+(?P<m>{MONTH})|(?P<next>next\s+month)|(?P<this>this\s+month)),?\s+(?:on\s+)?(?:the\s+)?(?P<n>first|"
    rf"second|third|fourth|last|1st|2nd|3rd|4th)\s+(?P<wd>{WEEKDAY})"
)
def _month_then_weekday(match: re.Match[str], context: DateContext) -> Found:
    month = match["m"] or ("next month" if match["next"] else "this month")
    inner = _NTH_WEEKDAY.fullmatch(f"{match['n']} {match['wd']} of {month}")
    return _nth_weekday(inner, context) if inner else None


_NTH_WEEKDAY = next(pattern for pattern, function in RULES if function is _nth_weekday)


@rule(
    r"(?:the\s+)?(?P<n>first|second|third|fourth|last)\s+(?:full\s+)?weekend\s+(?:of|"
    rf"in)\s+(?:(?:the\s+)?(?P<which>this|next|following)?\s*(?:the\s+)?month|(?P<m>{MONTH}))"
)
def _nth_weekend(match: re.Match[str], context: DateContext) -> Found:
    month = match["m"] or f"{match['which'] or 'this'} month"
    inner = _NTH_WEEKDAY.fullmatch(f"{match['n']} Saturday of {month}")
    saturday = _nth_weekday(inner, context) if inner else None
    return (saturday, saturday, saturday + timedelta(1)) if isinstance(saturday, date) else None


@rule(
    r"(?:the\s+)?(?:second[\s-]to[\s-]last|second[\s-]last|next[\s-]to[\s-]last|last[\s-]but[\s-]one|"
    rf"penultimate)\s+(?P<wd>{WEEKDAY})\s+(?:of|in)\s+(?P<m>(?:{MONTH})|(?:this|next|the)\s+month)"
)
def _last_but_one(match: re.Match[str], context: DateContext) -> Found:
    inner = _NTH_WEEKDAY.fullmatch(f"last {match['wd']} of {match['m']}")
    last = _nth_weekday(inner, context) if inner else None
    return last - timedelta(7) if isinstance(last, date) else None


@rule(
    rf"(?:in\s+)?(?P<n>{CARDINAL})\s+(?P<wd>{WEEKDAY})(?:s|s?['’])?(?:\s+from\s+(?:now|today)|['’]?\s+time)|"
    rf"(?P<weeks>two|three|four)\s+weeks\s+(?P<wd2>{WEEKDAY})"
)
def _weekdays_from_now(match: re.Match[str], context: DateContext) -> Found:
    weekday = weekday_number(match["wd"] or match["wd2"])
    count = (cardinal(match["n"]) or 1) - 1 if match["n"] else cardinal(match["weeks"]) or 1
    return first_after(context.today, weekday) + timedelta(7 * count)


@rule(r"(?:mid[\s-]?week|the\s+middle\s+of\s+the\s+week)(?:\s+(?P<next>next\s+week))?")
def _midweek(match: re.Match[str], context: DateContext) -> Found:
    wednesday = in_next_week(2, context.today) if match["next"] else on_or_after(context.today + timedelta(1), 2)
    return wednesday, max(wednesday - timedelta(1), context.today), wednesday + timedelta(1)


@rule(
    r"(?:with)?in\s+the\s+next\s+(?P<n>couple\s+of|few|two|three|four|five|six|seven|ten)?\s*(?P<u>days?|"
    r"weeks?)(?:\s+or\s+so)?"
)
def _within(match: re.Match[str], context: DateContext) -> Found:
    first = context.today + timedelta(1)
    count = count_of(match["n"] or "one")
    return first, first, max(first, shifted(context.today, count, match["u"]))
