"""Corrections told as a story: "… on the 5th. Oh wait, the dentist's on the 5th. The 6th then"."""

from __future__ import annotations

import re

from voice.booking.corrections.cues import INVERTS, IS_STRONG, cues_in
from voice.booking.spotting import spot
from voice.booking.text.spans import Span
from voice.booking.text.wording import Wording

_MOST_CHARS = 110
"""Between the words that take something back and what is said instead."""
_SETTLES = Wording(r",?\s*(?:then|instead|please|rather|it is|it['’]ll have to be|itself)\b")
_LEADS = Wording(
    r"\b(?:(?:i|we)(?:['’]d| had) (?:better|best|sooner) (?:\w+ )?|make it |so |let['’]s (?:say |do |make it )|"
    r"it['’]ll (?:have to )?be |better |try )(?:on |for |at )?(?:the )?$",
)
_ASKS = Wording(
    r"\b(?:can|could|find|book|need|also|back|home|inbound|com(?:e|ing)|arriv\w*|land\w*|return\w*|i want|"
    r"i['’]d like)\b"
)


def reconsidered(text: str) -> str | None:
    """Put a day or a time that a caller comes to by a story in the place of the one before; None if there is none."""
    spans = spot(text)
    for cue in cues_in(text):
        if not IS_STRONG.search(cue["cue"]) or INVERTS.search(cue["cue"]):
            continue
        before = [span for span in spans if span.end <= cue.start() + 1]
        after = [span for span in spans if span.start >= cue.end("cue")]
        for new in after:
            olds = [span for span in before if span.kind == new.kind]
            if new.kind not in ("date", "time") or not olds or _key(new) == _key(olds[-1]):
                continue
            told = text[cue.end("cue") : new.start]
            again = any(_key(span) == _key(olds[-1]) for span in after)
            settles = _SETTLES.match(text, new.end) or _LEADS.search(text, 0, new.start)
            if len(told) <= _MOST_CHARS and (again or settles) and _reasons(told, after, new):
                return text[: olds[-1].start] + new.text + text[olds[-1].end : cue.start()] + _rest(text, new, after)
            break
    return None


def _reasons(told: str, after: list[Span], new: Span) -> bool:
    """Whether what stands between is a reason: words of its own, no request and no place to fly to."""
    between = [span for span in after if span.start < new.start]
    return (
        len(re.findall(r"\w+", told)) >= 3
        and not _ASKS.search(told)
        and not any(span.kind in ("place", "code") for span in between)
    )


def _rest(text: str, new: Span, after: list[Span]) -> str:
    """Give what follows the new value, without a last sentence that only says the old one again."""
    rest = _SETTLES.sub("", text[new.end :], count=1) if _SETTLES.match(text, new.end) else text[new.end :]
    again = re.search(r"[,.;]\s+the (?:\d{1,2}(?:st|nd|rd|th)|\w+day) is [^.,;?!]+[.!]?$", rest)
    return rest[: again.start()] + "." if again else rest


def _key(span: Span) -> str:
    return re.sub(r"^(?:on|at|the|this|next)\s+", "", span.text.casefold())
