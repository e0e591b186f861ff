"""Times of day as callers say them: found in a transcript, and turned into a window to depart or arrive in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from voice.booking.dates.occasions import OCCASION, occasion_window
from voice.booking.text.numerals import TENS, UNITS, cardinal
from voice.booking.text.spans import Span, longest_first
from voice.booking.text.wording import Wording


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """When to fly, in local time of the airport.

    Attributes:
        earliest: First minute that would do.
        latest: Last minute that would do.
        arrival: Whether the window is for the arrival, not the departure.
        target: The very time that was asked for, to prefer the nearest; None for a stretch.
    """

    earliest: time
    latest: time
    arrival: bool = False
    target: time | None = None

    def holds(self, moment: time) -> bool:
        """Whether a local time lies in the window (seconds do not count)."""
        return self.earliest <= moment.replace(second=0, microsecond=0) <= self.latest


DAY_START, DAY_END = time(0, 0), time(23, 59)
EXACT_MINUTES, ABOUT_MINUTES = 30, 75
"""How far from "at nine" and "around nine" a flight may leave, in minutes."""

_PARTS: dict[str, tuple[time, time]] = {
    "morning": (time(5), time(11, 59)),
    "afternoon": (time(12), time(17, 59)),
    "evening": (time(17), time(23, 59)),
    "night": (time(19), time(23, 59)),
    "lunchtime": (time(11), time(13, 59)),
    "lunch": (time(11), time(13, 59)),
    "early morning": (time(4), time(8, 59)),
    "late morning": (time(9, 30), time(11, 59)),
    "early afternoon": (time(12), time(14, 59)),
    "late afternoon": (time(15), time(18)),
    "early evening": (time(17), time(19, 59)),
    "late evening": (time(20), time(23, 59)),
    "late night": (time(21), time(23, 59)),
}

_ALSO_PARTS = (
    (r"\barvo\b", "afternoon"),
    (
        r"\b(?:the )?(?:crack of )?dawn\b|\bdaybreak\b|\bsun[\s-]?(?:rise|up)\b|\bbreakfast time\b|"
        r"\b(?:wee|small) hours\b",
        "early morning",
    ),
    (r"\b(?:dusk|nightfall|sun[\s-]?(?:set|down)|(?:tea|dinner|supper)[\s-]?time)\b", "evening"),
)
"""Other names of a part of the day, as patterns."""

_ONE_TO_NINE = "|".join(list(UNITS)[1:10])
_HOUR = "|".join(list(UNITS)[1:13])
_MINUTE = (
    rf"(?:oh[\s-]+(?:{_ONE_TO_NINE})|(?:{'|'.join(list(TENS)[:4])})(?:[\s-]+(?:{_ONE_TO_NINE}))?|"
    rf"{'|'.join(list(UNITS)[10:])})"
)
_HALF = r"[ap]\.?\s?m\b\.?|in the (?:morning|afternoon|evening)|at night"
_CLOCK = (
    rf"\b(?:(?:half(?: past)?|quarter (?:past|to)|(?:{_MINUTE}|five) (?:past|to)) (?:\d{{1,2}}|"
    rf"{_HOUR})(?:\s*(?:{_HALF}))?|"
    rf"\d{{1,2}}[:.]\d\d(?:\s*(?:{_HALF}))?|\d{{3,4}}\s*(?:[ap]\.?m\b\.?)|(?:\d{{1,2}}|{_HOUR})[\s-]?ish\b|"
    rf"(?:\d{{1,2}}|{_HOUR})\s*(?:{_HALF}|o['’]?clock(?:\s+(?:{_HALF}))?)|"
    rf"(?:{_HOUR})[\s-]+{_MINUTE}(?:\s*(?:{_HALF}))?|(?:noon|midday|midnight)\b)"
)
_BARE = (
    rf"\b(?:(?:\d{{1,2}}|{_HOUR})(?![\d:/.,]*\d|"
    r"[\s-]*(?:st|nd|rd|th|%|dollars|bucks|hundred|thousand|people|passengers?|bags?|bookings?|reservations?|trips?|"
    r"things?|questions?|matters?|flights?|legs?|nights?|days?|weeks?|months?|hours?|stops?|tickets?|of|seats?|adults?|"
    r"kids|january|february|march|april|may|june|july|august|september|october|november|december)\b)\b)"
)
_POINT = rf"(?:{_CLOCK}|{_BARE})"
_NEVER = (
    r"(?:(?:(?:must|do|does|can|could|should|would|will|need|wo|ca|sha)(?:n['’]t| not)|cannot|not|never|nothing|none|"
    r"no "
    r"(?:flights?|planes?|departures?))\s+(?:(?:that|which|to|be|want(?:s)?|like|have|wish|care|able|anything|flights?|"
    r"a flight|one)\s+){0,4}(?:(?:leav|depart|go|start|set|tak|fly|flies|arriv|land|get|be|"
    r"com)\w*\s+(?:(?:off|in|out|there|back)\s+)?)?)"
)
"""What turns "before" into its opposite: "it mustn't leave before"."""
_OPERATOR = (
    rf"{_NEVER}(?:any ?time )?(?:before|after|earlier than|later than|past)|no later than|not later than|"
    r"no earlier than|not before|not after|earlier than|later than|any ?time (?:after|before)|before|by|until|till|"
    r"after|past|from|at|around|about|roughly|close to|near|towards?"
)
_ARRIVE = (
    r"(?:arriv(?:e|es|ing|al)|land(?:s|ing)?|get(?:s|ting)? (?:there|in)|be(?:ing)? (?:there|in)|"
    r"(?<!['’]s )(?<!is )(?<!are )there)"
)
_PART = (
    r"(?:(?:first thing )?(?:in|during|at) )?(?:the |this )?(?:(?:early|late|mid)[\s-]?)?(?:morning|afternoon|evening|"
    r"night|lunch(?:time)?|arvo|noon(?=time)|breakfast time|tea[\s-]?time|dinner[\s-]?time|supper[\s-]?time|"
    r"(?:the )?(?:crack of )?dawn|daybreak|sun[\s-]?(?:rise|set|up|down)|dusk|nightfall|(?:wee|small) hours)"
)
_EITHER_PART = (
    r"(?:morning or (?:in |during )?(?:the )?(?:early )?afternoon|"
    r"afternoon or (?:in |during )?(?:the )?(?:early )?evening|evening or (?:at |in the )?night)\b"
)
"""Two parts of the day that touch: any hour of both will do."""
_PREFERENCE = (
    r"(?:the )?(?:earliest|first|latest|last) (?:possible )?(?:flight|one|departure)(?: of the day| out| possible)?|"
    r"red[\s-]?eye|overnight"
)
_PATTERNS = tuple(
    Wording(pattern)
    for pattern in (
        rf"\b(?:{_ARRIVE} )?between {_POINT} and {_POINT}",
        rf"\bfrom {_POINT} (?:to|until|till) {_CLOCK}",
        rf"\b(?:{_ARRIVE} )?(?:{_OPERATOR}) (?:about |around )?{_POINT}",
        rf"{_CLOCK}(?: or (?:later|after|earlier|before))?",
        rf"{_BARE} or (?:later|earlier)\b",
        rf"\b(?:{_ARRIVE} )?{_PART}\b(?! (?:before|after) )",
        rf"\b(?:in |during )?(?:the )?{_EITHER_PART}",
        rf"\b{OCCASION}\b(?! (?:time in|meeting|class|trip|visa|permit))",
        r"\btonight\b",
        r"\bfirst thing\b(?! in)",
        rf"\b(?:{_PREFERENCE})\b",
    )
)
_ONE_OF_THEM = Wording(
    r"\b(?:there|is|a|an|the|any|have|got|get|find|another|other|this|that|earlier|later|want|me|"
    r"first|second|third|last|next|return)\s+$"
)
_NIGHTS = Wording(r"\b(?:per|a|each|one|two|three|four|five|six|seven|\d+)\s+$")


def find_times(text: str) -> list[Span]:
    """Find times and windows ("before 5 pm", "in the morning", "at 9:15"), in the order said."""
    spans: list[Span] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            said = match.group().rstrip()
            if said.endswith(".") and not re.search(r"\.\s?m\.$", said, re.IGNORECASE):
                said = said[:-1]
            if said.casefold() == "night" and _NIGHTS.search(text, 0, match.start()):
                continue
            if said.casefold().startswith("one in") and _ONE_OF_THEM.search(text, 0, match.start()):
                continue
            if said.casefold().startswith("from ") and not re.search(_CLOCK, said, re.IGNORECASE):
                continue
            spans.append(Span(match.start(), match.start() + len(said), said, "time"))
    return longest_first(spans)


def resolve_time_window(said: str, *, than: time | None = None) -> TimeWindow | None:
    """Say which stretch of the day the words mean; None where they are no time.

    A bare hour is taken as people fly: 7 to 11 in the morning, 12 to 6 in the afternoon.

    Args:
        said: A time phrase, such as `find_times` gives.
        than: The time that "earlier" and "later" compare with.
    """
    text = " ".join(said.strip(" ,!?").casefold().split())
    for other, part in _ALSO_PARTS:
        text = re.sub(other, part, text)
    arrival = bool(re.search(rf"\b{_ARRIVE}\b", text))
    if match := re.search(rf"(?:between|from) (?P<a>{_POINT}) (?:and|to|until|till) (?P<b>{_POINT})", text):
        last = _clock(match["b"])
        for first in (_clock(match["a"], like=match["b"]), _clock(match["a"])):
            if first and last and first <= last:
                return TimeWindow(first, last, arrival)
    if either := re.search(_EITHER_PART, text):
        first, last = (_PARTS[part] for part in re.findall(r"morning|afternoon|evening|night", either[0]))
        return TimeWindow(first[0], last[1], arrival)
    if occasion := occasion_window(text):
        return TimeWindow(*occasion, arrival)
    match = re.search(
        rf"(?:(?P<op>{_OPERATOR}) (?:about |around )?)?(?P<t>{_POINT})(?P<tail> or (?:later|after|earlier|before))?",
        text,
    )
    point = _clock(match["t"]) if match else None
    if match and point:
        vague = "around" if text.endswith("ish") else ""
        return _windowed(f"{match['op'] or vague}{match['tail'] or ''}", point, arrival)
    if re.search(r"\btonight\b", text):
        return TimeWindow(time(17), DAY_END, arrival)
    if re.search(r"red[\s-]?eye|overnight", text):
        return TimeWindow(time(20), DAY_END, arrival)
    if match := re.search(
        r"(?P<which>earliest|first|latest|last) (?:possible )?(?:flight|one|departure|possible)|earliest", text
    ):
        late = (match["which"] or "earliest") in ("latest", "last")
        return TimeWindow(DAY_START, DAY_END, arrival, DAY_END if late else DAY_START)
    if text == "first thing":
        return TimeWindow(*_PARTS["early morning"], arrival)
    if match := re.search(
        r"(?P<how>early|late|mid)?[\s-]?(?P<part>morning|afternoon|evening|night|lunch(?:time)?)", text
    ):
        early = "early" if "first thing" in text else match["how"]
        window = _PARTS.get(f"{early} {match['part']}") or _PARTS[match["part"]]
        return TimeWindow(*window, arrival)
    if re.search(r"\bearlier\b", text):
        return TimeWindow(DAY_START, _shifted(than, -1) if than else time(11, 59), arrival)
    if re.search(r"\blater\b", text):
        return TimeWindow(_shifted(than, 1) if than else time(12), DAY_END, arrival)
    if re.search(r"\bany ?time\b|\bdoesn't matter\b|\bdon't care\b|\bflexible\b", text):
        return TimeWindow(DAY_START, DAY_END, arrival)
    if re.search(r"\b(?:early|soon)\b", text):
        return TimeWindow(DAY_START, time(11, 59), arrival, DAY_START)
    return TimeWindow(time(17), DAY_END, arrival) if re.search(r"\blate\b", text) else None


def speak_time(moment: time) -> str:
    """Give the form to speak: ``9:15 AM``, ``noon`` as ``12 PM``, a full hour as ``9 AM``."""
    minutes = f":{moment.minute:02d}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes} {'AM' if moment.hour < 12 else 'PM'}"


def _windowed(operator: str, point: time, arrival: bool) -> TimeWindow:
    operator = re.sub(rf"{_NEVER}(?:any ?time )?", "not ", operator)
    if re.search(
        r"(?<!not )before|^by|until|till|no later|not later|not after|not past|earlier(?! than)|^earlier", operator
    ):
        return TimeWindow(DAY_START, point, arrival)
    if re.search(r"after|past|from|no earlier|not earlier|not before|later", operator):
        return TimeWindow(point, DAY_END, arrival)
    margin = ABOUT_MINUTES if re.search(r"around|about|roughly|close|near|toward", operator) else EXACT_MINUTES
    return TimeWindow(_shifted(point, -margin), _shifted(point, margin), arrival, point)


def _shifted(moment: time, minutes: int) -> time:
    total = min(max(moment.hour * 60 + moment.minute + minutes, 0), 24 * 60 - 1)
    return time(total // 60, total % 60)


def _clock(said: str, like: str = "") -> time | None:
    """Read a point of time. ``like`` lends its half of the day ("between 2 and 4 pm")."""
    text = said.strip().casefold()
    if "midnight" in text:
        return time(23, 59)
    if text.startswith(("noon", "midday")):
        return time(12)
    text = re.sub(r"[\s-]?ish$", "", text)
    half = _half(text) or _half(like)
    text = re.sub(rf"\s*(?:{_HALF}|o['’]?clock.*)\s*$", "", text).strip()
    text = re.sub(r"\s*(?:o['’]?clock)\s*$", "", text).strip()
    hour, minute = _hour_minute(text)
    if hour is None or not 0 <= minute < 60 or not 0 <= hour < 24:
        return None
    if half == "p" and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    elif not half and 1 <= hour <= 6 and not re.match(r"0\d", text):
        hour += 12
    return time(hour, minute)


def _half(text: str) -> str:
    if match := re.search(r"(?:\b|\d)([ap])\.?\s?m\b", text):
        return match[1]
    if re.search(r"in the morning", text):
        return "a"
    return "p" if re.search(r"in the (?:afternoon|evening)|at night", text) else ""


def _hour_minute(text: str) -> tuple[int | None, int]:
    if match := re.fullmatch(r"(\d{1,2})[:.](\d\d)", text):
        return int(match[1]), int(match[2])
    if match := re.fullmatch(r"(\d{1,2})(\d\d)", text):
        return int(match[1]), int(match[2])
    text = re.sub(r"^half (?!past)", "half past ", text)
    if match := re.fullmatch(r"(half|quarter|[\w-]+) (past|to) ([\w-]+)", text):
        minutes = {"half": 30, "quarter": 15}.get(match[1]) or cardinal(match[1])
        hour = cardinal(match[3])
        if hour is None or minutes is None:
            return None, 0
        return (hour, minutes) if match[2] == "past" else ((hour - 1) or 12, 60 - minutes)
    words = re.split(r"[\s-]+", text, maxsplit=1)
    hour = cardinal(words[0])
    if len(words) == 1 or hour is None:
        return hour, 0
    minutes = cardinal(re.sub(r"^oh[\s-]+", "", words[1]))
    return (hour, minutes) if minutes is not None else (None, 0)
