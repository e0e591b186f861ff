"""The search that a turn speaks of, and whether it is one: a new one, a refinement, or a day said in passing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from voice.booking.context import TurnContext
from voice.booking.itinerary.fallback import split_fallback
from voice.booking.itinerary.legs import Itinerary, answering_from, read_legs
from voice.booking.itinerary.riders import riders
from voice.booking.places.roles import goes_by_land, unflown
from voice.booking.reading.asides import SEEKS, is_asked_about
from voice.booking.reading.clauses import Clause
from voice.booking.talk.replies import ASKED_KIND, MORE
from voice.booking.text.spans import Span
from voice.booking.text.wording import Wording
from voice.booking.wishes import cues
from voice.booking.wishes.cabins import cabin_of
from voice.cascade.words import Action

_TRAVELS = Wording(r"\b(?:flights?|fly|tickets?|book\w*|travel|trip|reservation|reserve)\b")
_INSTEAD = Wording(r"\b(?:instead|rather|except|same|(?:on|for) (?:that|this|my|our) booking)\b")
_FEW_WORDS = 5


def search_in(
    text: str, free: list[Span], context: TurnContext, clauses: Sequence[Clause], others: bool
) -> tuple[Action | None, Itinerary]:
    """Give the search that the spans speak of, if they do."""
    whos = riders(text, free)
    flown = [span for span in free if span.kind not in ("person", "count")]
    _, kept = split_fallback(text, flown)
    itinerary = read_legs(text, sorted([*flown, *whos], key=lambda span: span.start))
    cue = bool(cues.INTENTS["search"].search(text))
    kinds = {span.kind for span in free} - {"person"}
    legs = answering_from(text, free, context.asked, [dict(leg) for leg in itinerary.legs])
    anchored = any(span.kind in ("place", "date", ASKED_KIND.get(context.asked)) for span in free)
    seeking = context.searching or (context.proposal and not context.proposed and not MORE.search(context.agent))
    waits = seeking or context.bookings or context.asked
    if anchored and not cue and kinds <= {"date", "time"} and not waits:
        # a day alone is asked for only where something is sought: "Who won the game yesterday?"
        anchored = bool(SEEKS.search(text)) or (len(text.split()) <= _FEW_WORDS and not cues.QUESTION.search(text))
    if not cue and "place" in kinds and is_asked_about(text, free, waits=bool(waits)):
        return None, Itinerary()
    constrained = bool(kinds & {"price", "time", "count", "cabin"}) or bool(cues.NONSTOP.search(text))
    rebooks = bool(context.bookings) and not others and bool(kinds & {"time", "cabin"})
    if others and not kinds and context.asked == "offer":
        return None, Itinerary()  # "I want the nonstop" is the choice itself
    if not anchored and not rebooks and not ((cue or seeking) and (constrained or not others)):
        return None, Itinerary()
    if not anchored and not constrained and (others or not cue or not _TRAVELS.search(text)):
        return None, Itinerary()
    args: dict[str, Any] = {"legs": legs} if legs else {}
    for span in free:
        if span in flown and span not in kept:
            continue  # it belongs to what would be taken otherwise
        if span.kind == "count" and not _tells_who(span, whos) and not _goes_otherwise(text, span):
            args["pax"] = span.text
        elif span.kind == "price":
            args["max_price"] = span.text
        elif span.kind == "cabin":
            args["cabin"] = cabin_of(span.text)
    if any(cues.wants_nonstop(clause.text) for clause in clauses):
        args["nonstop"] = True
    if itinerary.fallback:
        args["fallback"] = itinerary.fallback
    return Action("search", args), itinerary


def in_passing_only(text: str, search: Action, free: Sequence[Span], clauses: Sequence[Clause]) -> bool:
    """Whether a search beside another request is only a day said in passing ("I can't fly on Friday, so cancel it")."""
    if any({"from", "to"} <= leg.keys() for leg in search.args.get("legs") or ()):
        return False
    return not any(SEEKS.search(clause.text) for clause in clauses for span in free if span in clause.spans)


def refines(search: Action) -> bool:
    """Whether a search gives no more than another day, time or cabin."""
    legs = search.args.get("legs") or ()
    if not legs and "cabin" not in search.args:
        return False
    return len(legs) <= 1 and not any({"from", "to"} & leg.keys() for leg in legs) and "pax" not in search.args


def replaces(text: str, search: Action) -> bool:
    """Whether a search for one place puts it in the place of what is booked: "to Austin instead"."""
    legs = search.args.get("legs") or ()
    instead = _INSTEAD.search(text)
    return bool(instead) and len(legs) == 1 and len({"from", "to"} & legs[0].keys()) == 1


def _tells_who(span: Span, whos: Sequence[Span]) -> bool:
    """Whether a count only says who flies a leg: "by myself" in a party that flies apart."""
    alone = bool(whos) and span.text.casefold().endswith(("myself", "just me", "only me"))
    return alone or any(who.start <= span.start < who.end for who in whos)


def _goes_otherwise(text: str, span: Span) -> bool:
    """Whether a count stands where a way back is spoken of that is not flown: "I'm driving home with my brother"."""
    if goes_by_land(text, span.end):
        return True
    ways = (match for match in cues.RETURNS.finditer(text) if not re.search(r"[.,;?!]", text[match.end() : span.start]))
    return any(match.end() <= span.start and unflown(text, match.start(), match.end()) for match in ways)
