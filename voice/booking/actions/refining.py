"""What a caller changes about the flights under discussion: those of a search, or those that a change would move to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from voice.booking.actions.meant_leg import which_leg
from voice.booking.actions.righting import righted
from voice.booking.actions.round_trips import grown, staying
from voice.booking.actions.turn import Turn
from voice.booking.actions.which_flight import HOME, leg_named, speaks_of_return, way_home
from voice.booking.airline.bookings import known_locators, load_booking
from voice.booking.airline.quotes import NotAllowedError
from voice.booking.codes.matching import match_code
from voice.booking.dates.finding import resolve_date
from voice.booking.dates.nearby_days import WEEKDAY_ALONE, near
from voice.booking.dates.times import speak_time
from voice.booking.dialogue import Asked, BookingDialogue, BookTrip, ChangeLeg
from voice.booking.offers.resolving import RELATIVE, UnclearError, counted
from voice.booking.places.meanings import resolve_place
from voice.booking.text.amounts import resolve_count
from voice.booking.text.wording import Wording
from voice.booking.trips import Leg
from voice.booking.wishes import cues
from voice.booking.wishes.continuing import continued, other_end, outward
from voice.cascade.words import Action

_THAN = re.compile(r"\b(?:earlier|later)\b")
_SAME = Wording(r"\bsame (?P<what>time|day|flight)\b")
_WEEK_ON = Wording(r"(?:the )?(?:week after(?: that)?|(?:following|next) week|week later)")
_NEWS = ("code", "date", "time", "cabin")
_ONE_WAY = Wording(r"\bone[\s-]?way\b")
_PART = Wording(r"\b(?:morning|afternoon|evening|night)\b")


@dataclass(frozen=True, slots=True)
class Refined:
    """A search, joined with what was said before.

    Attributes:
        search: All of it.
        leg: The index of the leg that it begins to say more about; None for a new search.
        heard: The flights that "later" and "the next day" count from, if the caller heard of any.
    """

    search: Action
    leg: int | None
    heard: Leg | None


def refined(turn: Turn, dialogue: BookingDialogue, action: Action) -> Refined:
    """Join a search with the question that it answers, or with the search before it that it only changes."""
    said = legs_said(action)
    if dialogue.asked is None and dialogue.search:
        known = dict(enumerate(legs_said(dialogue.search))).get(dialogue.leg, {})
        said = staying(legs_said(dialogue.search), righted(turn.reading, said, known))
    said = _other_end(dialogue, said)
    asked = _question(turn, dialogue, said)
    at = asked.place_of(Action("search", {"legs": said})) if asked else None
    if asked is None or at is None:
        return Refined(Action("search", {**action.args, "legs": said}), None, _heard(dialogue, 0))
    days = [_counted(turn, dialogue, asked.action, at + index, leg) for index, leg in enumerate(said)]
    whole = asked.complete(Action("search", {**action.args, "legs": days}))
    whole = _dated(dialogue, whole, [at + index for index, leg in enumerate(said) if leg.get("date")])
    if dialogue.asked is None:
        joined = continued(legs_said(asked.action), legs_said(whole))
        whole = Action("search", {**whole.args, "legs": joined})
    if "pax" in action.args and not any("who" in leg for leg in said):
        whole = _for_fewer(whole)
    return Refined(whole, at, _heard(dialogue, at))


def _dated(dialogue: BookingDialogue, search: Action, moved: Sequence[int]) -> Action:
    """Let a flight that is not moved keep its day: after another one "the 13th" alone would be the next month's.

    Where a way back is added, it counts from the flight that was read back: of "some day in March" that is one day.
    """
    legs = [dict(leg) for leg in legs_said(search)]
    if len(legs) < 2 or dialogue.pending is None:
        return search
    grows = _heard(dialogue, len(legs) - 1) is None
    for index, leg in enumerate(legs):
        heard = _heard(dialogue, index)
        day = heard.departs.date() if heard and leg.get("date") and index not in moved else None
        if day and (grows or near(str(leg["date"]), day, first=day) == day):
            leg["date"] = day.isoformat()
    return Action("search", {**search.args, "legs": legs})


def _other_end(dialogue: BookingDialogue, said: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Leave out the end that a flight told anew shares with the only one under discussion."""
    search = dialogue.asked.action if dialogue.asked else dialogue.search
    known = legs_said(search) if search and search.name == "search" else ()
    changed = other_end(known[0], said[0]) if len(known) == 1 and len(said) == 1 else None
    return said if changed is None else [changed]


