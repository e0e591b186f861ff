"""Asks whether a turn was understood rightly before it is carried out, and does what the caller says to that.

The question is a parenthesis: what is done after it is done as if it had never been asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from voice.booking.actions.partly import whole_of
from voice.booking.actions.refining import legs_said
from voice.booking.actions.turn import UNDERSTOOD_QUESTION, Step, Turn, open_question
from voice.booking.dialogue import UNDERSTOOD, Asked, BookingDialogue, Understood
from voice.booking.offers.speech import Teller
from voice.booking.offers.understood import said_back
from voice.cascade.words import Action, OutcomeKind

_IS_IT = "Let me see if I have that right:"
_AGAIN, _WHAT_ELSE = "What would you like, then? One thing at a time.", "What would you like instead?"
_WHICH_PART = "What should be different?"
_ASIDES = frozenset({"policy", "lookup", "repeat", "chat", "clarify"})
"""What leaves the question open, unless it is what was said back."""


def read_back(turn: Turn, dialogue: BookingDialogue, flat: Sequence[Mapping[str, object]]) -> Step | None:
    """Say what was understood, and wait for a yes to it; None where it can't be said back.

    A part of a request is said back with the rest of it: "in the evening" is no request.

    Args:
        turn: The turn.
        dialogue: So far. A search that is said back is the one that "no, on Friday" is read as a change of.
        flat: The actions, in their flat form.
    """
    actions, teller = tuple(Action.from_dict(one) for one in flat), Teller()
    if all(one.name == "policy" and str(one.args.get("topic") or "other") == "other" for one in actions):
        return None  # "a question on our rules" says back nothing
    said = said_back([whole_of(turn, dialogue, one) for one in actions], teller)
    if not said:
        return None
    asking = dialogue.asking("request", actions[0], guess=UNDERSTOOD)
    search = next((action for action in actions if action.name == "search"), dialogue.search)
    waiting = replace(asking, understood=Understood(actions, replace(dialogue, understood=None)), search=search)
    data = {"asked": "confirmation", "actions": list(flat)}
    say = (f"{_IS_IT} {said}.",)
    return Step(waiting, say, UNDERSTOOD_QUESTION, teller.facts, data, kind=OutcomeKind.CLARIFY)


def settled_understanding(
    dialogue: BookingDialogue, actions: Sequence[Action], *, yes: bool
) -> tuple[BookingDialogue, Sequence[Action]]:
    """Give what is to be done after an answer to what was said back, and in which dialogue.

    A yes does it, and what it says more. What an answer says of the same wish corrects it, and the other wishes hold;
    anything else is all that is left without a yes. A plain no is left to `not_understood`.
    """
    understood = dialogue.understood
    more = [action for action in actions if action.name not in ("confirm", "chat")]
    told = {action.name for action in understood.actions} if understood else set[str]()
    if not understood or (not more and not yes):
        return dialogue, actions
    if more and len(more) == len(actions) and all(one.name in _ASIDES - told for one in more):
        return dialogue, actions
    before = understood.before
    if not more:
        return before, understood.actions
    corrected, *rest = more
    if corrected.name not in told:
        return before, (*understood.actions, *more) if yes else tuple(more)
    known = next(action for action in understood.actions if action.name == corrected.name)
    if known.name == "search" and _whole(known):
        before = replace(before, asked=None, pending=None, search=known, offers=(), shown=(), leg=0)
    elif known.name == "search":
        corrected = Asked("request", known).complete(corrected)
    else:
        corrected = Action(known.name, {**known.args, **corrected.args})
    return before, (*(corrected if action is known else action for action in understood.actions), *rest)


def not_understood(dialogue: BookingDialogue, locators: Sequence[str] = ()) -> Step:
    """Ask once more what the caller wants, or what was asked before; nothing that was proposed is open any more.

    A booking that the refused reading named, one of ``locators``, is not asked for again.
    """
    before = replace(dialogue.understood.before if dialogue.understood else dialogue, pending=None)
    for action in dialogue.understood.actions if dialogue.understood else ():
        if action.args.get("code") in locators:
            before = before.touched(str(action.args["code"]))
    if dialogue.understood is None or before.asked is None:
        actions = dialogue.understood.actions if dialogue.understood else ()
        search = next((one for one in actions if one.name == "search" and len(actions) == 1), None)
        question = _AGAIN if len(actions) > 1 else _WHICH_PART if search else _WHAT_ELSE
        before = before.asking("request", search or Action("clarify"))
        return Step(before, ("Sorry.",), question, data={"empty": True}, kind=OutcomeKind.CLARIFY)
    return Step(before, ("Sorry.",), open_question(before), data={"empty": True}, kind=OutcomeKind.CLARIFY)


def _whole(search: Action) -> bool:
    """Whether a search stands for itself, and changes none before it."""
    return any("from" in leg and "to" in leg for leg in legs_said(search))
