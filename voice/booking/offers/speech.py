"""Sentences made from data, short and fit to be spoken, together with the facts that they speak."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from voice.booking.airline.bookings import BookedLeg, Booking
from voice.booking.codes.locators import spell
from voice.booking.dates.times import speak_time
from voice.booking.places.network import network
from voice.booking.trips import Leg, Trip

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Teller:
    """Words single facts and remembers them; the sentences are put together around them."""

    def __init__(self) -> None:
        self._facts: dict[str, None] = {}

    @property
    def facts(self) -> tuple[str, ...]:
        """What was worded so far, as spoken, each once."""
        return tuple(self._facts)

    def money(self, dollars: int) -> str:
        """``$1,149``."""
        return self._fact(f"${dollars:,}")

    def day(self, moment: date) -> str:
        """``Friday, December 11th``."""
        return self._fact(f"{moment:%A}, {moment:%B} {_ordinal(moment.day)}")

    def clock(self, moment: datetime | time) -> str:
        """``9:15 AM``."""
        return self._fact(speak_time(moment.time() if isinstance(moment, datetime) else moment))

    def code(self, locator: str) -> str:
        """``Q, T, 4, 4, L, Z``."""
        return self._fact(spell(locator))

    def flight(self, number: str) -> str:
        """``flight LK 384``."""
        return f"flight {self._fact(f'{number[:2]} {number[2:]}')}"

    def when(self, leg: Leg) -> str:
        """``Friday, December 11th at 9:15 AM``."""
        return f"{self.day(leg.departs.date())} at {self.clock(leg.departs)}"

    def _fact(self, text: str) -> str:
        self._facts[text] = None
        return text


def place(code: str) -> str:
    """Name an airport: its city, with the airport where there are several: ``Boston``, ``Tokyo Narita``."""
    city, name = network().city_of(code), network().spoken(code)
    return name if name.startswith(city.name) or name == "Newark" else f"{city.name} {name}"


def city(code: str) -> str:
    """Name an airport's city."""
    return network().city_of(code).name


def number(count: int) -> str:
    """Spell a small number: ``two``."""
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else str(count)


def plural(count: int, noun: str) -> str:
    """``one bag``, ``two bags``."""
    return f"{number(count)} {noun}{'' if count == 1 else 's'}"


