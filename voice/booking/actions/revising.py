"""What an action is to the proposal that waits for a yes: the same again, something else in its place, or neither."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from voice.booking.actions.comparing import chosen
from voice.booking.actions.confirming import is_yes
from voice.booking.actions.refining import concerns, legs_said, refined
from voice.booking.actions.turn import Turn
from voice.booking.airline.search import LegQuery
from voice.booking.airline.store import StoreError
from voice.booking.dialogue import AddBags, BookingDialogue, BookTrip, ChangeLeg, Proposal
from voice.booking.offers.resolving import UnclearError, resolve_trip
from voice.booking.text.amounts import resolve_count
from voice.booking.trips import Leg, Trip
from voice.cascade.words import Action

_MORE = re.compile(r"\b(?:another|more)\b", re.IGNORECASE)


class Stance(Enum):
    """What an action is to a proposal."""

    APART = "apart"
    """It is about something else."""
    SAME = "same"
    """It only says again what was read back: "yes, one ticket, economy"."""
    OTHER = "other"
    """It asks for something else in the place of it: "for two people", "the first one", "in the afternoon"."""


def stance(turn: Turn, dialogue: BookingDialogue, action: Action) -> Stance:
    """Say what an action is to the proposal that waits, if one does."""
    proposal = dialogue.pending
    if proposal is None:
        return Stance.APART
    try:
        return _stance(turn, dialogue, proposal, action)
    except StoreError:
        return Stance.OTHER  # nothing is approved by a turn that can't be looked at


def _stance(turn: Turn, dialogue: BookingDialogue, proposal: Proposal, action: Action) -> Stance:
    match proposal.write, action.name:
        case BookTrip(trip), "search":
            return _of_search(turn, dialogue, trip, action)
        case BookTrip(trip), "book" if dialogue.offers:
            return Stance.SAME if chosen(turn, dialogue, str(action.args.get("offer") or "")) == trip else Stance.OTHER
        case ChangeLeg() as write, "change" if concerns(turn, write, action):
            return _of_change(proposal, action)
        case AddBags() as write, "bags":
            return _of_bags(write, action)
        case _:
            return Stance.APART


def approved(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> list[Action]:
    """Leave out what a turn with a yes only says again, and the yes itself where the turn asks for something else.

    "Yes, for two people" approves nothing that was read back: the trip for two is read back first.
    """
    if not any(is_yes(action) for action in actions):
        return list(actions)
    stances = [stance(turn, dialogue, action) for action in actions]
    taken = [action for action, its in zip(actions, stances, strict=True) if its is not Stance.SAME]
    return [action for action in taken if Stance.OTHER not in stances or action.name != "confirm"]


def _of_search(turn: Turn, dialogue: BookingDialogue, trip: Trip, action: Action) -> Stance:
    more, said = refined(turn, dialogue, action), action.args
    if more.leg is None:
        return Stance.APART
    try:
        request = resolve_trip(more.search.args, turn.clock, than=more.heard.departs.time() if more.heard else None)
    except UnclearError:
        return Stance.OTHER
    flown = zip(legs_said(action), request.legs[more.leg :], trip.legs[more.leg :], strict=False)
    holds = (
        len(request.legs) == len(trip.legs)
        and said.keys() <= {"legs", "pax", "cabin", "nonstop", "max_price"}
        and all(_is_flown(leg, query, flights) for leg, query, flights in flown)
        and ("pax" not in said or [leg.passengers for leg in trip.legs] == [leg.passengers for leg in request.legs])
        and ("cabin" not in said or all(leg.cabin == request.legs[0].cabin for leg in trip.legs))
        and not (said.get("nonstop") and any(leg.stops for leg in trip.legs))
        and not (said.get("max_price") and request.max_price is not None and trip.fare > request.max_price)
    )
    return Stance.SAME if holds else Stance.OTHER


def _is_flown(said: Mapping[str, Any], query: LegQuery, leg: Leg) -> bool:
    """Whether the places, the day and the time that were said of a leg are those of its flights."""
    window = query.window if said.get("time") else None
    moment = (leg.arrives if window and window.arrival else leg.departs).time()
    at_time = window is None or (window.holds(moment) and window.target in (None, moment))
    on_day = not said.get("date") or query.first <= leg.departs.date() <= query.last
    there = leg.origin in query.origins and leg.destination in query.destinations
    return there and at_time and on_day and not said.get("who")


def _of_change(proposal: Proposal, action: Action) -> Stance:
    known = proposal.origin.args
    news = {key: value for key, value in action.args.items() if key not in ("code", "leg")}
    same = all(str(known.get(key)).casefold() == str(value).casefold() for key, value in news.items())
    return Stance.SAME if same else Stance.OTHER


def _of_bags(write: AddBags, action: Action) -> Stance:
    said = str(action.args.get("count") or "")
    if _MORE.search(said):
        return Stance.APART
    return Stance.SAME if not said or resolve_count(said) == write.count else Stance.OTHER
