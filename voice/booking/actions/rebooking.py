"""A search that means the booking which is being changed: another hour or end, or a flight of it by its places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from voice.booking.actions.refining import legs_said
from voice.booking.actions.turn import Turn
from voice.booking.airline.bookings import Booking, load_booking
from voice.booking.dialogue import BookingDialogue, ChangeLeg
from voice.booking.offers.resolving import RELATIVE
from voice.booking.places.meanings import resolve_place
from voice.booking.text.wording import Wording
from voice.booking.trips import Leg
from voice.booking.wishes import cues
from voice.cascade.words import Action

_MOVES_ON = Wording(r"\b(?:also|another|too|as well|new|extra|separate|besides|book)\b")
_NEW_ONE = Wording(r"\ban? (?:\w+ )?(?:flight|ticket|trip|seat)\b")
_FLIGHT = Wording(r"\b(?:flights?|leg|one|part|trip|way)\b")
_NEWS = ("date", "time")


def about_the_change(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Give the change that a search means while one is read back or asked about.

    "The flight to San Francisco." names a flight of the booking, "What about Portland?" where it could go instead, and
    "Is there a nonstop in the afternoon?" another hour of it.
    """
    write = dialogue.pending.write if dialogue.pending else None
    asked, text = dialogue.asked is not None and dialogue.asked.action.name == "change", turn.reading.text
    under_way = isinstance(write, ChangeLeg) or asked
    if dialogue.search is not None or _MOVES_ON.search(text):
        return actions
    if not under_way and not _counts_from_booking(text, dialogue, actions):
        return actions
    wishes = [action for action in actions if action.name != "confirm"]
    if len(wishes) != 1 or not _is_bare(wishes[0]):
        return actions
    locator = write.locator if isinstance(write, ChangeLeg) else (dialogue.bookings or ("",))[-1]
    booking = turn.store.read(lambda session: load_booking(session, locator)) if locator else None
    meant = _change(text, booking, wishes[0], under_way=under_way) if booking else None
    return [meant if meant and action is wishes[0] else action for action in actions]


def _counts_from_booking(text: str, dialogue: BookingDialogue, actions: Sequence[Action]) -> bool:
    """Whether a day is seen from a flight where only a booked one is known: "the London flight two days earlier"."""
    if dialogue.pending or dialogue.asked or not dialogue.bookings:
        return False
    legs = [leg for action in actions if action.name == "search" for leg in legs_said(action)]
    day = str(legs[0].get("date") or "") if len(legs) == 1 else ""
    return bool(RELATIVE.search(day)) and bool({"from", "to"} & legs[0].keys()) and not _NEW_ONE.search(text)


def _is_bare(action: Action) -> bool:
    """Whether a search is of one flight, and of nobody in particular."""
    legs = action.args.get("legs") or ()
    return action.name == "search" and len(legs) <= 1 and not action.args.keys() - {"legs", "cabin", "nonstop"}


def _change(text: str, booking: Booking, action: Action, *, under_way: bool) -> Action | None:
    """Give the change that a search means; ``under_way``: whether one is spoken of, so that an end may be a new one."""
    leg: Mapping[str, Any] = dict(*(action.args.get("legs") or ()))
    cabin = {"cabin": action.args["cabin"]} if "cabin" in action.args else {}
    more = {key: value for key, value in leg.items() if key in _NEWS}
    ends = [key for key in ("from", "to") if leg.get(key)]
    flown = [one for one in booking.legs if all(_is_at(one.leg, key, leg[key]) for key in ends)]
    if not ends:
        return Action("change", {**more, **cabin}) if more or cabin or cues.wants_nonstop(text) else None
    if flown and (_FLIGHT.search(text) or not more or len(ends) > 1):
        return Action("change", {"leg": text.strip(" .?!"), **more, **cabin})
    return Action("change", {**leg, **cabin}) if len(ends) == 1 and under_way else None


def _is_at(leg: Leg, end: str, said: object) -> bool:
    """Whether a place is where a flight starts or ends."""
    place = resolve_place(str(said))
    return place is not None and (leg.origin if end == "from" else leg.destination) in place.airports
