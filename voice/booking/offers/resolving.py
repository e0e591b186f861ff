"""From what the caller said to what the database is asked: airports, days, windows, numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from voice.booking.airline.search import LegQuery
from voice.booking.dates.finding import DateMatch, resolve_date
from voice.booking.dates.times import TimeWindow, resolve_time_window
from voice.booking.offers.speech import Teller, listed, number
from voice.booking.places.areas import area_of
from voice.booking.places.meanings import PlaceMatch, resolve_place
from voice.booking.places.network import all_airports, distance_km
from voice.booking.text.amounts import resolve_count, resolve_price
from voice.booking.text.people import has_baby
from voice.booking.text.spans import CERTAIN

BACK = re.compile(r"^(?:back|home|back home|return|where i started|the start)$", re.IGNORECASE)
_NIGHTS = re.compile(r"\bnights?\b", re.IGNORECASE)
RELATIVE = re.compile(
    r"\b(?:later|after|there|following|nights?|same day|that day|next (?:day|morning|afternoon|evening|night)|earlier|"
    r"sooner|(?:days?|weeks?|morning|afternoon|evening|night) before|before that)\b|"
    r"^(?:for )?(?!(?:the|this|next|last|that|coming|following)\b)(?:\w+|a couple of|a few) "
    r"(?:days|weeks?|fortnights?)$",
    re.IGNORECASE,
)
"""Days that count from another one."""
_PART_OF_DAY = re.compile(
    r"\btonight\b|(?<!\bsame )\b(?:morning|afternoon|evening)\b|(?<=\bthe )night(?= before\b)", re.IGNORECASE
)
_WEEKDAY = re.compile(
    r"^(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day(?: (?:morning|afternoon|evening|night))?$", re.IGNORECASE
)
_CABINS = (
    ("business", re.compile(r"\b(?:business|first(?: class)?)\b", re.IGNORECASE)),
    ("premium", re.compile(r"\b(?:premium|comfort|extra legroom)\b", re.IGNORECASE)),
    ("economy", re.compile(r"\b(?:economy|coach|main|standard|cheapest|basic|regular)\b", re.IGNORECASE)),
)


_MOST_CITIES = 3
HOW_MANY = "How many of you are flying in all?"
HOW_MANY_SEATS = "How many seats do you need in all, with or without one for the baby?"
"""Asked where a party can't be counted: a baby may fly on a lap."""


class UnclearError(Exception):
    """Something must be asked before the action can be done.

    Attributes:
        argument: What to ask for.
        say: The question, with a sentence of why in front where that helps.
        leg: The index of the leg that it belongs to.
        guess: What a "yes" would fill in, or ``""``.
        choices: The names that the question offers.
        facts: The facts that ``say`` speaks.
        wrong: Whether an argument is there that can't be meant, so that the turn was probably read wrongly.
    """

    def __init__(
        self,
        argument: str,
        say: Sequence[str],
        *,
        leg: int = 0,
        guess: str = "",
        choices: Sequence[str] = (),
        facts: Sequence[str] = (),
        wrong: bool = False,
    ) -> None:
        super().__init__(f"{argument}: {' '.join(say)}")
        self.argument, self.say, self.leg, self.guess, self.facts = argument, tuple(say), leg, guess, tuple(facts)
        self.choices, self.wrong = tuple(choices), wrong


@dataclass(frozen=True, slots=True)
class TripRequest:
    """A search with everything resolved. ``fallback`` is as said."""

    legs: tuple[LegQuery, ...]
    max_price: int | None = None
    fallback: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """The moment, the last day on sale, and the most passengers of a booking."""

    now: datetime
    last_day: date
    most_passengers: int = 9

    def today(self, timezone: str) -> date:
        """Give the date in a time zone."""
        return self.now.astimezone(ZoneInfo(timezone)).date()


