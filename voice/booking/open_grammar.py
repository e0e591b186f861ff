"""The JSON that a fine-tuned tier may answer with: actions and arguments of the vocabulary, any words as values.

Such a model copies values from the transcript by itself, also those that no finder knows; the checks see whether they
stand there.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from voice.booking.sayable import closed, unique
from voice.booking.spotting import spot
from voice.booking.topics import TOPICS
from voice.booking.wire import MAIN

ALL_TOPICS = (*TOPICS, "other")
MISSING = ("from", "to", "date", "time", "pax", "code", "count", "offer", "topic")
_WORDS: dict[str, Any] = {"type": "string", "minLength": 1}
_MOST_ACTIONS = 4
_MOST_LEGS = 6


def open_schema(text: str) -> dict[str, Any]:
    """Give the schema for a transcript. Its codes are those that were found, joined; where none was, any words."""
    return _schema(tuple(unique(span.name for span in spot(text) if span.kind == "code")))


@cache
def _schema(codes: tuple[str, ...]) -> dict[str, Any]:
    code = {"enum": ["", *codes]} if codes else {"type": "string"}
    options = [_action(name, code) for name in MAIN]
    do = {"type": "array", "items": {"anyOf": options}, "minItems": 1, "maxItems": _MOST_ACTIONS}
    return closed({"do": do})


def _action(name: str, code: dict[str, Any]) -> dict[str, Any]:
    match name:
        case "search":
            legs = {"type": "array", "items": _object("from", "to", "date", "time", "who"), "maxItems": _MOST_LEGS}
            fields: dict[str, Any] = {"search": legs, "pax": _WORDS, "cabin": _WORDS, "max_price": _WORDS}
            return closed(fields | {"nonstop": {"const": True}, "else": _WORDS}, ["search"])
        case "change":
            news = dict.fromkeys(("leg", "date", "time", "from", "to", "cabin"), _WORDS)
            return closed({"change": code, **news}, ["change"])
        case "cancel":
            return closed({"cancel": code, "leg": _WORDS}, ["cancel"])
        case "lookup":
            return closed({"lookup": code})
        case "bags":
            return closed({"bags": {"type": "string"}, "code": code}, ["bags"])
        case "book":
            return closed({"book": {"type": "string"}})
        case "policy":
            return closed({"policy": {"enum": list(ALL_TOPICS)}})
        case "confirm":
            return closed({"confirm": {"enum": ["yes", "no"]}})
        case "clarify":
            return closed({"clarify": {"enum": list(MISSING)}})
        case _:
            return closed({name: {"const": True}})


def _object(*keys: str) -> dict[str, Any]:
    return closed(dict.fromkeys(keys, _WORDS), [])
