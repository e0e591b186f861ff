"""Bookings that exist: looking them up, changing a leg, cancelling, adding bags. Nothing is written before a yes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from voice.booking.actions.choosing import settle_choice
from voice.booking.actions.locating import which_booking
from voice.booking.actions.moving import moved_leg
from voice.booking.actions.of_booking import ABOUT, told_of, told_of_none
from voice.booking.actions.one_flight import NOT_ONE, is_whole, names_one, not_one
from voice.booking.actions.queueing import waiting_with
from voice.booking.actions.refining import refined_change
from voice.booking.actions.talk import dropped
from voice.booking.actions.turn import QUESTIONS, Step, Turn, ask, open_question, with_colleague
from voice.booking.airline.bookings import Booking
from voice.booking.airline.quotes import NotAllowedError, bags_quote, cancel_quote, change_quote
from voice.booking.dialogue import AddBags, BookingDialogue, BookTrip, CancelBooking, ChangeLeg
from voice.booking.offers.doubts import settle_doubts
from voice.booking.offers.resolving import UnclearError
from voice.booking.offers.speech import Teller, details
from voice.booking.offers.terms import adding_bags, changing, giving_back, whole_trip
from voice.booking.text.amounts import resolve_count
from voice.cascade.words import Action

_NONE = re.compile(r"\W*(?:none|zero|0|no(?:ne of them)?)\W*", re.IGNORECASE)
_EACH = re.compile(r"\b(?:each|apiece|per (?:person|passenger)|for every(?:one|body))\b", re.IGNORECASE)
NOT_ALLOWED = {
    "cancelled": "That booking was cancelled already.",
    "departed": "Part of that trip has been flown, so a colleague has to help with it.",
    "left": "That flight has left already.",
    "too_late": "That flight leaves too soon to be changed.",
    "too_many": "That is more bags than we can take for this booking.",
}
"""What is told where the rules don't allow it."""


def lookup(turn: Turn, dialogue: BookingDialogue, action: Action) -> Step:
    """Tell what a booking holds."""
    asked = dialogue.asked
    if asked and asked.argument == "code" and asked.action.name in HANDLERS and "code" in action.args:
        other = asked.fill(str(action.args["code"]))
        if other.name != "lookup":
            return HANDLERS[other.name](turn, dialogue, other)
        action = other
    if step := told_of_none(dialogue, action):
        return step
    try:
        booking = which_booking(turn, dialogue, action)
    except UnclearError as unclear:
        return ask(dialogue, action, unclear)
    if question := str(action.args.get(ABOUT) or ""):
        return told_of(turn, _dealt(dialogue, booking), booking, question)
    teller = Teller()
    say = details(booking, turn.clock.now, teller)
    return Step(_dealt(dialogue, booking), say, "", teller.facts, booking.as_dict())


def change(turn: Turn, dialogue: BookingDialogue, action: Action) -> Step:
    """Read back what a change of one leg would be and cost, and wait for a yes."""
    said, (action, heard) = action, refined_change(turn, dialogue, _completed(dialogue, action))
    try:
        settle_choice(dialogue.asked, said)
        settle_doubts((action.args,), turn.reading.doubted)
        booking = which_booking(turn, dialogue, action)
        dialogue = dialogue.touched(booking.locator)
        if booking.cancelled:
            raise NotAllowedError("cancelled")
        old, leg, note = moved_leg(turn, booking, action, heard)
        quote = change_quote(booking, old.position, leg, turn.clock.now, turn.policy)
    except UnclearError as unclear:
        return ask(dialogue, action, unclear)
    except NotAllowedError as refused:
        return _refused(dialogue, refused)
    teller = Teller()
    write = ChangeLeg(booking.locator, old.position, leg, quote.fee, quote.difference)
    told = changing(old.leg, leg, quote.fee, quote.difference, teller)
    say = (note, *told) if note else told
    data = {"locator": booking.locator, "leg": leg.as_dict(), "fee": quote.fee, "difference": quote.difference}
    return Step(dialogue.proposing(write, action, turn.key), say, "Shall I change it?", teller.facts, data)


