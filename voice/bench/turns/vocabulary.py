"""What a label may say: the booking desk's actions with their arguments, and the values of those that are a closed set.

A label that nothing can match would count every right answer as wrong, so it is refused where it is read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, cast

from voice.booking.drafting.open_grammar import ALL_TOPICS
from voice.config.near import near

ARGUMENTS: Mapping[str, tuple[str, ...]] = {
    "search": ("legs", "pax", "cabin", "max_price", "nonstop", "fallback"),
    "book": ("offer",),
    "lookup": ("code",),
    "change": ("code", "leg", "date", "time", "from", "to", "cabin"),
    "cancel": ("code", "leg"),
    "bags": ("count", "code"),
    "policy": ("topic",),
    "confirm": ("answer",),
    "clarify": ("missing",),
    "repeat": (),
    "chat": (),
    "handoff": (),
}
"""Every action, and what it may be told."""

LEG = ("from", "to", "date", "time", "who")
"""What a leg of a search may be told."""

VALUES: Mapping[str, tuple[str, ...]] = {
    "topic": ALL_TOPICS,
    "answer": ("yes", "no"),
    "missing": (
        *("request", "from", "to", "destination", "date", "time", "legs", "leg"),
        *("pax", "code", "count", "offer", "topic"),
    ),
}
"""Arguments of which each alternative must be one of these."""

_FLAGS = ("nonstop", "open")


def problem_of(expect: object) -> str | None:
    """Say what is wrong with a label, its actions in their flat form; None if nothing is."""
    if not isinstance(expect, list):
        return f"'expect' must be a list of actions, got {expect!r}"
    for action in cast("list[object]", expect):
        if not isinstance(action, dict) or not isinstance(cast("dict[str, object]", action).get("action"), str):
            return f"each expected action is an object with an 'action', got {action!r}"
        if problem := _of_action(cast("dict[str, Any]", action)):
            return problem
    return None


def _of_action(action: Mapping[str, Any]) -> str | None:
    name = action["action"]
    if name not in ARGUMENTS:
        return _unknown("there is no action", name, ARGUMENTS)
    for key, value in action.items():
        if key not in ("action", "open", *ARGUMENTS[name]):
            return _unknown(f"{name!r} has no argument", key, (*ARGUMENTS[name], "open"))
        problem = _of_legs(value) if key == "legs" else _of_value(key, value) if key != "action" else None
        if problem:
            return problem
    return None


def _of_legs(legs: object) -> str | None:
    if not isinstance(legs, list) or not all(isinstance(leg, dict) for leg in cast("list[object]", legs)):
        return f'\'legs\' must be a list of objects such as {{"to": "Denver"}}, got {legs!r}'
    for leg in cast("list[dict[str, object]]", legs):
        for key, value in leg.items():
            if key not in LEG:
                return _unknown("a leg has no", key, LEG)
            if problem := _of_value(key, value):
                return problem
    return None


def _of_value(key: str, value: object) -> str | None:
    if key in _FLAGS:
        return None if isinstance(value, bool) else f"{key!r} is true or false, got {value!r}"
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return f"{key!r} must be a text, got {value!r}"
    for part in str(value).split("|"):
        if not part.strip():
            return f"{key!r} has an empty alternative: {value!r}"
        if key in VALUES and part.strip() not in VALUES[key]:
            return _unknown(f"{key!r} can't be", part.strip(), VALUES[key])
    return None


def _unknown(what: str, name: str, known: Collection[str]) -> str:
    meant = near(name, known)
    return f"{what} {name!r}: " + (f"did you mean {meant!r}?" if meant else f"use one of {', '.join(known)}")
