"""Asks whether a turn was understood rightly before it is carried out, and does what the caller says to that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from voice.booking.actions.turn import UNDERSTOOD_QUESTION, Step
from voice.booking.dialogue import UNDERSTOOD, Asked, BookingDialogue
from voice.booking.offers.speech import Teller
from voice.booking.offers.understood import said_back
from voice.cascade.words import Action, OutcomeKind

_IS_IT = "Let me see if I have that right:"
_ASIDES = frozenset({"policy", "lookup", "repeat", "chat"})


def read_back(dialogue: BookingDialogue, flat: Sequence[Mapping[str, object]]) -> Step | None:
    """Say what was understood, and wait for a yes to it; None where it can't be said back.

    Args:
        dialogue: So far. A search that is said back is the one under discussion, so that "no, on Friday" changes it.
        flat: The actions, in their flat form.
    """
    actions, teller = tuple(Action.from_dict(one) for one in flat), Teller()
    said = said_back(actions, teller)
    if not said:
        return None
    waiting = replace(dialogue.asking("request", actions[0], guess=UNDERSTOOD), later=actions)
    if actions[0].name == "search":
        waiting = replace(waiting, search=actions[0], offers=(), shown=(), leg=0)
    data = {"asked": "confirmation", "actions": list(flat)}
    say = (f"{_IS_IT} {said}.",)
    return Step(waiting, say, UNDERSTOOD_QUESTION, teller.facts, data, kind=OutcomeKind.CLARIFY)


def settled_understanding(
    dialogue: BookingDialogue, actions: Sequence[Action], *, yes: bool
) -> tuple[BookingDialogue, Sequence[Action]]:
    """Give what is to be done after an answer that says more than yes or no to what was said back.

    What it says of the same wish corrects it, and the other wishes wait on; anything else comes after a yes, and is all
    that is left of it without one.
    """
    more = [action for action in actions if action.name not in ("confirm", "chat")]
    if not more or (len(more) == len(actions) and all(action.name in _ASIDES for action in more)):
        return dialogue, actions
    first, *others = dialogue.later
    settled = replace(dialogue, asked=None, later=())
    if more[0].name == first.name:
        corrected = more[0] if first.name == "search" else Action(first.name, {**first.args, **more[0].args})
        return settled, (corrected, *more[1:], *others)
    return settled, (*dialogue.later, *more) if yes else tuple(more)


def answered_understanding(dialogue: BookingDialogue, asked: Asked, *, yes: bool) -> Step:
    """Do what was said back after a yes: it is what waits. After a no, ask for it once more."""
    if yes:
        return Step(replace(dialogue, asked=None))
    plain = replace(dialogue, asked=replace(asked, guess=""), later=())
    return Step(plain, ("Sorry.",), "What would you like, then? One thing at a time.", kind=OutcomeKind.CLARIFY)
