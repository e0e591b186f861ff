"""What was understood of a turn that could not be worked out: it is said, and only what is missing is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from voice.booking.actions.meant_leg import which_leg
from voice.booking.actions.refining import legs_said, refined
from voice.booking.actions.turn import QUESTIONS, Step, Turn, ask
from voice.booking.airline.bookings import Booking, known_locators, load_booking
from voice.booking.airline.quotes import NotAllowedError
from voice.booking.dialogue import UNDERSTOOD, BookingDialogue
from voice.booking.offers.resolving import UnclearError
from voice.booking.offers.speech import Teller, city
from voice.booking.offers.understood import flight_said
from voice.booking.places.meanings import resolve_place
from voice.booking.text.spans import CERTAIN
from voice.cascade.words import Action, OutcomeKind

_ASK_THEMSELVES = ("lookup", "cancel", "bags")
"""What ends in a question of its own before anything is written, or only tells."""
_DO_WITH_IT = "What would you like me to do with it?"


def to_the_point(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Do at once what would be said back, where doing it only tells, or asks something more to the point."""
    nested = actions[0].args.get("actions") if len(actions) == 1 and actions[0].name == "clarify" else None
    said = [Action.from_dict(one) for one in nested] if isinstance(nested, Sequence) else []
    if said and all(_only_tells(turn, one) for one in said):
        return said
    if len(said) != 1:
        return actions
    action = said[0]
    if action.name in _ASK_THEMSELVES:
        return said
    if action.name == "change" and _leg_of(turn, dialogue, action) is None:
        return said  # its code, or which of its flights, is asked for first
    return actions


def _only_tells(turn: Turn, action: Action) -> bool:
    """Whether an action asks for nothing but information, which is told and not read back first."""
    topic = str(action.args.get("topic") or "other")
    if action.name == "policy":
        return topic != "other" or turn.policy.particular(topic, turn.reading.text) is not None
    return action.name in ("repeat", "chat", "lookup")


def whole_of(turn: Turn, dialogue: BookingDialogue, action: Action) -> Action:
    """Give an action as the whole request that it makes together with what is under discussion, to say it back."""
    if action.name == "search":
        return refined(turn, dialogue, action).search
    found = _leg_of(turn, dialogue, action) if action.name == "change" else None
    if found is None:
        return action
    booking, args = found
    return Action("change", {**args, "code": booking.locator})


def _leg_of(turn: Turn, dialogue: BookingDialogue, action: Action) -> tuple[Booking, dict[str, Any]] | None:
    """Give the booking that a change is of, and the change with its flight named; None where either is not clear."""
    said = str(action.args.get("code") or "").upper()
    locator = said or (dialogue.bookings[-1] if dialogue.bookings else "")
    booking = turn.store.read(lambda session: load_booking(session, locator)) if locator else None
    if booking is None or booking.cancelled:
        return None
    args = dict(action.args)
    try:
        leg = which_leg(turn, booking, args).leg
    except (UnclearError, NotAllowedError):
        return None
    if len(booking.legs) > 1:
        args["leg"] = f"the flight from {city(leg.origin)} to {city(leg.destination)}"
    else:
        args.pop("leg", None)
    return booking, args


def partly_understood(turn: Turn, dialogue: BookingDialogue) -> Step | None:
    """Say what of a turn was understood and ask for what is missing; None where that is nothing, or all of it."""
    wishes = [one for one in turn.reading.actions or () if one.name not in ("clarify", "confirm", "chat", "repeat")]
    if len(wishes) == 1 and wishes[0].name == "search" and dialogue.pending is None:
        return _missing_of(turn, dialogue, wishes[0])
    return _code_alone(turn, dialogue)


def whole_wish(turn: Turn, dialogue: BookingDialogue) -> Action | None:
    """Give the one search that the rules read in a turn, if it is a whole request: worth asking whether it is right."""
    wishes = [one for one in turn.reading.actions or () if one.name not in ("confirm", "chat")]
    understood = dialogue.asked is not None and dialogue.asked.guess == UNDERSTOOD
    if len(wishes) != 1 or wishes[0].name != "search" or turn.reading.requests > 2 or understood:
        return None
    if len(legs_said(wishes[0])) > 1 and not all(leg.get("to") for leg in legs_said(wishes[0])):
        return None  # two days alone may be anything
    legs = legs_said(refined(turn, dialogue, wishes[0]).search)
    said = [str(leg[key]) for leg in legs for key in ("from", "to") if leg.get(key)]
    heard = all(one not in turn.reading.misheard and one not in turn.reading.doubted for one in said)
    known = all(one in ("back", "home") or resolve_place(one) is not None for one in said)
    whole = bool(legs) and {"from", "to"} <= legs[0].keys() and all({"to", "date"} <= leg.keys() for leg in legs)
    return wishes[0] if whole and known and heard else None


def _missing_of(turn: Turn, dialogue: BookingDialogue, action: Action) -> Step | None:
    """Ask for the first thing that a search lacks, behind what it has."""
    search = refined(turn, dialogue, action).search
    legs = legs_said(search)
    if not legs or any(one in turn.reading.misheard for leg in legs for one in map(str, leg.values())):
        return None
    places = [str(legs[0][key]) for key in ("from", "to") if legs[0].get(key)]
    if not places or any(resolve_place(one) is None for one in places if one not in ("back", "home")):
        return None
    lacks = next((key for key in ("from", "to", "date") if not legs[0].get(key)), "")
    if not lacks or len(legs) > 1:
        return None
    say = f"I have {flight_said(legs[0])}. {QUESTIONS[lacks]}"
    return ask(dialogue, search, UnclearError(lacks, (say,)))


def _code_alone(turn: Turn, dialogue: BookingDialogue) -> Step | None:
    """Keep a code that was heard well, and ask what it is for."""
    codes = [one.text for one in turn.reading.entities if one.kind == "code" and one.confidence >= CERTAIN]
    if len(set(codes)) != 1 or codes[0] in turn.reading.doubted or codes[0] not in turn.store.read(known_locators):
        return None
    teller = Teller()
    say = f"I have booking {teller.code(codes[0])}. {_DO_WITH_IT}"
    kept = dialogue.touched(codes[0]).asking("request", Action("clarify"))
    return Step(kept, (), say, teller.facts, {"asked": "request"}, kind=OutcomeKind.CLARIFY)
