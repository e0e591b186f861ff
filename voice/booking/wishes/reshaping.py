"""Turns that give a trip another shape: "the other way round", "drop the return", "skip the stop in Denver"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from voice.booking.places.finding import find_places
from voice.booking.text.wording import Wording

_LEAD = (
    r"\W*(?:(?:and|but|okay|ok|oh|no|nope|well|so|sorry|actually|wait|hm+|um|uh|yes|then|please|maybe|i mean|i meant|"
    r"(?:can|could|would) (?:you|we|i)|let's|let us|just|i(?:'d| would)? (?:want|need|like)(?: to| it| them)?|"
    r"make (?:it|that)|it (?:should|has to) be|it's|that's|(?:you(?:'ve| have) )?got (?:it|that|them)|try|"
    r"what about|how about|i'd rather|let me)\b\W*)*"
)
_TAIL = r"(?:\W*\b(?:please|then|instead|now|after all|though|actually|for me|round|around|altogether|entirely)\b)*\W*"
_DROP = (
    r"(?:drop|skip|remove|cancel|forget(?: about)?|scrap|scratch|lose|delete|leave out|take out|cut(?: out)?|omit|"
    r"without|no|not|(?:i|we) (?:don't|do not|won't) need|(?:i|we) no longer need|get rid of|miss out)"
)
_SWAP = Wording(
    rf"{_LEAD}(?:(?:the |exactly )?(?:other|opposite|wrong|reverse) (?:way|direction)(?: (?:round|around))?|"
    r"the reverse|vice versa|in reverse|in (?:the )?(?:other|opposite|reverse) direction|backwards|"
    r"(?:swap|switch|reverse|flip|turn) (?:(?:it|them|that|those|(?:the )?(?:two )?(?:cities|airports|places|"
    r"directions?|trip|route|flight|ends))|from and to|departure and (?:arrival|destination))(?: (?:round|around))?)"
    rf"{_TAIL}",
)
_NO_RETURN = (
    rf"(?:{_DROP} (?:(?:the|my|a|any|that) )?(?:return(?: (?:flight|trip|leg|ticket))?|"
    r"(?:way|flight|trip|leg) (?:back|home))|"
    r"(?:(?:as|be|only) )?(?:an? )?one[\s-]way(?: (?:only|ticket|flight|trip))?|only (?:the )?(?:way out|outbound)"
    r"(?: flight| leg)?)"
)
_ONE_WAY = Wording(rf"{_LEAD}{_NO_RETURN}(?:{_TAIL}{_LEAD}{_NO_RETURN})?{_TAIL}")
_LEAVE_OUT = r"(?:drop|skip|remove|cut(?: out)?|leave out|take out|omit|miss out|without|get rid of)"
_STOP = r"(?:stop(?:[\s-]?over)?|layover|stay|visit|leg|part|bit|trip)"
_WITHOUT = Wording(
    rf"{_LEAD}(?:{_DROP} (?:the |that |a |any |my )?{_STOP} (?:in|at|to) |{_LEAVE_OUT} )\x00{_TAIL}",
)
_NO_STOP = Wording(rf"{_LEAD}{_DROP} (?:the |that |a |any |my )?(?:stop(?:[\s-]?over)?|layover)s?{_TAIL}")
_HOME = ("", "back", "home")


@dataclass(frozen=True, slots=True)
class Reshaping:
    """What a turn does to a trip: ``swap`` its ends, make it ``one_way``, or go ``without`` a stop (at ``place``)."""

    kind: str
    place: str = ""


@lru_cache(maxsize=64)
def reshaping(text: str) -> Reshaping | None:
    """Give what a turn does to a trip, if it says nothing else."""
    said = text.replace("’", "'")
    for kind, pattern in (("swap", _SWAP), ("one_way", _ONE_WAY), ("without", _NO_STOP)):
        if pattern.fullmatch(said):
            return Reshaping(kind)
    places = find_places(said)
    if len(places) != 1:
        return None
    marked = f"{said[: places[0].start]}\x00{said[places[0].end :]}"
    return Reshaping("without", places[0].text) if _WITHOUT.fullmatch(marked) else None


def reshape(wish: Reshaping, legs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]] | None:
    """Give the flights of a trip in its new shape; None if it has nothing of what is to be changed."""
    made = [dict(leg) for leg in legs]
    match wish.kind:
        case "swap":
            return _swapped(made)
        case "one_way":
            return made[:-1] if len(made) > 1 and _goes_home(made) else None
        case _:
            return _joined(made, wish.place)


def _swapped(legs: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """Fly every leg the other way; a way home stays one."""
    if not legs or not legs[0].get("from") or not legs[0].get("to") or len(legs) > 2:
        return None
    start, end = legs[0]["from"], legs[0]["to"]
    if len(legs) == 1:
        return [{**legs[0], "from": end, "to": start}]
    if not _goes_home(legs):
        return None
    return [{**legs[0], "from": end, "to": start}, {**legs[1], "from": start, "to": end}]


def _goes_home(legs: Sequence[Mapping[str, Any]]) -> bool:
    end, start = (str(name or "").casefold() for name in (legs[-1].get("to"), legs[0].get("from")))
    return end in (*_HOME, start)


def _joined(legs: list[dict[str, Any]], place: str) -> list[dict[str, Any]] | None:
    """Fly on where the trip stopped: at the place, or at the only stop that it has."""
    stops = [
        at
        for at in range(len(legs) - 1)
        if str(legs[at + 1].get("from") or legs[at].get("to")).casefold() == str(legs[at].get("to")).casefold()
        and (not place or str(legs[at].get("to")).casefold() == place.casefold())
    ]
    if len(stops) != 1 or (len(legs) == 2 and _goes_home(legs)):
        return None
    at = stops[0]
    onward = {"to": legs[at + 1].get("to")} if legs[at + 1].get("to") else {"to": "back"}
    return [*legs[:at], {**legs[at], **onward}, *legs[at + 2 :]]
