"""Where a city lies, told only afterwards: "Do you fly to Portland? The one in Maine, I mean."."""

from __future__ import annotations

from voice.booking.places.areas import area_of
from voice.booking.places.regions import without_regions
from voice.booking.spotting import spot
from voice.booking.text.wording import Wording

_ONE_IN = Wording(
    r"\s*(?P<stop>[?.!,;])\s*(?:(?:i mean|well|sorry|so|and|that['’]?s|that is|it['’]?s)\b[\s,]*)*(?:the|that) "
    r"(?:one|city|town) (?:(?:that['’]?s|that is|which is) )?(?:(?:up|over|down|out) )?in "
    r"(?P<where>(?-i:[A-Z])[a-z]+(?: (?-i:[A-Z])[a-z]+){0,2})"
    r"(?:[\s,]+(?:i mean|that is|please|of course|obviously|you know))*(?=[.!?,]|$)\.?"
)
_MEANT = Wording(
    r"\s*(?P<stop>[?.!])\s*(?:i mean(?:t)?(?: the one in)?,? )?"
    r"(?P<where>(?-i:[A-Z])[a-z]+(?: (?-i:[A-Z])[a-z]+){0,2}),? "
    r"(?:i mean|that is)\W*$"
)


def located(text: str) -> str:
    """Give a turn with where a city lies right behind its name."""
    for span in spot(text):
        found = (_ONE_IN.match(text, span.end) or _MEANT.match(text, span.end)) if span.kind == "place" else None
        if found and _lies_there(span.text, found["where"]):
            stop = found["stop"] if found["stop"] != "," else ""
            return f"{text[: span.end]}, {found['where']}{stop}{text[found.end() :]}"
    return text


def _lies_there(city: str, where: str) -> bool:
    """Whether there is such a city in a state or country."""
    said = f"{city}, {where}"
    spans = spot(said)
    return bool(area_of(where)) or any(span.text == said for span in spans) or without_regions(said, spans) != said
