"""Turns about a trip that was told before in the call: "How much was the first one again?", "I'll take the 7:15"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from voice.booking.dates.finding import find_dates
from voice.booking.dates.times import find_times
from voice.booking.text.amounts import find_prices
from voice.booking.text.spans import longest_first


@dataclass(frozen=True, slots=True)
class Earlier:
    """A trip that was told, as a turn names it; what it says nothing of is empty.

    Attributes:
        rank: ``first``, ``second``, ``third``, ``fourth``, ``last``, ``previous`` or ``other``.
        day: Words for the day it leaves.
        time: Words for the hour.
        price: Words for what it costs.
        than: What it is beside the one told last: ``earlier``, ``later``, ``cheaper`` or ``quicker``.
        nonstop: Whether it has no stop.
        flight: Whether it is called a flight, which may be one of those of a trip.
        told: Whether the turn says that it was told: "the first one you offered".
        asks: What is asked of it, in no order: ``price``, ``arrives``, ``duration``, ``stops``, or ``what`` for all of
            it; nothing where it is chosen.
    """

    rank: str = ""
    day: str = ""
    time: str = ""
    price: str = ""
    than: str = ""
    nonstop: bool = False
    flight: bool = False
    told: bool = False
    asks: tuple[str, ...] = ()


_NOUN = r"(?:one|flight|offer|option|trip|plane|departure|connection|deal)"
_TELLS = r"(?:told|offered|said|mentioned|gave|had|quoted|found|suggested|talked about|started with|named)"
_TOLD = (
    rf"(?: (?:that |which )?(?:you|we|i)(?:'d|'ve| had| have| just)* {_TELLS}(?: (?:me|us|out|about|to me))*"
    r"(?: (?:before|earlier|first|at first|at the start|to begin with|a moment ago|just now))*)"
)
_RANKS = {
    "first": "first|1st|original|former",
    "second": "second|2nd",
    "third": "third|3rd",
    "fourth": "fourth|4th",
    "last": "last",
    "previous": "previous|before",
    "other": "other",
}
_THANS = {
    "earlier": "earlier",
    "later": "later",
    "cheaper": "cheaper|less expensive",
    "quicker": "quicker|faster|shorter",
}
_RANK = f"(?:very )?(?:{'|'.join(words for name, words in _RANKS.items() if name != 'previous')}|previous)"
DAY, TIME, PRICE = "\x01", "\x02", "\x03"
"""What stands for a day, an hour and a price in a marked text."""
_MARK = r"(?:\s*\b(?:on|at|for|in|of|that (?:was|is|left|leaves|costs?)|leaving|departing)\b)*\s*[\x01\x02\x03],?"
_REFERENCES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:the|that|your) (?P<rank>{_RANK})(?:{_MARK})*(?: (?:{_NOUN}|price|fare))?(?:{_MARK})*(?P<told>{_TOLD})?",
        rf"\b(?:the|that) one (?:(?P<rank>before)(?: that| this)?|(?P<told>{_TOLD[4:-1]}))",
        rf"\bwhat you (?P<told>{_TELLS}(?: me| us)?) (?P<rank>first|before)",
        rf"(?:\b(?:the|that|your)\b)?(?:{_MARK})+ (?:non-?stop )?{_NOUN}(?:{_MARK})*(?P<told>{_TOLD})?",
        rf"\b(?:the|that|your) {_NOUN}(?:{_MARK})+(?P<told>{_TOLD})?",
        rf"\b(?:the|that)\s*[\x02\x03](?P<told>{_TOLD})?",
        rf"\b(?:the|that|your) (?P<than>{'|'.join(_THANS.values())}) {_NOUN}(?P<told>{_TOLD})?",
        rf"\bthe (?P<nonstop>non-?stop|direct)(?: {_NOUN})?(?P<told>{_TOLD})?",
    )
)
_THE = re.compile(r"(?:the|that|your|on|at|in) ", re.IGNORECASE)
_NO_HOUR = re.compile(r"\b(?:first|last|next|earl\w+|late\w*|soon\w*|before|after|until|by)\b", re.IGNORECASE)
_TOO = (
    r"(?:that's|that is|it's|it is|this is) (?:(?:way|much|far|a bit|a little|just|really|kind of) )*too "
    r"(?:late|early|much(?: money)?|expensive|long|dear|pricey|high|steep)"
)
_BEFORE = re.compile(
    rf"\W*(?:(?:{_TOO}|(?:[\x01\x02\x03]|that|it|the (?:first|other) one)(?:'s| is| was) "
    r"(?:cheaper|better|earlier|later|quicker|faster|nicer)|and|but|so|well|oh|hmm*|okay|ok|alright|"
    r"all right|right|yes|yeah|no|nope|nah|not that|sorry|wait|actually|um+|uh|then|maybe|please|thanks|great|hold on|"
    r"hang on|look|i mean|i meant|i said|i think|i guess|how much|"
    r"what(?:'s|'re)?|when(?:'s)?|which|at|time|day|how long|is|was|were|are|does|did|would|will|that|it|"
    r"the (?:price|fare|cost|total|time)|of|for|on|about|can you|could you|would you|tell|remind|repeat|say|"
    r"read|give|show|go over|go|going|back|return|to|with|i'll|i will|we'll|i'd|we'd|would|like|prefer|rather|want|"
    r"need|have|take|booking|book|choose|pick|get|do|let's|let us|(?:can|could|may) (?:i|we)|i|we|again|just|also|"
    r"better|me|us)\b\W*)*",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\W*(?:(?:again|please|then|instead|now|after all|was|is|were|did|does|do|will|would|cost|be|how much|it|that|"
    r"leave|depart|arrive|land|get (?:in|there)|come to|take|what|time|when|(?:a )?non-?stop|direct|with a stop|"
    r"(?:is |was |would be |sounds? |looks? )?(?:fine|good|better|best|great|okay|ok)(?: for (?:me|us))?|"
    r"works?(?: better)?(?: for (?:me|us))?|suits? (?:me|us)(?: better)?|thanks|thank you|for (?:me|us)|so|yeah|yes|"
    r"i'll take (?:it|that)|book (?:it|that)|let's (?:do|take|book) (?:it|that)|i think|if (?:it's|that's) still "
    r"(?:there|available|free)|still (?:there|available|free)|a moment ago|before|earlier)\b\W*)*",
    re.IGNORECASE,
)
_BACK = re.compile(r"\b(?:back|again)\b", re.IGNORECASE)
_OF_THE_DAY = re.compile(r"\b(?:flight|plane|departure)\b", re.IGNORECASE)
_ASKS = {
    "price": re.compile(r"\b(?:how much|price|fare|cost|come to|total)\b", re.IGNORECASE),
    "arrives": re.compile(r"\b(?:arrive|land|get in|get there)\b", re.IGNORECASE),
    "duration": re.compile(r"\bhow long\b", re.IGNORECASE),
    "stops": re.compile(r"\b(?:is|was|were|are)\b[^.]*\b(?:non-?stop|direct|with a stop)\b", re.IGNORECASE),
    "what": re.compile(r"\b(?:what(?:'s)?|when(?:'s)?|remind|repeat|tell|say|read|go over)\b(?! about)", re.IGNORECASE),
}


@lru_cache(maxsize=64)
def earlier(text: str) -> Earlier | None:
    """Give the trip that a turn asks about or chooses of those told before; None where the turn holds anything else.

    It need not be among them: "the Friday one" may be one that nobody spoke of yet.
    """
    said, words = marked(text.replace("’", "'"))
    for pattern in _REFERENCES:
        for match in pattern.finditer(said):
            if found := _whole(said, match, words):
                return found
    return None


def marked(text: str, *, hours: bool = False) -> tuple[str, list[str]]:
    """Put a sign in the place of each day, hour and price, and give the words that stood there, in order.

    Args:
        text: A turn.
        hours: Whether "after six" and "the last flight" count as well, which are no hour of one flight.
    """
    times = [span for span in find_times(text) if hours or not _NO_HOUR.search(span.text)]
    spans = longest_first([*find_dates(text), *times, *find_prices(text)])
    signs, words = {"date": DAY, "time": TIME, "price": PRICE}, list[str]()
    for span in reversed(spans):
        lead = _THE.match(span.text)
        start = span.start + (lead.end() if lead else 0)
        text = text[:start] + signs[span.kind] + text[span.end :]
        words.insert(0, span.text[start - span.start :])
    return text, words


def _whole(said: str, match: re.Match[str], words: list[str]) -> Earlier | None:
    """Give what a reference says if the words around it say no more than that it is asked about, or chosen."""
    before, after = said[: match.start()], said[match.end() :]
    if more := next(
        (one for pattern in _REFERENCES if (one := pattern.match(after.lstrip(" ,"))) and one.group()), None
    ):
        after = after.lstrip(" ,")[more.end() :]  # "the first one, the 7:15"
    if not _BEFORE.fullmatch(before) or not _AFTER.fullmatch(after):
        return None
    signs = [sign for sign in said if sign in (DAY, TIME, PRICE)]
    named = dict(zip(signs, words, strict=True))
    if any(named[sign].casefold() != word.casefold() for sign, word in zip(signs, words, strict=True)):
        return None  # two days, of which one may be asked about and the other chosen
    groups = {name: value for one in (match, more) if one for name, value in one.groupdict().items() if value}
    around = f"{before} {after}"
    rank = groups.get("rank", "").casefold().removeprefix("very ")
    told, asks = "told" in groups or bool(_BACK.search(around)), _asked(around)
    if rank in ("first", "last") and _OF_THE_DAY.search(match[0]) and not told and not asks:
        return None  # the first one to leave
    if rank == "last" and not told:
        return None  # the last of the day, or of a trip
    than = groups.get("than", "").casefold()
    return Earlier(
        rank=next((name for name, pattern in _RANKS.items() if re.fullmatch(pattern, rank)), ""),
        day=named.get(DAY, ""),
        time=named.get(TIME, ""),
        price=named.get(PRICE, ""),
        than=next((name for name, pattern in _THANS.items() if re.fullmatch(pattern, than)), ""),
        nonstop="nonstop" in groups,
        flight=bool(_OF_THE_DAY.search(match[0])),
        told=told,
        asks=asks,
    )


def _asked(said: str) -> tuple[str, ...]:
    return tuple(name for name, pattern in _ASKS.items() if pattern.search(said))
