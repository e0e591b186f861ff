"""A caller without a code: told at once what finds a booking, where its code stands, and who can help without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from voice.booking.actions.mending import without_code
from voice.booking.actions.turn import CONNECT, NOT_WITHOUT_CODE, Step, Turn
from voice.booking.dialogue import COLLEAGUE, Asked, BookingDialogue
from voice.booking.talk.aftertalk import cannot, finds_by_name, lacks_code, seeks_code
from voice.cascade.words import Action, OutcomeKind

ONLY_BY_CODE = "I can only find a booking by its code."
WHERE_THE_CODE_IS = "It's on your ticket and in your confirmation email, and without it a colleague can help."
CAN_YOU_FIND_IT = "Can you find it there?"
_NEED_CODE = ("lookup", "change", "cancel", "bags")
_READS = frozenset({*_NEED_CODE, "clarify", "chat", "repeat", "confirm", "search", "policy"})


def codeless(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Step | None:
    """Answer a caller who has no code: the second time by offering a colleague. None for any other turn."""
    text, asked = turn.reading.text, _asked(dialogue)
    if not text or any(one.args.get("code") for one in actions) or any(e.kind == "code" for e in turn.reading.entities):
        return None
    if dialogue.pending or (dialogue.bookings and asked is None):
        return None
    actions = [one for action in actions for one in _unfolded(action)]
    if not all(_is_soft(one) for one in actions):
        return None
    if not (lacks_code(text) or finds_by_name(text) or (asked is not None and _has_none(text, asked, actions))):
        return None
    waits = without_code(asked.action) if asked else _waiting(actions)
    remembered = dialogue.asking("code", waits)
    assert remembered.asked
    if asked is not None and asked.unanswered:
        offered = replace(remembered, asked=replace(remembered.asked, guess=COLLEAGUE))
        return Step(offered, (NOT_WITHOUT_CODE,), CONNECT, data={"asked": "code"}, kind=OutcomeKind.CLARIFY)
    told = replace(remembered, asked=replace(remembered.asked, unanswered=1))
    say = (ONLY_BY_CODE, WHERE_THE_CODE_IS)
    return Step(told, say, CAN_YOU_FIND_IT, data={"asked": "code"}, kind=OutcomeKind.CLARIFY)


def _unfolded(action: Action) -> Sequence[Action]:
    """Give what an action would say back, or itself."""
    nested = action.args.get("actions")
    return [Action.from_dict(one) for one in nested] if isinstance(nested, Sequence) else [action]


def _asked(dialogue: BookingDialogue) -> Asked | None:
    asked = dialogue.asked
    return asked if asked and asked.argument == "code" and asked.guess != COLLEAGUE else None


def _is_soft(action: Action) -> bool:
    """Whether an action is no more than what such a turn may be read as."""
    if action.name == "search":
        legs = action.args.get("legs") or ()
        return not any({"from", "to", "date"} <= leg.keys() for leg in legs)
    if action.name == "policy":
        return str(action.args.get("topic") or "other") == "other"
    return action.name in _READS and action.args.get("answer") != "yes"


def _has_none(text: str, asked: Asked, actions: Sequence[Action]) -> bool:
    """Whether an answer to the question for a code holds none, and nothing else that could be done."""
    if "by_name" in cannot(text) or seeks_code(text) or _gives_up(actions):
        return True
    return asked.unanswered > 0 and (_tells_who(actions) or all(one.name == "clarify" for one in actions))


def _gives_up(actions: Sequence[Action]) -> bool:
    return any(one.name == "clarify" and one.args.get("missing") == "code" for one in actions)


def _tells_who(actions: Sequence[Action]) -> bool:
    """Whether nothing but a name or a day is said where a code was asked for."""
    legs = [leg for one in actions if one.name == "search" for leg in one.args.get("legs") or ()]
    return bool(legs) and all(leg.keys() <= {"who", "date", "time"} for leg in legs)


def _waiting(actions: Sequence[Action]) -> Action:
    return next((without_code(one) for one in actions if one.name in _NEED_CODE), Action("lookup"))
