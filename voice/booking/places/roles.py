"""Whether a place is where a flight starts or where it ends, from the words around it."""

from __future__ import annotations

import re
from functools import lru_cache

from voice.booking.text.spans import Span
from voice.booking.text.wording import Wording

_FROM = Wording(
    r"\b(?:from,?|out of,?|away from|off from|"
    r"(?:leav|depart|start|begin|tak)(?:e|ing|s)?(?: off| out)?(?: from| in| at| near)?|"
    r"(?:departure|origin|(?:my|our|the) start|start(?:ing)? (?:point|city|airport)|"
    r"home(?: town| city| airport| base)?|"
    r"where (?:i|we) (?:start|leave|live))(?:(?: (?:is|would be|city|airport|from|in|at|will be)|['’]s))*:?|"
    r"(?:i|we)(?:'m| am|'re| are|'ll be|"
    r" will be)(?: "
    r"(?!(?:to|going|flying|trying|meeting|getting|heading|headed|arriving|landing|visiting|seeing|needed|expected|"
    r"due|wanted|interested|looking|planning|hoping)\b)[\w'’]+){0,5}? "
    r"(?:in|at|near)|"
    r"liv(?:e|ing)(?: \w+)? (?:in|near)|"
    r"(?:based|located|staying|here|sitting|currently|originating)(?: is)?,? (?:in|at|near|from)|"
    r"(?:pick(?:ing|s)?|collect(?:ing|s)?)(?: (?:me|us|him|her|them))?(?: up)? (?:in|at|from)|"
    r"between)\s+(?:either\s+)?(?:the\s+)?$",
)
_TO = Wording(
    r"\b(?:to|into|in|for|visit(?:ing)?|reach(?:ing)?|towards?|at|onto|see|do|till?|until|up to|as far as|"
    r"direction(?: of)?|over to|"
    r"(?:destination|arrival|goal|arriv(?:e|es|ing)|land(?:s|ing)?|"
    r"end(?:ing)? up)(?:(?: (?:is|would be|city|airport|in|at|will be)|['’]s))*:?)\s+(?:either\s+)?(?:the\s+)?$",
)
_VIA = Wording(
    r"\b(?:via|through|connect(?:ing|s)? (?:in|at|through)|stop(?:ping|over)? (?:in|at|over in)|layover in|"
    r"chang(?:e|ing) (?:planes? )?(?:in|at)|transfer(?:ring)? (?:in|at))\s+$",
)
_GATE = Wording(
    r"\b(?:(?P<in>in|into|arriv\w+|enter\w*|land\w*)|out|leav\w+|depart\w*|home|back) (?:through|via|by way of)\s+$",
)
"""Where one comes in and goes out, and no stop on the way: "in through Shannon"."""
_LAND = (
    r"(?:driv(?:e|es|ing|en)|drove|trains?|bus|(?<!fly )(?<!flying )(?<!flies )(?<!in )coach|rail|rent(?:ing)? a car|"
    r"hir(?:e|ing) a car|hired? car|car hire|by car|ferry|ships?|boat|cruise|sail(?:ing)?|road trip|taxi|walk(?:ing)?|"
    r"cycl(?:e|ing)|bike|overland|on foot|motorbike)"
)
_BY_LAND = Wording(rf"\b{_LAND}\b[^,.;]{{0,35}}\b(?:to|into|from|in)\s+$")
_LAND_PAIR = Wording(rf"\b{_LAND}\b[^,.;]*\bfrom\b[^,.;]*\bto\s+$")
_LAND_AFTER = Wording(rf"(?:\s+to [A-Z][\w' ]+)?\s+(?:by|on|via) (?:the |a )?(?:{_LAND})\b")
_TO_AFTER = Wording(
    r"\s*(?:,?\s*back|,?\s*home|,?\s*over|,?\s*on|,?\s*down|,?\s*up|,?\s*out)?\s+(?:to|into|towards?|direction)\s|"
    r"\s+(?:straight|direct|nonstop|all the way)(?: through)? to\s|"
    r"\s+(?:has|have|had|doesn't have|hasn't(?: got)?)\s+(?:nothing|anything|something|no \w+|flights?)\s+to\s|"
    r"\s+(?:(?:straight |then )?(?:back|home)\b(?! to))|"
    r"\s+(?:until|till|til|up to|for|over to)\s+(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|"
    r"April|May |June|July|August|September|October|November|December|Christmas|Easter|Thanksgiving|"
    r"New Year)(?=(?-i:[A-Z]))",
)
_IS_TO = Wording(
    r"(?:,?\s+(?:is|as|would be|will be|being)|['’]s)\s+(?:my|our|the|a)?\s*(?:final )?(?:destination|goal|"
    r"where (?:i|we)(?:'m| am|'re| are| want| need)? (?:to )?(?:go|head))",
)
_IS_FROM = Wording(
    r"(?:,?\s+(?:is|as|would be|will be|being)|['’]s)\s+(?:my|our|the|a)?\s*(?:start\w*|origin|departure|home|"
    r"where (?:i|we)(?:'m| am|'re| are|'d(?: be)?|'ll(?: be)?| would(?: be)?| will(?: be)?| want to)? "
    r"(?:start|leav|depart|live|based|from))|"
    r"\s+(?:departure|departing)\b",
)
_MOST_BEFORE = 60
"""Characters before a place that may tell its part."""
_FOR = Wording(r"\b(?:for|do|see|in|at)\s+$")
_LEAVES_FOR = Wording(r"\b(?:leav|depart|head|start|set)\w*(?:\s+\w+)?\s+(?:for|to)\s+$")


