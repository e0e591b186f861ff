"""The flights of a turn, read clause by clause, without a model.

Places, dates and times are taken in the order said. A leg ends where the next place would not fit, at "then", or where
the caller speaks of coming back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from voice.booking.dates.mentions import is_celebrated, restates
from voice.booking.itinerary.fallback import split_fallback
from voice.booking.itinerary.homes import homes_of
from voice.booking.itinerary.leg_builder import ALL, BACK, Builder, begins_at, finished, goes_by_land, put_place
from voice.booking.itinerary.riders import SUBJECT, WHOLE
from voice.booking.itinerary.stopovers import stopover_in, stopped
from voice.booking.itinerary.told_order import mirrored, told_forwards
from voice.booking.places.roles import role_of, unflown
from voice.booking.text.spans import Span
from voice.booking.text.wording import Wording
from voice.booking.wishes import cues

_STAY = Wording(r"(?:\w+|a couple of|a few) (?:days?|nights?|weeks?|fortnights?|months?)(?: there)?")
_TOWARDS = Wording(r"\b(?:to|into|visit(?:ing)?|reach(?:ing)?|towards?)\s+(?:the\s+)?$")
_AND_OUT_OF = Wording(r"\b(?:and|but|then)\s+(?:\w+\s+){0,3}?(?:out of|out through|from)\s+$")
_OUT_OF = Wording(r",\s+(?:coming|flying|leaving|returning|departing) (?:back )?(?:out of|from)\s+$")
_BACK_FROM = Wording(r"\b(?:back|home|return\w*) (?:from|out of)\s+$")
_REASON = Wording(r"\b(?:\w+ing|\w+s|an?|the|my|our|some) (?:\w+ ){1,3}(?:in|at|near)\s+$")
_ALONE = re.compile(r"(?:^|[.?!]\s)\s*$")
"""Before a name that is a sentence by itself: "Lisbon. Madrid. Friday."."""
_CLAUSE_START = Wording(r"[,.;]\s*(?:and |but |with |then |only |just |the )*$")


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


def read_legs(text: str, spans: Iterable[Span]) -> Itinerary:
    """Read the legs. Pure; the spans are those of this text, in the order said."""
    fallback, kept = split_fallback(text, tuple(spans))
    stopover = stopover_in(text, kept)
    kept = tuple(span for span in kept if stopover is None or span not in stopover.spans)
    text, kept, turn = told_forwards(text, kept)
    kept = _without_overview(text, kept)
    marks = _marks(text, kept)
    build = Builder()
    places = [span for span in kept if span.kind == "place" and role_of(text, span) != "via"]
    dates = [span for span in kept if span.kind == "date" and not is_celebrated(text, span)]
    home, named = homes_of(text, places)
    named = (*named, *_told_again(text, places, dates))
    places = [span for span in places if span not in named]
    marks = [mark for mark in marks if mark[2] not in named]
    dates_lead = len(dates) > 1 and bool(places) and dates[0].start < places[0].start
    late: list[Span] = []
    for position, kind, span in marks:
        if kind == "date" and span in dates and not late:
            late = _late_dates(build, span, dates, places)
        match kind:
            case "break":
                build.broken_since_place = True
                if (turn and position == turn) or _ends_leg(build, position, places, text):
                    build.next()
                    build.broken_since_place = False
            case "back":
                if build.leg.get("to") or (build.leg.get("date") and not (places and places[0].start < position)):
                    build.next()
                if build.legs[0] or not places or position > places[-1].start or len(build.legs) > 1:
                    build.leg[BACK] = BACK
            case "place" if span is not None:
                placed = any({"from", "to"} & leg.keys() for leg in build.legs)
                if len(build.legs) > 1 and not placed and not turn and not _BACK_FROM.search(text, 0, span.start):
                    build.at = 0  # "Leaving the 4th, back the 9th, Boston to Rome"
                role = _role(text, span, places, build)
                if role == "land":
                    goes_by_land(build, span)
                elif role == "to" or not _day_follows(text, span, kept) or not build.revisits(span.text):
                    if role == "from" and _leaves_elsewhere(text, span, build, dates, home):
                        build.next()
                    put_place(build, role, span, last=places[-1:] == [span] and home is None)
            case "date" if span is not None and span in dates:
                if span in late:
                    build.legs[late.index(span)]["date"] = span.text
                    continue
                if restates(text, build.said, span):
                    build.leg.pop("date", None)
                build.said = span
                if _STAY.fullmatch(build.leg.get("date", "")) and not _STAY.fullmatch(span.text):
                    build.leg.pop("date")  # "stay three nights, and then … on Thursday": the day counts
                if build.leg.get("date", span.text) != span.text or (
                    dates_lead
                    and build.leg.get("to")
                    and build.leg.get("date") != span.text
                    and not _trails(text, span, places)
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
                elif any("who" in leg for leg in build.legs):
                    build.leg[ALL] = span.text
            case "person" if span is not None:
                if "to" in build.leg and _CLAUSE_START.search(text, 0, span.start) and _more(text, position, places):
                    build.next()
                build.put("who", span.text)
            case _:
                pass
    if home is not None:
        begins_at(build, home.text)
    legs = finished(build, bool(cues.ROUND_TRIP.search(text)))
    legs = mirrored(legs) if turn else legs
    legs = stopped(legs, stopover) if stopover else legs
    sure = build.sure and all(leg.get("from") != leg.get("to") or "from" not in leg for leg in legs)
    return Itinerary(legs, sure and not fallback, fallback)


def answering_from(text: str, spans: Sequence[Span], asked: str, legs: list[dict[str, str]]) -> list[dict[str, str]]:
    """Take a bare place, where it was asked where to fly from, as that: "Boston, I guess. To Denver." is one flight."""
    first = next((span for span in spans if span.kind == "place"), None)
    match legs:
        case [{"to": start, **early}, {"from": again, **late}] if asked == "from" and not early:
            if first and start == again == first.text and not role_of(text, first):
                return [{"from": start, **late}]
        case [{"to": start, **late}] if asked == "from" and "from" not in late:
            if first and start == first.text and not role_of(text, first):
                return [{"from": start, **late}]
        case _:
            pass
    return legs


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


def _marks(text: str, spans: Sequence[Span]) -> list[tuple[int, str, Span | None]]:
    """Put spans, breaks and words for the way back in the order said."""
    marks: list[tuple[int, str, Span | None]] = [
        (span.start, span.kind, span) for span in spans if span.kind in ("place", "date", "time", "person")
    ]
    covered = [(span.start, span.end) for span in spans]

    def free(match: re.Match[str]) -> bool:
        return all(match.end() <= start or match.start() >= end for start, end in covered)

    ends = {span.end for span in spans if span.kind == "place"}
    marks += [
        (match.start(), "break", None)
        for match in cues.NEXT_LEG.finditer(text)
        if free(match) and not (match.group() == "from there" and match.start() - 1 in ends)
    ]
    marks += [(start, "back", None) for start in _returns(text, spans)]
    return sorted(marks, key=lambda mark: (mark[0], mark[1] != "break"))


def _returns(text: str, spans: Sequence[Span]) -> list[int]:
    """Give where the caller speaks of the way back."""
    return [
        match.start()
        for match in cues.RETURNS.finditer(text)
        if all(match.end() <= span.start or match.start() >= span.end for span in spans)
        and not cues.ROUND_TRIP.match(text, match.start())
        and not unflown(text, match.start(), match.end())
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
    match = Wording(r"[.;?!]\s|,? (?:and|then|but) ").search(text, start + 1)
    return match.start() if match else len(text)


def _more(text: str, position: int, places: Sequence[Span]) -> bool:
    """Whether another flight is still to come."""
    return any(span.start > position for span in places) or bool(cues.RETURNS.search(text, position))


def _ends_leg(build: Builder, position: int, places: Sequence[Span], text: str) -> bool:
    """Whether a break after a finished leg opens the next one: only if some place or way back is still to come."""
    ahead = [span for span in places if span.start > position]
    if "from" not in build.leg and [role_of(text, span) for span in ahead] == ["from"]:
        return False  # what follows is where this leg starts
    more = bool(ahead) or bool(cues.RETURNS.search(text, position))
    return "to" in build.leg and more and not (len(build.leg) == 1 and "from" not in build.leg and _single(places))


def _trails(text: str, span: Span, places: Sequence[Span]) -> bool:
    """Whether a day stands right behind a place, and so belongs to it: "… and one to Nashville on Friday"."""
    before = [place for place in places if place.end <= span.start]
    return bool(before) and bool(re.fullmatch(r"\s+(?:on |for )?", text[before[-1].end : span.start]))


def _told_again(text: str, places: Sequence[Span], dates: Sequence[Span]) -> list[Span]:
    """Give the places that are only why one goes there: "I've a wedding in Boise, so Denver to Boise on …"."""
    told: list[Span] = []
    for index, span in enumerate(places):
        later = next((other for other in places[index + 1 : index + 3] if other.name == span.name), None)
        if later is None or not _REASON.search(text, 0, span.start) or role_of(text, later) != "to":
            continue
        if not any(span.end <= date.start < later.start for date in dates):
            told.append(span)
    return told


def _role(text: str, span: Span, places: Sequence[Span], build: Builder) -> str:
    """Give a place's role; of names in a row ("round trip Seattle Anchorage") the first is where it starts."""
    role = role_of(text, span)
    following = next((other for other in places if other.start >= span.end), None)
    if following is None:
        return role
    gap = text[span.end : following.start]
    if not gap.strip(" -–") and role in ("", "to") and not _TOWARDS.search(text, 0, span.start):
        return "from"
    if role:
        return role
    if re.fullmatch(r"\s*,?\s*to\s+", gap):
        return "from"
    alone = bool(_ALONE.search(text[: span.start])) and text[following.end : following.end + 1] in (",", ".", "")
    in_row = bool(re.fullmatch(r"\s*[,.-]\s*" if alone else r"\s*[,-]\s*", gap)) and not role_of(text, following)
    return "from" if in_row and not build.leg.keys() & {"from", "to"} - _done(build) else ""


