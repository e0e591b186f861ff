"""A turn's actions by rules alone: what code decides better than a small model, and a second opinion on the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from voice.booking import cues
from voice.booking.answers import people_instead, recounts
from voice.booking.asides import SEEKS, asks_service, asks_weather, in_passing, is_asked_about, off_topic
from voice.booking.cabins import cabin_of
from voice.booking.certainty import is_certain
from voice.booking.clauses import Clause, Request, clauses_of, offer_of, requests_of, topic_of
from voice.booking.code_mending import mends
from voice.booking.comparisons import asks_of_known, compares, reshapes
from voice.booking.context import TurnContext
from voice.booking.courtesies import asks_again
from voice.booking.fallback import split_fallback
from voice.booking.itinerary import Itinerary, answering_from, read_legs
from voice.booking.leg_words import leg_in, legs_in
from voice.booking.replies import ASKED_KIND, MORE, RuleReading, answered, closes, plain, restates
from voice.booking.riders import riders
from voice.booking.roles import goes_by_land, role_of, unflown
from voice.booking.spans import Span
from voice.booking.stories import answer_behind, asked_for, only_tells, told_of
from voice.booking.uniting import ACTS_ON_BOOKING, each_booking, united, without_kept
from voice.booking.verdicts import refuses, verdict
from voice.booking.wording import Wording
from voice.cascade.words import Action

_TRAVELS = Wording(r"\b(?:flights?|fly|tickets?|book\w*|travel|trip|reservation|reserve)\b")
_FEW_WORDS = 5
_MOVED_TO = Wording(r"\b(?:mov|chang|push|shift|switch|bring|put)\w*\b[^.?!]*\bto (?:the )?$")
"""What leads to the new day of a change; a day in another sentence is not it."""
_ECHO = Wording(r"\W*(?:oh|wait|what|hm+)?\W*(?P<said>[^?.!]{2,40})\?\s+(?=\w)")
"""What the agent said, asked back before it is answered."""


def interpret(text: str, spans: Sequence[Span], context: TurnContext) -> RuleReading:
    """Read a tidied transcript. Pure."""
    if not re.search(r"\w", text):
        return RuleReading(requests=0)
    if context.mending and mends(text):
        return RuleReading((Action(context.pending or "lookup", {"code": text}),), certain=True)
    if compared := compares(text, context):
        return RuleReading((compared,), certain=True)
    if reshaped := reshapes(text, context):
        return RuleReading((reshaped,), certain=True)
    short = plain(text, spans, context)
    if short is not None:
        return short
    if known := asks_of_known(text, spans, context):
        return RuleReading((known,), certain=not spans)
    echo = _ECHO.match(text) if context.proposal else None
    if echo and echo["said"].casefold() in context.agent.casefold():
        moved = [_moved(span, echo.end()) for span in spans if span.start >= echo.end()]
        return interpret(text[echo.end() :], moved, context)  # "$40? No, leave it"
    if context.proposal and (start := answer_behind(text)):
        return replace(
            interpret(text[start:], [_moved(span, start) for span in spans if span.start >= start], context),
            certain=False,
        )
    head: list[Action] = []
    rest, offset = text, 0
    if context.proposal and not closes(text, context):
        head, offset = answered(text)
        if not head and not offset and not cues.CORRECTS.match(text) and (said := verdict(text)):
            head = [Action("confirm", {"answer": said})]
        rest = text[offset:]
    inner = _body(rest, [_moved(span, offset) for span in spans if span.start >= offset], context)
    said = text[:offset]
    match inner.actions:
        case (Action("lookup", args),) if context.asked == "code" and context.pending and "code" in args:
            inner = replace(inner, actions=(Action(context.pending, args),), certain=False)
        case _:
            pass
    after = [
        action
        for action in inner.actions or ()
        if not (head and restates(action, context, approves=head[0].args["answer"] == "yes"))
    ]
    if recounts(rest) and not any(action.name == "bags" for action in after):
        head = []  # "Okay, make it one" approves no trip for two
        offered = context.searching and context.proposed in ("", "search", "book") and not after
        many = people_instead(rest) if offered else ""
        after = [Action("search", {"pax": many})] if many else after
    if head and not after and "?" in rest and head[0].args["answer"] == "yes":
        head = []  # "Fine, and can we bring the piano?" is not answered by a booking
    if head and only_tells(text[offset:], [_moved(span, offset) for span in spans if span.start >= offset]):
        after = [action for action in after if action.name != "search"]
    amends = bool(after) or bool(re.search(r"\d", text[offset:]))  # "Okay, 200" is another limit, and no yes
    if amends and head and head[0].args["answer"] == "yes" and cues.WEAK_YES.match(said):
        head = []
    if not head and not offset and context.proposal and not context.asked and after and refuses(text):
        head = [Action("confirm", {"answer": "no"})]
    actions = (*head, *after)
    if not actions and not context.asked and not context.proposal and asks_service(text):
        return RuleReading((Action("policy", {"topic": "other"}),))
    if not actions and asks_again(text) and all(span.kind == "person" for span in spans):
        return RuleReading((Action("repeat"),))
    if not actions and off_topic(text, spans, context):
        return RuleReading((Action("chat"),))
    if not actions:
        return RuleReading(None, False, inner.requests, inner.legs)
    certain = inner.certain and not head
    return RuleReading(actions, certain, max(1, len(actions)), inner.legs)


def _moved(span: Span, offset: int) -> Span:
    return Span(
        span.start - offset, span.end - offset, span.text, span.kind, span.name, span.confidence, span.candidates
    )


def _body(text: str, said: Sequence[Span], context: TurnContext) -> RuleReading:
    told = told_of(text, said)
    spans = asked_for(text, said, told, context.asked)
    clauses = clauses_of(text, spans)
    codes = [span for span in spans if span.kind == "code"]
    booked = replace(context, bookings=(*context.bookings, *(span.name for span in codes)))
    requests = [request for clause in clauses for request in requests_of(clause, booked)]
    requests = [one for one in requests if one.topic != "delays" or not asks_weather(one.clause.text)]
    requests = united(text, without_kept(clauses, requests))
    acts = (*ACTS_ON_BOOKING, "handoff")
    if codes and not any(request.action in acts and not request.weak for request in requests):
        requests = [one for one in requests if one.action != "lookup" and not cues.OF_MINE.search(one.clause.text)]
        name = "change" if _renews(text, spans) else "lookup"
        whole = Clause(text, 0, len(text), tuple(spans))
        clause = whole if name == "change" else next(clause for clause in clauses if codes[0] in clause.spans)
        requests.insert(0, Request(name, clause))
    taken = {
        id(span)
        for request in requests
        if request.action in ("policy", "change", "book", "cancel")
        for span in request.clause.spans
    }
    free = [
        span
        for span in spans
        if id(span) not in taken and span.kind != "code" and (span.kind, span.name) != ("count", "bags")
    ]
    change = next((request for request in requests if request.action == "change"), None)
    if change is not None and not any(span.kind == "place" and role_of(text, span) == "from" for span in free):
        # what is new may stand in another sentence: "Change my booking. I'd like to fly on the 23rd."
        kinds = ("date", "time", "cabin", "place") if _names_one_place(text, free) else ("date", "time", "cabin")
        extra, free = [span for span in free if span.kind in kinds], []
    else:
        extra = []
    if requests and told and not any(span.kind in ("place", "date") and span not in told for span in free):
        free = [span for span in free if span not in told]
    passing = [span for span in free if in_passing(text, span, free)]
    if any(span.kind in ("place", "date") and span not in passing for span in free):
        free = [span for span in free if span not in passing]
    others = bool(requests)
    search, itinerary = _search(text, free, context, clauses, others)
    made = [
        (request.clause.start, action)
        for request in requests
        for action in each_booking(request, codes, text, _action(request, codes, extra, text))
    ]
    rebooks = "change" in (context.proposed, context.pending) or (bool(context.bookings) and not context.searching)
    if search is not None and rebooks and not others and (_refines(search) or _replaces(text, search)):
        leg = (search.args.get("legs") or [{}])[0]
        more = {key: value for key, value in search.args.items() if key == "cabin"}
        made.append((0, Action("change", {**leg, **more})))
    elif search is not None:
        made.append((min((span.start for span in free), default=len(text)), search))
    if len(made) > 1 and search is not None and not context.searching and _aside(text, search, free, clauses):
        made = [item for item in made if item[1] is not search]
    made.sort(key=lambda item: item[0])
    actions = tuple(action for _, action in made)
    if (
        [action for action in actions if action.args or action.name != "search"] == []
        and (topic := topic_of(Clause(text, 0, len(text), tuple(spans))))
        and cues.QUESTION.search(text)
        and not (topic == "delays" and asks_weather(text))
    ):
        actions = (Action("policy", {"topic": topic}),)
    if not actions:
        return RuleReading(None, False, 1, 0)
    legs = len(itinerary.legs)
    certain = all(span.kind == "person" for span in said if span not in spans) and is_certain(
        text, said, actions, itinerary, clauses
    )
    return RuleReading(actions, certain, len(actions), legs)


def _aside(text: str, search: Action, free: Sequence[Span], clauses: Sequence[Clause]) -> bool:
    """Whether a search beside another request is only a day said in passing ("I can't fly on Friday, so cancel it")."""
    if any({"from", "to"} <= leg.keys() for leg in search.args.get("legs") or ()):
        return False
    return not any(SEEKS.search(clause.text) for clause in clauses for span in free if span in clause.spans)


def _names_one_place(text: str, spans: Sequence[Span]) -> bool:
    places = [span for span in spans if span.kind == "place"]
    return len(places) == 1 and role_of(text, places[0]) in ("from", "to")


def _renews(text: str, spans: Sequence[Span]) -> bool:
    """Whether a turn that names a booking gives something to put in the place of what is booked."""
    legs = [match.span("leg") for match in legs_in(text)]
    kinds = [span.kind for span in spans if not any(start <= span.start < end for start, end in legs)]
    new = any(kind in kinds for kind in ("date", "time", "cabin")) or kinds.count("place") == 1
    return new and kinds.count("place") < 2 and bool(cues.INSTEAD.search(text))


def _replaces(text: str, search: Action) -> bool:
    """Whether a search for one place puts it in the place of what is booked: "to Austin instead"."""
    legs = search.args.get("legs") or ()
    return (
        bool(re.search(r"\b(?:instead|rather|except|same)\b", text, re.IGNORECASE))
        and len(legs) == 1
        and len({"from", "to"} & legs[0].keys()) == 1
    )


def _refines(search: Action) -> bool:
    """Whether a search gives no more than another day, time or cabin."""
    legs = search.args.get("legs") or ()
    if not legs and "cabin" not in search.args:
        return False
    return len(legs) <= 1 and not any({"from", "to"} & leg.keys() for leg in legs) and "pax" not in search.args


def _action(request: Request, codes: list[Span], extra: Sequence[Span], text: str) -> Action:
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
        here = _moved(span, clause.start)
        if span.kind == "time" and any(start < here.end and here.start < end for start, end in legs):
            continue  # "the first flight" is the leg
        if span.kind == "date" and "date" in news and names_the_old(clause.text, _moved(span, clause.start)):
            continue
        if span.kind in ("date", "time", "cabin"):
            news[span.kind] = cabin_of(span.text) if span.kind == "cabin" else span.text
        elif span.kind == "place" and span.text not in leg:
            role = role_of(clause.text, _moved(span, clause.start))
            news[role if role in ("from", "to") else "to"] = span.text
    return news


def names_the_old(text: str, span: Span) -> bool:
    """Whether a change names this date as the one that it leaves: "from the 10th to the 12th"."""
    return span.kind == "date" and bool(re.search(r"\bfrom (?:the )?$", text[: max(0, span.start)], re.IGNORECASE))


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


def _search(
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
