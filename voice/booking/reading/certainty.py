"""Whether a reading by rules may be acted on without a model."""

from __future__ import annotations

import re
from collections.abc import Sequence

from voice.booking.itinerary.legs import Itinerary
from voice.booking.reading.clauses import Clause
from voice.booking.talk.topics import TOPICS
from voice.booking.text.leftover import only_talk_left
from voice.booking.text.spans import CERTAIN, Span
from voice.booking.text.wording import Wording
from voice.booking.wishes import cues
from voice.cascade.words import Action

_CONDITION = Wording(
    r"\b(?:if(?! (?:possible|(?:you|i|we) (?:can|could|would|may|please|like|will|don't mind|do not mind)\b))|unless|"
    r"otherwise|or else|failing|supposing|provided|should (?:that|it|this|there))\b",
)
_MOST_TALK = 4
"""Of 81 searches that others worded, with no more words of talk than that around them, 76 were read exactly."""


def is_certain(
    text: str,
    spans: Sequence[Span],
    actions: Sequence[Action],
    itinerary: Itinerary,
    clauses: Sequence[Clause],
) -> bool:
    """Whether a reading may be acted on without a model: one plain request, with nothing left unexplained."""
    if len(actions) != 1 or any(span.confidence < CERTAIN for span in spans):
        return False
    action = actions[0]
    match action.name:
        case "policy":
            topics = [topic for topic, pattern in TOPICS.items() if pattern.search(text)]
            plain = not spans and len(clauses) == 1 and len(text.split()) <= 16
            sure = topics[:1] != ["payment"]  # "who pays for that?" is about something else
            return plain and sure and len(topics) == 1 and bool(cues.QUESTION.search(text))
        case "lookup":
            return "code" in action.args and len(spans) == 1 and only_talk_left(text, spans, cues.INTENTS["lookup"], 8)
        case "cancel":
            known = "code" in action.args or bool(action.args.get("leg"))
            return known and len(spans) <= 1 and only_talk_left(text, spans, cues.INTENTS["cancel"], 4)
        case "bags":
            counts = [span for span in spans if span.kind == "count"]
            plain = "count" in action.args and len(counts) == 1 and len(spans) <= 2
            return plain and only_talk_left(text, spans, cues.INTENTS["bags"], 2)
        case "search":
            return _is_plain_search(text, spans, itinerary)
        case _:
            return False


def _names_somebody(text: str, spans: Sequence[Span]) -> bool:
    """Whether somebody is named in a sentence that speaks of the flight."""
    flown = [span for span in spans if span.kind in ("place", "date", "time")]
    people = (span for span in spans if span.kind == "person")
    return any(
        not re.search(r"[.?!;]\s", text[min(one.end, other.end) : max(one.start, other.start)])
        for one in people
        for other in flown
    )


def _is_plain_search(text: str, spans: Sequence[Span], itinerary: Itinerary) -> bool:
    """Whether it is one flight from a place to another, with everything that was said about it understood."""
    kinds = [span.kind for span in spans]
    single = kinds.count("place") == 2 and kinds.count("date") <= 1 and kinds.count("time") <= 1
    whole = len(itinerary.legs) == 1 and {"from", "to"} <= itinerary.legs[0].keys()
    if not (single and whole and itinerary.sure) or _names_somebody(text, spans):
        return False
    if _CONDITION.search(text):
        return False
    talk = _MOST_TALK if "date" in kinds else 0
    return only_talk_left(text, spans, cues.NONSTOP, talk)
