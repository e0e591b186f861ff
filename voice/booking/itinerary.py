"""The flights of a turn, read clause by clause, without a model.

Places, dates and times are taken in the order said. A leg ends where the next place would not fit, at "then", or where
the caller speaks of coming back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from voice.booking import cues
from voice.booking.date_mentions import is_celebrated, restates
from voice.booking.fallback import split_fallback
from voice.booking.parties import completed
from voice.booking.riders import SUBJECT, WHOLE
from voice.booking.roles import role_of
from voice.booking.spans import Span

BACK = "back"
"""Stands for the place where the trip began."""

_STAY = re.compile(r"(?:\w+|a couple of|a few) (?:days?|nights?|weeks?|fortnights?|months?)(?: there)?", re.IGNORECASE)
_CLAUSE_START = re.compile(r"[,.;]\s*(?:and |but |with |then |only |just |the )*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Itinerary:
    """What was read.

    Attributes:
        legs: Each a mapping of ``from``, ``to``, ``date``, ``time``, ``who`` to the words said.
        sure: Whether every place and date found its one slot.
        fallback: What to try otherwise, as said, or ``""``.
    """

    legs: tuple[dict[str, str], ...] = ()
    sure: bool = True
    fallback: str = ""


@dataclass(slots=True)
class _Builder:
    """Legs as they grow."""

    legs: list[dict[str, str]] = field(default_factory=lambda: [{}])
    broken_since_place: bool = False
    sure: bool = True
    said: Span | None = None

    @property
    def leg(self) -> dict[str, str]:
        return self.legs[-1]

    def next(self) -> None:
        if self.leg:
            self.legs.append({})

    def put(self, key: str, value: str) -> None:
        if self.leg.get(key, value) != value:
            self.sure = False
        self.leg[key] = value


def read_legs(text: str, spans: Iterable[Span]) -> Itinerary:
    """Read the legs. Pure; the spans are those of this text, in the order said."""
    fallback, kept = split_fallback(text, tuple(spans))
    kept = _without_overview(text, kept)
    marks = _marks(text, kept)
    build = _Builder()
    places = [span for span in kept if span.kind == "place" and role_of(text, span) != "via"]
    dates = [span for span in kept if span.kind == "date" and not is_celebrated(text, span)]
    dates_lead = len(dates) > 1 and bool(places) and dates[0].start < places[0].start
    for position, kind, span in marks:
        match kind:
            case "break":
                build.broken_since_place = True
                if _ends_leg(build, position, places, text):
                    build.next()
                    build.broken_since_place = False
            case "back":
                if build.leg.get("to") or (build.leg.get("date") and not places):
                    build.next()
                if build.legs[0] or not places or position > places[-1].start:
                    build.leg[BACK] = BACK
            case "place" if span is not None:
                if role_of(text, span) == "land":
                    _goes_by_land(build, span)
                else:
                    _place(build, _role(text, span, places), span, last=span is places[-1])
            case "date" if span is not None and span in dates:
                if restates(text, build.said, span):
                    build.leg.pop("date", None)
                build.said = span
                if _STAY.fullmatch(build.leg.get("date", "")) and not _STAY.fullmatch(span.text):
                    build.leg.pop("date")  # "stay three nights, and then … on Thursday": the day counts
                if build.leg.get("date", span.text) != span.text or (
                    dates_lead and build.leg.get("to") and build.leg.get("date") != span.text
                ):
                    build.next()
                build.put("date", span.text)
            case "time" if span is not None:
                build.put("time", span.text)
            case "person" if span is not None and span.name in (SUBJECT, WHOLE):
                if build.leg.keys() - {"date", BACK} or (build.leg and span.name == WHOLE):
                    build.next()
                if span.name == SUBJECT:
                    build.put("who", span.text)
            case "person" if span is not None:
                if "to" in build.leg and _CLAUSE_START.search(text[: span.start]) and _more(text, position, places):
                    build.next()
                build.put("who", span.text)
            case _:
                pass
    legs = _finished(build, bool(cues.ROUND_TRIP.search(text)))
    sure = build.sure and all(leg.get("from") != leg.get("to") or "from" not in leg for leg in legs)
    return Itinerary(legs, sure and not fallback, fallback)


def _without_overview(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Drop the places of a sentence that only names them, if later sentences say them all again."""
    ends = [match.end() for match in re.finditer(r"(?<!\bSt)[.?!]\s+", text)]
    dropped: list[Span] = []
    for start, end in pairwise([0, *ends]):
        inside = [span for span in spans if start <= span.start < end]
        places = [span for span in inside if span.kind == "place"]
        later = {span.name for span in spans if span.kind == "place" and span.start >= end}
        if places and len(places) == len(inside) and {span.name for span in places} <= later:
            dropped += places
    return tuple(span for span in spans if span not in dropped)


