"""Turns that only point: at what was told already, at a place as "there", at the moment when the line was lost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from voice.booking.context import TurnContext
from voice.booking.talk.courtesies import asks_again
from voice.booking.text.spans import CERTAIN, Span
from voice.booking.text.wording import Wording
from voice.cascade.words import Action

_NO_I_SAID = Wording(
    r"\W*(?:(?:no|nope|nah|wait|sorry|but|hey)\b[\s,.!]*)*(?:i (?:said|meant|mean|told you|asked for)|"
    r"it(?:['’]s| is))\s+(?:to |from )?"
)
_LANDS = Wording(
    r"\b(?:can|could|may|might|would|is it possible|possible)\b[^.?!]*\b(?:land|arrive|fly in(?:to)?|come in|go|get|"
    r"end up)\b[^.?!]*\bthere\b"
)
_STARTS = Wording(
    r"\b(?:can|could|may|might|would|is it possible|possible)\b[^.?!]*\b(?:leave|depart|start|fly|take off|go)\b"
    r"[^.?!]*\bfrom there\b"
)
_NEAR = Wording(r"\b(?:near|next to|close to|closer to|by|around|beside|right at|not far from)\s+(?:the )?$")
_LOST = Wording(
    r"\b(?:lost you|you (?:cut|broke|dropped|faded|went)(?: \w+)?|"
    r"(?:missed|didn['’]?t (?:catch|hear|get)|lost) "
    r"(?:what|everything|it|the (?:part|bit|rest)|you|that|track)(?: \w+){0,3}|"
    r"(?:line|connection|you) (?:went|dropped))"
    r" (?:at|after|around|before|when|past|from|somewhere|behind|about)\b"
)
_WHICH = Wording(
    r"\W*(?:(?:and|so|but|sorry|wait|oh|okay)\b\W*)*(?:which|what) airport (?:is|was|would|will) (?:that|it|this)"
    r"(?: be)?\b[^.?!]*\?\W*"
)
"""Asks which of its city's airports a flight goes to, and for no other one."""
_MOST_WORDS = 14


def pointed(text: str, spans: Sequence[Span], context: TurnContext) -> Action | None:
    """Give what a turn asks for that names a place only to point; None if it says more than that."""
    places = [span for span in spans if span.kind == "place"]
    if not (context.searching or context.proposal) or len(places) != len([s for s in spans if s.kind != "person"]):
        return None
    if places and _LOST.search(text) and asks_again(text) and len(text.split()) <= _MOST_WORDS:
        return Action("repeat")
    if places and _WHICH.fullmatch(text):
        return Action("repeat")
    if not context.searching or context.bookings or len(places) != 1 or places[0].confidence < CERTAIN:
        return None
    place = places[0]
    if (key := _said_again(text, place, context)) or (key := _there(text, place)):
        leg: dict[str, Any] = {key: place.text}
        return Action("search", {"legs": [leg]})
    return None


def _said_again(text: str, place: Span, context: TurnContext) -> str:
    """Give the end of the flight that a place is which is told already: "No, I said Austin."."""
    lead, rest = text[: place.start], text[place.end :]
    if not _NO_I_SAID.fullmatch(lead) or re.search(r"\w", rest):
        return ""
    told = [key for key in ("from", "to") if re.search(rf"\b{key} {re.escape(place.text)}\b", context.agent, re.I)]
    return told[0] if len(told) == 1 else ""


def _there(text: str, place: Span) -> str:
    """Give the end of the flight that is to be "there": "My office is near Dulles, could I land there?"."""
    if not _NEAR.search(text, 0, place.start):
        return ""
    behind = text[place.end :]
    return "from" if _STARTS.search(behind) else "to" if _LANDS.search(behind) else ""
