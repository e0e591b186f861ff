"""A code given in parts over several turns: they are joined, and the rest is asked for as long as it lacks some."""

from __future__ import annotations

from collections.abc import Sequence

from voice.booking.actions.turn import Turn
from voice.booking.codes.locators import LENGTH
from voice.booking.codes.parts import part_of_code
from voice.booking.dialogue import BookingDialogue
from voice.cascade.words import Action


def spelled(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Give the action that a code was asked for with all of the code that was heard so far.

    A whole code, or a part after which it would be too long, is taken as it was read.
    """
    asked = dialogue.asked
    if asked is None or asked.argument != "code" or asked.guess:
        return actions
    before = str(asked.action.args.get("code") or "")
    heard = before if is_part(before) else ""
    part = part_of_code(turn.reading.text, least=1 if len(heard) == LENGTH - 1 else 2)
    if not part:
        return actions
    return [Action(asked.action.name, {"code": heard + part})] if len(heard + part) <= LENGTH else actions


def is_part(code: str) -> bool:
    """Whether what was heard of a code is too short for one."""
    return 0 < len(code) < LENGTH and code.isalnum()
