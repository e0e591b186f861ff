"""Who flies only a part of a trip."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from voice.booking import cues
from voice.booking.spans import Span

_LIMITED = re.compile(r"\b(?:only|just)(?: for| the)?\s+$", re.IGNORECASE)
_STAYS = re.compile(
    r"\b(?:see(?:ing)?|visit(?:ing)?|meet(?:ing)?|surpris\w+|pick(?:ing)? up|call(?:ing)?|tell|ask|to|at|of)\s+$",
    re.IGNORECASE,
)


def riders(text: str, spans: Sequence[Span]) -> list[Span]:
    """Give the people who fly only a part of a trip of several flights, as spans of kind ``person``.

    A number of travellers named before the first place is for the whole trip.
    """
    people = [span for span in spans if span.kind == "person" or (span.kind, span.name) == ("count", "passengers")]
    people = [span for span in people if not _STAYS.search(text[: span.start])]
    places = [span for span in spans if span.kind == "place"]
    if len(places) < 2 or not (len(places) > 2 or cues.RETURNS.search(text)) or not people:
        return []
    limited = [bool(_LIMITED.search(text[: span.start])) or span.text.casefold().startswith("just") for span in people]
    first = people[0]
    if (
        first.kind == "count"
        and first.start < places[0].start
        and not limited[0]
        and not re.search(r"\b(?:me|my|I)\b", first.text)
    ):
        people, limited = people[1:], limited[1:]
    alone = len(people) == 1 and re.fullmatch(r"(?:just |only )?(?:me|myself)", people[0].text, re.IGNORECASE)
    if len(people) == 1 and (alone or (people[0].kind == "count" and not limited[0])):
        return []
    return [replace(span, kind="person") for span in people]