def _day_follows(text: str, span: Span, spans: Sequence[Span]) -> bool:
    following = next((other for other in spans if other.start >= span.end and other.kind in ("place", "date")), None)
    if following is None or following.kind != "date":
        return False
    return not re.search(r"[.;?!]", text[span.end : following.start])


def _done(build: Builder) -> set[str]:
    """Give the keys of a leg that is finished, so that a row of names begins the next one."""
    return (
        {"from", "to"}
        if {"to", "date"} <= build.leg.keys() or (build.broken_since_place and "to" in build.leg)
        else set()
    )


def _leaves_elsewhere(text: str, span: Span, build: Builder, dates: Sequence[Span], home: Span | None) -> bool:
    """Whether a place behind "and out of" is where the flight home leaves, and not where this leg starts."""
    if "to" not in build.leg or "from" in build.leg or build.leg["to"] == span.text:
        return False
    parted = any(other.start > span.end for other in dates) and "date" in build.leg
    before = text[: span.start]
    return bool(
        ((home is not None or parted) and _AND_OUT_OF.search(before)) or (home is not None and _OUT_OF.search(before))
    )


def _late_dates(build: Builder, span: Span, dates: Sequence[Span], places: Sequence[Span]) -> list[Span]:
    """Give the days that come one for each leg, behind all the places: "…. Going on the 6th, returning the 16th"."""
    ahead = [other for other in dates if other.start >= span.start]
    behind = bool(places) and places[-1].end <= span.start
    whole = len(build.legs) > 1 and all({"from", "to", BACK} & leg.keys() and "date" not in leg for leg in build.legs)
    return ahead if behind and whole and len(ahead) == len(build.legs) else []


def _single(places: Sequence[Span]) -> bool:
    return len(places) < 2 or len({span.name for span in places}) == 1
