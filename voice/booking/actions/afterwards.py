"""Turns about what this call has done: whether it worked, what was paid, and a yes that comes once more."""

from __future__ import annotations

from collections.abc import Sequence

from voice.booking.actions.talk import WHAT_CAN_I_DO, farewell
from voice.booking.actions.turn import Step, Turn
from voice.booking.airline.bookings import Booking, load_booking
from voice.booking.dialogue import AddBags, BookingDialogue, BookTrip, CancelBooking, ChangeLeg, Write
from voice.booking.offers.speech import Teller
from voice.booking.offers.terms import going_back, told
from voice.booking.talk.aftertalk import after_asked, is_noted, is_plain_yes, is_sorry
from voice.booking.talk.answers import answer_of
from voice.booking.talk.inquiries import quotes_asked
from voice.cascade.words import Action

_READS = frozenset({"repeat", "chat", "lookup", "policy", "clarify", "confirm", "cancel", "change", "bags"})
ANYTHING_ELSE = "Is there anything else?"
_DID = {"cancel": CancelBooking, "change": ChangeLeg, "bags": AddBags}
"""What an action writes once it is approved."""
_NOT_YET = {
    BookTrip: "That trip isn't booked yet.",
    ChangeLeg: "That change isn't made yet.",
    CancelBooking: "Your booking isn't cancelled yet.",
    AddBags: "Those bags aren't added yet.",
}


def afterwards(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Step | None:
    """Answer a turn that is about what was done; None if it is not."""
    text = turn.reading.text
    if not text or not all(_says_no_more(action) for action in actions):
        return None
    if dialogue.asked is None and dialogue.pending is None:
        closing = bool(dialogue.said) and dialogue.said[-1] == ANYTHING_ELSE
        if is_plain_yes(text) and closing and not any(action.name in _DID for action in actions):
            return Step(dialogue, (), WHAT_CAN_I_DO)
        if is_noted(text) and (dialogue.done or dialogue.bookings) and not _asks(dialogue):
            return Step(dialogue, (), ANYTHING_ELSE)
        if is_sorry(text) and dialogue.done and not _asks(dialogue):
            return Step(dialogue, ("That's done already.",), "What would you like instead?")
        if is_plain_yes(text) and dialogue.done and not _asks(dialogue) and not _asks_anew(dialogue, actions):
            return Step(dialogue, ("That's done already.",), ANYTHING_ELSE)
        if closing and answer_of(text)[0] == "no":
            return farewell(dialogue)
    asked = after_asked(text)
    back = quotes_asked(text) == ("refund",) and isinstance(dialogue.done, CancelBooking)
    if not dialogue.bookings or not (asked or back) or _is_on_offer(dialogue, asked):
        return None
    booking = turn.store.read(lambda session: load_booking(session, dialogue.bookings[-1]))
    if booking is None:
        return None
    write = dialogue.done if dialogue.done and _is_of(dialogue.done, booking) else None
    teller = Teller()
    if dialogue.pending and asked == "worked":
        say = _waiting(dialogue.pending.write, write, booking, teller)
    elif asked == "worked":
        say = _worked(write, booking, teller)
    elif isinstance(write, CancelBooking):
        say = (going_back(write.refund, teller) if write.refund else "Nothing goes back for that booking.",)
    elif back:
        return None
    else:
        say = _paid(write, booking, teller)
    return Step(dialogue, say, facts=teller.facts, data={"about": [asked or "refund"]})


def _says_no_more(action: Action) -> bool:
    return action.name in _READS and not action.args.keys() - {"answer", "missing", "topic"}


def _asks_anew(dialogue: BookingDialogue, actions: Sequence[Action]) -> bool:
    """Whether an action wants another thing than what was written last, or the same for another booking."""
    done = dialogue.done
    return any(
        action.name in _DID and not (isinstance(done, _DID[action.name]) and done.locator == dialogue.bookings[-1])
        for action in actions
    )


def _asks(dialogue: BookingDialogue) -> bool:
    return bool(dialogue.said) and dialogue.said[-1].endswith("?")


def _is_on_offer(dialogue: BookingDialogue, asked: str) -> bool:
    """Whether "What do I pay?" is about a trip, or a change, that waits for a yes."""
    pending, searching = dialogue.pending is not None, dialogue.search is not None
    return (pending and asked != "worked") or (searching and (asked != "worked" or not pending))


def _is_of(write: Write, booking: Booking) -> bool:
    """Whether a booking is the one that was written; a new one is known by its flights."""
    if not isinstance(write, BookTrip):
        return write.locator == booking.locator
    booked = [flight.id for leg in booking.legs for flight in leg.leg.flights]
    return booked == [flight.id for leg in write.trip.legs for flight in leg.flights]


def _waiting(waits: Write, write: Write | None, booking: Booking, teller: Teller) -> tuple[str, ...]:
    """Tell that something waits for its yes, behind what was done before it."""
    if write is None and isinstance(waits, CancelBooking):
        return ("Not yet.",)
    done = told(write, booking, teller) if write else ()
    return (*(sentence for sentence in done if sentence != "Done."), _NOT_YET[type(waits)])


def _worked(write: Write | None, booking: Booking, teller: Teller) -> tuple[str, ...]:
    if write is None:
        status = "was cancelled" if booking.cancelled else "is confirmed"
        return (f"Booking {teller.code(booking.locator)} {status}.",)
    done = told(write, booking, teller)
    return ("Yes, it's done.", *(sentence for sentence in done if sentence != "Done."))


def _paid(write: Write | None, booking: Booking, teller: Teller) -> tuple[str, ...]:
    """Tell what the last thing cost, and all of the booking."""
    whole = f"You paid {teller.money(booking.paid)} in total."
    match write:
        case ChangeLeg():
            due, what = write.fee + write.difference, "the change"
        case AddBags():
            due, what = write.fee, "the bags"
        case _:
            return (whole,)
    if due > 0:
        last = f"You paid {teller.money(due)} for {what}."
    else:
        last = f"You get {teller.money(-due)} back for {what}." if due else f"You paid nothing for {what}."
    return (last, f"All of the booking comes to {teller.money(booking.paid)}.")
