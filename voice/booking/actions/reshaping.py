"""What a turn makes of the trip under discussion: other ends, no way back, more people, a flight moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from voice.booking.actions.party import UNCOUNTED
from voice.booking.actions.refining import legs_said
from voice.booking.actions.turn import Turn
from voice.booking.dialogue import BookingDialogue, BookTrip
from voice.booking.talk.comparisons import too_dear
from voice.booking.text.amounts import resolve_count
from voice.booking.text.wording import Wording
from voice.booking.wishes.companions import companions, recounted, with_part
from voice.booking.wishes.reshaping import reshape, reshaping
from voice.cascade.words import Action

_READS = frozenset({"search", "chat", "clarify", "confirm", "book", "change", "cancel", "repeat", "policy"})
_BOOKED = Wording(r"\b(?:booking|booked|reservation|confirmation|code)\b")
_THE_STOP = Wording(r"\b(?:the|that|my) (?:stop(?:[\s-]?over)?|layover)\b")
"""One stop of the trip, and not stops in general."""
_NEWS = ("from", "to", "date", "time")


def reshaped(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Give the search for the trip as a turn would have it; the actions as they are if it is about something else."""
    search = _under_discussion(dialogue)
    if search is None or any(action.name not in _READS or "code" in action.args for action in actions):
        return actions
    text, legs = turn.reading.text, legs_said(search)
    if wish := reshaping(text):
        named = wish.kind != "without" or wish.place or _THE_STOP.search(text)
        made = reshape(wish, legs) if named else None
        if made is not None:
            return [Action("search", {**search.args, "legs": made})]
        free = wish.kind == "without" and (len(legs) == 1 or not wish.place)
        return [Action("search", {"nonstop": True})] if free else actions
    if too_dear(text) and dialogue.pending:
        return [Action("book", {"offer": "cheaper"})]
    if party := _party(text, str(search.args.get("pax") or "")):
        return [Action("search", {"pax": party})]
    return actions if dialogue.bookings else [_unbooked(turn, action) for action in actions]


def _under_discussion(dialogue: BookingDialogue) -> Action | None:
    """Give the search whose trip a turn may be about: none while a booking is being changed."""
    if dialogue.pending is not None and not isinstance(dialogue.pending.write, BookTrip):
        return None
    asked = dialogue.asked
    if asked is not None and asked.argument != "offer":
        return asked.action if asked.action.name == "search" else None
    return dialogue.search


def _party(text: str, before: str) -> str:
    """Give the party as it is with those whom a turn adds; ``""`` if it adds none."""
    if whole := recounted(text) or with_part(before, text):
        return whole
    known, more = resolve_count(before) if before else 1, companions(text)
    return (str(known + more) if known else UNCOUNTED) if more else ""


def _unbooked(turn: Turn, action: Action) -> Action:
    """Give a change of a trip that is not booked as what it is, another search; with nothing new it asks when."""
    if action.name != "change" or _BOOKED.search(turn.reading.text):
        return action
    leg = {key: action.args[key] for key in _NEWS if action.args.get(key)}
    more: dict[str, Any] = {"cabin": action.args["cabin"]} if action.args.get("cabin") else {}
    if leg or not more:
        more["legs"] = [leg or {"date": ""}]
    return Action("search", more)
