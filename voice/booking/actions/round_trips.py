"""A way back that is wanted with a flight one way: for days out and back, "a return flight", "for a week"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from voice.booking.actions.which_flight import HOME
from voice.booking.dates.words import NUMBER
from voice.booking.dialogue import BookingDialogue, BookTrip
from voice.booking.text.wording import Wording
from voice.booking.wishes.continuing import same_city
from voice.cascade.words import Action

_THERE_AND_BACK = Wording(r"\b(?:round[\s-]?trips?|there and back|both ways|out and back)\b")
_RETURN = Wording(
    r"\b(?:an?|one|two|three|four|with|some|any|cheap(?:est)?) (?:\w+ )?return(?: (?:flights?|tickets?|trips?|fares?))?"
    r"\b(?! (?:to|on|date|day|policy))|\breturn (?:tickets?|fares?|trip)\b"
)
_NOT = Wording(
    r"\b(?:one[\s-]?way|(?:no|not|without|don['’]?t (?:need|want)|skip|drop|forget)(?: (?:\w+ )?(?:a|an|any|the|my))? "
    r"(?:return|round[\s-]?trip)|is (?:that|it|this)\b)"
)
_LASTS = Wording(rf"(?:for )?(?:about |around )?(?!the )(?:{NUMBER}) (?:days?|nights?|weeks?|fortnights?)")
_STAY = Wording(
    rf"\b(?:for|stay(?:ing)?|spend(?:ing)?)(?: (?:about|around|just|only|maybe))* "
    rf"(?P<stay>(?!the )(?:a|{NUMBER}|a couple of|a few) (?:days?|nights?|weeks?|fortnights?))\b"
    r"(?! (?:from|after|before|later|ago|or|earlier|in advance|ahead|now|today|tomorrow|already|each|every)\b|['’])"
)


def grown(known: Sequence[Mapping[str, Any]], said: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]] | None:
    """Give a flight one way with a way back, where a turn tells of both: "out on the 12th and back on the 15th".

    Args:
        known: The legs under discussion.
        said: Those of the turn.

    Returns:
        The legs to which what was said is added; None where it is not about the way out and back of a single one.
    """
    if len(known) != 1 or len(said) != 2:
        return None
    (out,), (there, back) = known, said
    start, end = there.get("from") or out.get("from"), there.get("to") or out.get("to")
    goes_home = not back.get("to") or str(back["to"]).casefold() in HOME or (start and same_city(back["to"], start))
    leaves_there = not back.get("from") or (end and same_city(back["from"], end))
    days = there.get("date") and back.get("date")
    return [out, {"to": "back"}] if goes_home and leaves_there and days else None


def staying(known: Sequence[Mapping[str, Any]], said: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Give how long the caller stays, said of a flight one way, as the day of the way back: "for a week"."""
    alone = len(known) == 1 and bool(known[0].get("date")) and len(said) == 1 and set(said[0]) == {"date"}
    return [{"to": "back", **said[0]}] if alone and _LASTS.fullmatch(str(said[0]["date"])) else said


def with_way_back(text: str, dialogue: BookingDialogue, search: Action) -> Action:
    """Give a search of one flight with the way back that the turn wants too; one without a day is asked for its day."""
    legs = [leg for leg in search.args.get("legs") or () if isinstance(leg, Mapping)]
    if len(legs) != 1 or _NOT.search(text) or not (legs[0].get("to") or legs[0].get("from")):
        return search
    stay = _STAY.search(text)
    wanted = _THERE_AND_BACK.search(text) or (_RETURN.search(text) and not dialogue.bookings)
    if not wanted and not (stay and legs[0].get("to") and not dialogue.bookings):
        return search
    days = stay["stay"] if stay and "few" not in stay["stay"].casefold() else ""
    back = {"to": "back", **({"date": f"{days} later"} if days else {})}
    return Action("search", {**search.args, "legs": [_on_its_day(dialogue, legs[0]), back]})


def _on_its_day(dialogue: BookingDialogue, leg: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give a flight that was read back, and that the turn says nothing new of, on the day that it was found for."""
    write = dialogue.pending.write if dialogue.pending else None
    known = next(iter(dialogue.search.args.get("legs") or ()), {}) if dialogue.search else {}
    if not isinstance(write, BookTrip) or len(write.trip.legs) != 1 or dict(leg) != dict(known):
        return leg
    return {**leg, "date": write.trip.legs[0].departs.date().isoformat()}