def resolve_trip(args: Mapping[str, Any], clock: Clock, *, than: time | None = None) -> TripRequest:
    """Resolve the arguments of a search.

    Args:
        args: As the vocabulary has them; values as said.
        clock: Today, and how far one can book.
        than: The departure that "earlier" and "later" compare with.

    Raises:
        UnclearError: an argument is missing, was misheard, or can't be meant.
    """
    said_legs: list[Mapping[str, Any]] = [leg for leg in args.get("legs") or () if leg] or [{}]
    people = passengers(args, said_legs, clock)
    party = resolve_count(str(args.get("pax") or "")) or people
    cabin = resolve_cabin(args.get("cabin"))
    places = _route(said_legs)
    legs: list[LegQuery] = []
    previous: DateMatch | None = None
    for index, (leg, (start, end)) in enumerate(zip(said_legs, places, strict=True)):
        before = (
            _arrival(legs[-1], previous) if previous and legs and _NIGHTS.search(str(leg.get("date", ""))) else None
        )
        home = places[0][0]
        question = f"What day would you like to fly from {start.name} to {end.name}?"
        back = before or (previous.date if previous else None)
        day = _day(leg, index, start, clock, back, question, homeward=set(end.airports) == set(home.airports))
        window = resolve_window(leg.get("time") or _part_of_day(leg.get("date")), than=than)
        riders = _riders(leg.get("who"), people) if leg.get("who") else party
        assert day.first
        assert day.last
        legs.append(
            LegQuery(
                start.airports,
                end.airports,
                day.first,
                day.last,
                riders,
                cabin,
                window,
                bool(_truth(args.get("nonstop"))),
            )
        )
        previous = day
    # "Next week, and back two days later" counts from one day, not from a week.
    if any(RELATIVE.search(str(leg.get("date", ""))) for leg in said_legs[1:]):
        legs = [replace(leg, last=leg.first) if leg.first != leg.last else leg for leg in legs]
    price = args.get("max_price")
    return TripRequest(tuple(legs), resolve_price(str(price)) if price else None, str(args.get("fallback") or ""))


def resolve_city(said: object, argument: str, leg: int = 0) -> PlaceMatch:
    """Resolve a place.

    Raises:
        UnclearError: it is missing, misheard, or nothing flies there.
    """
    text = str(said or "").strip()
    question = "Where are you flying from?" if argument == "from" else "Where would you like to fly to?"
    if not text:
        raise UnclearError(argument, (question,), leg=leg)
    if area := area_of(text):
        raise _within(area, argument, leg)
    match = resolve_place(text)
    if match is None:
        raise UnclearError(argument, (f"I didn't catch the city. {question}",), leg=leg, wrong=True)
    if not match.served:
        say = f"We don't fly to {match.name}. The nearest city I can offer is {match.nearest}. Would that work?"
        raise UnclearError(argument, (say,), leg=leg, guess=match.nearest)
    if match.confidence < CERTAIN:
        raise heard_as(argument, match.name, next(iter(match.alternatives), ""), leg)
    return match


def _within(area: tuple[str, tuple[str, ...]], argument: str, leg: int) -> UnclearError:
    """Give the question which city of a country or state is meant."""
    name, cities = area
    if len(cities) == 1:
        return UnclearError(argument, (f"In {name} we fly to {cities[0]}. Would that work?",), leg=leg, guess=cities[0])
    say = f"In {name} we fly to {listed(cities[:_MOST_CITIES])}. Which one would you like?"
    return UnclearError(argument, (say,), leg=leg, choices=cities[:_MOST_CITIES])


def heard_as(argument: str, name: str, rival: str, leg: int) -> UnclearError:
    """Give the question whether a place was heard right, beside the one that sounds like it, if there is one."""
    if rival:
        return UnclearError(argument, (f"Did you say {name}, or {rival}?",), leg=leg, choices=(name, rival))
    return UnclearError(argument, (f"Did you say {name}?",), leg=leg, guess=name)


def resolve_window(said: object, *, than: time | None = None) -> TimeWindow | None:
    """Resolve a time of day; None for "any time" and for nothing.

    Raises:
        UnclearError: it is no time.
    """
    if not said:
        return None
    window = resolve_time_window(str(said), than=than)
    if window is None:
        raise UnclearError("time", ("What time of day would you like to leave?",), wrong=True)
    return window


def resolve_cabin(said: object) -> str:
    """Resolve a cabin; economy for nothing. "First class" is the best cabin there is, business."""
    return next((cabin for cabin, pattern in _CABINS if pattern.search(str(said or ""))), "economy")


def resolve_day(
    said: object, clock: Clock, timezone: str, *, previous: date | None, question: str, leg: int = 0
) -> DateMatch:
    """Resolve a date within the days on sale.

    Raises:
        UnclearError: it is missing, past, too far ahead, or may mean several days.
    """
    text = str(said or "").strip()
    if not text:
        raise UnclearError("date", (question,), leg=leg)
    match = resolve_date(text, today=clock.today(timezone), previous=previous)
    if match is None:
        raise UnclearError("date", (f"I didn't catch the day. {question}",), leg=leg, wrong=True)
    if match.problem == "past":
        raise UnclearError("date", (f"That day is in the past. {question}",), leg=leg, wrong=True)
    if match.date is None or match.first is None or match.last is None:
        raise UnclearError("date", (f"There is no such day. {question}",), leg=leg, wrong=True)
    teller = Teller()
    if match.alternatives:
        say = f"Do you mean {' or '.join(teller.day(day) for day in match.alternatives[:2])}?"
        raise UnclearError("date", (say,), leg=leg, facts=teller.facts)
    if match.first > clock.last_day:
        beyond = f"{teller.day(match.first)} is too far ahead: " if match.first == match.last else ""
        say = f"{beyond}I can book flights up to {teller.day(clock.last_day)}. {question}"
        raise UnclearError("date", (say,), leg=leg, facts=teller.facts)
    return replace(match, last=min(match.last, clock.last_day))


