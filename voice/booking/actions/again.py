"""A trip like the one that was just booked: "the same again next week", "and the same for my boss"."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from voice.booking.actions.turn import Turn
from voice.booking.airline.bookings import Booking, load_booking
from voice.booking.dates.finding import resolve_date
from voice.booking.dates.times import speak_time
from voice.booking.dialogue import BookingDialogue
from voice.booking.places.network import network
from voice.booking.spotting import spot
from voice.booking.text.amounts import resolve_count
from voice.booking.text.wording import Wording
from voice.cascade.words import Action

_SAME = Wording(
    r"\b(?:(?:the |exactly the )?same (?:again|thing|trip|flight|flights|journey|booking|one)|"
    r"(?:the )?same (?:for|on|next|in)\b|"
    r"(?:book|do) (?:it|that|this|the same(?: \w+)?) (?:again|once more)|"
    r"(?:another|one more)(?: one| booking| trip| ticket)? (?:just )?like (?:that|it|this))\b",
)
_CHANGES = Wording(
    r"\b(?:mov(?:e|ed|ing)|chang(?:e|ed|ing)|switch|swap|reschedul\w+|instead|rather|same day|same time)\b"
)
_OF_IT = Wording(
    r"\b(?:to|on|of|about|for|from|me|read) (?:the|that|this|my) same (?:trip|flights?|journey|booking|one)\b"
)
"""Something is to be done with the booking itself."""
_WHO = Wording(r"\bfor (?P<who>(?:my|our|an?|two|three|four) [\w' -]+?)(?= (?:on|next|in|too|as)\b|[.,!?]|$)")
_NEXT_WEEK = Wording(r"(?:the )?(?:week after(?: that)?|(?:following|next) week|(?:a )?week later)")
_READS = frozenset({"search", "chat", "change", "clarify", "repeat", "book", "lookup", "bags"})
_JUST = timedelta(hours=1)
"""What was booked longer ago than a call takes is not what "the same again" means."""


def again(turn: Turn, dialogue: BookingDialogue, actions: Sequence[Action]) -> Sequence[Action]:
    """Give the search for a trip like the last one booked, where a turn asks for one; else the actions as they are."""
    said = turn.reading.text
    if dialogue.search or dialogue.pending or dialogue.asked or not dialogue.bookings or not _SAME.search(said):
        return actions
    if _CHANGES.search(said) or "?" in said or any(one.name not in _READS or "code" in one.args for one in actions):
        return actions
    if any(one.name in ("bags", "lookup", "repeat") for one in actions) and _OF_IT.search(said):
        return actions
    booking = turn.store.read(lambda session: load_booking(session, dialogue.bookings[-1]))
    if booking is None or booking.cancelled or turn.clock.now - booking.created_at > _JUST:
        return actions
    return [_like(turn, booking, actions)]


def like_booking(turn: Turn, booking: Booking, party: int, days: str = "") -> Action:
    """Give the search for the flights of a booking again, for so many people, ``days`` later or as they are."""
    net = network()
    out = booking.legs[0].leg.departs.date()
    later = _shift(days, out, turn.clock.now.date()) if days else timedelta()
    legs = [
        {
            "from": net.city_of(leg.origin).name,
            "to": net.city_of(leg.destination).name,
            "date": (leg.departs.date() + later).isoformat() if later is not None else days,
            "time": f"around {speak_time(leg.departs.time())}",
        }
        for leg in (booked.leg for booked in booking.legs)
    ]
    return Action("search", {"legs": legs, "pax": str(party), "cabin": booking.legs[0].leg.cabin})


def _like(turn: Turn, booking: Booking, actions: Sequence[Action]) -> Action:
    said = turn.reading.text
    days = next((span.text for span in spot(said) if span.kind == "date"), "")
    who = _WHO.search(said)
    party = (resolve_count(who["who"]) if who else None) or len(booking.passengers)
    args: dict[str, Any] = dict(like_booking(turn, booking, party, days).args)
    new = next((one.args for one in actions if one.name in ("search", "change")), {})
    args |= {key: new[key] for key in ("cabin", "max_price", "nonstop") if new.get(key)}
    many = next((span.text for span in spot(said) if (span.kind, span.name) == ("count", "passengers")), "")
    return Action("search", args | ({"pax": many} if many else {}))


def _shift(said: str, out: date, today: date) -> timedelta | None:
    """Give how much later than the trip before it the new one begins; None if the words are no single day."""
    if _NEXT_WEEK.fullmatch(said.strip(" .,!?")):
        return timedelta(7)
    day = resolve_date(said, today=today, previous=out)
    return day.first - out if day and day.first and day.first == day.last else None
