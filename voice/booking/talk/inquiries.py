"""Questions about flights that were offered or booked: what a turn asks of them, by its words.

They ask for no new search and no rule: "What time does it arrive?", "Is that nonstop?", "How much is it in total?".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from voice.booking.places.finding import find_places
from voice.booking.talk.topics import TOPICS
from voice.booking.text.leftover import EMPTY_WORDS
from voice.booking.text.numerals import ordinal
from voice.booking.text.wording import Wording

_IT = (
    r"(?:it|that(?: one)?|this(?: one)?|they|we|i|(?:both|all)(?: (?:flights|legs|ways|of (?:them|those|these)))?|"
    r"(?:the|my|our|that|this) (?:(?:first|second|third|last|return|outbound|connecting|whole) )?"
    r"(?:flights?|plane|trip|one|leg|way|return)(?: (?:back|home|out|there))?)"
)
_DOES = r"(?:does|do|did|will|would|should|is|was|are)"
_WHEN = r"(?:(?:at |and )?what time|when|how late)"
_TELL = r"(?:ask(?:ed|ing)?|tell (?:me|us)|know|knows|mean|meant|wonder(?:ing)?|check|see|find out|remind (?:me|us))"
_STOPS = r"(?:stops?|stopovers?|layovers?|connections?)"
_ASKED: Mapping[str, Wording] = {
    "arrives": Wording(
        rf"\b(?:{_WHEN} {_DOES} {_IT} (?:(?:supposed|due|meant) to )?"
        r"(?:arrive|land|touch down|(?:get|be|come) (?:in|there|to|back|home)(?! to))(?: (?:in|at|there|back|home))*|"
        rf"{_TELL} (?:at )?(?:when|what time|how late) {_IT}(?:'ll| will| would| am| are)? (?:arrives?|lands?|landing|"
        r"touch(?:es)? down|(?:gets?|comes?) (?:in|there|back|home)(?! to))(?: (?:in|at|there|back|home))*|"
        r"arrival(?: time)?)\b",
    ),
    "departs": Wording(
        rf"\b(?:{_WHEN} {_DOES} {_IT} (?:have to |need to )?(?:leave|depart|take off|start|go|fly|travel)"
        rf"(?: from)?|"
        rf"{_TELL} (?:at )?(?:when|what time) {_IT} (?:leaves?|departs?|takes? off|starts?)(?: from)?|"
        rf"{_WHEN} (?:is|was) {_IT}|departure(?: time)?|what time(?= again|\W*$))\b",
    ),
    "day": Wording(rf"\b(?:what|which) (?:day|date)(?: (?:is|was) {_IT})?(?: (?:for|on))?\b"),
    "layover": Wording(
        rf"\b(?:how long(?: of)? (?:is|are|was|would|will) (?:the|that|my|our|a|this) (?:{_STOPS}|wait)(?: time)?(?: "
        rf"be)?|"
        rf"how long (?:an? )?(?:{_STOPS}|wait)(?: (?:is|do|would) (?:it|there|that|i|we)(?: be| have)?)?|"
        r"how (?:long|much time) (?:do|will|would|must|is|are) (?:i|we|there|you|it) (?:have to |need to )?"
        r"(?:wait|stop|have|get|be(?= between)|(?=between))(?: (?:over|there|in there))?"
        r"(?: (?:in )?between(?: the)?(?: (?:two )?(?:flights|planes))?| to (?:change(?: planes?)?|connect|transfer))?"
        r"(?! to\b)(?! before\b)|"
        r"how much time (?:between|to (?:change|connect))(?: the)?(?: (?:two )?(?:flights|planes))?|"
        rf"what(?:'s| is) the (?:{_STOPS})(?: time)?|(?:layover|connection|connecting) time)\b",
    ),
    "stops": Wording(
        rf"\b(?:where(?:'s| is| are| do (?:i|we) have) the {_STOPS}|where do (?:i|we) (?:stop|change(?: planes)?|"
        rf"connect)|"
        rf"where(?:'s| is) it stopping)\b|"
        rf"\b(?:(?:is|are|was) {_IT} (?:a )?(?:non-?stop|direct)(?: flights?)?|"
        rf"(?:do|will|would|must) (?:i|we) (?:have to |need to )?(?:change|switch) planes?|"
        rf"(?:is|are) there (?:an?|any) {_STOPS}|how many {_STOPS}(?: are there)?|"
        rf"does {_IT} (?:stop|have (?:an?|any) {_STOPS})(?: anywhere| somewhere)?|where does {_IT} stop)\b",
    ),
    "duration": Wording(
        rf"\b(?:how (?:long|many hours) (?:is|does|will|would) {_IT}(?: (?:take|be|last))?|flight time)\b",
    ),
    "airport": Wording(
        rf"\b(?:which|what) airport(?: (?:{_DOES} {_IT}|did you say(?: (?:it|that))?))?(?: (?:leave|depart|arrive|land|"
        r"go|fl(?:y|ie)|get)s?)?(?: (?:from|in|into|at|to))*\b",
    ),
    "price": Wording(
        rf"\b(?:how much (?:is|was|would|does|will) (?!i\b|we\b){_IT}(?: (?:be|cost|come to))?|"
        r"how much(?! (?:more|less|is|was|for|would|will|do|does|can|could) )(?! for)|"
        rf"what (?:does|would|will) {_IT} (?:cost|come to)|"
        r"(?:what(?:'s| is| was)|how (?:much|high|big) (?:is|was)) the (?:\w+ )?"
        r"(?:price|fare|cost|total|fee|charge)|(?:in )?total|altogether|(?:per|a) person|each)\b",
    ),
    "number": Wording(r"\bflight number\b"),
    "leg": Wording(
        r"\b(?:what|which|when|how about)(?:'s| is| was) (?:the|my|our) (?:first|second|third|fourth|last|final) "
        r"(?:leg|flight|one|part)\b",
    ),
    "local": Wording(r"\b(?:(?:is|are|was) (?:that|it|this|those|these|the times?|they) )?(?:in )?local times?\b"),
    "code": Wording(
        r"\bwhat(?:'s| is| was) (?:the|my|our) (?:\w+ )?"
        r"(?:code|locator|reference|(?:confirmation|booking) number)\b",
    ),
}
_BACK = Wording(r"\b(?:back|home|return(?:ing)?|inbound|last)\b")
_OUT = Wording(r"\b(?:outbound|outgoing|first|(?:way|flight|trip|leg) (?:out|there))\b")
_NTH = Wording(
    r"\b(?P<n>first|second|third|fourth|last|final) (?:leg|part|(?:flight|one)\b(?! (?:of|that|on|you)\b))\b"
)
_WORDS = """
again altogether arriving ask asked asking back but city does entire everything exactly first hm hmm home huh last
leaving leg mean meant much no now oh out outbound part remind return second so sorry tell that's then there they
thing third wait way when whole wonder wondering
"""
_AROUND = EMPTY_WORDS | frozenset(_WORDS.split())
_WORD = re.compile(r"[^\W_][\w'-]*")


_OF_IT = rf"(?: (?:{_IT}|(?:my|the|this|that) (?:booking|reservation|tickets?)))?"
_WOULD = r"(?:would|will|do|does|could|can|is|are|was)"
_IF_CANCELLED = (
    rf"(?: (?:if|when) (?:i|we) (?:do )?(?:cancel(?:l?ed)?|dropped|drop){_OF_IT}| (?:for|by) cancell?ing{_OF_IT})?"
)
_CHANGES = r"(?:chang(?:e|ing)|mov(?:e|ing)|switch(?:ing)?|rebook(?:ing)?)"
_QUOTED: Mapping[str, Wording] = {
    "refund": Wording(
        rf"\b(?:(?:how much|what)(?: money)? {_WOULD} (?:i|we) (?:get|be getting|getting) (?:back|refunded)|"
        rf"(?:how much|what) {_WOULD} (?:the|my|our) refund(?: be)?|what's (?:the|my|our) refund|"
        rf"(?<!when )(?<!soon )(?<!how ){_WOULD} (?:i|we) get "
        rf"(?:anything|(?:any |my |our |the )?money|any of it|(?:a|any) refund)(?: back)?)"
        rf"{_IF_CANCELLED}\b",
    ),
    "change_fee": Wording(
        rf"\b(?:(?:how much|what) {_WOULD} (?:it|that)(?: be)?(?: cost)?(?: me| us)? (?:to {_CHANGES}|"
        rf"if (?:i|we) (?:changed?|moved?)){_OF_IT}|(?:how much|what) {_WOULD} (?:a change|{_CHANGES}{_OF_IT})"
        rf"(?: be| cost)*|what(?:'s| is| would be) (?:the|my) (?:change fee|(?:fee|charge|cost) (?:for|to|of) "
        rf"{_CHANGES}{_OF_IT}))\b",
    ),
    "hold": Wording(
        r"\b(?:(?:can|could|would|will) (?:you|i|we)|(?:is it|would it be) possible to|are you able to)"
        r"(?: please| also)? (?:(?:hold|keep|save|block|freeze)|(?:put|set)(?= (?:\w+ ){1,2}(?:on hold|aside))) "
        r"(?:it|that|this|them|those|"
        r"(?:the|that|this|these|those|my|our) (?:seats?|flights?|fares?|price|trip|offer|one))"
        r"(?: on hold| aside| open)?(?: (?:for (?:me|us)|a (?:bit|while|moment longer)|please))*"
        r"(?: (?:for|until|till) [\w' ]{1,24}|(?= while))?",
    ),
}
"""What a cancellation would give back, what a change would cost, and whether an offer can wait."""


@lru_cache(maxsize=64)
def quotes_asked(text: str) -> tuple[str, ...]:
    """Give what a turn asks about the terms of a booking, in no order; nothing if it holds anything else.

    Returns:
        ``refund``, ``change_fee`` and ``hold``.
    """
    said, found = text.replace("’", "'"), list[str]()
    for name, pattern in _QUOTED.items():
        said, count = pattern.subn(" ", said)
        found += [name] if count else []
    return () if any(word not in _AROUND for word in _WORD.findall(said.casefold())) else tuple(found)


@lru_cache(maxsize=64)
def inquiries(text: str) -> tuple[str, ...]:
    """Give what a turn asks about flights that are known, in no order; nothing if it holds anything else.

    Returns:
        ``arrives``, ``departs``, ``day``, ``layover``, ``stops``, ``duration``, ``airport``, ``price``, ``number``,
        ``leg``, ``local`` and ``code``.
    """
    said = text.replace("’", "'")
    if not any(pattern.search(said) for pattern in _ASKED.values()):
        return ()
    for place in reversed(find_places(said)):
        said = said[: place.start] + said[place.end :]
    found: list[str] = []
    for name, pattern in _ASKED.items():
        said, count = pattern.subn(" ", said)
        found += [name] if count else []
    if any(word not in _AROUND for word in _WORD.findall(said.casefold())):
        return ()
    if any(topic.search(said) for topic in TOPICS.values()):
        return ()
    return tuple(found)


def leg_asked(text: str, legs: int) -> int | None:
    """Give the index of the leg that a question is about, of so many; None if it may be all of them."""
    nth = nth_leg(text, legs)
    if nth is not None:
        return nth
    if _BACK.search(text):
        return legs - 1
    return 0 if _OUT.search(text) else None


def nth_leg(text: str, legs: int) -> int | None:
    """Give the index of the leg that is named by its number, of so many; None if there is no such leg."""
    match = _NTH.search(text)
    if match is None:
        return None
    said = match["n"].casefold()
    index = legs - 1 if said in ("last", "final") else (ordinal(said) or 0) - 1
    return index if 0 <= index < legs else None
