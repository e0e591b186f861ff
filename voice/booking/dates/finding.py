"""Dates as callers say them: found in a transcript, and resolved against today and the leg before.

One table of rules serves both: `find_dates` looks for any rule's pattern, `resolve_date` runs the rule that fits.
A resolved date is never in the past.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time
from itertools import zip_longest

import dateparser

from voice.booking.dates.relative import ANY_DATE, run
from voice.booking.dates.words import RULES, WEEKDAY, DateContext, DateMatch, Found
from voice.booking.text.numerals import ordinal
from voice.booking.text.spans import Span, longest_first
from voice.booking.text.wording import Wording

__all__ = ["DateMatch", "find_dates", "resolve_date"]

_WORD = r"\w"
_FINDERS = tuple(
    Wording(rf"\b(?:{pattern.pattern})(?![\w/])", looser=rf"\b(?:{pattern.pattern.replace(ANY_DATE, _WORD)})")
    for pattern, _ in RULES
)
_LEAD = Wording(r"^(?:(?:on|for|by|until|till|leaving|back|return(?:ing)?|or|maybe|then|of|at|around|about)\s+)+")
_PART_OF_DAY = Wording(r"(?<!this)\s+(?:in\s+the\s+)?(?:morning|afternoon|evening|night)$")
_NOT_DATES = Wording(
    r"[\s-]+(?:flight|leg|one|option|segment|bag|passenger|part|choice|half|class|offer|available|thing|ticket|person|"
    r"time|name|piece|person|stop(?!s)|bit|letter|digit|trip|booking|reservation|question|seat|row|last)s?\b",
)
_NAME_BEFORE = re.compile(r"(?:(?<=[a-z,] )[A-Z][a-z]+|\b(?:leav|depart|arriv|return)ing|\b(?:back|home|out)),?\s+$")
_ENDS_THERE = re.compile(r"\s*(?:$|[,.;?!]|(?:and|at|back|for|in|on|then|to|with)\b)")
_EARLY_ORDINAL = Wording(r"the\s+(?:first|second|third|fourth|fifth)")
_WEEKDAY_ALONE = Wording(rf"(?:(?:the|this|next|on|coming)\s+)*(?:{WEEKDAY})\b")
_THAT_IS = Wording(
    r"[\s,.;–—-]*(?:so|and|i think|i believe|i guess|"
    r"or)?[\s,]*(?:(?:that|it|this|which)(?:['’]d| would|['’]ll| will)? be|(?:that|it)['’]s|(?:that|it|this|which) is|"
    r"meaning|i\.?e\.?|that makes it|which makes it|falls on|"
    r"the one on)(?: (?:on|i think|i believe|i guess|probably))*\s+|"
    r"\s+(?:that )?(?:i|we)(?:['’]m| am|['’]re| are|['’]ve| have)? (?:already |now |currently )?(?:fly(?:ing)?|booked|"
    r"have|got|on|leav(?:e|ing)|travel(?:l?ing)?)(?: (?:on|for))?(?: already| now)?,\s*",
)
_DATE_BEFORE = Wording(
    r"\b(?:on|by|until|till|leav(?:e|ing)|return(?:ing)?|back|depart(?:ing)?|between|from|through|to|and|not|mean|"
    r"sorry|no)\W+$",
)


def find_dates(text: str) -> list[Span]:
    """Find date phrases, in the order said. Prepositions such as "on" are no part of them."""
    spans: list[Span] = []
    for match in (match for finder in _FINDERS for match in finder.finditer(text)):
        whole = match.group()
        said = whole.rstrip(" .,")
        if lead := re.match(r"(?:on|for|after(?!\s+tomorrow)|stay(?:ing)?|spend(?:ing)?)\s+", said, re.IGNORECASE):
            said = said[lead.end() :]
        start = match.start() + whole.index(said)
        if _EARLY_ORDINAL.fullmatch(said) and not _is_day(text, start, said):
            continue
        if re.search(r"\w(?:st|nd|rd|th|t|d)$", said) and ordinal(said) and _NOT_DATES.match(text[match.end() :]):
            continue
        spans.append(Span(start, start + len(said), said, "date"))
    return _once(text, longest_first(spans))


def _is_day(text: str, start: int, said: str) -> bool:
    """Tell a day from a place in a row: it is said behind "on" or the like, behind a name, or alone."""
    before, behind = text[:start], text[start + len(said) :]
    named = _NAME_BEFORE.search(before) and _ENDS_THERE.match(behind)
    return bool(named or _DATE_BEFORE.search(before) or text.strip(" .,!?") == said)


def _once(text: str, spans: list[Span]) -> list[Span]:
    """Leave out a weekday that is then said as a day of the month: "on the Sunday, that'd be the 20th"."""
    return [
        span
        for span, following in zip_longest(spans, spans[1:])
        if not (
            following is not None
            and _WEEKDAY_ALONE.fullmatch(span.text)
            and not _WEEKDAY_ALONE.search(following.text)
            and _THAT_IS.fullmatch(text[span.end : following.start])
        )
    ]


def resolve_date(said: str, *, today: date, previous: date | None = None) -> DateMatch | None:
    """Say which day the words mean, seen from ``today`` and from the date of the leg before.

    Args:
        said: A date phrase, such as `find_dates` gives.
        today: The date at the departure airport now.
        previous: The date of the leg before, which "two nights there" and "the day after" count from.

    Returns:
        None where the words are no date. A day in the past comes back with ``problem`` set, never as a date.
    """
    whole = " ".join(said.strip(" .,!?").split())
    text = _PART_OF_DAY.sub("", _LEAD.sub("", whole)) or whole
    context = DateContext(today, previous)
    lasting = (f"for {text}",) if previous else ()  # "… on the 10th, a week"
    for form in dict.fromkeys((text, f"the {text}", whole, *lasting)):
        if (found := run(form, context)) is not None:
            return _settled(said, found, context)
    return _settled(said, _parsed(text, today), context)


def _parsed(text: str, today: date) -> Found:
    """Ask dateparser, for forms that no rule knows. Only what it reads as a complete date counts."""
    if not re.search(r"\d", text):
        return None
    found = dateparser.parse(
        text,
        languages=["en"],
        settings={
            "RELATIVE_BASE": datetime.combine(today, time()),
            "PREFER_DATES_FROM": "future",
            "REQUIRE_PARTS": ["day", "month"],
            "PARSERS": ["absolute-time"],
        },
    )
    return found.date() if found else None


def _settled(said: str, found: Found, context: DateContext) -> DateMatch | None:
    """Turn what a rule found into a match, and keep the past out."""
    match found:
        case None:
            return None
        case DateMatch():
            result = replace(found, said=said)
        case (likely, first, last):
            result = DateMatch(said, likely, first, last)
        case day:
            result = DateMatch(said, day, day, day)
    if result.problem or result.date is None or result.first is None:
        return result
    if result.date < context.today:
        return DateMatch(said, None, problem="past")
    options = tuple(day for day in result.alternatives if day >= context.today)
    return replace(result, first=max(result.first, context.today), alternatives=options if len(options) > 1 else ())