def _lands(match: re.Match[str] | None) -> bool:
    """Whether a vehicle is meant, and not a part of a name: "from Column Bus to Nashville"."""
    return match is not None and (match.group()[0].islower() or match.start() == 0)


_FLIES = Wording(r"\b(?:fl(?:y|ying|ight)|plane)\b")
_LAND_WORD = Wording(rf"\b{_LAND}\b")
_BY_LAND_NEXT = Wording(
    rf"(?: (?:are|is|am|will|would|be|then|'re|'ll|'m))*\s+(?:tak(?:e|ing) (?:a|the) )?{_LAND}\b",
)
_BY_OTHERS = Wording(
    r"\b(?:myself|ourselves|own (?:way|steam)|no need for|don't need|do not need|not need|not coming|without|no|"
    r"sort(?:ed)? out|taken care of|covered|already (?:have|got|booked))\b",
)


def goes_by_land(text: str, start: int) -> bool:
    """Whether the words from ``start`` on are a verb of going without a plane: "… are driving up the coast"."""
    return bool(_BY_LAND_NEXT.match(text, start))


def unflown(text: str, start: int, end: int) -> bool:
    """Whether a way back at ``start`` is no flight to find: "I'm driving back", "I'll sort out the way home myself"."""
    first = max((text.rfind(mark, 0, start) for mark in ".,;?!"), default=-1) + 1
    last = min((at for mark in ".,;?!" if (at := text.find(mark, end)) >= 0), default=len(text))
    lead, clause = text[first:start], text[first:last]
    if _FLIES.search(clause):
        return False
    return bool(_LAND_WORD.search(lead[-30:]) or _LAND_AFTER.match(text, end) or _BY_OTHERS.search(clause))


def role_of(text: str, span: Span) -> str:
    """Give the part that a place plays in its clause.

    Returns:
        ``from``, ``to``, ``via`` for a stop on the way, ``land`` for a place reached without flying, or ``""`` where
        nothing tells.
    """
    return _role_at(text, span.start, span.end) if span.kind == "place" else ""


@lru_cache(maxsize=256)
def _role_at(text: str, start: int, end: int) -> str:
    before = (text, max(0, start - _MOST_BEFORE), start)
    if _lands(_BY_LAND.search(*before)) or _LAND_PAIR.search(*before) or _LAND_AFTER.match(text, end):
        return "land"
    if gate := _GATE.search(*before):
        return "to" if gate["in"] else "from"
    if _VIA.search(*before):
        return "via"
    if _IS_TO.match(text, end):
        return "to"
    if _IS_FROM.match(text, end):
        return "from"
    if _LEAVES_FOR.search(*before):
        return "to"
    if _FROM.search(*before):
        return "from"
    if _FOR.search(*before) and _TO_AFTER.match(text, end):
        return "from"
    if _TO.search(*before):
        return "to"
    return "from" if _TO_AFTER.match(text, end) else ""
