"""A wish that waits, said again before its turn came: it is carried out once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from voice.booking.dialogue import BookingDialogue
from voice.booking.text.amounts import resolve_count
from voice.cascade.words import Action

_MORE = re.compile(r"\b(?:another|more|extra|additional|second)\b", re.IGNORECASE)


def once(dialogue: BookingDialogue, actions: Sequence[Action]) -> tuple[BookingDialogue, list[Action]]:
    """Join the bags that a turn asks for with those that wait for the same booking already.

    "And the bag", said of a bag that waits, adds no second one; "and another bag" does.
    """
    later, queue = list(dialogue.later), list[Action]()
    for action in actions:
        waiting = next((one for one in later if _is_same(one, action)), None)
        if waiting is not None:
            later.remove(waiting)
            action = joined(waiting, action)
        queue.append(action)
    return replace(dialogue, later=tuple(later)), queue


def waiting_with(dialogue: BookingDialogue, action: Action) -> tuple[Action, ...]:
    """Give what waits, with one more action behind it, or in the place of the same one."""
    same = next((one for one in dialogue.later if _is_same(one, action)), None)
    kept = tuple(one for one in dialogue.later if one is not same)
    return (*kept, joined(same, action) if same else action)


def joined(waiting: Action, said: Action) -> Action:
    """Give one wish of two for the same: what was said last counts, as far as it says how many."""
    args = {**waiting.args, **said.args}
    if not resolve_count(str(said.args.get("count") or "")) and waiting.args.get("count"):
        args["count"] = waiting.args["count"]
    return Action(said.name, args)


def _is_same(waiting: Action, said: Action) -> bool:
    codes = {code for one in (waiting, said) if (code := one.args.get("code"))}
    more = _MORE.search(str(said.args.get("count") or ""))
    return waiting.name == said.name == "bags" and len(codes) < 2 and not more
