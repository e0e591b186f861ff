"""Turns about what this call has done: whether it worked, what was paid, and a yes that comes once more."""

from __future__ import annotations

from collections.abc import Sequence

from voice.booking.actions.talk import WHAT_CAN_I_DO, farewell
from voice.booking.actions.turn import Step, Turn
from voice.booking.aftertalk import after_asked, is_noted, is_plain_yes, is_sorry
from voice.booking.answers import answer_of
from voice.booking.bookings import Booking, load_booking
from voice.booking.dialogue import AddBags, BookingDialogue, BookTrip, CancelBooking, ChangeLeg, Write
from voice.booking.inquiries import quotes_asked
from voice.booking.speech import Teller
from voice.booking.terms import going_back, told
from voice.cascade.words import Action

_READS = frozenset({"repeat", "chat", "lookup", "policy", "clarify", "confirm", "cancel", "change", "bags"})
ANYTHING_ELSE = "Is there anything else?"


def afterwards(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Step | None:
    """Answer a turn that is about what was done; None if it is not."""
    text = turn.reading.text
    if not text or not all(_says_no_more(action) for action in actions):
        return None
    if dialogue.asked is None and dialogue.pending is None:
        closing = bool(dialogue.said) and dialogue.said[-1] == ANYTHING_ELSE
        if is_plain_yes(text) and closing:
            return Step(dialogue, (), WHAT_CAN_I_DO)
        if is_noted(text) and (dialogue.done or dialogue.bookings) and not _asks(dialogue):
            return Step(dialogue, (), ANYTHING_ELSE)
        if is_sorry(text) and dialogue.done and not _asks(dialogue):
            return Step(dialogue, ("That's done already.",), "What would you like instead?")
        if is_plain_yes(text) and dialogue.done and not _asks(dialogue):
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
    write = dialogue.done if dialogue.done and _locator(dialogue.done, booking) == booking.locator else None
    teller = Teller()
    if dialogue.pending and asked == "worked":
        say: tuple[str, ...] = ("Not yet.",)
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


def _asks(dialogue: BookingDialogue) -> bool:
    return bool(dialogue.said) and dialogue.said[-1].endswith("?")


def _is_on_offer(dialogue: BookingDialogue, asked: str) -> bool:
    """Whether "What do I pay?" is about a trip, or a change, that waits for a yes."""
    pending, searching = dialogue.pending is not None, dialogue.search is not None
    return (pending and asked != "worked") or (searching and (asked != "worked" or not pending))


def _locator(write: Write, booking: Booking) -> str:
    return booking.locator if isinstance(write, BookTrip) else write.locator


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