def cancel(turn: Turn, dialogue: BookingDialogue, action: Action) -> Step:
    """Read back what cancelling would give back, and wait for a yes."""
    action = _completed(dialogue, action)
    try:
        booking = which_booking(turn, dialogue, action)
        dialogue = dialogue.touched(booking.locator)
        quote = cancel_quote(booking, turn.clock.now, turn.policy)
    except UnclearError as unclear:
        return ask(dialogue, action, unclear)
    except NotAllowedError as refused:
        return _refused(dialogue, refused)
    if names_one(turn, booking, action):
        return not_one(turn, dialogue, booking, action, quote)
    teller = Teller()
    what = (giving_back(quote.refund, quote.fee, teller), whole_trip(booking, teller))
    part = (NOT_ONE,) if action.args.get("leg") and len(booking.legs) > 1 and not is_whole(action) else ()
    write = CancelBooking(booking.locator, quote.refund, quote.fee)
    data = {"locator": booking.locator, "refund": quote.refund, "fee": quote.fee}
    return Step(dialogue.proposing(write, action, turn.key), (*part, *what), "Shall I cancel it?", teller.facts, data)


def bags(turn: Turn, dialogue: BookingDialogue, action: Action) -> Step:
    """Read back what bags would cost, and wait for a yes.

    Those for a trip that is only offered wait until it is booked. "A bag for each of us" is read back as their number.
    """
    if people := _offered_to(dialogue, action):
        say = "I can add bags once the trip is booked."
        later = waiting_with(dialogue, _for_each(action, people))
        return Step(replace(dialogue, later=later), (say,), open_question(dialogue))
    action = _completed(dialogue, action)
    try:
        booking = which_booking(turn, dialogue, action)
        dialogue = dialogue.touched(booking.locator)
        said = str(_for_each(action, len(booking.passengers)).args.get("count") or "")
        if _NONE.fullmatch(said):
            return dropped(dialogue)
        count = resolve_count(said)
        if not count:
            raise UnclearError("count", (QUESTIONS["count"],))
        quote = bags_quote(booking, count, turn.clock.now, turn.policy)
    except UnclearError as unclear:
        return ask(dialogue, action, unclear)
    except NotAllowedError as refused:
        return _refused(dialogue, refused)
    teller = Teller()
    ahead = len(booking.ahead(turn.clock.now))
    say = adding_bags(booking, count, quote.fee, ahead, teller)
    write = AddBags(booking.locator, count, quote.fee)
    question = f"Shall I add {'it' if count == 1 else 'them'}?"
    data = {"locator": booking.locator, "count": count, "fee": quote.fee}
    return Step(dialogue.proposing(write, action, turn.key), (say,), question, teller.facts, data)


def _offered_to(dialogue: BookingDialogue, action: Action) -> int:
    """Give how many fly a trip that waits for its yes, where bags are for it: no booking is named, and none known."""
    write = dialogue.pending.write if dialogue.pending else None
    named = dialogue.bookings or action.args.get("code")
    return write.trip.passengers if isinstance(write, BookTrip) and not named else 0


def with_each(turn: Turn, actions: Sequence[Action]) -> Sequence[Action]:
    """Keep an "each" with the number of bags: how many fly may be known only in a later turn."""
    if not _EACH.search(turn.reading.text):
        return actions
    return [_with_each(action) if action.name == "bags" else action for action in actions]


def _with_each(action: Action) -> Action:
    count = str(action.args.get("count") or "")
    each = resolve_count(count) and not _EACH.search(count)
    return Action(action.name, {**action.args, "count": f"{count} each"}) if each else action


def _for_each(action: Action, people: int) -> Action:
    """Count the bags of all where so many were asked for each."""
    said = str(action.args.get("count") or "")
    count = resolve_count(_EACH.sub("", said)) if _EACH.search(said) else None
    return Action(action.name, {**action.args, "count": str(count * people)}) if count else action


HANDLERS = {"lookup": lookup, "change": change, "cancel": cancel, "bags": bags}


def _refused(dialogue: BookingDialogue, refused: NotAllowedError) -> Step:
    """Tell what the rules don't allow, with a colleague where one can help."""
    left, say = replace(dialogue, pending=None, asked=None), NOT_ALLOWED[refused.reason]
    return with_colleague(left, say) if refused.reason == "departed" else Step(left, (say,))


def _completed(dialogue: BookingDialogue, action: Action) -> Action:
    return dialogue.asked.complete(action) if dialogue.asked else action


def _dealt(dialogue: BookingDialogue, booking: Booking) -> BookingDialogue:
    return replace(dialogue.touched(booking.locator), asked=None)
