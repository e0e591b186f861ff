"""A cheaper day near the one that was offered, for a caller to whom that is too dear."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from voice.booking.actions.refining import legs_said
from voice.booking.actions.turn import Turn
from voice.booking.airline.search import find_trips
from voice.booking.dialogue import BookingDialogue
from voice.booking.offers.relaxing import Found
from voice.booking.offers.resolving import UnclearError, resolve_trip
from voice.booking.text.wording import Wording
from voice.booking.trips import Trip
from voice.cascade.words import Action

CHEAPER = Wording(r"\b(?:cheaper|less)\b")
_DAYS = timedelta(3)
_LEAST_SAVED = 10
"""What another day must save, in US dollars, to be worth a word."""


def cheaper_day(turn: Turn, dialogue: BookingDialogue, trip: Trip) -> tuple[Action, Found] | None:
    """Give the search for the cheapest day within three of a flight, and what it finds; None if that saves too little.

    Only a trip of one leg is looked at: of others the days hang together.
    """
    if dialogue.search is None or len(trip.legs) != 1:
        return None
    try:
        request = resolve_trip(dialogue.search.args, turn.clock)
    except UnclearError:
        return None
    query, day = request.legs[0], trip.legs[0].departs.date()
    today = turn.clock.now.date()
    around = replace(query, first=max(today, day - _DAYS), last=min(turn.clock.last_day, day + _DAYS))
    most = trip.fare - _LEAST_SAVED
    found = turn.store.read(
        lambda session: find_trips(session, (around,), now=turn.clock.now, max_price=most, limit=24)
    )
    best = min(found, key=lambda other: other.fare, default=None)
    if best is None:
        return None
    when = best.legs[0].departs.date()
    note = f"Nothing is cheaper that day, but {when:%A} is."
    leg = {**legs_said(dialogue.search)[0], "date": when.isoformat()}
    trips = tuple(sorted((other for other in found if other.legs[0].departs.date() == when), key=lambda t: t.fare))
    return Action("search", {**dialogue.search.args, "legs": [leg]}), Found(trips[:3], note)
