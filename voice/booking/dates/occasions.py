"""Times of day named after what people do then: "after lunch", "before dark", "once the school day is over"."""

from __future__ import annotations

import re
from datetime import time

from voice.booking.text.wording import Wording

_HOURS = {
    "dawn": (5, 7),
    "daybreak": (5, 7),
    "sunrise": (6, 7),
    "sunup": (6, 7),
    "rush hour": (8, 10),
    "breakfast": (8, 9),
    "church": (10, 12),
    "brunch": (11, 12),
    "lunch": (12, 13),
    "school": (8, 15),
    "tea": (17, 18),
    "work": (9, 17),
    "office hours": (9, 17),
    "dinner": (18, 20),
    "supper": (18, 20),
    "sunset": (18, 19),
    "sundown": (18, 19),
    "dusk": (18, 19),
    "dark": (18, 19),
    "nightfall": (19, 20),
    "bedtime": (21, 22),
}
"""When each begins and ends, in whole hours of the day."""
_NAMES = "|".join(name.replace(" ", r"\s") for name in sorted(_HOURS, key=len, reverse=True))
OCCASION = (
    r"(?:(?:any|some)\s?time\s+)?(?:(?:just|right|shortly|soon|well|straight|directly)\s+)?(?:before|after|around|"
    rf"about|by|until|till|past)\s+(?:the\s+)?(?:{_NAMES})(?:[\s-]?time|\s+hours?|\s+run)?"
)
"""A pattern for a time before, after or around an occasion (use with ``re.IGNORECASE``)."""
_READ = Wording(rf"\b(?P<side>before|after|around|about|by|until|till|past)\s+(?:the\s+)?(?P<name>{_NAMES})")


def occasion_window(said: str) -> tuple[time, time] | None:
    """Give the first and last minute that such words mean; None if they name no occasion."""
    match = _READ.search(said)
    if match is None:
        return None
    begin, end = _HOURS[re.sub(r"\s+", " ", match["name"].casefold())]
    match match["side"].casefold():
        case "before" | "by" | "until" | "till":
            return time(0), time(begin)
        case "after" | "past":
            return time(end), time(23, 59)
        case _:
            return time(max(0, begin - 1)), time(min(23, end), 59)