def passengers(args: Mapping[str, Any], legs: Sequence[Mapping[str, Any]], clock: Clock) -> int:
    """Resolve how many people fly: as many as were said, or as fly a leg if those are more.

    Raises:
        UnclearError: it is no number, or too many for one booking.
    """
    said = args.get("pax")
    count = resolve_count(str(said)) if said else None
    if said and not count:
        raise UnclearError("pax", (HOW_MANY_SEATS if has_baby(str(said)) else HOW_MANY,))
    count = max([count or 1, *(riders for leg in legs if (riders := counted(leg.get("who"))))])
    if count > clock.most_passengers:
        say = f"I can book up to {number(clock.most_passengers)} passengers at once. How many are flying?"
        raise UnclearError("pax", (say,))
    return count


def _route(legs: Sequence[Mapping[str, Any]]) -> list[tuple[PlaceMatch, PlaceMatch]]:
    """Resolve both ends of each leg. A start left out is where the leg before ended, an end left out the way back."""
    for index, leg in enumerate(legs):  # what was named is settled before what is missing
        for argument in ("from", "to"):
            if (said := str(leg.get(argument) or "")) and not BACK.match(said):
                resolve_city(said, argument, index)
    route: list[tuple[PlaceMatch, PlaceMatch]] = []
    for index, leg in enumerate(legs):
        said_from, said_to = leg.get("from"), leg.get("to")
        home = route[0][0] if route else None
        if home and BACK.match(str(said_from or "")):
            start = home
        else:
            start = route[-1][1] if route and not said_from else resolve_city(said_from, "from", index)
        if home and (not said_to or BACK.match(str(said_to))):
            end = home
        else:
            end = resolve_city("" if said_to and BACK.match(str(said_to)) else said_to, "to", index)
        if set(start.airports) & set(end.airports):
            say = f"That would be from {start.name} to {end.name}. Where would you like to fly to?"
            raise UnclearError("to", (say,), leg=index, wrong=True)
        route.append((start, end))
    return route


def _day(
    leg: Mapping[str, Any],
    index: int,
    start: PlaceMatch,
    clock: Clock,
    previous: date | None,
    question: str,
    *,
    homeward: bool,
) -> DateMatch:
    day = resolve_day(leg.get("date"), clock, start.timezone, previous=previous, question=question, leg=index)
    onward = previous is not None and not homeward and _WEEKDAY.match(str(leg.get("date") or ""))
    if onward and previous and day.date == previous + timedelta(7):
        # "Denver on Thursday, and on to Chicago Thursday night" is one day; "out Monday and back Monday" is a week.
        day = replace(day, date=previous, first=previous, last=previous)
    if previous and day.last and day.last < previous - timedelta(1):
        teller = Teller()
        assert day.date
        say = f"{teller.day(day.date)} is before the flight that comes first. {question}"
        raise UnclearError("date", (say,), leg=index, facts=teller.facts, wrong=True)
    return day


def _arrival(leg: LegQuery, day: DateMatch) -> date | None:
    """Estimate the local date on which a leg arrives, if it leaves late in the morning; nights count from it."""
    if day.date is None:
        return None
    start, end = all_airports()[leg.origins[0]], all_airports()[leg.destinations[0]]
    hours = 1 + distance_km((start["lat"], start["lon"]), (end["lat"], end["lon"])) / 800
    leaves = datetime.combine(day.date, time(11), ZoneInfo(start["tz"]))
    return (leaves + timedelta(hours=hours)).astimezone(ZoneInfo(end["tz"])).date()


def _part_of_day(date_said: object) -> str:
    """Give the part of the day that is in the words for it: "tonight", "the next morning"; ``""`` if none is."""
    match = _PART_OF_DAY.search(str(date_said or ""))
    return match[0].casefold().removeprefix("to") if match else ""


def _riders(who: object, people: int) -> int:
    """Count who of ``people`` flies a leg. "They" and "the others" are all but the caller."""
    if re.search(r"\b(?:they|them|the others?|the rest)\b", str(who), re.IGNORECASE):
        return max(1, people - 1)
    return counted(who) or people


def counted(who: object) -> int | None:
    """Count the people in "me and my wife", "just my boss", "all three of us"; None for "everyone" and for nothing."""
    text = str(who or "").casefold()
    if not text or re.search(r"\b(?:everyone|everybody|all of us|we all|together)\b", text):
        return None
    count = resolve_count(text)
    return 2 if count == 1 and re.search(r"\b(?:joins?|joining|with me|with us|we|us)\b", text) else count


def _truth(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.casefold() not in ("", "false", "no"))
