"""A cheaper day near the one that was offered, for a caller to whom that is too dear."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta

from voice.booking.actions.refining import legs_said
from voice.booking.actions.turn import Step, Turn
from voice.booking.airline.search import LegQuery, find_trips
from voice.booking.dates.finding import resolve_date
from voice.booking.dialogue import BookingDialogue, BookTrip
from voice.booking.offers.relaxing import Found
from voice.booking.offers.resolving import UnclearError, resolve_trip
from voice.booking.offers.speech import Teller
from voice.booking.text.wording import Wording
from voice.booking.trips import Trip
from voice.cascade.words import Action

CHEAPER = Wording(r"\b(?:cheaper|less)\b")
_DAYS = timedelta(3)
_MOST_DAYS = 15
"""How many days a trip of several flights is looked for on: of those each takes a search of its own."""
_WANTS_CHEAPER = Wording(r"\b(?:cheaper|less expensive|less pricey|(?:for|costs?|pay) less)\b")
_CHEAPEST = Wording(r"\b(?:cheaper|cheapest|less expensive|least expensive)\b")
_THAN_SOMETHING = Wording(r"\b(?:cheaper|less) than\b")
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


def no_cheaper(turn: Turn, before: BookingDialogue, found: BookingDialogue) -> Step | None:
    """Keep the trip that waits where something cheaper was asked for and what was found costs as much or more."""
    text = turn.reading.text
    if (
        not _WANTS_CHEAPER.search(text)
        or _THAN_SOMETHING.search(text)
        or before.pending is None
        or found.pending is None
    ):
        return None
    old, new = before.pending.write, found.pending.write
    if not isinstance(old, BookTrip) or not isinstance(new, BookTrip) or old.trip.passengers != new.trip.passengers:
        return None
    if new.trip.fare < old.trip.fare or old.trip == new.trip:
        return None
    teller, leg = Teller(), new.trip.legs[0]
    say = f"No, the cheapest I have there is {teller.money(new.trip.fare)}, on {teller.when(leg)}."
    question = f"Shall I book the one for {teller.money(old.trip.fare)}?"
    return Step(replace(before, told=found.told), (say,), question, teller.facts)


def cheaper_of_two(turn: Turn, search: Action) -> tuple[Action, tuple[str, ...], tuple[str, ...]]:
    """Give the search on the cheaper of two days between which a turn asks, with what the other one costs.

    A reading has the second day as what would be taken otherwise: "Is it cheaper on Thursday or on Friday?"
    """
    legs, other = legs_said(search), str(search.args.get("fallback") or "")
    if len(legs) != 1 or not legs[0].get("date") or not _CHEAPEST.search(turn.reading.text):
        return search, (), ()
    if not resolve_date(other, today=turn.clock.now.date()):
        return search, (), ()
    plain = {key: value for key, value in search.args.items() if key != "fallback"}
    options = [Action("search", {**plain, "legs": [{**legs[0], "date": day}]}) for day in (legs[0]["date"], other)]
    found: list[tuple[int, Action, Trip]] = []
    try:
        for option in options:
            request = resolve_trip(option.args, turn.clock)
            trips = turn.store.read(
                lambda session, request=request: find_trips(session, request.legs, now=turn.clock.now, limit=1)
            )
            found += [(best.fare, option, best) for best in trips]
    except UnclearError:
        return search, (), ()
    if len(found) != len(options):
        return search, (), ()
    (_, better, one), (_, _, dearer) = sorted(found, key=lambda each: each[0])
    teller = Teller()
    days = [trip.legs[0].departs.date() for trip in (one, dearer)]
    if days[0] == days[1]:
        return search, (), ()
    than = "just as much" if one.fare == dearer.fare else f"and {days[0]:%A} is cheaper"
    return better, (f"On {teller.day(days[1])} it's {teller.money(dearer.fare)}, {than}.",), teller.facts


def cheapest_day(
    turn: Turn, dialogue: BookingDialogue, trip: Trip, said: str
) -> tuple[Action, tuple[Trip, ...], str] | None:
    """Give the search for the cheapest day among some, what it finds, and the words for those days.

    Args:
        turn: This turn.
        dialogue: What is sought.
        trip: What was told of it.
        said: Words for the days, such as "that week"; ``""`` for those near the trip.

    Returns:
        None where nothing can be flown on any of them.
    """
    if dialogue.search is None:
        return None
    try:
        request = resolve_trip(dialogue.search.args, turn.clock)
    except UnclearError:
        return None
    out = trip.legs[0].departs.date()
    first, last, words = _days(said, out, turn)
    plain = [replace(leg, last=leg.first) for leg in request.legs]
    if len(plain) == 1:
        sought = [(replace(plain[0], first=first, last=last),)]
    else:
        near = [out + timedelta(n) for n in range(-_MOST_DAYS // 2, _MOST_DAYS // 2 + 1)]
        sought = [_moved(plain, day - plain[0].first) for day in near if first <= day <= last]
    found: list[Trip] = []
    for legs in sought:
        if legs[-1].last <= turn.clock.last_day:
            found += turn.store.read(lambda session, legs=legs: find_trips(session, legs, now=turn.clock.now, limit=48))
    if not found:
        return None
    best = min(found, key=lambda one: (one.fare, abs((one.legs[0].departs.date() - out).days)))
    days = [leg.departs.date() for leg in best.legs]
    trips = sorted((one for one in found if [leg.departs.date() for leg in one.legs] == days), key=lambda one: one.fare)
    told = [{**leg, "date": day.isoformat()} for leg, day in zip(legs_said(dialogue.search), days, strict=False)]
    return Action("search", {**dialogue.search.args, "legs": told}), tuple(trips[:3]), words


def _moved(legs: list[LegQuery], by: timedelta) -> tuple[LegQuery, ...]:
    return tuple(replace(leg, first=leg.first + by, last=leg.last + by) for leg in legs)


def _days(said: str, out: date, turn: Turn) -> tuple[date, date, str]:
    """Give the days that words stand for beside a flight on ``out``, as far as they are on sale, and their name."""
    today, end = turn.clock.now.date(), turn.clock.last_day
    first, last, words = out - _DAYS, out + _DAYS, "around then"
    if ("week" in said and "that" in said.split()) or said in ("the week", "this week", "the same week"):
        first = out - timedelta(out.weekday())
        last, words = first + timedelta(6), "that week"
    elif "month" in said:
        first, last, words = out.replace(day=1), out.replace(day=monthrange(out.year, out.month)[1]), "that month"
    elif (days := resolve_date(said, today=today)) and days.first and days.last and days.first < days.last:
        first, last, words = days.first, days.last, "in those days"
    return max(first, today), min(last, end), words
