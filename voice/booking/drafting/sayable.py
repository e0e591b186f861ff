"""What a turn offers to say: the values that were found in it, and in which slots of a leg they may stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from voice.booking.context import TurnContext
from voice.booking.dates.mentions import is_celebrated
from voice.booking.drafting.gaps import gaps
from voice.booking.itinerary.legs import ways_back
from voice.booking.itinerary.riders import riders
from voice.booking.places.roles import role_of
from voice.booking.spotting import spot
from voice.booking.talk.replies import answers_heard
from voice.booking.talk.topics import TOPICS
from voice.booking.text.spans import Span
from voice.booking.wishes import cues
from voice.cascade.words import Reading


class Sayable:
    """What this turn offers to choose from."""

    def __init__(self, reading: Reading, context: TurnContext) -> None:
        self.reading, self.context, self.text = reading, context, reading.text
        self.spans = spot(reading.text)
        self.places = [(span, role_of(self.text, span)) for span in self.spans if span.kind == "place"]
        self.dates = [
            s for s in self.spans if s.kind == "date" and not is_celebrated(self.text, s) and not self.is_fallback(s)
        ]
        self.riders = riders(self.text, self.spans)
        self.ways_back = ways_back(self.text, self.spans)
        self.legs = unique(match["leg"].strip() for match in cues.LEG.finditer(self.text))
        self.offers = unique(match["offer"].strip() for match in cues.OFFER.finditer(self.text))
        asked = context.proposal or context.asked == "offer"
        unclear = context.proposal and not reading.actions
        self.answers = ["yes", "no"] if unclear else answers_heard(self.text) if asked else []
        self.numbers = unique(re.findall(r"\b(?:\d|one|two|three|four|five|six)\b", self.text, re.IGNORECASE))
        chosen = [str(action.args["offer"]) for action in reading.actions or () if "offer" in action.args]
        self.offers = unique([*self.offers, *chosen])
        missed = gaps(self.text, self.spans)
        self.missed = {"from": missed["place"], "to": missed["place"], "date": missed["date"]}
        self.topics = [topic for topic, pattern in TOPICS.items() if pattern.search(self.text)]

    def said(self, kind: str, name: str = "") -> list[str]:
        """Give the values of a kind, as said."""
        return unique(value_of(span) for span in self.spans if span.kind == kind and (not name or span.name == name))

    def is_fallback(self, span: Span) -> bool:
        """Whether a value is what the caller would take otherwise."""
        return any(span.text in str(action.args.get("fallback", "")) for action in self.reading.actions or ())


def closed(properties: Mapping[str, Any], required: Sequence[str] | None = None) -> dict[str, Any]:
    """Give the schema of an object that has no other keys; all are required unless ``required`` names some."""
    keys = list(properties if required is None else required)
    return {"type": "object", "properties": dict(properties), "required": keys, "additionalProperties": False}


def value_of(span: Span) -> str:
    """Give the words that stand for a span in an action: as said, a code joined."""
    return span.name if span.kind == "code" else span.text


def unique(values: Iterable[str]) -> list[str]:
    """Give each value once, in order."""
    return list(dict.fromkeys(values))
