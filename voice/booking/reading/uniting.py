"""The requests of all clauses as those of one turn: the same one once, none that was taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from voice.booking.reading.clauses import Clause, Request
from voice.booking.reading.leg_words import leg_in
from voice.booking.text.spans import Span
from voice.booking.text.wording import Wording
from voice.booking.wishes import cues
from voice.cascade.words import Action

_BOTH = Wording(r"\b(?:both|all|each)\b(?! (?:flights|legs|ways|passengers|bags|people))")
_AND = Wording(r"\s*,?\s*(?:(?:and|plus|as well as)\b\s*)?(?:(?:also|my|the|booking|reservation|code|number)\b\s*)*")
_TAKES_BACK = Wording(r"\b(?:don['’]?t|do not|no need to) do (?:that|it)\b(?! (?:until|before|if|unless|yet)\b)")
ACTS_ON_BOOKING = ("change", "cancel", "bags", "lookup")


def united(text: str, requests: Sequence[Request]) -> list[Request]:
    """Drop requests that others make superfluous, and make one of two that are the same."""
    strong = [request for request in requests if not request.weak]
    kept = strong if any(request.action in ACTS_ON_BOOKING for request in strong) else requests
    unique: dict[tuple[str, str], Request] = {}
    apart = {request.action for request in kept if len(_codes_of(request.action, kept)) > 1}
    for request in kept:
        leg = leg_in(request.clause.text) if request.action == "change" else ""
        code = next(iter(request.clause.of("code")), None) if request.action in apart else None
        key = (request.action, code.name if code else request.topic or leg)
        unique[key] = _joined(text, unique[key], request) if key in unique else request
    return list(unique.values())


def without_kept(clauses: Sequence[Clause], requests: Sequence[Request]) -> Sequence[Request]:
    """Drop a cancellation that is taken back then or there: "Cancel it. No, don't cancel, move it"."""
    kept = [clause.start for clause in clauses if clause.has(cues.KEEPS) or clause.has(_TAKES_BACK)]
    return [one for one in requests if one.action != "cancel" or all(start < one.clause.start for start in kept)]


def each_booking(request: Request, codes: Sequence[Span], text: str, action: Action) -> list[Action]:
    """Give an action for each booking that it is asked for: "cancel QT44LZ and WK7R2M", "… cancel both"."""
    own = request.clause.of("code")
    whole = len(own) < 2 and _BOTH.search(request.clause.text)
    named = own if len(own) > 1 else codes if whole else ()
    joined = all(_AND.fullmatch(text[one.end : other.start]) for one, other in pairwise(named))
    if "code" not in action.args or len(named) < 2 or not joined:
        return [action]
    return [Action(action.name, {**action.args, "code": code}) for code in dict.fromkeys(span.name for span in named)]


def _codes_of(action: str, requests: Sequence[Request]) -> set[str]:
    """Give the bookings that requests for one action name, each its own; none unless every one does."""
    named = [request.clause.of("code") for request in requests if request.action == action]
    return {codes[0].name for codes in named} if all(named) else set()


def _joined(text: str, first: Request, second: Request) -> Request:
    start, end = first.clause.start, second.clause.end
    clause = Clause(text[start:end], start, end, (*first.clause.spans, *second.clause.spans))
    return replace(first, clause=clause)
