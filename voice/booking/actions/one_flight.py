"""Cancelling one flight of a trip, which can't be done: what can be done is told, and nothing is proposed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from voice.booking.actions.meant_leg import which_leg
from voice.booking.actions.turn import Step, Turn, ask
from voice.booking.airline.bookings import Booking
from voice.booking.airline.quotes import CancelQuote, NotAllowedError
from voice.booking.dialogue import UNDERSTOOD, BookingDialogue, CancelBooking
from voice.booking.offers.resolving import UnclearError
from voice.booking.offers.speech import Teller
from voice.booking.places.finding import find_places
from voice.booking.reading.leg_words import leg_in
from voice.booking.text.wording import Wording
from voice.cascade.words import Action

_WHOLE = re.compile(r"\b(?:both|all|each|every|whole|entire)\b", re.IGNORECASE)
_ONLY = Wording(r"\b(?:only|just|one of|not (?:the )?(?:whole|all|both|everything|entire))\b")
_ONE_OF = Wording(
    r"\b(?:(?:only|just) (?:the )?one\b(?! (?:more|thing|question|passenger|person|ticket|booking|of us))|"
    r"one of (?:the|my|our|those|these) (?:two |three |four )?(?:flights?|legs?)|(?:only|just) a (?:flight|leg)|"
    r"one flight (?:only|of (?:it|the trip)))\b",
)
_READS = frozenset({"cancel", "confirm", "chat", "clarify", "repeat"})
NOT_ONE = "I can only cancel the whole trip, not one flight of it."
WHICH = "Would you like another day for that flight, or to cancel the whole trip?"


def names_one(turn: Turn, booking: Booking, action: Action) -> bool:
    """Whether a cancellation is of one flight of several.

    Of a trip there and back, "my flight to Denver" may be all of it: so it is read back as the whole trip.
    """
    leg = str(action.args.get("leg") or "")
    if len(booking.legs) < 2 or is_whole(action):
        return False
    if not leg:
        return bool(_ONE_OF.search(turn.reading.text))
    return not find_places(leg) or bool(_ONLY.search(turn.reading.text))


def is_whole(action: Action) -> bool:
    """Whether all flights are named: "both flights"."""
    return bool(_WHOLE.search(str(action.args.get("leg") or "")))


def not_one(turn: Turn, dialogue: BookingDialogue, booking: Booking, action: Action, quote: CancelQuote) -> Step:
    """Tell that one flight can't be cancelled, what the whole trip would give back, and that it can be moved."""
    args: dict[str, object] = {"leg": action.args["leg"]} if action.args.get("leg") else {}
    try:
        which_leg(turn, booking, args)
    except (UnclearError, NotAllowedError):
        args = {}  # which flight is moved is asked then
    teller = Teller()
    back = f"The whole trip would give {teller.money(quote.refund)} back"
    back += f", after a {teller.money(quote.fee)} fee." if quote.fee else "."
    say = (NOT_ONE, back if quote.refund else "It can't be refunded.", WHICH)
    move = Action("change", {"code": booking.locator, **args})
    step = ask(replace(dialogue, pending=None), move, UnclearError("date", say, facts=teller.facts))
    return replace(step, data={"locator": booking.locator, "refund": quote.refund, "fee": quote.fee})


def only_one_after_all(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Give the cancellation of one flight where that of all was read back: "No, only the return."."""
    leg, text = leg_in(turn.reading.text) or _way(turn.reading.text), turn.reading.text
    if not leg or not _ONLY.search(text) or not all(action.name in _READS for action in actions):
        return actions
    asked, code = dialogue.asked, ""
    if dialogue.pending and isinstance(dialogue.pending.write, CancelBooking):
        code = dialogue.pending.write.locator
    elif asked and (NOT_ONE in dialogue.said or (asked.guess == UNDERSTOOD and asked.action.name == "cancel")):
        code = str(asked.action.args.get("code") or "")
    return [Action("cancel", {**({"code": code} if code else {}), "leg": leg})] if code else actions


_WAY = Wording(r"\b(?:only|just) (?:the |my |our )?(?P<way>way (?:back|home|out|there)|return|outbound|inbound)\b")


def _way(text: str) -> str:
    match = _WAY.search(text)
    return match["way"] if match else ""
