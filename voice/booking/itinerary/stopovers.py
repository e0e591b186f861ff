"""A stay on the way: "from Boston to Tokyo with two days in Seattle" are two flights, the second two days later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voice.booking.dates.words import NUMBER
from voice.booking.text.spans import Span
from voice.booking.text.wording import Wording

_STAY = rf"(?P<stay>{NUMBER} (?P<unit>day|night|week)s?)"
_STOP = r"(?:stop[\s-]?overs?|stops?|lay[\s-]?overs?|break)"
_WAY = r"(?:on (?:the|our|my) way(?: (?:there|out))?|en route|in between|along the way)"
_STAYS = Wording(rf"\b(?:with|including) (?:an? {_STOP} (?:of|for) )?{_STAY} (?:in|at) $")
_SPENDS = Wording(rf"\b(?:spend(?:ing)?|stay(?:ing)?(?: for)?|stop(?:ping)?(?: over)? for) {_STAY} (?:in|at) $")
_STOPS = Wording(
    rf"\b(?:{_STOP}|stopping|break(?:ing)? (?:the|my|our) (?:trip|journey|flight)) (?:over |off )?(?:in|at) $",
)
_FOR = Wording(rf",? (?:for|of) {_STAY}(?: {_WAY})?\b")
_THERE = Wording(rf",? {_WAY}\b")


@dataclass(frozen=True, slots=True)
class Stopover:
    """Where a trip stops, for how long in words, and the spans that say so."""

    place: str
    stay: str
    spans: tuple[Span, ...]


def stopover_in(text: str, spans: Sequence[Span]) -> Stopover | None:
    """Find the one stay on the way of a flight between two other places; None if there is none."""
    places = [span for span in spans if span.kind == "place"]
    for at in places:
        before = _STAYS.search(text, 0, at.start) or _SPENDS.search(text, 0, at.start)
        behind = _FOR.match(text, at.end) if _STOPS.search(text, 0, at.start) else None
        if before and before.re.pattern == _SPENDS.pattern and not _THERE.match(text, at.end):
            continue  # "and spend two days in Seattle" may be afterwards
        told = before or behind
        others = {span.name or span.text for span in places if span is not at}
        if told is None or len(others) < 2 or (at.name or at.text) in others:
            continue
        start, end = told.start("stay"), told.end("stay")
        said = told["stay"] if told["unit"].casefold() == "night" else f"{told['stay']} later"
        inside = [span for span in spans if start <= span.start < end]
        return Stopover(at.text, said, (at, *inside))
    return None


def stopped(legs: Sequence[dict[str, str]], stopover: Stopover) -> tuple[dict[str, str], ...]:
    """Part the first flight where the trip stops."""
    if not legs or "to" not in legs[0]:
        return tuple(legs)
    first, *rest = legs
    onward = {"from": stopover.place, "to": first["to"], "date": stopover.stay}
    return ({**first, "to": stopover.place}, {**onward, **({"who": first["who"]} if "who" in first else {})}, *rest)