def chained(legs: Sequence[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Fill in what goes without saying: a leg starts where the one before ended, and "back" is where the trip began."""
    made: list[dict[str, Any]] = []
    for said in legs:
        leg = dict(said)
        home = made[0].get("from") if made else None
        if leg.get("to") in (BACK, "home"):
            leg.pop("to")
            if home and home != leg.get("from"):
                leg["to"] = home
        if leg.get("from") in (BACK, "home"):
            leg.pop("from")
        if "from" not in leg and made and "to" in made[-1] and made[-1]["to"] != leg.get("to"):
            leg["from"] = made[-1]["to"]
        elif "from" not in leg and made and leg.get("to") and "who" in leg and "from" in made[-1]:
            leg["from"] = made[-1]["from"]  # another rider goes there as well
        made.append({key: leg[key] for key in ("from", "to", "date", "time", "who") if key in leg})
    return tuple(leg for leg in made if leg)


def _marks(text: str, spans: Sequence[Span]) -> list[tuple[int, str, Span | None]]:
    """Put spans, breaks and words for the way back in the order said."""
    marks: list[tuple[int, str, Span | None]] = [
        (span.start, span.kind, span) for span in spans if span.kind in ("place", "date", "time", "person")
    ]
    covered = [(span.start, span.end) for span in spans]

    def free(match: re.Match[str]) -> bool:
        return all(match.end() <= start or match.start() >= end for start, end in covered)

    marks += [(match.start(), "break", None) for match in cues.NEXT_LEG.finditer(text) if free(match)]
    marks += [(start, "back", None) for start in _returns(text, spans)]
    return sorted(marks, key=lambda mark: (mark[0], mark[1] != "break"))


def _returns(text: str, spans: Sequence[Span]) -> list[int]:
    """Give where the caller speaks of the way back."""
    return [
        match.start()
        for match in cues.RETURNS.finditer(text)
        if all(match.end() <= span.start or match.start() >= span.end for span in spans)
        and not cues.ROUND_TRIP.match(text, match.start())
    ]


def ways_back(text: str, spans: Sequence[Span]) -> list[int]:
    """Give where the caller goes back without naming the place ("and back on Monday")."""
    found: list[int] = []
    for start in _returns(text, spans):
        ends = [span.end for span in spans if span.end <= start]
        until = _next_clause(text, start)
        named = any(start <= span.start < until and role_of(text, span) == "to" for span in spans)
        if ends and not named:
            found.append(start)
    if not found and cues.ROUND_TRIP.search(text) and sum(span.kind == "date" for span in spans) == 2:
        found.append(len(text))
    return found[-1:]


def _next_clause(text: str, start: int) -> int:
    match = re.compile(r"[.;?!]\s|,? (?:and|then|but) ", re.IGNORECASE).search(text, start + 1)
    return match.start() if match else len(text)


def _more(text: str, position: int, places: Sequence[Span]) -> bool:
    """Whether another flight is still to come."""
    return any(span.start > position for span in places) or bool(cues.RETURNS.search(text, position))


def _ends_leg(build: _Builder, position: int, places: Sequence[Span], text: str) -> bool:
    """Whether a break after a finished leg opens the next one: only if some place or way back is still to come."""
    ahead = [span for span in places if span.start > position]
    if "from" not in build.leg and [role_of(text, span) for span in ahead] == ["from"]:
        return False  # what follows is where this leg starts
    more = bool(ahead) or bool(cues.RETURNS.search(text, position))
    return "to" in build.leg and more and not (len(build.leg) == 1 and "from" not in build.leg and _single(places))


def _role(text: str, span: Span, places: Sequence[Span]) -> str:
    """Give a place's role; of two in a row ("round trip Seattle Anchorage") the first is where it starts."""
    role = role_of(text, span)
    if not role and len(places) == 2 and span is places[0] and not role_of(text, places[1]):
        return "from" if re.fullmatch(r"\s*(?:,|to|-|–)?\s*", text[span.end : places[1].start]) else role
    following = next((other for other in places if other.start >= span.end), None)
    if not role and following is not None and re.fullmatch(r"\s*,?\s*to\s+", text[span.end : following.start]):
        return "from"
    adjacent = following is not None and not text[span.end : following.start].strip(" -–")
    return "from" if not role and adjacent else role


def _single(places: Sequence[Span]) -> bool:
    return len(places) < 2 or len({span.name for span in places}) == 1


def _place(build: _Builder, role: str, span: Span, *, last: bool) -> None:
    leg = build.leg
    if role == "via":
        return
    if role == "from" and last and "to" in leg and "from" not in build.legs[0]:
        build.legs[0]["from"] = span.text  # "…, starting from Atlanta" at the end is where the first leg starts
    elif role == "from":
        if leg.keys() <= {"from", BACK} and leg.get("from") == span.text:
            return
        if leg.keys() == {"from"} and len(build.legs) > 1:
            leg.clear()  # where a drive or a ride ended, unless another place is named
        if "from" in leg or ("to" in leg and (build.broken_since_place or leg["to"] == span.text)):
            if "from" in leg and "to" not in leg and leg["from"] != span.text:
                build.sure = False
            build.next()
        build.leg["from"] = span.text
    else:
        if "to" in leg:
            build.next()
        if not role and "from" not in build.leg and len(build.legs) == 1:
            build.sure = False
        build.leg["to"] = span.text
    build.broken_since_place = False


def _goes_by_land(build: _Builder, span: Span) -> None:
    """End a leg before a stretch that is not flown; the next flight starts where it ends unless said otherwise."""
    flown = "to" in build.leg or len(build.legs) > 1
    build.next()
    if flown:
        build.leg["from"] = span.text


def _finished(build: _Builder, round_trip: bool) -> tuple[dict[str, str], ...]:
    legs = completed([leg for leg in build.legs if leg.keys() - {"who"}], BACK)
    if round_trip and len(legs) == 2 and not ({"from", "to"} & legs[1].keys()):
        legs[1][BACK] = BACK
    for index, leg in enumerate(legs):
        if leg.pop(BACK, None) and index and "to" not in leg:
            leg["to"] = BACK
    return chained(legs)
