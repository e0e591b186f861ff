"""What a fine-tuned tier may answer with: actions and arguments of the vocabulary, any words as values.

Such a model copies values from the transcript by itself, also those that no finder knows; the checks see whether they
stand there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from voice.booking.drafting.notation import LEG_KEYS, WORDS
from voice.booking.drafting.sayable import unique
from voice.booking.drafting.wire import MAIN
from voice.booking.spotting import spot
from voice.booking.talk.topics import TOPICS

ALL_TOPICS = (*TOPICS, "other")
MISSING = ("from", "to", "date", "time", "pax", "code", "count", "offer", "topic")
_MOST_ACTIONS = 4
_MOST_LEGS = 6


def open_schema(text: str) -> dict[str, Any]:
    """Give the schema for a transcript: bare text of the notation (`voice.booking.drafting.notation`).

    Its codes are those that were found, joined; where none was, any words.
    """
    return {"type": "string", "pattern": _pattern(tuple(unique(s.name for s in spot(text) if s.kind == "code")))}


@cache
def _pattern(codes: tuple[str, ...]) -> str:
    action = _either(_action(name, _either(map(re.escape, codes)) if codes else WORDS) for name in MAIN)
    return rf"{action}(?:\n{action}){{0,{_MOST_ACTIONS - 1}}}"


def _action(name: str, code: str) -> str:
    match name:
        case "search":
            leg = _fields(*LEG_KEYS)
            more = _either(f"//{key} {WORDS}{_fields(*LEG_KEYS[at + 1 :])}" for at, key in enumerate(LEG_KEYS))
            others = f"{_fields('pax', 'cabin', 'max_price')}(?:/nonstop)?{_field('else')}"
            return f"search{leg}(?:{more}){{0,{_MOST_LEGS - 1}}}{others}"
        case "change":
            return f"change(?: {code})?{_fields('leg', 'date', 'time', 'from', 'to', 'cabin')}"
        case "cancel":
            return f"cancel(?: {code})?{_field('leg')}"
        case "lookup":
            return f"lookup(?: {code})?"
        case "bags":
            return f"bags(?: {WORDS})?(?:/code {code})?"
        case "book":
            return f"book(?: {WORDS})?"
        case "policy":
            return f"policy {_either(ALL_TOPICS)}"
        case "confirm":
            return "confirm (?:yes|no)"
        case "clarify":
            return f"clarify {_either(MISSING)}"
        case _:
            return name


def _field(key: str) -> str:
    return f"(?:/{key} {WORDS})?"


def _fields(*keys: str) -> str:
    return "".join(map(_field, keys))


def _either(options: Iterable[str]) -> str:
    return f"(?:{'|'.join(options)})"
