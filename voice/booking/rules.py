"""A turn's actions by rules alone: what code decides better than a small model, and a second opinion on the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from voice.booking import cues
from voice.booking.clauses import Clause, Request, clauses_of, leg_of, offer_of, requests_of, topic_of
from voice.booking.context import TurnContext
from voice.booking.itinerary import Itinerary, read_legs, riders
from voice.booking.leftover import nothing_left
from voice.booking.roles import role_of
from voice.booking.spans import CERTAIN, Span
from voice.cascade.words import Action

_YES_START = re.compile(
    rf"^\W*(?P<yes>{cues.YES.pattern})(?!\w)(?:[\s,.!]+(?:{cues.YES.pattern})(?!\w))*[\s,.;!]*", re.IGNORECASE
)
_NO_PHRASE = re.compile(
    rf"^\W*(?:{cues.NO.pattern})(?!\w)(?:[\s,.]*(?:{cues.NO.pattern})(?!\w))*[\s,.;!]*", re.IGNORECASE
)
_BUT = re.compile(r"^\W*(?:but|only|except|if|though|although)\b", re.IGNORECASE)
_ACTS_ON_BOOKING = ("change", "cancel", "bags", "lookup")
_FIRST_NUMBER = re.compile(
    r"\W*(?:(?:just|only|it's|we're|there(?:'s| are| will be)|make it)\s+)*(?P<n>\d|one|two|three|four|five|six|"
    r"seven|eight|nine)\s*[.,]",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"\b(?:don't|do not|didn't|can't|haven't|not sure|no idea|lost|forgot\w*)\b.*\b(?:have|know|remember|find|got|"
    r"what it is|it|one)\b|"
    r"\bnot sure\b|\bno idea\b|\bi (?:lost|forgot) it\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RuleReading:
    """What rules make of a turn. ``actions`` is None where they can't tell; see `voice.cascade.words.Reading`."""

    actions: tuple[Action, ...] | None = None
    certain: bool = False
    requests: int = 1
    legs: int = 0


def interpret(text: str, spans: Sequence[Span], context: TurnContext) -> RuleReading:
    """Read a tidied transcript. Pure."""
    if not re.search(r"\w", text):
        return RuleReading(requests=0)
    plain = _plain(text, spans, context)
    if plain is not None:
        return plain
    head: list[Action] = []
    rest, offset = text, 0
    if context.proposal:
        head, offset = _answered(text)
        rest = text[offset:]
    inner = _body(rest, [_moved(span, offset) for span in spans if span.start >= offset], context)
    said = text[:offset]
    after = [action for action in inner.actions or () if not (head and _restates(action))]
    if after and head and head[0].args["answer"] == "yes" and cues.WEAK_YES.match(said):
        head = []
    actions = (*head, *after)
    if not actions:
        return RuleReading(None, False, inner.requests, inner.legs)
    certain = inner.certain and not head
    return RuleReading(actions, certain, max(1, len(actions)), inner.legs)


def _plain(text: str, spans: Sequence[Span], context: TurnContext) -> RuleReading | None:
    """Read turns that are nothing but an answer or a courtesy."""
    if (context.proposal or context.asked == "offer") and all(span.kind == "person" for span in spans):
        for pattern, answer in ((cues.NO, "no"), (cues.YES, "yes")):
            if cues.made_of(text, pattern) and not (
                answer == "yes" and re.search(r"\b(?:no|not|don't)\b", text, re.IGNORECASE)
            ):
                if answer == "no" and not re.search(
                    r"\b(?:no\w*|nah|don't|never ?mind|leave|forget|not|wrong|too|keep|hold|changed|didn't|"
                    r"negative|incorrect|rather|pass|think|later|another|other|stop|first|neither|none)\b",
                    text,
                    re.IGNORECASE,
                ):
                    continue
                return RuleReading((Action("confirm", {"answer": answer}),), certain=True)
    if cues.made_of(text, cues.CHAT):
        return RuleReading((Action("chat"),), certain=not context.proposal)
    repeat = cues.INTENTS["repeat"].search(text)
    if repeat and len(text.split()) <= 10 and not [span for span in spans if span.kind != "person"]:
        return RuleReading((Action("repeat"),), certain=nothing_left(text, (), cues.INTENTS["repeat"]))
    if cues.INTENTS["handoff"].search(text):
        return RuleReading((Action("handoff"),), certain=not spans and len(text.split()) <= 14)
    return _asked(text, spans, context)


