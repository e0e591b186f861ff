"""Every action of the vocabulary, with what carries it out."""

from __future__ import annotations

from collections.abc import Mapping

from voice.booking.actions.confirming import confirm
from voice.booking.actions.existing import bags, cancel, change, lookup
from voice.booking.actions.flights import book, search
from voice.booking.actions.talk import chat, clarify, handoff, policy, repeat
from voice.booking.actions.turn import Handler

HANDLERS: Mapping[str, Handler] = {
    "search": search,
    "book": book,
    "lookup": lookup,
    "change": change,
    "cancel": cancel,
    "bags": bags,
    "policy": policy,
    "confirm": confirm,
    "clarify": clarify,
    "repeat": repeat,
    "chat": chat,
    "handoff": handoff,
}
"""Every action of the vocabulary."""


READ_ONLY = frozenset(HANDLERS) - {"confirm"}
"""All but a yes or no: the others only find, tell and propose."""


ASIDES = frozenset({"lookup", "policy", "repeat", "chat"})
"""Actions that leave a waiting question as it is."""


PROPOSING = frozenset({"search", "book", "change", "cancel", "bags"})
"""Actions that may wait for another one's question to be settled."""
