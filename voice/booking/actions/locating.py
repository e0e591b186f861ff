"""Which booking is meant: by its code as it was heard, or the latest one of the call."""

from __future__ import annotations

from voice.booking.actions.mending import unfound
from voice.booking.actions.spelling import is_part
from voice.booking.actions.turn import QUESTIONS, Turn
from voice.booking.airline.bookings import Booking, known_locators, load_booking
from voice.booking.codes.matching import match_code
from voice.booking.dialogue import BookingDialogue
from voice.booking.offers.doubts import settle_code
from voice.booking.offers.resolving import UnclearError
from voice.cascade.words import Action

_SAME = 0.6
"""From here on a code is one that the call has dealt with before, heard a little otherwise."""


def which_booking(turn: Turn, dialogue: BookingDialogue, action: Action) -> Booking:
    """Find the booking that is meant: by its code, or else the latest one of this call.

    Raises:
        UnclearError: there is no code, no booking has it, or it was heard with doubt.
    """
    said = str(action.args.get("code") or "")
    if not said and not dialogue.bookings:
        raise UnclearError("code", (QUESTIONS["code"],))
    code = _located(turn, dialogue, said) if said else dialogue.bookings[-1]
    booking = turn.store.read(lambda session: load_booking(session, code))
    assert booking
    return booking


def _located(turn: Turn, dialogue: BookingDialogue, said: str) -> str:
    known = turn.store.read(known_locators)
    match = match_code(said, known)
    if match.confidence == 1.0:
        if match.code not in dialogue.bookings:
            settle_code(match.code, turn.reading.doubted, heard=match.heard)
        return match.code
    dealt_with = match_code(said, dialogue.bookings)
    if dealt_with.confidence >= _SAME:
        return dealt_with.code
    if is_part(said):
        raise UnclearError("code", ("And the rest of the code?",))
    raise unfound(dialogue.unsure, match.heard, known)
