"""The yes or no in the midst of a longer answer: "Helsinki's two hours by bus, no. Turku on Sunday, then."."""

from __future__ import annotations

import re

from voice.booking.talk.answers import answer_of, declines
from voice.booking.text.wording import Wording
from voice.booking.wishes import cues

_PIECE = Wording(r"[^,.;:!?…–—]+[,.;:!?…–—]*")
_LEADS = Wording(r"\W*(?:(?:and|but|so|well|then|oh|ah|erm?|um|uh|hm+|because|just)\b\W*)+")
_AS_TOLD = Wording(r"^let['’]s say\s+|\s+(?:by|with) (?:me|us)$")
_ASKS = Wording(
    r"\b(?:is|are|isn't|aren't|do|does|don't|can|can't|could|would|have|haven't|what|how|which|when|where|any|if|"
    r"unless|whether)\b",
)
_REFUSES = Wording(
    r"\b(?:too (?:early|late|long|expensive|dear|much|pricey|steep|tight)|(?:more|longer|later|earlier) than i|"
    r"not (?:with|for|at|that|on)\b|no good|a bit (?:rich|much|steep|dear|early|late)|over (?:my|our) budget|"
    r"(?:don't|do not|can't|cannot|won't) (?:want|do|make|manage|afford|like|use)\b|never mind\b)",
)
"""What is wrong with what was proposed."""


_CONDITION = Wording(r"\b(?:if(?! (?:you|possible))|unless|provided|as long as|on condition)\b")


def verdict(text: str) -> str:
    """Give ``yes`` or ``no`` where one of the pieces of a turn is nothing but that, ``""`` where none or both are.

    A word that only takes note ("okay, and what about Tuesday?") is no yes.
    """
    found: set[str] = set()
    for match in _PIECE.finditer(text):
        piece = match.group()
        said = piece.rstrip(" ,.;:!…–—")
        if said.endswith("?") or said.strip().casefold() == "please":
            continue
        lead = _LEADS.match(said)
        said = said[lead.end() :] if lead else said
        answer, sure = answer_of(_AS_TOLD.sub("", said))
        if answer and sure and not (answer == "yes" and cues.WEAK_YES.fullmatch(said)):
            found.add(answer)
    if "yes" in found and _CONDITION.search(text):
        return ""
    return found.pop() if len(found) == 1 else ""


def refuses(text: str) -> bool:
    """Whether the first sentence says what is wrong with a proposal, and asks nothing: "Too early for me."."""
    first = re.match(r"[^.?!]*(?P<stop>[.?!]|$)", text.replace("’", "'"))
    if first is None or first["stop"] == "?" or _ASKS.match(first.group().lstrip()):
        return False
    return bool(_REFUSES.search(first.group())) and declines(first.group())