def _asked(text: str, spans: Sequence[Span], context: TurnContext) -> RuleReading | None:
    """Read the answer to exactly what was asked."""
    asked = context.asked
    if not asked:
        return None
    wanted = {"from": "place", "to": "place", "pax": "count"}.get(asked, asked)
    found = [span for span in spans if span.kind == wanted]
    if (
        asked in ("count", "pax")
        and not found
        and (
            number := re.search(
                r"\b(?:\d|one|two|three|four|five|six|seven|eight|nine|just me|none)\b", text, re.IGNORECASE
            )
        )
    ):
        found = [Span(number.start(), number.end(), number[0], "count")]
    if asked in ("count", "pax") and len(found) != 1 and (first := _FIRST_NUMBER.match(text)):
        found = [Span(first.start("n"), first.end("n"), first["n"], "count")]
        if all(span.kind in ("count", "person") for span in spans):
            spans = found
    if asked == "code" and not found and _UNKNOWN.search(text):
        return RuleReading((Action("clarify", {"missing": "code"}),))
    if len(found) != 1 or len(spans) > 1:
        return None
    value = found[0].name if wanted == "code" else found[0].text
    key = "count" if asked == "count" else asked
    sure = found[0].confidence >= CERTAIN and nothing_left(text, found, None)
    role = role_of(text, found[0])
    if asked in ("from", "to") and role and role != asked:
        key, sure = role, False
    if not sure and not (asked in ("count", "pax") and all(span.kind in ("count", "person") for span in spans)):
        return None
    args: dict[str, Any] = {key: value}
    action = context.pending or ("lookup" if asked == "code" else "search")
    if action == "search" and key != "pax":
        args = {"legs": [args]}
    return RuleReading((Action(action, args),), certain=sure, legs=int("legs" in args))


def _answered(text: str) -> tuple[list[Action], int]:
    """Take a yes or no from the front of a longer answer. "Yes, but …" is no yes."""
    if cues.CORRECTS.match(text):
        return [], 0
    if match := _NO_PHRASE.match(text):
        if re.match(r"\W*(?:thanks|thank you|please)\b", text, re.IGNORECASE):
            return [], 0
        return [Action("confirm", {"answer": "no"})], match.end()
    if match := _YES_START.match(text):
        if _BUT.match(text[match.end() :]):
            return [], match.end()
        return [Action("confirm", {"answer": "yes"})], match.end()
    return [], 0


def answers_heard(text: str) -> list[str]:
    """Give the answers to a proposal that a turn may hold. "Yes, but …" holds no yes."""
    found: list[str] = []
    yes = _YES_START.match(text) or re.search(r"\b(?:yes|yeah)\b", text, re.IGNORECASE)
    if yes and not _BUT.match(text[yes.end() :]):
        found.append("yes")
    no = _NO_PHRASE.match(text) or re.search(r"\b(?:no|don't)\b", text, re.IGNORECASE)
    if no and not cues.CORRECTS.match(text):
        found.append("no")
    return found


def _restates(action: Action) -> bool:
    """Whether an action behind a yes or no only says again what was proposed: "yes, cancel it"."""
    if action.name == "book":
        return bool(re.fullmatch(r"(?:that|this)(?: one| flight)?", str(action.args.get("offer", "")), re.IGNORECASE))
    return action.name in ("cancel", "change", "search") and not action.args


def _moved(span: Span, offset: int) -> Span:
    return Span(
        span.start - offset, span.end - offset, span.text, span.kind, span.name, span.confidence, span.candidates
    )


def _body(text: str, spans: Sequence[Span], context: TurnContext) -> RuleReading:
    clauses = clauses_of(text, spans)
    requests = [request for clause in clauses for request in requests_of(clause, context)]
    requests = _united(text, requests)
    codes = [span for span in spans if span.kind == "code"]
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
    if codes and not any(request.action in _ACTS_ON_BOOKING for request in requests):
        requests.insert(0, Request("lookup", next(clause for clause in clauses if codes[0] in clause.spans)))
    change = next((request for request in requests if request.action == "change"), None)
    if change is not None and not any(span.kind == "place" and role_of(text, span) == "from" for span in free):
        # what is new may stand in another sentence: "Change my booking. I'd like to fly on the 23rd."
        extra, free = [span for span in free if span.kind in ("date", "time", "cabin")], []
    else:
        extra = []
    others = bool(requests)
    search, itinerary = _search(text, free, context, clauses, others)
    made = [(request.clause.start, _action(request, codes, extra, text)) for request in requests]
    rebooks = context.proposed == "change" or (bool(context.bookings) and not context.searching)
    if search is not None and rebooks and not others and _refines(search):
        leg = (search.args.get("legs") or [{}])[0]
        more = {key: value for key, value in search.args.items() if key == "cabin"}
        made.append((0, Action("change", {**leg, **more})))
    elif search is not None:
        made.append((min((span.start for span in free), default=len(text)), search))
    made.sort(key=lambda item: item[0])
    actions = tuple(action for _, action in made)
    if not actions and (topic := topic_of(Clause(text, 0, len(text), tuple(spans)))) and cues.QUESTION.search(text):
        actions = (Action("policy", {"topic": topic}),)
    if not actions:
        return RuleReading(None, False, 1, 0)
    legs = len(itinerary.legs)
    return RuleReading(actions, _certain(text, spans, actions, requests, itinerary, clauses), len(actions), legs)


