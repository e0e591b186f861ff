"""What a turn means in view of what was told, booked and asked before, while the database can be read."""

from __future__ import annotations

from collections.abc import Sequence

from voice.booking.actions.afterwards import afterwards
from voice.booking.actions.again import again
from voice.booking.actions.alternatives import other_flights
from voice.booking.actions.anew import anew
from voice.booking.actions.booked_party import others_too
from voice.booking.actions.codeless import codeless
from voice.booking.actions.declining import conditional, declined
from voice.booking.actions.earlier import recalled
from voice.booking.actions.existing import with_each
from voice.booking.actions.inquiring import inquired, ranked
from voice.booking.actions.mending import mended
from voice.booking.actions.naming import named
from voice.booking.actions.one_flight import only_one_after_all
from voice.booking.actions.particulars import further
from voice.booking.actions.partly import to_the_point
from voice.booking.actions.party import whole_party
from voice.booking.actions.quoted import refund_time
from voice.booking.actions.quoting import quoted
from voice.booking.actions.rebooking import about_the_change
from voice.booking.actions.reshaping import reshaped
from voice.booking.actions.returning import homeward
from voice.booking.actions.several import both_meant, each_flight, which_of_several
from voice.booking.actions.shifting import moved_by_weeks
from voice.booking.actions.staying import stayed
from voice.booking.actions.suggesting import wished
from voice.booking.actions.turn import Step, Turn
from voice.booking.airline.store import StoreError
from voice.booking.dialogue import BookingDialogue
from voice.cascade.words import Action

_ANSWERS = (
    others_too,
    both_meant,
    recalled,
    other_flights,
    conditional,
    codeless,
    further,
    afterwards,
    declined,
    quoted,
    refund_time,
    inquired,
    named,
)
"""What answers a turn from what was told, done or booked, and what the desk can't do; the first that has an answer."""


def meant(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Give what a turn means in view of what is booked, unless the database can't be read."""
    try:
        actions = anew(turn, dialogue, only_one_after_all(turn, dialogue, actions))
        actions = each_flight(turn, dialogue, about_the_change(turn, dialogue, actions))
        actions = which_of_several(turn, dialogue, actions)
        actions = again(turn, dialogue, with_each(turn, actions))
        wishes = homeward(turn, dialogue, stayed(turn, dialogue, ranked(turn, dialogue, actions)))
        wishes = moved_by_weeks(turn, dialogue, wished(turn, dialogue, reshaped(turn, dialogue, wishes)))
        return [whole_party(turn, dialogue, action) for action in wishes]
    except StoreError:
        return actions


def done_at_once(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Do what would only be said back where it asks by itself, unless the database can't be read."""
    try:
        return to_the_point(turn, dialogue, actions)
    except StoreError:
        return actions


def code_mended(turn: Turn, dialogue: BookingDialogue) -> Action | Step | None:
    """Give what a turn makes of a code that was misheard, unless the database can't be read, which its actions tell."""
    try:
        return mended(turn, dialogue)
    except StoreError:
        return None


def answered(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Step | None:
    """Answer a turn that only asks about what is known, unless the database can't be read, which its actions tell."""
    try:
        return next((step for answer in _ANSWERS if (step := answer(turn, dialogue, actions))), None)
    except StoreError:
        return None
