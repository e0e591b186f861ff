"""Whether a place is where a flight starts or where it ends, from the words around it."""

from __future__ import annotations

import re

from voice.booking.spans import Span

_FROM = re.compile(
    r"\b(?:from|out of|(?:leav|depart)(?:e|ing|s)?(?: from)?|start(?:ing|s)?(?: (?:in|from|at))?|i(?:'m|"
    r" am) (?:\w+ )?in|we(?:'re| are)"
    r" (?:\w+ )?in|liv(?:e|ing) in|based in|here in|origin(?:ating)?(?: is| in)?|"
    r"between)\s+(?:either\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
_TO = re.compile(
    r"\b(?:to|into|in|for|visit(?:ing)?|reach(?:ing)?|towards?|at|onto|see|do|"
    r"destination(?: is)?)\s+(?:either\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
_VIA = re.compile(
    r"\b(?:via|through|connect(?:ing|s)? (?:in|at|through)|stop(?:ping|over)? (?:in|at|over in)|layover in|"
    r"change (?:in|at))\s+$",
    re.IGNORECASE,
)
_BY_LAND = re.compile(
    r"\b(?:driv(?:e|ing)|drove|train|bus|rent(?:ing)? a car|ferry|road trip)\b[^,.;]{0,25}\b(?:to|into)\s+$",
    re.IGNORECASE,
)
_TO_AFTER = re.compile(r"\s*(?:,?\s*back|,?\s*over|,?\s*on|,?\s*down|,?\s*up|,?\s*out)?\s+(?:to|into)\s", re.IGNORECASE)
_FOR = re.compile(r"\b(?:for|do|see|in|at)\s+$", re.IGNORECASE)
_LEAVES_FOR = re.compile(r"\b(?:leav|depart)\w*\s+for\s+$", re.IGNORECASE)


def role_of(text: str, span: Span) -> str:
    """Give ``from``, ``to``, ``via``, ``land`` for a place reached without flying, or ``""`` where nothing tells."""
    if span.kind != "place":
        return ""
    before = text[max(0, span.start - 40) : span.start]
    if _BY_LAND.search(before):
        return "land"
    if _VIA.search(before):
        return "via"
    if _LEAVES_FOR.search(before):
        return "to"
    if _FROM.search(before):
        return "from"
    if _FOR.search(before) and _TO_AFTER.match(text, span.end):
        return "from"
    if _TO.search(before):
        return "to"
    return "from" if _TO_AFTER.match(text, span.end) else ""
