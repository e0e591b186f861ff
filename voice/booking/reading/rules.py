"""A turn's actions by rules alone: what code decides better than a small model, and a second opinion on the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from voice.booking.codes.mending import mends
from voice.booking.context import TurnContext
from voice.booking.places.roles import role_of
from voice.booking.reading.asides import asks_service, asks_weather, in_passing, off_topic
from voice.booking.reading.certainty import is_certain
from voice.booking.reading.clauses import Clause, Request, clauses_of, requests_of, topic_of
from voice.booking.reading.pointing import pointed
from voice.booking.reading.renewing import action_of, names_one_place, renews
from voice.booking.reading.sought import in_passing_only, refines, replaces, search_in
from voice.booking.reading.stories import answer_behind, asked_for, only_tells, told_of
from voice.booking.reading.uniting import ACTS_ON_BOOKING, each_booking, united, without_kept
from voice.booking.talk.aftertalk import finds_by_name, lacks_code
from voice.booking.talk.answers import answer_of, people_instead, recounts
from voice.booking.talk.beside import Beside, question_beside
from voice.booking.talk.comparisons import asks_of_known, compares, names_told, reshapes, seeks_others
from voice.booking.talk.courtesies import asks_again, asks_for_free_bags, is_courtesy
from voice.booking.talk.of_booking import asks_of_booking
from voice.booking.talk.replies import RuleReading, answered, closes, plain, restates
from voice.booking.talk.returns import asks_return
from voice.booking.talk.taking import takes_it
from voice.booking.talk.taking_back import only_leaves, takes_back, without_hold
from voice.booking.talk.verdicts import refuses, verdict
from voice.booking.text.spans import Span
from voice.booking.text.wording import Wording
from voice.booking.wishes import cues
from voice.cascade.words import Action

_ECHO = Wording(r"\W*(?:oh|wait|what|hm+)?\W*(?P<said>[^?.!]{2,40})\?\s+(?=\w)")
"""What the agent said, asked back before it is answered."""


def interpret(text: str, spans: Sequence[Span], context: TurnContext) -> RuleReading:
    """Read a tidied transcript. Pure."""
    if not re.search(r"\w", text):
        return RuleReading(requests=0)
    if context.mending and mends(text):
        return RuleReading((Action(context.pending or "lookup", {"code": text}),), certain=True)
    if told := names_told(text, context) or seeks_others(text, context):
        return RuleReading((told,), certain=True)
    if context.proposal and only_leaves(text):
        return RuleReading((Action("chat"),), certain=True)
    if context.asked and not spans and _leaves_it(text):
        return RuleReading((Action("confirm", {"answer": "no"}),), certain=True)
    if not context.asked and not context.proposal and (wish := without_hold(text)):
        inner = interpret(wish, [span for span in spans if span.end <= len(wish)], context)
        return replace(inner, certain=inner.certain or (not spans and _one_act(inner)))
    if place := pointed(text, spans, context):
        return RuleReading((place,), certain=True)
    if (context.searching or context.proposal) and (asked := question_beside(text)):
        return _with_question(text, asked, spans, context)
    if compared := compares(text, context):
        return RuleReading((compared,), certain=True)
    if reshaped := reshapes(text, context):
        return RuleReading((reshaped,), certain=True)
    if wanted := asks_return(text, spans, context) or takes_it(text, context):
        return RuleReading((wanted,), certain=True)
    short = plain(text, spans, context)
    if short is not None:
        return short
    if known := asks_of_known(text, spans, context):
        return RuleReading((known,), certain=not spans)
    if told := asks_of_booking(text, spans, context):
        return RuleReading((told,), certain=True)
    if _lacks_code(text, spans, context):
        return RuleReading((Action("lookup"),), certain=True)
    if asks_for_free_bags(text) and not context.asked:
        return RuleReading((Action("policy", {"topic": "baggage"}),), certain=True)
    echo = _ECHO.match(text) if context.proposal else None
    if echo and echo["said"].casefold() in context.agent.casefold():
        moved = [span.within(echo.end()) for span in spans if span.start >= echo.end()]
        return interpret(text[echo.end() :], moved, context)  # "$40? No, leave it"
    if context.proposal and (start := _answer_behind(text, spans)):
        return replace(
            interpret(text[start:], [span.within(start) for span in spans if span.start >= start], context),
            certain=False,
        )
    head: list[Action] = []
    rest, offset = text, 0
    if context.proposal and not closes(text, context):
        head, offset = answered(text)
        if not head and not offset and not cues.CORRECTS.match(text) and (said := verdict(text)):
            head = [Action("confirm", {"answer": said})]
        rest = text[offset:]
    inner = _body(rest, [span.within(offset) for span in spans if span.start >= offset], context)
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
    if head and only_tells(text[offset:], [span.within(offset) for span in spans if span.start >= offset]):
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


def _leaves_it(text: str) -> bool:
    """Whether a turn takes back what it was asked for, and asks for nothing else: "Never mind, keep it."."""
    return takes_back(text) and "?" not in text and answer_of(text)[0] == "no" and not is_courtesy(text)


def _one_act(reading: RuleReading) -> bool:
    """Whether a reading is one act on a booking, whose code comes next."""
    acts = ("change", "cancel", "bags", "lookup")
    return len(reading.actions or ()) == 1 and all(one.name in acts and not one.args for one in reading.actions or ())


def _with_question(text: str, asked: Beside, spans: Sequence[Span], context: TurnContext) -> RuleReading:
    """Read what is said beside a question about known flights, which the desk answers as well."""
    inside = [span.within(asked.start) for span in spans if asked.start <= span.start and span.end <= asked.end]
    rest = interpret(text[asked.start : asked.end], inside, context)
    return rest if rest.actions else RuleReading((Action("repeat"),))


def _lacks_code(text: str, spans: Sequence[Span], context: TurnContext) -> bool:
    """Whether a turn only says that a booking is to be found without its code."""
    if context.asked or context.proposal or context.searching or any(span.kind in ("code", "date") for span in spans):
        return False
    does = any(cues.INTENTS[name].search(text) for name in ("cancel", "change", "bags"))
    return not does and (lacks_code(text) or finds_by_name(text))


def _answer_behind(text: str, spans: Sequence[Span]) -> int:
    """Give where the answer to a proposal begins behind what is only told; 0 where a yes comes after a request."""
    start = answer_behind(text)
    told = told_of(text, spans) if start else []
    asks = any(span.start < start and span.kind != "person" and span not in told for span in spans)
    return 0 if asks and text[start : start + 2].casefold() != "no" else start


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
        name = "change" if renews(text, spans) else "lookup"
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
        kinds = ("date", "time", "cabin", "place") if names_one_place(text, free) else ("date", "time", "cabin")
        extra, free = [span for span in free if span.kind in kinds], []
    else:
        extra = []
    if requests and told and not any(span.kind in ("place", "date") and span not in told for span in free):
        free = [span for span in free if span not in told]
    passing = [span for span in free if in_passing(text, span, free)]
    if any(span.kind in ("place", "date") and span not in passing for span in free):
        free = [span for span in free if span not in passing]
    others = bool(requests)
    search, itinerary = search_in(text, free, context, clauses, others)
    made = [
        (request.clause.start, action)
        for request in requests
        for action in each_booking(request, codes, text, action_of(request, codes, extra))
    ]
    rebooks = "change" in (context.proposed, context.pending) or (bool(context.bookings) and not context.searching)
    if search is not None and rebooks and not others and (refines(search) or replaces(text, search)):
        leg = (search.args.get("legs") or [{}])[0]
        more = {key: value for key, value in search.args.items() if key == "cabin"}
        made.append((0, Action("change", {**leg, **more})))
    elif search is not None:
        made.append((min((span.start for span in free), default=len(text)), search))
    if len(made) > 1 and search is not None and not context.searching and in_passing_only(text, search, free, clauses):
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
