"""Answers to what cancelling or changing the booking under discussion would come to. Nothing is proposed by them."""

from __future__ import annotations

from collections.abc import Sequence

from voice.booking.actions.existing import NOT_ALLOWED
from voice.booking.actions.turn import Step, Turn
from voice.booking.airline.bookings import Booking, load_booking
from voice.booking.airline.quotes import NotAllowedError, cancel_quote, change_quote
from voice.booking.dialogue import BookingDialogue, BookTrip, ChangeLeg, Write
from voice.booking.offers.speech import Teller
from voice.booking.offers.terms import change_price, giving_back
from voice.booking.talk.inquiries import leg_asked, quotes_asked
from voice.booking.trips import Trip
from voice.cascade.words import Action

_READS = frozenset({"repeat", "chat", "lookup", "policy", "clarify", "cancel", "change", "search"})
"""What such a question is read as, with no argument that says more than which leg."""


def quoted(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Step | None:
    """Answer a turn that only asks for a refund or a change fee; None if it does not, or no booking is spoken of."""
    asked = quotes_asked(turn.reading.text)
    write = dialogue.pending.write if dialogue.pending else None
    trip = write.trip if isinstance(write, BookTrip) else None
    if trip is None and write is None and dialogue.search is not None and dialogue.shown:
        trip = dialogue.shown[-1].trip
    if trip and asked == ("hold",) and all(action.name != "confirm" for action in actions):
        return _held(turn, dialogue, trip)  # "until tomorrow" is no day to fly on
    if not asked or "hold" in asked or not all(_only_asks(action) for action in actions):
        return None
    if trip:
        return _of_offer(turn, dialogue) if asked == ("refund",) else None
    if not dialogue.bookings:
        return None
    booking = turn.store.read(lambda session: load_booking(session, dialogue.bookings[-1]))
    if booking is None:
        return None
    teller = Teller()
    try:
        say = tuple(_TELL[name](turn, booking, write, teller) for name in asked)
    except NotAllowedError as refused:
        say = (NOT_ALLOWED[refused.reason],)
        if refused.reason == "cancelled" and "refund" in asked:
            say = ("That booking is cancelled, and refunds reach your card within seven business days.",)
    return Step(dialogue, say, facts=teller.facts, data={"about": list(asked)})


def _of_offer(turn: Turn, dialogue: BookingDialogue) -> Step:
    """Tell that nothing was paid for a trip that is only offered, and what the rules will be."""
    (rule, *_), facts = turn.policy.answer("refunds")
    said = tuple(fact for fact in facts if fact in rule)
    return Step(dialogue, ("Nothing is booked or paid yet.", rule), facts=said, data={"about": ["refund"]})


def _held(turn: Turn, dialogue: BookingDialogue, trip: Trip) -> Step:
    """Tell that no offer can wait, and that a booking can be taken back for free where the rules allow it."""
    leaves = trip.legs[0].departs
    fees = [turn.policy.cancel_fee(leg.cabin, turn.clock.now, leaves, turn.clock.now) for leg in trip.legs]
    free = f"Once it is booked you can cancel it for free within {turn.policy.rules['free_cancel_hours']} hours."
    say = ("I can't hold a flight without booking it.", *(() if any(fee != 0 for fee in fees) else (free,)))
    return Step(dialogue, say, data={"about": ["hold"]})


def _only_asks(action: Action) -> bool:
    return action.name in _READS and (action.name == "policy" or action.args.keys() <= {"leg", "missing"})


def _refund(turn: Turn, booking: Booking, write: Write | None, teller: Teller) -> str:
    quote = cancel_quote(booking, turn.clock.now, turn.policy)
    return giving_back(quote.refund, quote.fee, teller)


def _change_fee(turn: Turn, booking: Booking, write: Write | None, teller: Teller) -> str:
    """Tell the fee of what was read back, or else of any change of the flights ahead, or of the one that is named."""
    if isinstance(write, ChangeLeg) and write.locator == booking.locator:
        return change_price(write.fee, write.difference, teller)
    at = leg_asked(turn.reading.text, len(booking.legs)) if len(booking.legs) > 1 else None
    ahead = booking.ahead(turn.clock.now) if at is None else (booking.legs[at],)
    if not ahead:
        raise NotAllowedError("departed")
    # the flights as booked: what others cost more or less is not known before one is chosen
    fee = max(change_quote(booking, leg.position, leg.leg, turn.clock.now, turn.policy).fee for leg in ahead)
    if not fee:
        return "There is no change fee, only any difference in fare."
    each = " for each flight" if len(ahead) > 1 else ""
    return f"It's {teller.money(fee)}{each}, plus any difference in fare."


_TELL = {"refund": _refund, "change_fee": _change_fee}
"""What tells the answer to each question of `voice.booking.talk.inquiries.quotes_asked`."""
