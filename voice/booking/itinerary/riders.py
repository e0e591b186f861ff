"""Who flies only a part of a trip."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from voice.booking.itinerary.travellers import Traveller, travellers
from voice.booking.text.spans import Span
from voice.booking.text.wording import Wording
from voice.booking.wishes import cues

_LIMITED = Wording(r"\b(?:only|just)(?: for| the)?\s+$")
_STAYS = Wording(
    r"\b(?:see(?:ing)?|visit(?:ing)?|meet(?:ing)?|surpris\w+|pick(?:ing)? up|call(?:ing)?|tell|ask|to|at|of)\s+$",
)
_FOR = Wording(r"\b(?:for|with|plus)\s+$")
_COUNTED = Wording(r"\w+ (?:of (?:us|them)|(?:\w+ )?(?:people|adults))")
_SEVERAL = Wording(r"\b(?:and|both|all|of us|parents|kids|children|family|friends)\b|&")

SUBJECT, WHOLE = "subject", "whole"
"""The ``name`` of a rider who is the subject of a flight of their own, and of words that sum all of them up."""


def riders(text: str, spans: Sequence[Span]) -> list[Span]:
    """Give the people who fly only a part of a trip of several flights, as spans of kind ``person``.

    A number of travellers named before the first place is for the whole trip.
    """
    people = [span for span in spans if span.kind == "person" or (span.kind, span.name) == ("count", "passengers")]
    people = [span for span in people if not _STAYS.search(text, 0, span.start) and _flies(text, span)]
    places = [span for span in spans if span.kind == "place"]
    if subjects := _subjects(text, spans):
        limits = [span for span in people if _limits(text, span) and not _among(subjects, span, spans)]
        return sorted([*subjects, *(replace(span, kind="person") for span in limits)], key=lambda span: span.start)
    if len(places) < 2 or not (len(places) > 2 or cues.RETURNS.search(text)) or not people:
        return []
    limited = [_limits(text, span) for span in people]
    first = people[0]
    counted = first.kind == "count" and not re.search(r"\b(?:me|my|I)\b", first.text)
    leads = any(one.start == first.start for one in travellers(text)) and first.kind == "person"
    if first.start < places[0].start and not limited[0] and (counted or leads):
        people, limited = people[1:], limited[1:]
    alone = len(people) == 1 and re.fullmatch(r"(?:just |only )?(?:me|myself)", people[0].text, re.IGNORECASE)
    if len(people) == 1 and (alone or (people[0].kind == "count" and not limited[0])):
        return []
    return [replace(span, kind="person") for span in people]


def _flies(text: str, span: Span) -> bool:
    """Whether a relative is spoken of as one who flies: "for my wife", "my wife returns", not "my wife's glad"."""
    if span.kind == "count" or _limits(text, span) or _FOR.search(text, 0, span.start):
        return True
    return any(one.start <= span.start < one.end for one in travellers(text))


def _limits(text: str, span: Span) -> bool:
    return bool(_LIMITED.search(text, 0, span.start)) or span.text.casefold().startswith("just")


def _subjects(text: str, spans: Sequence[Span]) -> list[Span]:
    """Give the subjects of the flights of a party that does not fly together; none where all fly the same."""
    values = [span for span in spans if span.kind in ("place", "date", "time")]
    if sum(span.kind == "place" for span in values) < 2:
        return []
    found = travellers(text, tuple((span.start, span.end) for span in values))
    if not found:
        return []
    flying: list[Traveller] = []
    for one, end in zip(found, [*(one.start for one in found[1:]), len(text)], strict=True):
        again = one.end < end < len(text) and any(other.start == end and other.text == one.text for other in found)
        told = any(one.end <= span.start < end for span in values)
        if told or (cues.RETURNS.search(text, one.end, end) and not again):
            flying.append(one)
    if not flying or not _apart(flying):
        return []
    if _COUNTED.fullmatch(flying[0].text) and not flying[0].limited:
        flying = flying[1:]  # how many they are; the rest of the turn says who goes elsewhere
    return [
        Span(one.start, one.end, one.text, "person", WHOLE if _sums_up(one, flying[:index]) else SUBJECT)
        for index, one in enumerate(flying)
    ]


def _sums_up(one: Traveller, before: Sequence[Traveller]) -> bool:
    """Whether somebody are all those named before; "we" behind "my parents" are others."""
    if one.text.casefold() != "we" or one.together or not before:
        return one.whole
    return any(re.search(r"\b(?:I|me|us|we)\b", other.text, re.IGNORECASE) for other in before)


def _apart(found: Sequence[Traveller]) -> bool:
    """Whether some of these fly otherwise than others."""
    each = [one for index, one in enumerate(found) if not _sums_up(one, found[:index])]
    named = {one.text.casefold() for one in each}
    if not any(one.limited for one in found):
        others = {name for name in named if name not in ("i", "he", "she")}
        if len(others) == 1 and "i" not in named and not _SEVERAL.search(next(iter(others))):
            named -= {"he", "she"}  # the same person again
    strangers = any(not one.caller for one in each)
    return strangers and (len(named) > 1 or any(one.limited for one in found)) and len(found) > 1


def _among(subjects: Sequence[Span], span: Span, spans: Sequence[Span]) -> bool:
    """Whether a person is, or only describes, the subject said last before them."""
    before = [one for one in subjects if one.start <= span.start]
    values = [other for other in spans if other.kind in ("place", "date", "time")]
    return bool(before) and not any(before[-1].end <= other.start < span.start for other in values)
