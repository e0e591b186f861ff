"""How long a caller wants to stay where a trip stops: "a day longer in Seattle", "another night in Rome"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from voice.booking.dates.words import NUMBER, count_of
from voice.booking.places.finding import find_places
from voice.booking.text.leftover import EMPTY_WORDS
from voice.booking.text.wording import Wording

_N = rf"(?P<n>{NUMBER})"
_UNIT = r"(?P<unit>day|night|week)s?"
_STAY = r"(?:stay(?:ing)?|spend(?:ing)?|be(?:ing)?|remain(?:ing)?|stop(?:ping)?)"
_IN = r"(?:(?:in|at) \x00|there)"
_EXTRA = rf"(?:another|(?:another )?(?:{_N} )(?:extra|more|additional|further))"
_CHANGES = (
    Wording(
        rf"\b(?:{_STAY} (?:for )?(?:{_IN} )?(?:for )?)?{_N} {_UNIT} "
        rf"(?P<side>longer|more|less|fewer|shorter)\b(?: {_IN})?"
    ),
    Wording(rf"\b{_STAY} (?:for )?(?:{_IN} )?(?:for )?{_EXTRA} {_UNIT}(?: more)?\b(?: {_IN})?"),
    Wording(rf"\b{_EXTRA} {_UNIT} {_IN}"),
)
_MAKES = (
    Wording(rf"\b(?:make (?:it|that)|{_STAY}(?: (?:for|there))?) {_N} {_UNIT} {_IN}"),
    Wording(rf"\b{_STAY} (?:{_IN} )?(?:for )?{_N} {_UNIT}\b"),
)
_MAY = Wording(r"\b(?:days?|nights?|weeks?)\b")
_WORDS = "actually add after have instead let let's like oh rather so still there think though"
_AROUND = EMPTY_WORDS | frozenset(_WORDS.split())
_WORD = re.compile(r"[^\W_][\w'-]*")


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay: ``days`` more or less than planned, or in all where it is ``whole``; ``place`` is ``""`` if unsaid."""

    days: int
    whole: bool
    place: str


@lru_cache(maxsize=64)
def stay_in(text: str) -> Stay | None:
    """Give the stay that a turn asks for; None if it asks for none, or for anything beside it."""
    said = text.replace("’", "'")
    if not _MAY.search(said):
        return None
    places = find_places(said)
    if len(places) > 1:
        return None
    place = places[0].text if places else ""
    if places:
        said = f"{said[: places[0].start]}\x00{said[places[0].end :]}"
    found = ((match, form in _MAKES) for form in (*_CHANGES, *_MAKES) if (match := form.search(said)))
    match, whole = next(found, (None, False))
    if match is None or any(word not in _AROUND for word in _WORD.findall(_rest(said, match).casefold())):
        return None
    groups = match.groupdict()
    days = count_of(groups["n"] or "one") * (7 if groups["unit"].casefold() == "week" else 1)
    less = (groups.get("side") or "longer").casefold() in ("less", "fewer", "shorter")
    return Stay(-days if less else days, whole, place)


def _rest(said: str, match: re.Match[str]) -> str:
    return f"{said[: match.start()]} {said[match.end() :]}"
