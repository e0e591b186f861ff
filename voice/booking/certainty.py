"""Whether a reading by rules may be acted on without a model."""

from __future__ import annotations

from collections.abc import Sequence

from voice.booking import cues
from voice.booking.clauses import Clause
from voice.booking.itinerary import Itinerary
from voice.booking.leftover import nothing_left
from voice.booking.spans import CERTAIN, Span
from voice.booking.topics import TOPICS
from voice.cascade.words import Action


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
            return len(spans) == 1 and "code" in action.args and nothing_left(text, spans, cues.INTENTS["lookup"])
        case "search":
            kinds = [span.kind for span in spans]
            single = kinds.count("place") == 2 and kinds.count("date") <= 1 and kinds.count("time") <= 1
            whole = len(itinerary.legs) == 1 and {"from", "to"} <= itinerary.legs[0].keys()
            return (
                single
                and whole
                and itinerary.sure
                and "person" not in kinds
                and nothing_left(text, spans, cues.NONSTOP)
            )
        case _:
            return False
