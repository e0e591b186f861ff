"""Turns that take a limit off a search: "any time is fine", "it doesn't have to be nonstop", "price doesn't matter"."""

from __future__ import annotations

import re
from functools import lru_cache

from voice.booking.talk.inquiries import leg_asked
from voice.booking.text.leftover import EMPTY_WORDS
from voice.booking.text.wording import Wording

_STOPS = (
    r"(?:stops?|stopovers?|layovers?|connections?|connecting|changing planes|a (?:stop|stopover|layover|connection))"
)
_NO_MATTER = r"(?:(?:doesn't|does not|don't) (?:really )?(?:matter|bother me)|is(?:n't| not) (?:important|an issue))"
_INDIFFERENT = r"(?:(?:i|we) )?(?:don't|do not) (?:really )?(?:mind|care about)"
_FREED = {
    "time": Wording(
        r"\b(?:(?:at )?any ?time(?: (?:of (?:the )?)?day)?(?: (?:(?:is|would be|will be) )?(?:fine|good|okay|ok|"
        r"will do|works|(?:that )?day))?(?: (?:for|with) (?:me|us))?|whenever|(?:the|what) (?:time|hour)(?: of day)? "
        rf"{_NO_MATTER}|{_INDIFFERENT} (?:what|which|the) time)\b",
    ),
    "nonstop": Wording(
        r"\b(?:(?:it |that |they )?(?:doesn't|does not|don't|do not|needn't|need not)(?: (?:have|need) to)? be "
        r"(?:a )?(?:non-?stop|direct)(?: flights?| one)?|(?:no need|not necessary) (?:for (?:a )?|to be )?"
        rf"(?:non-?stop|direct)|{_INDIFFERENT} {_STOPS}|(?:(?:with )?(?<!\bno ){_STOPS} (?:is|are|would be) "
        rf"(?:fine|okay|ok|all right|alright))|{_STOPS} {_NO_MATTER})\b",
    ),
    "max_price": Wording(
        rf"\b(?:(?:the )?(?:price|cost|money|budget) {_NO_MATTER}|{_INDIFFERENT} "
        r"(?:the (?:price|cost)|what it costs|how much it (?:is|costs))|(?:at )?any price|"
        r"(?:it )?(?:doesn't|does not) matter (?:what it costs|how much it (?:is|costs))|no (?:price )?limit)\b",
    ),
}
_WAY = Wording(
    r"\b(?:(?:for|on) )?(?:the |my )?(?:way|flight|trip|leg|journey)? ?(?:back|home|out|there)\b|"
    r"\b(?:for |on )?(?:the |my )?(?:return|outbound|first|second|third|last)(?: (?:flight|leg|one|trip))?\b",
)
_AROUND = (EMPTY_WORDS | {"hm", "hmm", "oh", "so", "then", "too"}) - {"call", "email", "tell"}
_WORD = re.compile(r"[^\W_][\w'-]*")


@lru_cache(maxsize=64)
def freed(text: str) -> tuple[str, ...]:
    """Give the limits of a search that a turn takes off, if it says nothing else.

    Returns:
        ``time``, ``nonstop`` and ``max_price``, in no order.
    """
    rest, found = text.replace("’", "'"), list[str]()
    for name, pattern in _FREED.items():
        rest, count = pattern.subn(" ", rest)
        found += [name] if count else []
    if not found or any(word not in _AROUND for word in _WORD.findall(_WAY.sub(" ", rest).casefold())):
        return ()
    return tuple(found)


def leg_freed(text: str, legs: int) -> int | None:
    """Give the index of the only leg, of so many, whose hour is free; None for all of them."""
    return leg_asked(text, legs) if legs > 1 else None
