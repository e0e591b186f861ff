"""Trips told from their end: "I come back from Rome on the 9th, and I go there on the 2nd" is read forwards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from voice.booking.text.spans import Span
from voice.booking.text.wording import Wording

_VALUES = ("place", "date", "time")
_BACK = Wording(
    r"\b(?:(?:com(?:e|es|ing)|fl(?:y|ies|ying)|get(?:s|ting)?|head(?:s|ing)?|be|is|are|'s|'re|travel(?:ing)?) (?:back|"
    r"home)|"
    r"return(?:s|ing)?|(?:flight|way|trip|leg|journey|ticket) (?:back|home)|inbound)\b(?! to\b)|"
    r"^\W*back\b",
)
_OUT = Wording(
    r"[.,;]\s+(?:(?:and|but|so|while|whereas|with|just|only)\s+)*(?=(?:(?-i:I)|we|he|she|they|both of us|all of us|"
    r"(?:my|our) \w+|(?:i|we)(?:'m|'d|'ll|'re))?(?:'m|'d|'ll|'re| am| are| would| will| want to| need to| like to|"
    r" have to| both|"
    r" all)*\s*(?:(?:go(?:es|ing)?|fl(?:y|ies|ying)|head(?:s|ing)?|travel(?:ing)?|get(?:ting)?) "
    r"(?:there|out|over|down|up)\b|"
    r"(?:leav|depart)(?:e|es|ing|s)?\b|the (?:outbound|flight (?:there|out)|way (?:there|out)|outward)|outbound|out\b|"
    r"there\b))",
)


def told_forwards(text: str, spans: Sequence[Span]) -> tuple[str, tuple[Span, ...], int]:
    """Put the way back behind the way out where it was told first.

    Returns:
        The text and its spans in the order flown, and where the way back begins; as they were, and 0, where nothing
        is to be moved.
    """
    back = _BACK.search(text)
    out = _OUT.search(text, back.end()) if back else None
    if back is None or out is None:
        return text, tuple(spans), 0
    first = [span for span in spans if span.end <= out.start() and span.kind in _VALUES]
    rest = [span for span in spans if span.start >= out.end() and span.kind in _VALUES]
    early = [span for span in first if span.end <= back.start()]
    if early or not any(span.kind == "date" for span in first) or not any(span.kind == "date" for span in rest):
        return text, tuple(spans), 0
    cut = out.end()
    lead = text[:cut].rstrip(" ,.;")
    lead = re.sub(r"[\s,.;]+(?:and|but|so|while|whereas|with)$", "", lead, flags=re.IGNORECASE)
    tail = text[cut:].rstrip(" .!,;")
    shift = len(tail) + 2
    moved = [
        replace(span, start=span.start - cut, end=span.end - cut)
        if span.start >= cut
        else replace(span, start=span.start + shift, end=span.end + shift)
        for span in spans
    ]
    return f"{tail}. {lead}.", tuple(sorted(moved, key=lambda span: span.start)), len(tail)


def mirrored(legs: Sequence[dict[str, str]]) -> tuple[dict[str, str], ...]:
    """Let the way out of such a trip go where the way back starts, and the way back end where the way out starts."""
    if len(legs) != 2:
        return tuple(legs)
    out, back = (dict(leg) for leg in legs)
    if "from" not in out and "to" in back and "from" in back and out.get("to", back["to"]) == back["to"]:
        out |= {"from": back["to"], "to": back["from"]}
    elif "from" in back:
        out.setdefault("to", back["from"])
        if "from" in out and out["from"] != back["from"]:
            back.setdefault("to", out["from"])
    return tuple({key: leg[key] for key in ("from", "to", "date", "time", "who") if key in leg} for leg in (out, back))
