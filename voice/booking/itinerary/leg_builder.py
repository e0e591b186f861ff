"""Legs as they grow while a turn is read, and what goes without saying once it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from voice.booking.itinerary.parties import completed
from voice.booking.text.spans import Span

BACK = "back"
"""Stands for the place where the trip began."""
ALL = "all"
"""The key for who flies a leg together, of those who fly other legs apart."""


@dataclass(slots=True)
class Builder:
    """Legs as they grow."""

    legs: list[dict[str, str]] = field(default_factory=lambda: [{}])
    broken_since_place: bool = False
    sure: bool = True
    said: Span | None = None
    at: int = -1

    @property
    def leg(self) -> dict[str, str]:
        """The leg that values go into."""
        return self.legs[self.at]

    def next(self) -> None:
        """Go to a new leg, unless this one is still empty."""
        self.at = -1
        if self.leg:
            self.legs.append({})

    def revisits(self, place: str) -> bool:
        """Go to the leg without a day that starts from a place, if there is one: "…. Leave Rome on the 3rd"."""
        for index, leg in enumerate(self.legs):
            if leg.get("from") == place and BACK in leg and "date" not in leg:
                self.at = index
                return True
        first = self.legs[0]
        if (
            "to" in first
            and not first.keys() & {"from", "date"}
            and all(place not in leg.values() for leg in self.legs)
        ):
            first["from"], self.at = place, 0
            return True
        routes = chained(self.legs)
        for index, leg in enumerate(routes if len(routes) == len(self.legs) else ()):
            if {"from", "to"} <= leg.keys() and leg["from"] == place and "date" not in leg:
                self.at = index
                return True
        return False

    def put(self, key: str, value: str) -> None:
        """Give a leg a value; two that differ leave doubt."""
        if self.leg.get(key, value) != value:
            self.sure = False
        self.leg[key] = value


def begins_at(build: Builder, home: str) -> None:
    """Let the trip begin at a place that was named beside the flights, and the last flight end there."""
    legs = [leg for leg in build.legs if leg]
    if not legs:
        return
    if legs[0].get("to") != home:
        legs[0].setdefault("from", home)
    if len(legs) > 1 and "to" not in legs[-1]:
        legs[-1].setdefault(BACK, BACK)


def put_place(build: Builder, role: str, span: Span, *, last: bool) -> None:
    """Put a place where its role says: into this leg, or into the next one if this one has it."""
    leg = build.leg
    if role == "via":
        return
    if role == "from" and last and "to" in leg and "from" not in build.legs[0]:
        build.legs[0]["from"] = span.text  # "…, starting from Atlanta" at the end is where the first leg starts
    elif role == "from":
        if leg.keys() <= {"from", BACK} and leg.get("from") == span.text:
            return
        if leg.keys() == {"from"} and len(build.legs) > 1:
            leg.clear()  # where a drive or a ride ended, unless another place is named
        if "from" in leg or ("to" in leg and (build.broken_since_place or leg["to"] == span.text)):
            if "from" in leg and "to" not in leg and leg["from"] != span.text:
                build.sure = False
            build.next()
        build.leg["from"] = span.text
    else:
        if "to" in leg:
            build.next()
        if not role and "from" not in build.leg and len(build.legs) == 1:
            build.sure = False
        build.leg["to"] = span.text
    build.broken_since_place = False


def goes_by_land(build: Builder, span: Span) -> None:
    """End a leg before a stretch that is not flown; the next flight starts where it ends unless said otherwise."""
    flown = "to" in build.leg or len(build.legs) > 1
    build.next()
    if flown:
        build.leg["from"] = span.text


def finished(build: Builder, round_trip: bool) -> tuple[dict[str, str], ...]:
    """Give the legs, completed and chained."""
    _join(build.legs)
    legs = completed([leg for leg in build.legs if leg.keys() - {"who"}], BACK)
    if round_trip and len(legs) == 2 and not ({"from", "to"} & legs[1].keys()):
        legs[1][BACK] = BACK
    for index, leg in enumerate(legs):
        if leg.pop(BACK, None) and index and "to" not in leg:
            leg["to"] = BACK
    return chained(legs)


def _join(legs: Sequence[dict[str, str]]) -> None:
    """Let those who flew apart fly a later leg together, where it is no more than what their own flights share."""
    shares = any("who" in leg and "to" not in leg for leg in legs)
    for index, leg in enumerate(legs):
        said = leg.pop(ALL, "")
        if said and index and {"date", "time"} & leg.keys() and (not shares or {"from", BACK} & leg.keys()):
            leg.setdefault("who", said)


def chained(legs: Sequence[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Fill in what goes without saying: a leg starts where the one before ended, and "back" is where the trip began."""
    made: list[dict[str, Any]] = []
    for said in legs:
        leg = dict(said)
        home = made[0].get("from") if made else None
        if leg.get("to") in (BACK, "home"):
            leg.pop("to")
            if home and home != leg.get("from"):
                leg["to"] = home
        if leg.get("from") in (BACK, "home"):
            leg.pop("from")
        if "from" not in leg and made and "to" in made[-1] and made[-1]["to"] != leg.get("to"):
            leg["from"] = made[-1]["to"]
        elif "from" not in leg and made and leg.get("to") and "who" in leg and "from" in made[-1]:
            leg["from"] = made[-1]["from"]  # another rider goes there as well
        made.append({key: leg[key] for key in ("from", "to", "date", "time", "who") if key in leg})
    return tuple(leg for leg in made if leg)
