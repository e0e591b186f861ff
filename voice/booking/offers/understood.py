"""What actions ask for, said back in the caller's own words: "Boston to Denver, on Friday, for two passengers"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from voice.booking.codes.locators import is_code
from voice.booking.offers.speech import Teller, cabin_name, number, plural
from voice.booking.text.amounts import resolve_count, resolve_price
from voice.booking.text.wording import Wording
from voice.cascade.words import Action

_OWN = (
    (r"\bof us\b", "of you"),
    (r"\b(?:i|me|myself)\b", "you"),
    (r"\b(?:we|us)\b", "all of you"),
    (r"\bmy\b", "your"),
    (r"\bour\b", "your"),
)
"""How the agent says a caller's words for people."""
_DAY = Wording(r"(?:the|mon|tues|wednes|thurs|fri|satur|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|\d)")
_BARE_WAY = Wording(r"(?:home|back|out|there)")
_DETERMINED = Wording(r"(?:the|your|all|both|each|every|any|from|to|that|this)\b")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
"""A day that was counted, and not said."""
_CABINS = ("economy", "premium", "business", "first")


def said_back(actions: Sequence[Action], teller: Teller) -> str:
    """Say what a turn asks for; ``""`` where it holds something that can't be said so, such as a yes."""
    parts = [_said(action, teller) for action in actions]
    return "; and ".join(parts) if parts and all(parts) else ""


def _said(action: Action, teller: Teller) -> str:
    args = action.args
    match action.name:
        case "search":
            return _search(args)
        case "lookup":
            return f"looking up {_booking(args, teller)}"
        case "cancel":
            return f"cancelling {_flight_of(args)}{_booking(args, teller)}"
        case "bags":
            count = resolve_count(str(args.get("count") or ""))
            return f"{plural(count, 'bag') if count else 'more bags'} for {_booking(args, teller)}"
        case "change":
            news = ", ".join(_leg(args) + _limits(args))
            return f"changing {_flight_of(args)}{_booking(args, teller)}" + (f", {news}" if news else "")
        case "policy":
            topic = str(args.get("topic") or "other").split("|")[0]
            return (
                "a question on our rules" if topic == "other" else f"telling you our rules on {topic.replace('_', '-')}"
            )
        case _:
            return ""


def _search(args: Mapping[str, Any]) -> str:
    legs = [", ".join(_leg(leg)) for leg in args.get("legs") or ()]
    said = ", ".join(part for part in (", then ".join(leg for leg in legs if leg), *_limits(args)) if part)
    return f"flying {said}" if said else ""


def _leg(leg: Mapping[str, Any]) -> list[str]:
    start, end = leg.get("from"), leg.get("to")
    back = str(end or "").casefold() in ("back", "home")
    way = " ".join(
        part for part in (f"from {start}" if start else "", str(end) if back else f"to {end}" if end else "") if part
    )
    day = _ISO.sub(_spoken_day, str(leg.get("date") or ""))
    parts = [
        way,
        f"on {day}" if _DAY.match(day) or _ISO.match(str(leg.get("date") or "")) else day,
        str(leg.get("time") or ""),
    ]
    who = str(leg.get("who") or "")
    return [part for part in (*parts, f"for {_yours(who)}" if who else "") if part]


def flight_said(leg: Mapping[str, Any]) -> str:
    """Say what is known of a flight: "Boston to Denver, in the morning"."""
    start, end = leg.get("from"), leg.get("to")
    way = f"{start} to {end}" if start and end else f"a flight from {start}" if start else f"a flight to {end}"
    return ", ".join([way, *_leg({key: value for key, value in leg.items() if key not in ("from", "to")})])


def _spoken_day(iso: re.Match[str]) -> str:
    return Teller().day(date.fromisoformat(iso[0]))


def _limits(args: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    if people := resolve_count(str(args.get("pax") or "")):
        found.append(f"for {plural(people, 'passenger')}")
    if args.get("nonstop"):
        found.append("nonstop")
    if cabin := next((known for known in _CABINS if known in str(args.get("cabin") or "").casefold()), ""):
        found.append(f"in {cabin_name(cabin)}")
    if price := resolve_price(str(args.get("max_price") or "")):
        found.append(f"for {number(price)} dollars at most")
    if otherwise := args.get("fallback"):
        found.append(f"or else {otherwise}")
    return found


def _flight_of(args: Mapping[str, Any]) -> str:
    """Say which flight of a booking: "the flight home on "; ``""`` for the whole of it."""
    said = _yours(str(args.get("leg") or ""))
    if not said:
        return ""
    if _BARE_WAY.fullmatch(said):
        said = f"the flight {said}"
    elif said[:1].isupper():
        said = f"the flight to {said}" if " " not in said else said
    elif not _DETERMINED.match(said):
        said = f"the {said}"
    return f"{said} on "


def _booking(args: Mapping[str, Any], teller: Teller) -> str:
    code = str(args.get("code") or "")
    return f"booking {teller.code(code)}" if is_code(code) else "your booking"


def _yours(said: str) -> str:
    for pattern, word in _OWN:
        said = re.sub(pattern, word, said, flags=re.IGNORECASE)
    return said
