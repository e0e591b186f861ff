"""What tiers write actions as: terse JSON, or the notation that taught ones have learned.

In JSON the first key of an action is its name and holds its main argument.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from voice.booking.drafting.notation import items_in, written
from voice.booking.itinerary.leg_builder import chained
from voice.booking.wishes.cabins import cabin_of
from voice.cascade.words import Action, Reading

MAIN: Mapping[str, str] = {
    "search": "legs",
    "book": "offer",
    "lookup": "code",
    "change": "code",
    "cancel": "code",
    "bags": "count",
    "policy": "topic",
    "confirm": "answer",
    "clarify": "missing",
    "repeat": "",
    "chat": "",
    "handoff": "",
}
"""Every action, and the argument that stands behind its name on the wire."""

_ORDER = ("leg", "date", "time", "from", "to", "pax", "cabin", "max_price", "nonstop", "fallback")
"""How the other arguments follow: as in the schemas of tiers, so that equal actions are written alike."""


def parse(text: str, reading: Reading) -> tuple[Action, ...]:
    """Turn a tier's answer into actions.

    Raises:
        ValueError: it is neither JSON nor the notation, or not of the vocabulary.
    """
    actions: list[Action] = []
    for item in _items(text):
        action = _parsed(item)
        if action not in actions:
            actions.append(action)
    return tuple(actions)


def wire(actions: Iterable[Action]) -> str:
    """Write actions as a tier would, in JSON: the inverse of `parse`, for prompts and for comparing with a draft."""
    return json.dumps({"do": [_written(action) for action in actions]}, separators=(",", ":"), ensure_ascii=False)


def notation(actions: Iterable[Action]) -> str:
    """Write actions as a taught tier would: the same for `voice.booking.drafting.notation`."""
    return written(_written(action) for action in actions)


def _written(action: Action) -> dict[str, Any]:
    main = MAIN[action.name]
    item: dict[str, Any] = {action.name: action.args.get(main, [] if main == "legs" else "") if main else True}
    if main == "legs":
        item[action.name] = _shortened(item[action.name])
    for key in sorted(action.args.keys() - {main}, key=_place_in_order):
        item["else" if key == "fallback" else key] = action.args[key]
    return item


def _items(text: str) -> list[Any]:
    if not text.lstrip().startswith("{"):
        return items_in(text)
    data = json.loads(text)
    if not isinstance(data.get("do"), list):
        raise ValueError(f"an answer needs its actions under 'do', got {text[:80]!r}")
    return data["do"]


def _place_in_order(key: str) -> tuple[int, str]:
    return (_ORDER.index(key) if key in _ORDER else 0, key)


def _shortened(legs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Leave out where a leg starts, wherever that goes without saying."""
    short = [dict(leg) for leg in legs]
    for index in range(1, len(short)):
        less = [{k: v for k, v in leg.items() if (at, k) != (index, "from")} for at, leg in enumerate(short)]
        if chained(less) == chained(short):
            short = less
    return short


def _parsed(item: Any) -> Action:
    if not isinstance(item, dict) or not item:
        raise ValueError(f"an action is an object with its name as the first key, got {item!r}")
    fields = {key: value for key, value in item.items() if value is not None}
    name = next(iter(fields), "")
    if name not in MAIN:
        raise ValueError(f"no action {name!r}; there are {', '.join(MAIN)}")
    args = {
        ("fallback" if key == "else" else key): value for key, value in fields.items() if key != name and value != ""
    }
    main = fields[name]
    if name == "search":
        legs = main if isinstance(main, list) else []
        if not all(isinstance(leg, dict) for leg in legs):
            raise ValueError(f"the legs of a search are objects, got {main!r}")
        filled = chained([{key: value for key, value in leg.items() if value not in (None, "")} for leg in legs])
        args = {**({"legs": [dict(leg) for leg in filled]} if filled else {}), **args}
    elif MAIN[name] and isinstance(main, str) and main:
        args = {MAIN[name]: main, **args}
    if "cabin" in args:
        args["cabin"] = cabin_of(str(args["cabin"]))
    return Action(name, args)
