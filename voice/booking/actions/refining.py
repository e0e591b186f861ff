"""What a caller changes about the flights under discussion: those of a search, or those that a change would move to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from voice.booking.actions.moving import which_leg
from voice.booking.actions.righting import righted
from voice.booking.actions.turn import Turn
from voice.booking.airline.bookings import known_locators, load_booking
from voice.booking.airline.quotes import NotAllowedError
from voice.booking.codes.matching import match_code
from voice.booking.dates.finding import resolve_date
from voice.booking.dates.nearby_days import WEEKDAY_ALONE, near
from voice.booking.dates.times import speak_time
from voice.booking.dialogue import Asked, BookingDialogue, BookTrip, ChangeLeg
from voice.booking.offers.resolving import RELATIVE, UnclearError, counted
from voice.booking.places.meanings import resolve_place
from voice.booking.talk.inquiries import nth_leg
from voice.booking.text.amounts import resolve_count
from voice.booking.text.wording import Wording
from voice.booking.trips import Leg
from voice.booking.wishes import cues
from voice.booking.wishes.continuing import continued, other_end, outward
from voice.cascade.words import Action

_THAN = re.compile(r"\b(?:earlier|later)\b")
_OUT = Wording(r"\b(?:outbound|outgoing|(?:way|flight|trip|leg|one) (?:out|there))\b")
_TOO = Wording(r"\b(?:too|as well|also)\b")
_SAME = Wording(r"\bsame (?P<what>time|day|flight)\b")
_WEEK_ON = Wording(r"(?:the )?(?:week after(?: that)?|(?:following|next) week|week later)")
_NEWS = ("code", "date", "time", "cabin")
_PART = Wording(r"\b(?:morning|afternoon|evening|night)\b")
_RANKS = Wording(r"\b(?:first|last|earliest|latest)\b")
"""The first or the last flight of a day, and no leg of a trip."""
_COMES_BACK = Wording(
    r"\b(?:(?:com(?:e|ing)|fly(?:ing)?|travel(?:l?ing)?|head(?:ing)?|get(?:ting)?|be|go(?:ing)?) back|"
    r"(?:a|the|my|with) return|returning|return (?:on|flight|trip|ticket|leg|the)|(?:way|flight|trip) back|"
    r"round[\s-]?trip)\b",
)
_THE_RETURN = Wording(r"\b(?:the|my|our) return\b")
_MOVES = Wording(r"\b(?:instead|rather|earlier|sooner|later)\b")
"""What moves a flight that is sought already, which may itself be the one back."""
_LEAVES = Wording(r"\b(?:leave|depart|set off|set out|fly out|go out|head out|start)\b(?! (?:from|there|\w+ back))")
_ADDS = Wording(r"\W*(?:(?:yes|yeah|yep|sure|okay|ok|please|no)\b\W*)*(?:and|also|then|plus)\b")


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
        said = righted(turn.reading, said, known)
    said = _other_end(dialogue, said)
    asked = _question(turn, dialogue, said)
    at = asked.place_of(Action("search", {"legs": said})) if asked else None
    if asked is None or at is None:
        return Refined(Action("search", {**action.args, "legs": said}), None, _heard(dialogue, 0))
    days = [_counted(turn, dialogue, asked.action, at + index, leg) for index, leg in enumerate(said)]
    whole = asked.complete(Action("search", {**action.args, "legs": days}))
    if dialogue.asked is None:
        joined = continued(legs_said(asked.action), legs_said(whole))
        whole = Action("search", {**whole.args, "legs": joined})
    if "pax" in action.args and not any("who" in leg for leg in said):
        whole = _for_fewer(whole)
    return Refined(whole, at, _heard(dialogue, at))


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
        asked = None if any(whole <= leg.keys() for leg in legs) else asked
    known = legs_said(asked.action) if asked else ()
    if asked is None or len(legs) != 1 or not known:
        return asked
    named = _leg_named(turn.reading.text, known, legs[0]) if dialogue.asked is None else None
    if named is not None:
        return replace(asked, leg=named)
    if (
        "to" in legs[0]
        and "from" not in legs[0]
        and dialogue.asked is None
        and not cues.RETURNS.search(turn.reading.text)
    ):
        asked = replace(asked, leg=outward(known, asked.leg))
    if not _speaks_of_return(turn.reading.text, known, booked=bool(dialogue.bookings)):
        return asked
    home = replace(asked, leg=_way_home(known))
    return home if home.names(legs[0]) else asked


def _leg_named(text: str, known: Sequence[Mapping[str, Any]], leg: Mapping[str, Any]) -> int | None:
    """Give the index of the flight of several that a turn names: "the second one", or by the place that it ends at."""
    if len(known) < 2:
        return None
    if _OUT.search(text):
        return 0
    returns = len(known) == 2 and str(known[1].get("to") or "back").casefold() in _home(known)
    if returns and "date" in leg and _LEAVES.search(text) and not cues.RETURNS.search(text):
        return 0
    ends = [index for index, one in enumerate(known) if leg.get("to") and one.get("to") == leg.get("to")]
    if len(ends) == 1 and "from" not in leg:
        return ends[0]
    return None if _RANKS.search(str(leg.get("time") or "")) else nth_leg(text, len(known))


def _speaks_of_return(text: str, legs: Sequence[Mapping[str, Any]], *, booked: bool) -> bool:
    """Whether a turn is about the way back.

    Of a trip one way, "flying home" may be all of it, unless more is added; so it may be of one that follows a booking.
    """
    said = cues.ROUND_TRIP.sub(" ", text.replace("?", "."))
    if len(legs) > 1:
        return bool(cues.RETURNS.search(said) or _THE_RETURN.search(text))
    if not booked and _COMES_BACK.search(text.replace("?", ".")) and not _MOVES.search(text):
        return True
    return bool(cues.RETURNS.search(said)) and bool(_ADDS.match(said) or _TOO.search(said))


def _way_home(legs: Sequence[Mapping[str, Any]]) -> int:
    """Give the index of the flight home: the last one, or one more if that leads elsewhere."""
    return len(legs) - (len(legs) > 1 and str(legs[-1].get("to") or "back").casefold() in _home(legs))


def _home(legs: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return ("back", "home", str(legs[0].get("from") or "").casefold())


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
