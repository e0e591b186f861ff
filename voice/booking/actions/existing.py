"""Bookings that exist: looking them up, changing a leg, cancelling, adding bags. Nothing is written before a yes."""

from __future__ import annotations

import re
from dataclasses import replace

from voice.booking.actions.choosing import settle_choice
from voice.booking.actions.moving import moved_leg
from voice.booking.actions.refining import refined_change
from voice.booking.actions.spelling import is_part
from voice.booking.actions.talk import dropped
from voice.booking.actions.turn import QUESTIONS, Step, Turn, ask, open_question
from voice.booking.amounts import resolve_count
from voice.booking.bookings import Booking, known_locators, load_booking
from voice.booking.codes import match_code
from voice.booking.dialogue import AddBags, BookingDialogue, BookTrip, CancelBooking, ChangeLeg
from voice.booking.doubts import settle_doubts
from voice.booking.quotes import NotAllowedError, bags_quote, cancel_quote, change_quote
from voice.booking.resolving import UnclearError
from voice.booking.speech import Teller, between, cancelling, change_price, details, in_cabin, plural, route, with_stops
from voice.cascade.words import Action

SURE, PLAUSIBLE = 0.99, 0.6
"""From the first on a spelled code counts as heard right; from the second on it is asked about; below it is unknown."""

_NONE = re.compile(r"\W*(?:none|zero|0|no(?:ne of them)?)\W*", re.IGNORECASE)
_EACH = re.compile(r"\b(?:each|apiece|per (?:person|passenger)|for every(?:one|body))\b", re.IGNORECASE)
NOT_ALLOWED = {
    "cancelled": "That booking was cancelled already.",
    "departed": "Part of that trip has been flown, so a colleague has to help with it.",
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
    try:
        booking = which_booking(turn, dialogue, action)
    except UnclearError as unclear:
        return ask(dialogue, action, unclear)
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
        return Step(replace(dialogue, asked=None), (NOT_ALLOWED[refused.reason],))
    teller = Teller()
    into = in_cabin(leg, old.leg.cabin)
    if (leg.origin, leg.destination) == (old.leg.origin, old.leg.destination):
        what = f"I can move your flight {between(old.leg)} to {teller.when(leg)}{with_stops(leg)}{into}."
    else:
        what = f"Instead you can fly {route(leg)} on {teller.when(leg)}{with_stops(leg)}{into}."
    write = ChangeLeg(booking.locator, old.position, leg, quote.fee, quote.difference)
    say = ((note,) if note else ()) + (what, change_price(quote.fee, quote.difference, teller))
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
        return Step(replace(dialogue, asked=None), (NOT_ALLOWED[refused.reason],))
    teller = Teller()
    what = cancelling(booking.locator, quote.refund, quote.fee, teller)
    part = (
        ("I can only cancel the whole trip, not a part of it.",)
        if action.args.get("leg") and len(booking.legs) > 1
        else ()
    )
    write = CancelBooking(booking.locator, quote.refund, quote.fee)
    data = {"locator": booking.locator, "refund": quote.refund, "fee": quote.fee}
    return Step(dialogue.proposing(write, action, turn.key), (*part, what), "Shall I cancel it?", teller.facts, data)


def bags(turn: Turn, dialogue: BookingDialogue, action: Action) -> Step:
    """Read back what bags would cost, and wait for a yes.

    Those for a trip that is only offered wait until it is booked. "A bag for each of us" is read back as their number.
    """
    if people := _offered_to(dialogue, action):
        say = "I can add bags once the trip is booked."
        later = (*dialogue.later, _for_each(turn, action, people))
        return Step(replace(dialogue, later=later), (say,), open_question(dialogue))
    action = _completed(dialogue, action)
    try:
        booking = which_booking(turn, dialogue, action)
        dialogue = dialogue.touched(booking.locator)
        said = str(action.args.get("count") or "")
        if _NONE.fullmatch(said):
            return dropped(dialogue)
        count = resolve_count(str(_for_each(turn, action, len(booking.passengers)).args.get("count") or ""))
        if not count:
            raise UnclearError("count", (QUESTIONS["count"],))
        quote = bags_quote(booking, count, turn.clock.now, turn.policy)
    except UnclearError as unclear:
        return ask(dialogue, action, unclear)
    except NotAllowedError as refused:
        return Step(replace(dialogue, asked=None), (NOT_ALLOWED[refused.reason],))
    teller = Teller()
    ahead = len(booking.ahead(turn.clock.now))
    more = "more checked bag" if booking.bags else "checked bag"
    bag, are = plural(count, more).capitalize(), "is" if count == 1 else "are"
    price = teller.money(quote.fee) if quote.fee else "free"
    whole = f" for all {plural(ahead, 'flight')} of the trip" if ahead > 1 and quote.fee else ""
    say = f"{bag} on booking {teller.code(booking.locator)} {are} {price}{whole}."
    write = AddBags(booking.locator, count, quote.fee)
    question = f"Shall I add {'it' if count == 1 else 'them'}?"
    data = {"locator": booking.locator, "count": count, "fee": quote.fee}
    return Step(dialogue.proposing(write, action, turn.key), (say,), question, teller.facts, data)


def _offered_to(dialogue: BookingDialogue, action: Action) -> int:
    """Give how many fly a trip that waits for its yes, where bags are for it: no booking is named, and none known."""
    write = dialogue.pending.write if dialogue.pending else None
    named = dialogue.bookings or action.args.get("code")
    return write.trip.passengers if isinstance(write, BookTrip) and not named else 0


def _for_each(turn: Turn, action: Action, people: int) -> Action:
    """Count the bags of all where so many were asked for each."""
    count = resolve_count(str(action.args.get("count") or ""))
    each = count and _EACH.search(turn.reading.text)
    return Action(action.name, {**action.args, "count": str(count * people)}) if count and each else action


HANDLERS = {"lookup": lookup, "change": change, "cancel": cancel, "bags": bags}


def which_booking(turn: Turn, dialogue: BookingDialogue, action: Action) -> Booking:
    """Find the booking that is meant: by its code, or else the latest one of this call.

    Raises:
        UnclearError: there is no code, or none that matches well enough.
    """
    said = str(action.args.get("code") or "")
    if not said:
        if not dialogue.bookings:
            raise UnclearError("code", (QUESTIONS["code"],))
        code = dialogue.bookings[-1]
    else:
        match = match_code(said, turn.store.read(known_locators))
        code = match.code
        if match.confidence < PLAUSIBLE and is_part(said):
            raise UnclearError("code", ("And the rest of the code?",))
        if match.confidence < PLAUSIBLE:
            raise UnclearError(
                "code", ("I can't find that booking. Could you spell the code again, letter by letter?",)
            )
        if match.confidence < SURE and code not in dialogue.bookings:
            teller = Teller()
            say = f"Is the code {teller.code(code)}?"
            raise UnclearError("code", (say,), guess=code, facts=teller.facts)
    booking = turn.store.read(lambda session: load_booking(session, code))
    assert booking
    return booking


def _completed(dialogue: BookingDialogue, action: Action) -> Action:
    return dialogue.asked.complete(action) if dialogue.asked else action


def _dealt(dialogue: BookingDialogue, booking: Booking) -> BookingDialogue:
    return replace(dialogue.touched(booking.locator), asked=None)