def listed(parts: Sequence[str], joint: str = "and") -> str:
    """``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {joint} {parts[-1]}"


def with_stops(leg: Leg) -> str:
    """``, with a stop in Tokyo``; empty for a nonstop."""
    if not leg.stops:
        return ""
    cities = [city(code) for code in leg.stops]
    return f", with a stop in {cities[0]}" if len(cities) == 1 else f", with stops in {listed(cities)}"


def spoken_hours(duration: timedelta) -> str:
    """``two hours and 40 minutes``."""
    hours, minutes = divmod(int(duration.total_seconds()) // 60, 60)
    parts = [plural(hours, "hour")] if hours else []
    return " and ".join(parts + ([f"{minutes} minutes"] if minutes else []))


def cabin_name(cabin: str) -> str:
    """``business class``, ``premium economy``."""
    return {"business": "business class", "premium": "premium economy"}.get(cabin, cabin)


def in_cabin(leg: Leg, than: str) -> str:
    """`` in business class``; empty for the cabin that goes without saying."""
    return "" if leg.cabin == than else f" in {cabin_name(leg.cabin)}"


def offer(trip: Trip, teller: Teller) -> tuple[str, ...]:
    """Tell a trip that was found: at most three sentences, without the question.

    What the caller waits for comes first, in a sentence that is soon made and soon said.
    """
    first, rest = trip.legs[0], trip.legs[1:]
    cabin = in_cabin(first, "economy")
    if not rest:
        what = "flight" if first.stops else "nonstop"
        stops = f"{with_stops(first)}," if first.stops else ""
        return (
            f"At {teller.clock(first.departs)} there's a {what}{cabin}{stops} for {trip_price(trip, teller)}.",
            f"It goes from {place(first.origin)} to {place(first.destination)} on {teller.day(first.departs.date())}.",
        )
    start = f"{place(first.origin)} to {place(first.destination)}{cabin} on {teller.when(first)}{with_stops(first)}"
    if len(rest) == 1 and (rest[0].origin, rest[0].destination) == (first.destination, first.origin):
        back = f"{in_cabin(rest[0], first.cabin)} on {teller.when(rest[0])}{with_stops(rest[0])}"
        return (f"{trip_price(trip, teller)} for the round trip.", f"{start}, and back{back}.")
    there_and_back = len(rest) == 1 and city(rest[0].origin) == city(first.destination)
    whole = "round trip" if there_and_back and city(rest[0].destination) == city(first.origin) else "trip"
    ways = [
        f"{place(leg.origin)} to {place(leg.destination)}{in_cabin(leg, before.cabin)} on "
        f"{teller.when(leg)}{with_stops(leg)}"
        for before, leg in pairwise(trip.legs)
    ]
    return (f"{trip_price(trip, teller)} for the {whole}.", f"{start}.", f"Then {_then(ways)}.")


def _then(ways: Sequence[str]) -> str:
    return ways[0] if len(ways) == 1 else f"{', '.join(ways[:-1])}, and {ways[-1]}"


def trip_price(trip: Trip, teller: Teller) -> str:
    """``$175``, ``$175 each, $525 in total``; who flies only a part is named."""
    people = trip.passengers
    if people == 1:
        return teller.money(trip.fare)
    if all(leg.passengers == people for leg in trip.legs):
        return f"{teller.money(trip.fare)} each, {teller.money(trip.total)} in total"
    parts = [
        f"{plural(leg.passengers, 'passenger')} from {city(leg.origin)} to {city(leg.destination)}"
        for leg in trip.legs
        if leg.passengers != people
    ]
    with_fewer = listed(list(dict.fromkeys(parts)))
    return f"{teller.money(trip.fare)} for all of it and {teller.money(trip.total)} in total, with {with_fewer}"


def booked(booking: Booking, teller: Teller) -> tuple[str, ...]:
    """Tell that a trip was booked. What was paid comes first: it is what the caller agreed to."""
    first = booking.legs[0].leg
    start = "You fly" if len(booking.legs) == 1 else "You first fly"
    return (
        f"You're booked for {teller.money(booking.paid)}.",
        f"Your code is {teller.code(booking.locator)}.",
        f"{start} {route(first)} on {teller.when(first)}.",
    )


def details(booking: Booking, now: datetime, teller: Teller) -> tuple[str, ...]:
    """Tell what a booking holds."""
    names = [name for name in booking.passengers if name]
    people = (
        listed(names) if len(names) == len(booking.passengers) <= 2 else plural(len(booking.passengers), "passenger")
    )
    if booking.cancelled:
        return (f"Booking {teller.code(booking.locator)} for {people} was cancelled.",)
    ahead = booking.ahead(now)
    start = f"Booking {teller.code(booking.locator)} is confirmed for {people}"
    if not ahead:
        return (f"{start}, and all of its flights have left.",)
    rest = [f"{way(leg, teller)}" for leg in ahead[1:]]
    first = ahead[0].leg
    with_number = f" on {teller.flight(first.flights[0].number)}"
    sentences = [f"{way(ahead[0], teller)}{with_number}."]
    if rest:
        sentences.append(f"Then {_then(rest)}.")
    sentences.append(f"{start}.")
    if booking.bags:
        sentences.append(f"It includes {plural(booking.bags, 'checked bag')}.")
    return tuple(sentences)


def way(booked_leg: BookedLeg, teller: Teller, *, joint: str = "") -> str:
    """``from Boston to Denver on Friday, December 11th at 9:15 AM``, with ``joint`` in front."""
    leg = booked_leg.leg
    return f"{joint}{place(leg.origin)} to {place(leg.destination)} on {teller.when(leg)}{with_stops(leg)}"


def between(leg: Leg) -> str:
    """``from Boston to Denver``."""
    return f"from {city(leg.origin)} to {city(leg.destination)}"


def route(leg: Leg) -> str:
    """``from Boston to New York JFK``."""
    return f"from {place(leg.origin)} to {place(leg.destination)}"


def _ordinal(day: int) -> str:
    suffix = "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{suffix}"
