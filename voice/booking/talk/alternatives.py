"""Turns that ask for other flights than the one told: "others in the evening", "the cheapest day that week".

They are about the trip under discussion, and hold nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from voice.booking.places.finding import find_places
from voice.booking.talk.earlier import DAY, TIME, marked
from voice.booking.text.wording import Wording


@dataclass(frozen=True, slots=True)
class Alternative:
    """What a turn asks for.

    Attributes:
        kind: ``cheapest_day``; ``others``, at an hour or on a day; ``of_the_day``, its first or last flight; ``which``
            of those told is best in something.
        day: Words for a day, or for the days among which the cheapest is sought.
        time: Words for an hour.
        by: What they are compared by: ``arrives``, ``departs``, ``fare`` or ``duration``.
        most: Whether the latest is meant, and not the earliest or the least.
        place: Where the flight goes, if that is said.
    """

    kind: str
    day: str = ""
    time: str = ""
    by: str = ""
    most: bool = False
    place: str = ""


_LEAD = (
    r"\W*(?:(?:and|but|so|well|oh|hm+|okay|ok|alright|right|no|yes|yeah|sorry|wait|actually|um|uh|then|maybe|please|"
    r"great|fine|just|(?:can|could) you (?:tell me|find(?: me)?|check|look)(?: for)?|tell me|do you know|i wonder|"
    r"i'd like to know|show me|find me|give me|i'll take|i'd like|i want|let's take|i need)\b\W*)*"
)
_TAIL = (
    r"(?:\W*\b(?:please|then|instead|by any chance|available|possible|at all|for me|for us|that you have|you have|"
    r"there)\b)*\W*"
)
_RANGE = (
    rf"(?:(?:in|of|during|for|over|within) )?(?P<days>(?:that|this|the same|the) (?:same )?(?:week|month)|"
    rf"around (?:then|that(?: time)?|there|the same time|it)|near(?:by| that| then)|close to (?:that|then)|\s*{DAY})"
)
_CHEAP = r"(?:cheapest|least expensive|lowest|best[- ]priced?|cheaper)"
_DAYS = r"(?:days?|dates?)(?: to (?:fly|go|travel|leave))?"
_CHEAPEST_DAY = tuple(
    Wording(pattern)
    for pattern in (
        rf"{_LEAD}(?:(?:what|which|when)(?:'s|s| is| would be| are)?|is there|do you have|are there|how about)?\s*"
        rf"(?:the |a |any )?{_CHEAP} {_DAYS}(?: {_RANGE})?{_TAIL}",
        rf"{_LEAD}(?:what|which) (?:day|date)(?: {_RANGE.replace('?P<days>', '?:')})? (?:is|would be|was) (?:it |the )?"
        rf"{_CHEAP}"
        rf"(?: to (?:fly|go|travel|leave))?(?: {_RANGE})?{_TAIL}",
        rf"{_LEAD}when (?:is|would) (?:it|that)(?: be)? (?:the )?{_CHEAP}"
        rf"(?: to (?:fly|go|travel|leave))?(?: {_RANGE})?{_TAIL}",
    )
)
_ONLY = (
    r"(?:is (?:that|this|it) the only (?:one|flight|option|time)(?: you have| there is| you've got)?\W*(?:or\b\W*)?)"
)
_OTHERS = Wording(
    rf"{_LEAD}{_ONLY}?(?:(?:are|is) there|do you have|have you got|you have|got|what about|how about)?"
    r"(?:\s*\b(?:any|some|the|what))*\s*"
    r"(?:others?|other (?:ones?|flights?|options?|times?)|(?:something|anything|nothing) else|another (?:one|flight)|"
    rf"more(?: flights)?)(?: (?:go|leav|depart)ing)?(?: (?:on|at|for|in))?\s*(?:{TIME}|{DAY}|(?P<than>later|earlier)"
    r"(?: (?:on|in the day))?)(?: (?:in the day|(?:on )?(?:that|the same) day))?(?:\s*(?:on )?"
    rf"(?:{TIME}|{DAY}))?{_TAIL}"
)
_WHICH_OTHERS = Wording(rf"{_LEAD}{_ONLY}(?:are there (?:any )?(?:others?|more)(?: flights| ones)?)?{_TAIL}")
_OF_THE_DAY = Wording(
    rf"{_LEAD}(?:(?:what|which|when)(?:'s|s| is| time is| does)?|is there|what about|how about|do you have)?\s*"
    r"(?:the )?(?:very )?(?P<which>last|latest|first|earliest) (?:one|flight|plane|departure)(?: out| there)?"
    r"(?P<whole> (?:(?:of|in) (?:the|that) day|(?:on )?that day))?(?: leave| go)?"
    rf"(?: (?:to|for) (?P<place>\x04))?{_TAIL}"
)
_WHICH = Wording(
    rf"{_LEAD}(?:(?:which|what)(?: (?:one|flight|of (?:them|those|these|the two)))*) "
    r"(?:(?P<arrives>arrives?|gets? (?:in|there)|lands?|is there)|(?P<departs>leaves?|departs?|goes)|"
    r"(?:is|would be|'s)) "
    r"(?:the )?(?:(?P<least>earlier|earliest|first|sooner|soonest)|(?P<most>later|latest|last)|"
    r"(?P<fare>cheap(?:er|est)|(?:less|least) expensive)|(?P<duration>quick(?:er|est)|fast(?:er|est)|short(?:er|est)))"
    rf"(?: one)?{_TAIL}"
)


@lru_cache(maxsize=64)
def alternative(text: str) -> Alternative | None:
    """Give what other flights a turn asks for; None where it holds anything else."""
    said, words = marked(text.replace("’", "'"), hours=True)
    signs = [sign for sign in said if sign in (DAY, TIME)]
    named = dict(zip(signs, words, strict=False))
    if len(signs) == len(words) == len(named):
        if match := next((one for pattern in _CHEAPEST_DAY if (one := pattern.fullmatch(said))), None):
            days = (match["days"] or "").strip() or _within(said)
            return Alternative("cheapest_day", day=named.get(DAY, "") or days)
        if match := _OTHERS.fullmatch(said):
            return Alternative(
                "others", day=named.get(DAY, ""), time=named.get(TIME, "") or (match["than"] or "").casefold()
            )
    plain = text.replace("’", "'")
    if match := _WHICH.fullmatch(plain):
        by = next((name for name in ("fare", "duration", "arrives", "departs") if match[name]), "departs")
        return Alternative("which", by=by, most=bool(match["most"]))
    places = find_places(plain)
    at = f"{plain[: places[0].start]}\x04{plain[places[0].end :]}" if len(places) == 1 else plain
    if (match := _OF_THE_DAY.fullmatch(at)) and (match["whole"] or match["place"]):
        place = places[0].text if places else ""
        return Alternative("of_the_day", most=match["which"].casefold() in ("last", "latest"), place=place)
    return None


def asks_only(text: str) -> bool:
    """Whether a turn only asks if the flight told is the only one."""
    return bool(_WHICH_OTHERS.fullmatch(text.replace("’", "'")))


def _within(said: str) -> str:
    match = re.search(r"\b(?:that|this|the same|the) (?:same )?(?:week|month)\b", said, re.IGNORECASE)
    return match[0] if match else ""
