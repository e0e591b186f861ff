"""Which flight of the trip under discussion a turn is about: by its ends, its number, its day, or "the way back"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from voice.booking.dates.nearby_days import near
from voice.booking.talk.inquiries import nth_leg
from voice.booking.text.wording import Wording
from voice.booking.trips import Leg
from voice.booking.wishes import cues
from voice.booking.wishes.continuing import same_city

HOME = ("back", "home")
_OUT = Wording(r"\b(?:outbound|outgoing|(?:way|flight|trip|leg|one) (?:out|there))\b")
_GOES_OUT = Wording(r"\b(?:get|go|fly|head|start|set)(?:t?ing)? (?:out|off)\b")
_TOO = Wording(r"\b(?:too|as well|also)\b")
_RANKS = Wording(r"\b(?:first|last|earliest|latest)\b")
"""The first or the last flight of a day, and no leg of a trip."""
_COMES_BACK = Wording(
    r"\b(?:(?:com(?:e|ing)|fly(?:ing)?|travel(?:l?ing)?|head(?:ing)?|get(?:ting)?|be|go(?:ing)?) back|"
    r"(?:a|the|my|with) return|returning|return (?:on|flight|trip|ticket|leg|the)|(?:way|flight|trip) back|"
    r"round[\s-]?trip)\b",
)
_THE_RETURN = Wording(r"\b(?:the|my|our) return\b")
_MOVES = Wording(
    r"\b(?:instead|rather|earlier|sooner|(?<!day )(?<!days )(?<!night )(?<!nights )(?<!week )(?<!weeks )later)\b"
)
"""What moves a flight that is sought already, which may itself be the one back."""
_LEAVES = Wording(r"\b(?:leave|depart|set off|set out|fly out|go out|head out|start)\b(?! (?:from|there|\w+ back))")
_ADDS = Wording(r"\W*(?:(?:yes|yeah|yep|sure|okay|ok|please|no)\b\W*)*(?:and|also|then|plus)\b")
_WAY_BACK = r"(?:return(?: (?:flight|trip|leg))?|(?:flight|way|trip|leg) (?:back|home))"
_WAY_OUT = r"(?:outbound(?: (?:flight|leg))?|(?:flight|way|trip|leg) (?:out|there))"
_KEPT = (
    r"\b(?:(?:with |and |but |just |please )*(?:(?:the )?same|(?:keep|leav)(?:e|ing)?(?: (?:the|my|our))?) {0}"
    r"(?: (?:as (?:it|that) is|the same|alone|unchanged))*|(?:the |my |our )?{0} (?:stays|can stay|should stay|"
    r"remains|is fine|is okay|is good|as it is|unchanged)(?: (?:the same|as it is|unchanged))*)\b"
)
_KEEPS_BACK, _KEEPS_OUT = Wording(_KEPT.format(_WAY_BACK)), Wording(_KEPT.format(_WAY_OUT))
"""The flight of a return trip that is to stay as it is, so that the turn is about the other one."""


def leg_named(
    text: str, known: Sequence[Mapping[str, Any]], leg: Mapping[str, Any], heard: Sequence[Leg] = ()
) -> int | None:
    """Give the index of the flight of several that a turn names; None where it names none.

    Args:
        text: The turn.
        known: The legs of the search under discussion.
        leg: What the turn says of one.
        heard: The flights that were read back for them, if any were.
    """
    if len(known) < 2:
        return None
    returns = is_return(known)
    if returns and (_KEEPS_BACK.search(text) or _KEEPS_OUT.search(text)):
        return int(bool(_KEEPS_OUT.search(text)))
    if (at := _between(known, leg)) is not None:
        return at
    if _OUT.search(text) or (returns and _GOES_OUT.search(text) and not cues.RETURNS.search(text)):
        return 0
    if returns and "date" in leg and _LEAVES.search(text) and not cues.RETURNS.search(text):
        return 0
    ends = [index for index, one in enumerate(known) if leg.get("to") and one.get("to") == leg.get("to")]
    if len(ends) == 1 and "from" not in leg:
        return ends[0]
    if set(leg) == {"date", "time"} and (at := _on_its_day(str(leg["date"]), heard)) is not None:
        return at
    return None if _RANKS.search(str(leg.get("time") or "")) else nth_leg(text, len(known))


def _between(known: Sequence[Mapping[str, Any]], leg: Mapping[str, Any]) -> int | None:
    """Give the only flight that leaves where a leg does, and goes where it goes if that is said: "leave Rome on …"."""
    if not leg.get("from") or not leg.get("date"):
        return None
    starts = [one.get("from") or (known[at - 1].get("to") if at else None) for at, one in enumerate(known)]
    found = [at for at, start in enumerate(starts) if start and same_city(start, leg["from"])]
    if len(found) != 1:
        return None
    end = known[found[0]].get("to") or "back"
    if str(end).casefold() in HOME:
        end = starts[0]
    return found[0] if not leg.get("to") or str(leg["to"]).casefold() in HOME or same_city(end, leg["to"]) else None


def _on_its_day(said: str, heard: Sequence[Leg]) -> int | None:
    """Give the only flight that leaves on the day which bare words name: "earlier on the eighth"."""
    days = [leg.departs.date() for leg in heard]
    found = [at for at, day in enumerate(days) if near(said, day, first=day) == day]
    return found[0] if len(found) == 1 else None


def speaks_of_return(text: str, legs: Sequence[Mapping[str, Any]], *, booked: bool) -> bool:
    """Whether a turn is about the way back.

    Of a trip one way, "flying home" may be all of it, unless more is added; so it may be of one that follows a booking.
    """
    text = _KEEPS_BACK.sub(" ", text)
    said = cues.ROUND_TRIP.sub(" ", text.replace("?", "."))
    if len(legs) > 1:
        return bool(cues.RETURNS.search(said) or _THE_RETURN.search(text))
    if not booked and _COMES_BACK.search(text.replace("?", ".")) and not _MOVES.search(text):
        return True
    return bool(cues.RETURNS.search(said)) and bool(_ADDS.match(said) or _TOO.search(said))


def way_home(legs: Sequence[Mapping[str, Any]]) -> int:
    """Give the index of the flight home: the last one, or one more if that leads elsewhere."""
    return len(legs) - (len(legs) > 1 and str(legs[-1].get("to") or "back").casefold() in _home(legs))


def is_return(legs: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a trip goes somewhere and straight back."""
    return len(legs) == 2 and str(legs[1].get("to") or "back").casefold() in _home(legs)


def _home(legs: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return (*HOME, str(legs[0].get("from") or "").casefold())
