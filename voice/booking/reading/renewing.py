"""What a request says of a booking: which one, which flight of it, and what is to be put in its place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from voice.booking.places.roles import role_of
from voice.booking.reading.clauses import Clause, Request, offer_of
from voice.booking.reading.leg_words import leg_in, legs_in
from voice.booking.reading.uniting import ACTS_ON_BOOKING
from voice.booking.text.spans import Span
from voice.booking.text.wording import Wording
from voice.booking.wishes import cues
from voice.booking.wishes.cabins import cabin_of
from voice.cascade.words import Action

_MOVED_TO = Wording(r"\b(?:mov|chang|push|shift|switch|bring|put)\w*\b[^.?!]*\bto (?:the )?$")
"""What leads to the new day of a change; a day in another sentence is not it."""


def action_of(request: Request, codes: list[Span], extra: Sequence[Span]) -> Action:
    """Give the action of a request, with what its clause says: the code, the leg, what is new.

    Args:
        request: A request of the turn.
        codes: All codes of the turn, for a clause without one.
        extra: What was said elsewhere in the turn and belongs to a change.
    """
    clause, args = request.clause, dict[str, Any]()
    own = [span for span in clause.spans if span.kind == "code"] or codes
    if request.action in ACTS_ON_BOOKING and own:
        args["code"] = own[0].name
    match request.action:
        case "policy":
            args = {"topic": request.topic}
        case "book":
            args = {"offer": offer_of(clause)}
        case "bags":
            counts = clause.of("count", "bags")
            if counts:
                args["count"] = counts[-1].text
        case "cancel" | "change":
            if leg := leg_in(clause.text):
                args["leg"] = leg
            if request.action == "change":
                args |= _news(clause, extra, leg_in(clause.text))
        case _:
            pass
    return Action(request.action, args)


def _news(clause: Clause, extra: Sequence[Span], leg: str) -> dict[str, str]:
    """Give what is new in a change. After "from the 10th to the 12th" only the 12th is."""
    news: dict[str, str] = {}
    legs = [match.span("leg") for match in legs_in(clause.text)]
    settled = {span.kind for span in clause.spans if _MOVED_TO.search(clause.text, 0, span.start - clause.start)}
    for span in (*clause.spans, *(span for span in extra if span.kind not in settled)):
        here = span.within(clause.start)
        if span.kind == "time" and any(start < here.end and here.start < end for start, end in legs):
            continue  # "the first flight" is the leg
        if span.kind == "date" and "date" in news and names_the_old(clause.text, span.within(clause.start)):
            continue
        if span.kind in ("date", "time", "cabin"):
            news[span.kind] = cabin_of(span.text) if span.kind == "cabin" else span.text
        elif span.kind == "place" and span.text not in leg:
            role = role_of(clause.text, span.within(clause.start))
            news[role if role in ("from", "to") else "to"] = span.text
    return news


def names_the_old(text: str, span: Span) -> bool:
    """Whether a change names this date as the one that it leaves: "from the 10th to the 12th"."""
    return span.kind == "date" and bool(re.search(r"\bfrom (?:the )?$", text[: max(0, span.start)], re.IGNORECASE))


def renews(text: str, spans: Sequence[Span]) -> bool:
    """Whether a turn that names a booking gives something to put in the place of what is booked."""
    legs = [match.span("leg") for match in legs_in(text)]
    kinds = [span.kind for span in spans if not any(start <= span.start < end for start, end in legs)]
    new = any(kind in kinds for kind in ("date", "time", "cabin")) or kinds.count("place") == 1
    return new and kinds.count("place") < 2 and bool(cues.INSTEAD.search(text))


def names_one_place(text: str, spans: Sequence[Span]) -> bool:
    """Whether these spans have one place, and the words say whether it is a start or a goal."""
    places = [span for span in spans if span.kind == "place"]
    return len(places) == 1 and role_of(text, places[0]) in ("from", "to")
