"""A yes or a no to what was read back. The only action that writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from voice.booking.actions import existing, flights
from voice.booking.actions.choosing import neither
from voice.booking.actions.mending import without_code
from voice.booking.actions.refining import legs_said
from voice.booking.actions.talk import dropped, handoff
from voice.booking.actions.turn import INSTEAD, QUESTIONS, Step, Turn, open_question
from voice.booking.actions.understanding import not_understood, settled_understanding
from voice.booking.airline.bookings import Booking, known_locators
from voice.booking.airline.quotes import NotAllowedError
from voice.booking.airline.writes import RefusedError, approve
from voice.booking.dialogue import (
    COLLEAGUE,
    UNDERSTOOD,
    AddBags,
    Asked,
    BookingDialogue,
    BookTrip,
    CancelBooking,
    ChangeLeg,
    Proposal,
    Write,
)
from voice.booking.offers.speech import Teller
from voice.booking.offers.terms import told
from voice.booking.text.wording import Wording
from voice.cascade.words import Action, OutcomeKind

_REFUSED = {
    "sold_out": "I'm sorry, those seats have just been sold.",
    "fare_changed": "I'm sorry, the fare has just changed.",
    "booking_changed": "I'm sorry, that booking has changed in the meantime.",
    "gone": "I'm sorry, that is not available any more.",
}
_NOT_DONE = {
    BookTrip: "Okay, I won't book it.",
    ChangeLeg: "Okay, your flight stays as it is.",
    CancelBooking: "Okay, your booking stays as it is.",
    AddBags: "Okay, no bags were added.",
}
_POSTPONES = Wording(
    r"\b(?:call (?:you )?(?:back|again|later)|get back to you|think (?:about|over|first|more)|think it over|sleep on|"
    r"another time|(?:ask|talk|speak|check|discuss)(?: it)?(?: (?:with|to))? (?:my|our|the))\b",
)
"""A no that wants nothing in the place of what was read back, now."""
_LEAVES = Wording(
    r"\b(?:(?:leave|keep) (?:it|that|this|everything|my (?:booking|flight|trip))(?: (?:then|as it is|as is|alone|be))?|"
    r"forget (?:it|about it)|never ?mind)\b(?! (?:the|it) )"
)
"""A no that leaves all as it is."""
_AGAIN = {"change": existing.change, "cancel": existing.cancel, "bags": existing.bags, "search": flights.search}


def confirm(turn: Turn, dialogue: BookingDialogue, action: Action) -> Step:
    """Write what a yes approves, or drop what a no refuses."""
    yes = is_yes(action)
    if dialogue.pending is None:
        return _guess(turn, dialogue, action)
    if yes and not dialogue.heard:
        return _read_back(dialogue)
    if yes:
        return _approve(turn, dialogue, dialogue.pending)
    say = _NOT_DONE[type(dialogue.pending.write)]
    settled = _POSTPONES.search(turn.reading.text) or _LEAVES.search(turn.reading.text)
    question = "Is there anything else?" if settled else "What would you like instead?"
    later = tuple(one for one in dialogue.later if not _goes_with(dialogue.pending.write, one))
    return Step(replace(dialogue, pending=None, later=later), (say,), question, data={"answer": "no"})


def _goes_with(refused: Write, later: Action) -> bool:
    """Whether an action that waits falls with what was refused: bags for a trip, the other flights of a move of all."""
    match refused:
        case BookTrip():
            return later.name == "bags" and "code" not in later.args
        case ChangeLeg(locator):
            return later.name == "change" and later.args.get("code", locator) == locator
        case _:
            return False


def settled_guess(dialogue: BookingDialogue, actions: Sequence[Action]) -> tuple[BookingDialogue, Sequence[Action]]:
    """Join a yes to what was guessed with what the same turn adds to it: "Did you say Oakland?" "Yes, on the 10th.".

    A no that says at once what it is instead is no more than that.
    A code that comes with an answer to the offer of a colleague is what was asked for before.
    """
    asked = dialogue.asked
    if asked and asked.guess == COLLEAGUE:
        given = [action for action in actions if "code" in action.args]
        return dialogue, [action for action in actions if action.name != "confirm"] if given else actions
    if asked and asked.guess == UNDERSTOOD:
        yes = dialogue.heard and any(is_yes(action) for action in actions)
        return settled_understanding(dialogue, actions, yes=yes)
    more = [action for action in actions if action.name != "confirm"]
    if asked is None or not asked.guess:
        return dialogue, actions
    yes = any(is_yes(action) for action in actions)
    if asked.argument == "code":
        more = [_answering(asked, action) for action in more]
        if not yes and any(_is_another(asked, action) for action in more):
            return _denied(dialogue, asked), more
    if len(more) == len(actions):
        return dialogue, actions
    same = [action for action in more if action.name == asked.action.name]
    if not same or (same[0].name == "search" and asked.place_of(same[0]) is None):
        return dialogue, actions
    if not yes:
        legs = legs_said(same[0]) if same[0].name == "search" else [same[0].args]
        instead = any(asked.argument in leg for leg in legs)
        return (_denied(dialogue, asked), more) if instead else (dialogue, actions)
    filled = replace(asked, action=asked.fill(asked.guess), guess="")
    return replace(_approved(dialogue, asked), asked=filled), more


def _answering(asked: Asked, action: Action) -> Action:
    """Give a code that is said beside a yes or no to the action that waits for it."""
    waits = action.name == "lookup" and "code" in action.args
    return Action(asked.action.name, action.args) if waits else action


def _is_another(asked: Asked, action: Action) -> bool:
    """Whether an action is for another code than the one that was read back."""
    codes = (None, asked.guess, asked.action.args.get("code"))
    return action.name == asked.action.name and action.args.get("code") not in codes


def _approved(dialogue: BookingDialogue, asked: Asked) -> BookingDialogue:
    """Remember a code that was read back and approved, so that it is not asked about again."""
    return dialogue.touched(asked.guess) if asked.argument == "code" else dialogue


def _denied(dialogue: BookingDialogue, asked: Asked) -> BookingDialogue:
    """Drop a guess. What waits with it as its code goes with the booking that is found in its place."""
    plain = replace(dialogue, asked=replace(asked, guess=""))
    if asked.argument != "code":
        return plain
    codes = (asked.guess, asked.action.args.get("code"))
    later = tuple(without_code(one) if one.args.get("code") in codes else one for one in dialogue.later)
    return replace(plain, later=later)


def is_yes(action: Action) -> bool:
    """Whether an action approves."""
    return action.name == "confirm" and str(action.args.get("answer") or "").casefold() in ("yes", "true")


def _read_back(dialogue: BookingDialogue) -> Step:
    """Say again what is to be approved: the caller broke in before it was said."""
    *told, question = dialogue.said
    return Step(dialogue, tuple(told), question, dialogue.facts, {"read_back": True}, kind=OutcomeKind.CLARIFY)


def _guess(turn: Turn, dialogue: BookingDialogue, action: Action) -> Step:
    asked, yes = dialogue.asked, is_yes(action)
    if asked and asked.guess == COLLEAGUE:
        return handoff(turn, dialogue, action) if yes else dropped(dialogue)
    if asked and asked.guess == UNDERSTOOD:
        return _read_back(dialogue) if yes else not_understood(dialogue, turn.store.read(known_locators))
    if asked is None or not asked.guess:
        if asked and not yes:
            return neither(dialogue, asked) if asked.choices else _left(dialogue, asked)
        if asked:
            return Step(dialogue, (), open_question(dialogue), kind=OutcomeKind.CLARIFY)
        if not yes:
            return Step(dialogue, ("Okay.",), "What can I do for you?", data={"answer": "no"})
        return Step(dialogue, (), "What would you like me to do?", kind=OutcomeKind.CLARIFY)
    if not yes:
        question = INSTEAD.get(asked.argument) or QUESTIONS[asked.argument]
        return Step(_denied(dialogue, asked), (), question, kind=OutcomeKind.CLARIFY)
    filled = asked.fill(asked.guess)
    handler = existing.lookup if filled.name == "lookup" else _AGAIN[filled.name]
    return handler(turn, replace(_approved(dialogue, asked), asked=None), filled)


def _left(dialogue: BookingDialogue, asked: Asked) -> Step:
    """Leave what was asked for, and say of a booking that it stays as it is."""
    step = dropped(dialogue)
    keeps = asked.action.name in ("cancel", "change") and asked.argument == "code"
    return replace(step, say=("Okay, your booking stays as it is.",), ask="Is there anything else?") if keeps else step


def _approve(turn: Turn, dialogue: BookingDialogue, proposal: Proposal) -> Step:
    def tell(booking: Booking) -> Mapping[str, Any]:
        teller = Teller()
        say = told(proposal.write, booking, teller)
        return {"say": list(say), "facts": list(teller.facts), "booking": booking.as_dict()}

    try:
        done = turn.store.write(
            lambda session: approve(
                session,
                proposal,
                call_id=dialogue.call_id,
                turn_key=turn.key,
                now=turn.clock.now,
                policy=turn.policy,
                tell=tell,
            )
        )
    except (RefusedError, NotAllowedError) as refused:
        return _instead(turn, dialogue, proposal, refused.reason)
    locator = done.booking.locator
    dialogue = replace(dialogue.touched(locator), pending=None, done=proposal.write)
    if isinstance(proposal.write, BookTrip):
        dialogue = dialogue.without_search()
    data = {"wrote": locator, "again": done.again, "booking": done.result["booking"]}
    return Step(dialogue, tuple(done.result["say"]), "", tuple(done.result["facts"]), data, (locator,))


def _instead(turn: Turn, dialogue: BookingDialogue, proposal: Proposal, reason: str) -> Step:
    """Say that it can't be had any more, and offer what can."""
    sorry = _REFUSED.get(reason, _REFUSED["booking_changed"])
    again = _AGAIN[proposal.origin.name](turn, replace(dialogue, pending=None, asked=None), proposal.origin)
    return replace(again, say=(sorry, *again.say), data={**again.data, "refused": reason})