def _refines(search: Action) -> bool:
    """Whether a search gives no more than another day, time or cabin."""
    legs = search.args.get("legs") or ()
    if not legs and "cabin" not in search.args:
        return False
    return len(legs) <= 1 and not any({"from", "to"} & leg.keys() for leg in legs) and "pax" not in search.args


def _united(text: str, requests: Sequence[Request]) -> list[Request]:
    """Drop requests that others make superfluous, and make one of two that are the same."""
    strong = [request for request in requests if not request.weak]
    kept = strong if any(request.action in _ACTS_ON_BOOKING for request in strong) else requests
    unique: dict[tuple[str, str], Request] = {}
    for request in kept:
        key = (request.action, request.topic or (leg_of(request.clause) if request.action == "change" else ""))
        unique[key] = _joined(text, unique[key], request) if key in unique else request
    return list(unique.values())


def _joined(text: str, first: Request, second: Request) -> Request:
    start, end = first.clause.start, second.clause.end
    clause = Clause(text[start:end], start, end, (*first.clause.spans, *second.clause.spans))
    return replace(first, clause=clause)


def _action(request: Request, codes: list[Span], extra: Sequence[Span], text: str) -> Action:
    clause, args = request.clause, dict[str, Any]()
    own = [span for span in clause.spans if span.kind == "code"] or codes
    if request.action in _ACTS_ON_BOOKING and own:
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
            if leg := leg_of(clause):
                args["leg"] = leg
            if request.action == "change":
                args |= _news(clause, extra, leg_of(clause))
        case _:
            pass
    return Action(request.action, args)


def _news(clause: Clause, extra: Sequence[Span], leg: str) -> dict[str, str]:
    """Give what is new in a change. After "from the 10th to the 12th" only the 12th is."""
    news: dict[str, str] = {}
    for span in (*clause.spans, *extra):
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


def cabin_of(said: str) -> str:
    """Give the cabin without the word "class"."""
    text = re.sub(r"[\s-]+(?:class|cabin)$", "", said, flags=re.IGNORECASE)
    return "economy" if text.casefold() in ("coach", "main", "standard") else text


def _search(
    text: str, free: list[Span], context: TurnContext, clauses: Sequence[Clause], others: bool
) -> tuple[Action | None, Itinerary]:
    """Give the search that the spans speak of, if they do."""
    whos = riders(text, free)
    flown = [span for span in free if span.kind in ("place", "date", "time")]
    itinerary = read_legs(text, sorted([*flown, *whos], key=lambda span: span.start))
    cue = bool(cues.INTENTS["search"].search(text))
    kinds = {span.kind for span in free} - {"person"}
    legs = [dict(leg) for leg in itinerary.legs]
    anchored = any(span.kind in ("place", "date") for span in free)
    constrained = bool(kinds & {"price", "time", "count", "cabin"}) or bool(cues.NONSTOP.search(text))
    if not anchored and not ((cue or context.searching) and (constrained or not others)):
        return None, Itinerary()
    if (
        not anchored
        and not constrained
        and (others or not cue or not re.search(r"\b(?:flights?|fly|tickets?|book|travel|trip)\b", text, re.IGNORECASE))
    ):
        return None, Itinerary()
    args: dict[str, Any] = {"legs": legs} if legs else {}
    for span in free:
        if span.kind == "count" and all(span.start != who.start for who in whos):
            args["pax"] = span.text
        elif span.kind == "price":
            args["max_price"] = span.text
        elif span.kind == "cabin":
            args["cabin"] = cabin_of(span.text)
    if any(clause.has(cues.NONSTOP) for clause in clauses):
        args["nonstop"] = True
    if itinerary.fallback:
        args["fallback"] = itinerary.fallback
    return Action("search", args), itinerary


def _certain(
    text: str,
    spans: Sequence[Span],
    actions: Sequence[Action],
    requests: Sequence[Request],
    itinerary: Itinerary,
    clauses: Sequence[Clause],
) -> bool:
    """Whether a reading may be acted on without a model: one plain request, with nothing left unexplained."""
    if len(actions) != 1 or any(span.confidence < CERTAIN for span in spans):
        return False
    action = actions[0]
    match action.name:
        case "policy":
            topics = [topic for topic, pattern in cues.TOPICS.items() if pattern.search(text)]
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
