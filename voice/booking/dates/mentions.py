"""Dates that are no day to fly: what is celebrated, and what only says the date before it again."""

from __future__ import annotations

import re

from voice.booking.text.spans import Span
from voice.booking.text.wording import Wording

_HOLIDAY = Wording(
    r"christmas|new year|thanksgiving|easter|valentine|halloween|(?:memorial|labor|independence) day|the weekend",
)
_EVENT = Wording(
    r"\b(?:birthday|wedding|anniversary|meeting|conference|party|funeral|graduation|interview|appointment|concert|"
    r"game|exam|match|ceremony|festival|show|reunion|christening|deadline|holiday)\b(?: is| starts| begins|"
    r" takes place|'s)+ (?:on )?(?:the )?$",
)

_OF_SOMEBODY = Wording(r"(?<!that)(?<!it)(?<!there)(?<!here)(?<!what)['’]s (?:big )?$")
_DESCRIBED = Wording(r"\b(?:that|which|it)(?:['’]s| is| would be| will be| falls on| being) an? $")
_NOW_IS = Wording(r"\bit['’]s $")
_MOST_DAYS = 31


def is_celebrated(text: str, span: Span) -> bool:
    """Whether a date only names what is celebrated: "spend Christmas in Honolulu"."""
    before, after = text[: span.start], text[span.end :]
    ordinal = re.fullmatch(r"(?:the )?(\d+)(?:st|nd|rd|th)", span.text, re.IGNORECASE)
    if ordinal and (int(ordinal[1]) > _MOST_DAYS or (_OF_SOMEBODY.search(before) and span.text[0].isdigit())):
        return True  # "my mother's 80th"
    if _DESCRIBED.search(before) or (
        _NOW_IS.search(before) and _HOLIDAY.match(span.text) and not after.startswith(" ")
    ):
        return len(re.findall(r"day\b|\d(?:st|nd|rd|th)\b", text)) > 1 or bool(re.search(r"\d", before))
    spends = re.search(
        r"\b(?:spend(?:ing)?|(?:with|have|enjoy|a|an?)(?: \w+)?)\s+(?:the |a |our )?$", before, re.IGNORECASE
    ) and re.match(r"\s+(?:in|at|with)\b", after)
    celebrates = re.search(r"\bfor\s+$", before, re.IGNORECASE) and _HOLIDAY.match(span.text)
    if _EVENT.search(before) and len(re.findall(r"day\b|\d(?:st|nd|rd|th)\b", text)) > 1:
        return True
    if "weekend" in span.text.casefold() and len(re.findall(r"day\b|\d(?:st|nd|rd|th)\b", text)) < 2:
        return False
    return bool(spends or celebrates)


def restates(text: str, said: Span | None, span: Span) -> bool:
    """Whether a date says the one before it again, as a day of the calendar: "a day later, the 27th"."""
    if said is None or not re.search(
        r"\b(?:later|after|before|earlier|next|same|tomorrow|in)\b", said.text, re.IGNORECASE
    ):
        return False
    return bool(
        re.fullmatch(
            r"\s*[,(]\s*(?:that's|that is|that would be|so|which is|i mean|on)?\s*", text[said.end : span.start]
        )
    )
