"""Deterministic checks of a draft: is all that was said used, and is all that is used said, possible and in order?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from voice.booking.codes.locators import is_code
from voice.booking.context import TurnContext
from voice.booking.dates.finding import resolve_date
from voice.booking.drafting.grammar import MAIN
from voice.booking.drafting.sense import same
from voice.booking.offers.resolving import RELATIVE
from voice.booking.places.areas import area_of
from voice.booking.places.meanings import resolve_place
from voice.booking.places.roles import role_of
from voice.booking.reading.renewing import names_the_old
from voice.booking.spotting import spot
from voice.booking.text.amounts import resolve_count
from voice.booking.text.spans import Span
from voice.booking.wishes import cues
from voice.cascade.words import Action, Findings, Reading

_FAR = timedelta(30)
"""How far off a flight is taken to be that days are counted back from, where it is not known."""
_USED_KINDS = ("place", "date", "time", "price", "code", "count", "cabin")
_LOOSE = frozenset({"policy", "repeat", "chat", "handoff", "clarify", "confirm", "book"})
"""Actions whose turns may name values that no argument takes."""


def examine(actions: Sequence[Action], reading: Reading, context: TurnContext, today: date | None = None) -> Findings:
    """Check a draft. Pure, a millisecond; without ``today`` dates are not resolved."""
    spans = spot(reading.text)
    missing = list(_missing(actions, reading, context, spans))
    wanted = max(1, reading.requests) + len(_to_use(reading, spans, context))
    wrong, checked = _faults(actions, reading, context, spans, today)
    return Findings(
        completeness=max(0.0, 1 - len(missing) / wanted) if actions else 0.0,
        correctness=max(0.0, 1 - len(wrong) / max(1, checked)) if actions else 0.0,
        agreement=None if reading.actions is None else same(actions, reading.actions),
        problems=(*(("no action",) if not actions else ()), *missing, *wrong),
        irreversible=context.proposal and any(a.name == "confirm" and a.args.get("answer") == "yes" for a in actions),
    )


def _to_use(reading: Reading, spans: Sequence[Span], context: TurnContext) -> list[Span]:
    """Give the mentions that a complete draft uses: each date and time, and each place that is not on the way."""
    used: list[Span] = []
    hours = sum(span.kind == "time" for span in spans)
    for span in spans:
        if span.kind not in _USED_KINDS or role_of(reading.text, span) == "via":
            continue
        if span.kind == "time" and hours > 1 and span.text.casefold() in ("earlier", "later"):
            continue  # "later, in the evening": the hour says it
        if (
            span.kind == "date"
            and any(a.name == "change" for a in reading.actions or ())
            and names_the_old(reading.text, span)
        ):
            continue
        if all((span.kind, span.text) != (other.kind, other.text) for other in used):
            used.append(span)
    return used


def _missing(actions: Sequence[Action], reading: Reading, context: TurnContext, spans: Sequence[Span]) -> Iterable[str]:
    names = [action.name for action in actions]
    if "clarify" in names:
        yield from _needless_questions(actions, spans)
        return
    asked = reading.requests - _needless_no(actions, reading, context)
    if names and len(names) < asked:
        yield f"{asked} things were asked for, {len(names)} are answered"
    legs = sum(len(action.args.get("legs") or ()) for action in actions)
    if "search" in names and legs < reading.legs:
        yield f"{reading.legs} flights were named, {legs} are there"
    if names and set(names) <= _LOOSE:
        return
    values = [_plain(value) for action in actions for _, value in _values(action)]
    for span in _to_use(reading, spans, context):
        if _is_counted_in(span, actions):
            continue
        if not any(_plain(_said(span)) in value or value in _plain(_said(span)) for value in values if value):
            yield f"{span.kind} {_said(span)!r} is not used"
    if "search" in names and cues.wants_nonstop(reading.text) and not any(a.args.get("nonstop") for a in actions):
        yield "nonstop is not used"


def _is_counted_in(span: Span, actions: Sequence[Action]) -> bool:
    """Whether people are among a number that is there: of "four people, me, my wife and the two kids" all are told."""
    if (span.kind, span.name) != ("count", "passengers"):
        return False
    parties = [resolve_count(str(action.args["pax"])) or 0 for action in actions if action.args.get("pax")]
    return max(parties, default=0) >= (resolve_count(span.text) or 2)


def _needless_no(actions: Sequence[Action], reading: Reading, context: TurnContext) -> bool:
    """Whether a no was left out that another change says by itself: "No, a nonstop in the afternoon"."""
    said = [action.name for action in reading.actions or () if action.args.get("answer") == "no"]
    drafted = [action.name for action in actions]
    return context.proposed == "change" and bool(said) and "change" in drafted and "confirm" not in drafted


def _needless_questions(actions: Sequence[Action], spans: Sequence[Span]) -> Iterable[str]:
    """A question for what is missing is a good answer; one for what the caller gave is not."""
    given = {span.kind for span in spans}
    kinds = {"from": "place", "to": "place", "pax": "count"}
    for action in actions:
        missing = str(action.args.get("missing", ""))
        enough = 2 if missing in ("from", "to") else 1
        kind = kinds.get(missing, missing)
        if kind in given and sum(span.kind == kind for span in spans) >= enough:
            yield f"asks for {missing}, which was said"


def _faults(
    actions: Sequence[Action],
    reading: Reading,
    context: TurnContext,
    spans: Sequence[Span],
    today: date | None,
) -> tuple[list[str], int]:
    """Give what is wrong, and how many things were checked."""
    wrong: list[str] = []
    checked = 0
    text = _plain(reading.text)
    for action in actions:
        if action.name not in MAIN:
            return [f"no action {action.name!r}"], 1
        for key, value in _values(action):
            checked += 1
            if problem := _fault(key, value, text, reading, context, action):
                wrong.append(problem)
        for problem in _impossible(action, reading, spans, today):
            wrong.append(problem)
        if action.name == "confirm" and not context.proposal:
            wrong.append("nothing was proposed that could be confirmed")
    return wrong, max(checked, len(actions))


def _fault(key: str, value: Any, text: str, reading: Reading, context: TurnContext, action: Action) -> str:
    if key in ("answer", "missing", "topic", "nonstop"):
        return ""
    said = _plain(str(value))
    if key == "code":
        known = said.upper() in context.bookings or any(
            e.kind == "code" and _plain(e.text) == said for e in reading.entities
        )
        return "" if known and is_code(said.upper()) else f"code {value!r} was not said"
    chained = key == "from" and any(said == _plain(str(leg.get("to", ""))) for leg in action.args.get("legs") or ())
    back = key == "to" and any(said == _plain(str(leg.get("from", ""))) for leg in action.args.get("legs") or ())
    return "" if said in text or chained or back else f"{key} {value!r} was not said"


def _impossible(action: Action, reading: Reading, spans: Sequence[Span], today: date | None) -> Iterable[str]:
    """Give what can't be flown: to where it starts, a place in the wrong slot, days that are none or go backwards."""
    previous: date | None = None
    legs: Sequence[Mapping[str, Any]] = action.args.get("legs") or ()
    for number, leg in enumerate([*legs] if action.name == "search" else [action.args], start=1):
        if "from" in leg and leg["from"] == leg.get("to"):
            yield f"flight {number} goes from {leg['from']} to itself"
        for key in ("from", "to"):
            if key in leg and resolve_place(str(leg[key])) is None and not area_of(str(leg[key])):
                yield f"{leg[key]!r} is no place"
        for key, other in (("from", "to"), ("to", "from")):
            roles = {
                role_of(reading.text, span) for span in spans if span.kind == "place" and span.text == leg.get(key)
            }
            alone = action.name == "change" or len(legs) == 1
            if alone and roles == {other}:
                yield f"{leg[key]} is where the flight goes {other}, not {key}"
        if today is not None and "date" in leg:
            said = str(leg["date"])
            match = resolve_date(said, today=today, previous=previous)
            if (match is None or match.date is None) and previous is None and _counts_on(said, today):
                continue
            if match is None or match.date is None:
                yield f"{leg['date']!r} is no day to come"
            elif previous is not None and match.date < previous:
                yield f"flight {number} leaves before the one before it"
            else:
                previous = match.date
    if action.name == "search":
        yield from _overused(legs, spans)


def _counts_on(said: str, today: date) -> bool:
    """Whether words name a day seen from a flight that is not known here: "a day earlier", "the day before"."""
    match = resolve_date(said, today=today, previous=today + _FAR) if RELATIVE.search(said) else None
    return match is not None and match.date is not None


def _overused(legs: Sequence[Mapping[str, Any]], spans: Sequence[Span]) -> Iterable[str]:
    """Give dates that stand for more flights than they were said for."""
    for said in {str(leg["date"]) for leg in legs if "date" in leg}:
        mentions = sum(span.kind == "date" and span.text == said for span in spans)
        uses = sum(leg.get("date") == said for leg in legs)
        if 0 < mentions < uses:
            yield f"{said!r} was said {mentions} time(s) and stands for {uses} flights"


def _values(action: Action) -> Iterable[tuple[str, Any]]:
    for key, value in action.args.items():
        if key == "legs":
            for leg in value:
                yield from leg.items()
        else:
            yield key, value


def _said(span: Span) -> str:
    return span.name if span.kind == "code" else span.text


def _plain(text: Any) -> str:
    return " ".join(str(text).casefold().replace("-", " ").split())