def _for_fewer(search: Action) -> Action:
    """Let nobody fly a leg beyond the number that was said last: "just me" holds also where three were to fly on."""
    most = resolve_count(str(search.args["pax"])) or 0
    legs = [dict(leg) for leg in legs_said(search)]
    for leg in legs:
        if most and (counted(leg.get("who")) or 0) > most:
            del leg["who"]
    return Action("search", {**search.args, "legs": legs})


def legs_said(search: Action) -> Sequence[Mapping[str, Any]]:
    """Give the legs of a search as far as they are any."""
    legs = search.args.get("legs")
    return [leg for leg in legs if isinstance(leg, Mapping)] if isinstance(legs, (list, tuple)) else []


def ends(search: Action) -> Sequence[tuple[object, object]]:
    """Give where each leg of a search starts and ends, as said."""
    return [(leg.get("from"), leg.get("to")) for leg in legs_said(search)]


def refined_change(turn: Turn, dialogue: BookingDialogue, action: Action) -> tuple[Action, Leg | None]:
    """Join a change with the one that was read back, if it says no more than what should be otherwise about that.

    Returns:
        The change, and the flights that were read back, which "later" and "the next day" count from.
    """
    proposal = dialogue.pending
    if proposal is None or not isinstance(proposal.write, ChangeLeg):
        return action, None
    if not concerns(turn, proposal.write, action):
        same = {key: value for key, value in proposal.origin.args.items() if key in _NEWS}
        only_leg = set(action.args) == {"leg"}  # "No, the outbound.": what was to be new holds for that one
        return (Action("change", {**same, **action.args}) if only_leg else action), None
    day = proposal.write.leg.departs.date()
    args = {"code": proposal.write.locator, **settled(proposal.origin.args), "date": day.isoformat(), **action.args}
    args["date"] = day_counted(str(args["date"]), today=turn.clock.now.date(), start=day)
    return Action("change", args), proposal.write.leg


def concerns(turn: Turn, write: ChangeLeg, action: Action) -> bool:
    """Whether a change is of the leg that another one is of: it names no other booking, and no other leg."""
    code = str(action.args.get("code") or "")
    if code and match_code(code, turn.store.read(known_locators)).code != write.locator:
        return False
    booking = turn.store.read(lambda session: load_booking(session, write.locator))
    try:
        return booking is None or which_leg(turn, booking, dict(action.args)).position == write.position
    except (UnclearError, NotAllowedError):
        return True


def settled(said: Mapping[str, Any]) -> dict[str, Any]:
    """Forget an "earlier" or "later", which was said of one flight, before it is compared with another one."""
    return {key: value for key, value in said.items() if key != "time" or not _THAN.search(str(value or ""))}


def day_counted(said: str, *, today: date, start: date) -> str:
    """Give "the next day" as the day or days that it comes to, counted from ``start``; any other words as they are.

    Kept as words it would move on with each further change.
    """
    day = resolve_date(said, today=today, previous=start) if RELATIVE.search(said) else None
    if day is None or day.first is None or day.last is None:
        return said
    return day.first.isoformat() if day.first == day.last else f"between {day.first} and {day.last}"


