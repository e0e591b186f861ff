"""Corrections that say why: "Oh, Thursday I'm at the dentist. Friday then", "Wait, that one is my wife's. It's …"."""

from __future__ import annotations

import re
from itertools import pairwise

from voice.booking.corrections.cues import INVERTS, IS_STRONG, cues_in
from voice.booking.spotting import spot
from voice.booking.text.numerals import UNITS
from voice.booking.text.spans import Span
from voice.booking.text.wording import Wording

_MOST_CHARS = 80
_KINDS = ("date", "time", "place", "code")
_NO = Wording(r"\bno\s*[,.!]")
_ONE_MORE = Wording(r"\b(?:and|also|too|as well|then|plus|another)\b")
_REASON = Wording(r"(?!\s*(?:to|from|and|on|at|in)\b)[^\w]*\w[\w'’]*\W+\w")
_TOLD = Wording(r"\b(?:i|we) (?:said|told you|gave you|asked for|put)\s+(?:(?:it's|it was|for|to|from|on)\s+)*$")
_BUT_IT_IS = Wording(r",?\s*but\b[^.?!]{0,50}\b(?:it's|it is|meant?|should|it was|that's|to|for)\s+(?:\w+\s+)?$")
_FAILS = Wording(r"(?: \w+)?(?: (?:is|are|was|'s))?[^.?!,]{0,25}?(?:n't|\bnot|\bno good|\bfull|\bout|\btoo|\bno)\b")
_ONE_WAY = Wording(
    r"[\s,.;]*\b(?:(?:oh|no|wait|sorry|actually|you know what|hang on),? )*(?:let's |can we |please )?(?:make|move|"
    r"change|have) (?:the |my |"
    r"our )?(?:(?P<back>return(?: flight| leg| trip)?|(?:way|trip|flight|journey|leg) (?:back|home)|inbound|last leg)|"
    r"(?P<out>outbound|way out|first (?:leg|flight)|departure|flight out)) (?:be |to (?:be )?)?(?:on |for )?(?:the )?$",
)
_NUMBER = "|".join([*list(UNITS)[1:13], r"\d{1,2}"])
_DID_I_SAY = Wording(
    r"[\s,.;]*\b(?:(?:oh|sorry|wait|hang on),? )*(?:did i say|i said|have i said)(?: it's| we're|"
    r" "
    rf"for)? (?P<old>{_NUMBER})\b[?.,!\s]+(?:(?:i meant?|make (?:it|that)|no|sorry|it's|we're|actually|that's|"
    rf"should be)[\s,]+)*(?P<new>{_NUMBER})\b",
)


def excused(text: str) -> str | None:
    """Put what is said behind a reason in the place of what the reason is against; None if nothing is.

    The reason names the old value again; a booking's code need not be.
    """
    return (
        _recounted(text)
        or _one_way(text)
        or _told_but(text)
        or next((made for cue in cues_in(text) if (made := _behind(text, cue, spot(text))) is not None), None)
    )


def _told_but(text: str) -> str | None:
    """Leave out what was said before and is taken back: "I told you Austin but it's Houston"."""
    for old, new in pairwise(span for span in spot(text) if span.kind != "person"):
        told = _TOLD.search(text, 0, old.start)
        if told and old.kind == new.kind and _BUT_IT_IS.match(text[old.end : new.start]):
            return text[: told.start()] + text[new.start :]
    return None


def _one_way(text: str) -> str | None:
    """Give one of two flights another day: "… back on the 10th. Oh, make the return the 12th"."""
    spans = spot(text)
    for new in spans:
        way = _ONE_WAY.search(text, 0, new.start) if new.kind == "date" else None
        olds = [span for span in spans if span.kind == "date" and way is not None and span.end <= way.start()]
        if way is None or len(olds) < 2 or any(span.kind == "code" for span in spans):
            continue
        old = olds[-1] if way["back"] else olds[0]
        return text[: old.start] + new.text + text[old.end : way.start()] + text[new.end :]
    return None


def _behind(text: str, cue: re.Match[str], spans: tuple[Span, ...]) -> str | None:
    strong = bool(IS_STRONG.search(cue["cue"]))
    before = [span for span in spans if span.end <= cue.start() + 1]
    after = [span for span in spans if span.start >= cue.end("cue") and span.kind in _KINDS]
    if not after or INVERTS.search(cue["cue"]) or not (strong or _NO.search(text[cue.start() : cue.end()])):
        return None
    first = after[0]
    if first.kind == "code":
        olds, new = [span for span in before if span.kind == "code"], first
    elif (strong or _FAILS.match(text, first.end)) and text[cue.end("cue") : first.start].strip(" ,.-") == "":
        olds = [s for s in before if s.kind == first.kind and _key(s) == _key(first)]
        new = next((span for span in after[1:] if span.kind == first.kind), None)
        if new is not None and new is not after[1]:
            return None
    else:
        return None
    if not olds or new is None or _key(new) == _key(olds[-1]):
        return None
    start = cue.end() if first is new else first.end
    reason = text[start : new.start]
    if len(reason) > _MOST_CHARS or _ONE_MORE.search(reason) or not _REASON.match(reason):
        return None
    old = olds[-1]
    return text[: old.start] + new.text + text[old.end : cue.start()] + text[new.end :]


def _key(span: Span) -> str:
    return re.sub(r"^(?:on|the|this|next)\s+", "", span.text.casefold())


def _recounted(text: str) -> str | None:
    """Put a number right that is asked about: "two tickets … Sorry, did I say two? Three"."""
    again = _DID_I_SAY.search(text)
    if again is None:
        return None
    old = [match for match in re.finditer(rf"\b{re.escape(again['old'])}\b", text[: again.start()], re.IGNORECASE)]
    if not old or again["old"].casefold() == again["new"].casefold():
        return None
    last = old[-1]
    return text[: last.start()] + again["new"] + text[last.end() : again.start()] + text[again.end() :]
