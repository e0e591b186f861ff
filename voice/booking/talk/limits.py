"""Turns that take a limit off a search: "any time is fine", "it doesn't have to be nonstop", "price doesn't matter"."""

from __future__ import annotations

import re
from functools import lru_cache

from voice.booking.talk.inquiries import leg_asked
from voice.booking.text.leftover import EMPTY_WORDS
from voice.booking.text.wording import Wording
from voice.booking.wishes.cues import wants_nonstop

_STOPS = (
    r"(?:stops|stopovers|layovers|connections|changing planes|connecting flights?|"
    r"(?:(?:an?|one|two|some|any) )?(?:stops?|stopovers?|layovers?|connections?|connecting(?: flights?| ones?)?))"
)
_DIRECT = r"(?:an? )?(?:non-?stop|direct)(?: flights?| ones?)?"
_GOOD = (
    r"(?:(?:also|just|totally|absolutely|perfectly|quite) )?"
    r"(?:fine|okay|ok|all right|alright|good|acceptable|no problem)"
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
        rf"\b(?:(?:it |that |they )?(?:doesn't|does not|don't|do not|needn't|need not)(?: (?:have|need) to)? be "
        rf"{_DIRECT}|"
        rf"(?:no need|not necessary) (?:for |to be )?{_DIRECT}|"
        rf"(?:(?:i|we|it) )?(?:don't|do not|doesn't|does not|no longer) (?:really )?(?:need|require|want|insist on) "
        rf"(?:it (?:to be )?|any )?{_DIRECT}(?: any ?more| any longer| after all)?|"
        rf"no {_DIRECT} (?:needed|required|necessary)|{_DIRECT} (?:is |was )?(?:not|isn't|wasn't) (?:needed|required|"
        r"necessary|a must)|"
        rf"(?:forget|never mind|drop|skip|leave out) (?:about )?(?:the )?{_DIRECT}(?: (?:bit|part|wish|thing))?|"
        rf"{_INDIFFERENT} {_STOPS}|(?:(?:with )?(?<!\bno ){_STOPS} "
        rf"(?:is|are|would be|will be) {_GOOD}|(?:with )?(?<!\bno ){_STOPS} (?:will|would) (?:do|work)|"
        rf"(?:i|we|it|they) can (?:have|take|live with|do with|handle|manage|accept) {_STOPS})|"
        rf"(?:(?:i|we)(?:'m| am|'re| are) )?(?:fine|okay|ok|happy|good|all right) with {_STOPS}|"
        rf"{_STOPS} {_NO_MATTER})\b",
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
_AROUND = (EMPTY_WORDS | {"anymore", "hm", "hmm", "no", "oh", "so", "then", "too"}) - {"call", "email", "tell"}
_WORD = re.compile(r"[^\W_][\w'-]*")
_AGREES = Wording(r"\W*(?:(?:oh|well|um|uh|hm+|so)\b\W*)*(?:okay|ok|yes|yeah|yep|sure|all right|alright|fine|great)\b")


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


def lifts_nonstop(text: str) -> bool:
    """Whether a turn, whatever else it says, takes the wish for a flight without a stop back.

    "Nonstop, but one stop is fine" wishes for it still.
    """
    rest, count = _FREED["nonstop"].subn(" ", text.replace("’", "'"))
    return bool(count) and not wants_nonstop(rest)


def takes_stop(text: str, agent: str) -> bool:
    """Whether a turn agrees to a flight with a stop that was found instead of a nonstop: "Okay, a stop is fine"."""
    found_none = "no nonstop" in agent and "with a stop" in agent
    return found_none and freed(text) == ("nonstop",) and bool(_AGREES.match(text)) and "?" not in text


def leg_freed(text: str, legs: int) -> int | None:
    """Give the index of the only leg, of so many, whose hour is free; None for all of them."""
    return leg_asked(text, legs) if legs > 1 else None