def _question(turn: Turn, dialogue: BookingDialogue, legs: Sequence[Mapping[str, Any]]) -> Asked | None:
    """Give the question that a search answers: one that was asked, or else what to change about the search before it.

    A whole flight that nobody asked for is a new search. What is said of the way back is about the flight home.
    """
    asked = dialogue.asked if dialogue.asked and dialogue.asked.action.name == "search" else None
    if asked is None and dialogue.search:
        asked = Asked("date", dialogue.search, dialogue.leg if legs else 0)
        whole = {"from", "to", "date"} if len(legs_said(dialogue.search)) < 2 else {"from", "to"}
        again = len(legs) == 1 and _is_one_of(legs_said(dialogue.search), legs[0], turn.reading.text)
        asked = None if any(whole <= leg.keys() for leg in legs) and not again else asked
    known = legs_said(asked.action) if asked else ()
    if asked and (both := grown(known, legs)):
        return replace(asked, action=Action("search", {**asked.action.args, "legs": both}), leg=0)
    if asked is None or len(legs) != 1 or not known:
        return asked
    if dialogue.asked is None and str(legs[0].get("to") or "").casefold() in HOME:
        return replace(asked, leg=way_home(known))
    flights = [flight for at in range(len(known)) if (flight := _heard(dialogue, at))]
    named = leg_named(turn.reading.text, known, legs[0], flights) if dialogue.asked is None else None
    if named is not None:
        return replace(asked, leg=named)
    if (
        "to" in legs[0]
        and "from" not in legs[0]
        and dialogue.asked is None
        and not cues.RETURNS.search(turn.reading.text)
    ):
        asked = replace(asked, leg=outward(known, asked.leg))
    if not speaks_of_return(turn.reading.text, known, booked=bool(dialogue.bookings)):
        return asked
    home = replace(asked, leg=way_home(known))
    return home if home.names(legs[0]) else asked


def _is_one_of(known: Sequence[Mapping[str, Any]], leg: Mapping[str, Any], text: str) -> bool:
    """Whether a flight told with both its ends and a day is one of several that are sought, on another day."""
    if len(known) < 2 or not (leg.get("from") and leg.get("to")) or _ONE_WAY.search(text):
        return False
    at = leg_named("", known, {"from": leg["from"], "to": leg["to"], "date": leg.get("date")})
    return at is not None and known[at].get("date") != leg.get("date")


def _heard(dialogue: BookingDialogue, leg: int) -> Leg | None:
    """Give the flights of a leg that the caller heard of last: in the trip that was read back, or the first offer."""
    write = dialogue.pending.write if dialogue.pending else None
    trip = write.trip if isinstance(write, BookTrip) else dialogue.offers[0] if dialogue.offers else None
    return trip.legs[leg] if trip and leg < len(trip.legs) else None


def _as_before(leg: Mapping[str, Any], heard: Leg, what: str) -> Mapping[str, Any]:
    """Put what "the same time the week after" means into a leg: a week after the flight heard of, at about its hour."""
    date_said = str(leg["date"])
    if _WEEK_ON.fullmatch(date_said):
        date_said = (heard.departs.date() + timedelta(7)).isoformat()
    hour = {} if leg.get("time") or what == "day" else {"time": f"around {speak_time(heard.departs.time())}"}
    return {**leg, **hour, "date": date_said}


def _counted(
    turn: Turn, dialogue: BookingDialogue, known: Action, index: int, leg: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Count a leg's day from the one that it was to be flown on so far, where it was."""
    before = dict(enumerate(legs_said(known))).get(index, {})
    said, old = str(leg.get("date") or ""), str(before.get("date") or "")
    if not said or not old or said in turn.reading.doubted:
        return leg
    place, heard = resolve_place(str(before.get("from") or "")), _heard(dialogue, index)
    today = turn.clock.today(place.timezone) if place else turn.clock.now.date()
    day = None if RELATIVE.search(old) else resolve_date(old, today=today)
    start = heard.departs.date() if heard else day.date if day else None
    if heard and (same := _SAME.search(turn.reading.text)):
        leg = _as_before(leg, heard, same["what"])
        said = str(leg["date"])
    if start is None:
        return leg
    part = _PART.search(said) if RELATIVE.search(said) and not leg.get("time") else None
    hour = {"time": part[0]} if part else {}
    before_it = _heard(dialogue, index - 1) if index else None
    first = max(today, before_it.arrives.date()) if before_it else today
    counts_on = index and not WEEKDAY_ALONE.fullmatch(said.strip(" .,!?"))
    named = "" if counts_on else _beside(said, old, start, first, today)
    return {**leg, **hour, "date": named or day_counted(said, today=today, start=start)}


def _beside(said: str, old: str, heard: date, first: date, today: date) -> str:
    """Give the day that a bare weekday or day of the month names, near the flight heard of; ``""`` for other words."""
    days = resolve_date(old, today=today)
    asked_for = (days.first, days.last) if days and days.first and days.last else None
    day = near(said, heard, first=first, days=asked_for)
    return day.isoformat() if day else ""
