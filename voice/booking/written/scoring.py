"""Whether what a turn was understood to ask for is exactly what its label says.

Values are compared as said, after light normalisation: case, articles and leading prepositions do not count, numbers in
words equal numbers in digits, "business class" equals "business". Two names that surely mean one place are equal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from voice.booking.itinerary.leg_builder import chained
from voice.booking.places.meanings import resolve_place
from voice.booking.text.amounts import resolve_count, resolve_price
from voice.booking.text.numerals import CARDINAL, ORDINAL, cardinal, ordinal
from voice.booking.text.spans import CERTAIN

_LEAD = re.compile(r"^(?:(?:the|an?|on|in|at|for|by|to|from|around|about|just|only|my next|during|of|with)\s+)+")
_TAIL = {
    "cabin": r"[\s-]+(?:class|cabin)$",
    "pax": r"\s+(?:people|persons?|passengers?|adults?|tickets?|seats?|of us|travell?ers?)$",
    "count": r"\s+(?:(?:checked|more|extra|additional)\s+)*(?:bags?|suitcases?|pieces?(?: of luggage)?)$",
    "offer": r"\s+(?:one|flight|option|departure)$",
    "who": r"\s+of (?:us|them)$",
    "leg": r"\s+(?:leg|flight|one|segment|part|trip|portion)$",
}
_IGNORED_EXTRAS = ("chat",)


def is_exact(expected: Sequence[Mapping[str, Any]], actions: Sequence[Mapping[str, Any]]) -> bool:
    """Compare actions in their flat form (``{"action": …, **arguments}``) with the label of their turn.

    Every expected action must be there with every argument right, in any order, and nothing else that would be acted
    on. A missing argument may be left out or asked for.
    """
    names = {action["action"] for action in expected}
    left = [action for action in actions if action["action"] not in _IGNORED_EXTRAS or action["action"] in names]
    if len(left) != len(expected):
        return False
    for wanted in expected:
        match = next((action for action in left if _same(wanted, action)), None)
        if match is None:
            return False
        left.remove(match)
    return True


def normal(value: object, key: str = "") -> str:
    """Give a value's form for comparison."""
    if isinstance(value, bool) or value is None:
        return str(value).casefold()
    if isinstance(value, Mapping):
        return " ".join(normal(part, name) for name, part in value.items())
    if isinstance(value, list):
        return " ".join(normal(part, key) for part in value)
    text = " ".join(re.sub(r"[,.?!;]+(?=\s|$)", " ", str(value).casefold().replace("’", "'")).split())
    if key == "code":
        return re.sub(r"[^a-z0-9]", "", text)
    if key == "max_price" and (amount := resolve_price(text)) is not None:
        return str(amount)
    if key in ("pax", "count"):
        count = resolve_count(text) or resolve_count(f"{text} people")
        return str(count) if count is not None else text
    if key in _TAIL:
        text = re.sub(_TAIL[key], "", _LEAD.sub("", text))
    text = re.sub(r"\b([ap])\.\s?m\b\.?", r"\1m", text)
    text = re.sub(r"(\d)\s+([ap]m)\b", r"\1\2", text)
    text = re.sub(rf"\b{ORDINAL}\b", lambda m: str(ordinal(m[0]) or m[0]), text)
    text = re.sub(rf"\b{CARDINAL}\b", lambda m: str(cardinal(m[0]) or m[0]), text)
    return _LEAD.sub("", re.sub(r"\bthe\s+", "", text)).strip()


def _same(wanted: Mapping[str, Any], got: Mapping[str, Any]) -> bool:
    name = wanted["action"]
    if name == "clarify" or got["action"] == "clarify":
        return _same_question(wanted, got)
    if name != got["action"]:
        return False
    is_open = bool(wanted.get("open"))
    left, right = ({k: v for k, v in one.items() if k not in ("action", "open", "legs")} for one in (wanted, got))
    return _fits(left, right, is_open) and _same_legs(wanted.get("legs") or [], got.get("legs") or [], is_open)


def _same_question(wanted: Mapping[str, Any], got: Mapping[str, Any]) -> bool:
    """A question for an argument is right where the argument is missing, and so is the action without it."""
    if wanted["action"] == got["action"]:
        return _equal(wanted.get("missing"), got.get("missing"), "") or not wanted.get("missing")
    if got.get("missing") == "request":
        return False  # "say it again" is no question for an argument
    question, action = (wanted, got) if wanted["action"] == "clarify" else (got, wanted)
    given = set(action) | {key for leg in action.get("legs") or [] for key in leg}
    missing = [part.strip() for part in str(question.get("missing", "")).split("|")]
    takes = {
        "code": ("lookup", "change", "cancel", "bags"),
        "count": ("bags",),
        "offer": ("book",),
        "topic": ("policy",),
    }
    return any(
        part not in given and action["action"] in takes.get(part, ("search", "change")) for part in missing
    ) and action["action"] not in ("chat", "repeat", "handoff", "confirm")


def _same_legs(wanted: Sequence[Mapping[str, Any]], got: Sequence[Mapping[str, Any]], is_open: bool) -> bool:
    left, right = chained([dict(leg) for leg in wanted]), chained([dict(leg) for leg in got])
    if is_open and not left:
        return True
    return len(left) == len(right) and all(_fits(a, b, is_open) for a, b in zip(left, right, strict=True))


def _fits(wanted: Mapping[str, Any], got: Mapping[str, Any], is_open: bool) -> bool:
    wanted, got = _with_one_date(wanted, got), _with_one_date(got, wanted)
    if not is_open and set(wanted) != set(got):
        return False
    return all(key in got and _equal(value, got[key], key) for key, value in wanted.items())


def _with_one_date(one: Mapping[str, Any], other: Mapping[str, Any]) -> Mapping[str, Any]:
    """Join date and time where the other side has them in one ("tomorrow morning")."""
    if "date" in one and "time" in one and "date" in other and "time" not in other:
        joined = {f"{normal(date, 'date')} {normal(one['time'], 'time')}" for date in str(one["date"]).split("|")}
        if both := joined & {normal(part, "date") for part in str(other["date"]).split("|")}:
            return {**{key: value for key, value in one.items() if key != "time"}, "date": both.pop()}
    return one


def _equal(wanted: object, got: object, key: str) -> bool:
    options = {normal(part, key) for part in wanted.split("|")} if isinstance(wanted, str) else {normal(wanted, key)}
    offered = {normal(part, key) for part in got.split("|")} if isinstance(got, str) else {normal(got, key)}
    if key in ("from", "to") and not options & offered:
        return bool(_places(options) & _places(offered))
    return bool(options & offered)


def _places(said: Iterable[str]) -> set[str]:
    """Give the places that these words surely mean: "Hanolulu", as it was heard, is Honolulu."""
    found = (resolve_place(words) for words in said)
    return {place.name for place in found if place and place.confidence >= CERTAIN}
