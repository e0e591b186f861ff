"""Cities known by the company of another place: "Helsinki Tallinn the 3rd, Tallinn Riga the 5th", "Leeds, London"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from voice.booking.places.names import is_city
from voice.booking.places.ordinary import NOT_PLACES, PERSONS
from voice.booking.text.spans import Span
from voice.sounds import squeeze

_AFTER = re.compile(r"(?P<gap>,? )(?P<name>[A-Z][^\W\d_]{3,})\b(?!['’\w])")
_BEFORE = re.compile(r"(?:^|[,.;:?!] )(?P<name>[A-Z][^\W\d_]{3,})(?P<gap>,? )$")
_PARTED = re.compile(r"[,.;?!]|\s+(?:on|the|next|this|tomorrow|today|at|in the|out|back|one-way|nonstop)\b|$")
"""What follows the second of two names in a row."""
_CITY, _STRANGE = 0.9, 0.3


def find_beside(text: str, spans: Sequence[Span]) -> list[Span]:
    """Find cities that nothing flies to right beside a place, and strange names that go on from there. Pure.

    A strange name counts only if it is said twice, as the end of a flight and the start of the next one.
    """
    found: list[Span] = []
    queue = [span for span in spans if span.kind == "place"]
    while queue:
        place = queue.pop()
        for near in _neighbours(text, place):
            if not any(near.overlaps(other) for other in (*spans, *found)):
                found.append(near)
                queue.append(near)
                queue += _said_again(text, near, spans, found)
    return found


def _neighbours(text: str, place: Span) -> list[Span]:
    made: list[Span] = []
    after = _AFTER.match(text, place.end)
    if (
        after
        and _PARTED.match(text, after.end())
        and (sure := _is_place(text, after["name"], bare=after["gap"] == " ", chained=place.confidence == _STRANGE))
    ):
        made.append(Span(*after.span("name"), after["name"], "place", after["name"], sure))
    before = _BEFORE.search(text, max(0, place.start - 24), place.start)
    if before and _PARTED.match(text, place.end) and (sure := _is_place(text, before["name"], bare=False)):
        made.append(Span(*before.span("name"), before["name"], "place", before["name"], sure))
    return made


def _said_again(text: str, near: Span, spans: Sequence[Span], found: list[Span]) -> list[Span]:
    """Find the name where else it is said."""
    made: list[Span] = []
    for match in re.finditer(rf"\b{re.escape(near.text)}\b", text):
        again = Span(*match.span(), near.text, "place", near.name, near.confidence)
        if not any(again.overlaps(other) for other in (*spans, *found)):
            found.append(again)
            made.append(again)
    return made


def _is_place(text: str, name: str, *, bare: bool, chained: bool = False) -> float:
    key = squeeze(name)
    if key in NOT_PLACES or key in PERSONS:
        return 0.0
    if is_city(name):
        return _CITY
    return _STRANGE if bare and (chained or len(re.findall(rf"\b{re.escape(name)}\b", text)) > 1) else 0.0
