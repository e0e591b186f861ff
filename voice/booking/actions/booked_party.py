"""Another number of people than the trip that was just booked has: "no, we're four", "my brother is coming too".

Nobody can be added to a booking, and nobody taken off it. It is said so, and the same flights are sought for the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from voice.booking.actions.again import like_booking
from voice.booking.actions.flights import search
from voice.booking.actions.turn import Step, Turn
from voice.booking.airline.bookings import load_booking
from voice.booking.dialogue import BookingDialogue, BookTrip
from voice.booking.offers.speech import number, plural
from voice.booking.text.amounts import resolve_count
from voice.booking.wishes.companions import companions, party_told, recounted
from voice.cascade.words import Action

_READS = frozenset({"search", "chat", "clarify", "confirm", "change", "repeat", "policy", "lookup"})
_CANT = "I can't add anyone to it."


def others_too(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Step | None:
    """Say what can be done where a turn tells another number than was just booked; None where it does not."""
    if dialogue.search or dialogue.pending or dialogue.asked or not dialogue.bookings:
        return None
    if any(action.name not in _READS or "code" in action.args for action in actions):
        return None
    text = turn.reading.text
    just = isinstance(dialogue.done, BookTrip)
    many, more = recounted(text) or party_told(text), companions(text) if just else 0
    if not many and not more:
        return None
    booking = turn.store.read(lambda session: load_booking(session, dialogue.bookings[-1]))
    if booking is None or booking.cancelled:
        return None
    now = len(booking.passengers)
    all_of_them = (resolve_count(many) or now) if many else now + more
    told = f"That booking is for {plural(now, 'passenger')}"
    if all_of_them == now:
        return Step(dialogue, (f"{told}.",), "Is there anything else?")
    if all_of_them < now:
        return Step(
            dialogue, (f"{told}, and I can't take anyone off it, only cancel it.",), "What would you like to do?"
        )
    rest = all_of_them - now
    action = like_booking(turn, booking, rest)
    found = search(turn, dialogue, action)
    others = "one more" if rest == 1 else f"the other {number(rest)}"
    if found.dialogue.pending is None:
        say = (f"{told}. {_CANT}", f"I have no seats for {others} that day.")
        return Step(dialogue, say, "What would you like to do?")
    return replace(found, say=(f"{told}. {_CANT}", f"For {others} I can book this as well.", *found.say))
