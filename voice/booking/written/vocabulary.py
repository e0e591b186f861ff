"""What a label may say: the desk's actions with their arguments, and the values of those that are a closed set."""

from __future__ import annotations

from collections.abc import Mapping

from voice.booking.drafting.open_grammar import ALL_TOPICS
from voice.ports import Allowed

_ANY: tuple[str, ...] = ()
"""Any words, or a number."""

_LEG = {"from": _ANY, "to": _ANY, "date": _ANY, "time": _ANY, "who": _ANY}

_MISSING = (
    *("request", "from", "to", "destination", "date", "time", "legs", "leg"),
    *("pax", "code", "count", "offer", "topic"),
)

VOCABULARY: Mapping[str, Mapping[str, Allowed]] = {
    "search": {"legs": _LEG, "pax": _ANY, "cabin": _ANY, "max_price": _ANY, "nonstop": bool, "fallback": _ANY},
    "book": {"offer": _ANY},
    "lookup": {"code": _ANY},
    "change": {"code": _ANY, "leg": _ANY, "date": _ANY, "time": _ANY, "from": _ANY, "to": _ANY, "cabin": _ANY},
    "cancel": {"code": _ANY, "leg": _ANY},
    "bags": {"count": _ANY, "code": _ANY},
    "policy": {"topic": ALL_TOPICS},
    "confirm": {"answer": ("yes", "no")},
    "clarify": {"missing": _MISSING},
    "repeat": {},
    "chat": {},
    "handoff": {},
}
"""Every action, what it may be told, and what that may be; see `voice.ports.Vocabulary`."""
