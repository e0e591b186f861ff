"""A caller who takes a limit off the search under discussion: it is dropped, and searched again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from voice.booking.actions.confirming import is_yes
from voice.booking.actions.refining import legs_said
from voice.booking.actions.turn import Turn
from voice.booking.dialogue import BookingDialogue, BookTrip
from voice.booking.talk.limits import freed, leg_freed, lifts_nonstop, takes_stop
from voice.cascade.words import Action

_READS = frozenset({"search", "chat", "clarify", "confirm", "repeat", "book", "policy"})
"""What a turn that takes a limit off is read as; a yes or a no in it is none to the trip that was read back."""


def freed_search(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Give the search without the limit that a turn takes off; the actions as they are if it does nothing of that.

    Where no such limit is left the question that waits is asked again: "any time is fine" approves no trip.
    """
    text, known = turn.reading.text, _known(dialogue)
    names = freed(text)
    if known is None or not all(action.name in _READS for action in actions):
        return actions
    if not names:
        return _stopping(actions, known) if lifts_nonstop(text) else actions
    if takes_stop(text, " ".join(dialogue.said)) and any(map(is_yes, actions)) and _has_stop(dialogue, known):
        return [one for one in actions if is_yes(one)]
    args: dict[str, Any] = {name: "" for name in names if name != "time" and known.args.get(name)}
    legs = _without_time(known, text) if "time" in names else []
    if any(legs):
        args["legs"] = legs
    if args:
        return [Action("search", args)]
    return [Action("clarify", {"missing": "answer"})] if dialogue.pending else actions


def _stopping(actions: Sequence[Action], known: Action) -> Sequence[Action]:
    """Give what a turn asks for that says beside it that a flight may stop: no search of it forbids that."""
    free = {"nonstop": ""}
    if any(action.name == "search" for action in actions):
        return [Action(one.name, {**one.args, **free}) if one.name == "search" else one for one in actions]
    asks_nothing = all(action.name in ("chat", "clarify", "confirm") for action in actions)
    return [Action("search", free)] if asks_nothing and known.args.get("nonstop") else actions


def _has_stop(dialogue: BookingDialogue, known: Action) -> bool:
    """Whether the flight that was read back is the one with a stop that is there as none without was found.

    Of several flights, or at another hour than was wished, there may be better ones now.
    """
    legs, write = legs_said(known), dialogue.pending.write if dialogue.pending else None
    stops = isinstance(write, BookTrip) and len(write.trip.legs) == 1 and bool(write.trip.legs[0].stops)
    plain = len(legs) == 1 and not legs[0].get("time") and not known.args.get("max_price")
    return stops and plain and bool(known.args.get("nonstop"))


def _known(dialogue: BookingDialogue) -> Action | None:
    """Give the search that a turn is about."""
    if dialogue.pending and not isinstance(dialogue.pending.write, BookTrip):
        return None
    if dialogue.asked and dialogue.asked.action.name == "search":
        return dialogue.asked.action
    return dialogue.search if dialogue.asked is None or dialogue.asked.argument == "offer" else None


def _without_time(search: Action, text: str) -> list[Mapping[str, Any]]:
    """Give for each leg what takes its hour off, and nothing for one that has none or keeps it."""
    legs = legs_said(search)
    only = leg_freed(text, len(legs))
    return [{"time": ""} if leg.get("time") and only in (None, index) else {} for index, leg in enumerate(legs)]
