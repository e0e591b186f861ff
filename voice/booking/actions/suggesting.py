"""Suggests where to fly: the cheapest nonstops from where the caller starts, on the days that they named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from voice.booking.actions.refining import legs_said
from voice.booking.actions.turn import Turn
from voice.booking.airline.tables import FlightRow
from voice.booking.dates.finding import resolve_date
from voice.booking.dialogue import BookingDialogue
from voice.booking.offers.resolving import UnclearError
from voice.booking.offers.speech import Teller, listed
from voice.booking.places.meanings import resolve_place
from voice.booking.places.network import network
from voice.booking.wishes.suggestions import suits, wish_in
from voice.cascade.words import Action

_READS = frozenset({"search", "chat", "clarify", "policy"})
_MONTH = timedelta(30)
_MOST = 3


def wished(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Give the search for a place to go, where a turn asks for suggestions; the actions as they are if it does not."""
    wish = wish_in(turn.reading.text)
    if not wish or dialogue.pending or len(actions) > 1 or any(action.name not in _READS for action in actions):
        return actions
    asked = dialogue.asked
    if asked is not None and (asked.action.name != "search" or asked.argument not in ("from", "to")):
        return actions
    said = next((action for action in actions if action.name == "search"), None)
    if said is None and asked is None:
        return actions
    known = [leg for search in (said, asked.action if asked else None) if search for leg in legs_said(search)]
    if any(leg.get("to") for leg in known):
        return actions
    return [Action("search", {**(said.args if said else {}), "wish": wish})]


def suggesting(turn: Turn, action: Action, unclear: UnclearError) -> UnclearError:
    """Give the question for the place to fly to with suggestions before it, where the caller wished for some."""
    leg: Mapping[str, Any] = next(iter(legs_said(action)), {})
    wish, start = str(action.args.get("wish") or ""), resolve_place(str(leg.get("from") or ""))
    if not wish or unclear.argument != "to" or leg.get("to") or start is None or not start.served:
        return unclear
    teller, days = Teller(), _days(turn, leg)
    found = turn.store.read(lambda session: _cheapest(session, start.airports, wish, *days))
    if not found:
        return unclear
    places = [f"{name} from {teller.money(fare)}" for name, fare in found]
    say = f"From {start.name} you could fly nonstop to {listed(places, 'or')}."
    return UnclearError("to", (say, *unclear.say), leg=unclear.leg, facts=teller.facts)


def _days(turn: Turn, leg: Mapping[str, Any]) -> tuple[date, date]:
    """Give the days that were named, or else the coming month."""
    today = turn.clock.now.date()
    day = resolve_date(str(leg.get("date") or ""), today=today) if leg.get("date") else None
    if day and day.first and day.last and day.first <= turn.clock.last_day:
        return day.first, day.last
    return today + timedelta(1), today + _MONTH


def _cheapest(session: Session, origins: Sequence[str], wish: str, first: date, last: date) -> list[tuple[str, int]]:
    """Give the cities with the cheapest nonstops in economy that have a seat, and those fares."""
    fare = func.min(FlightRow.fare_economy)
    rows = session.execute(
        select(FlightRow.destination, fare)
        .where(
            FlightRow.origin.in_(origins),
            FlightRow.day.between(first, last),
            FlightRow.sold_economy < FlightRow.seats_economy,
        )
        .group_by(FlightRow.destination)
    )
    found: dict[str, int] = {}
    for airport, least in rows:
        city = network().city_of(airport)
        if suits(city, wish):
            found[city.name] = min(int(least), found.get(city.name, int(least)))
    return sorted(found.items(), key=lambda item: (item[1], item[0]))[:_MOST]
