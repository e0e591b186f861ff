"""What callers settle on after weighing aloud: "The 30th, or the 31st? The 30th it is", "Friday. No, … Saturday."."""

from __future__ import annotations

import re
from itertools import pairwise

from voice.booking.places.roles import role_of
from voice.booking.spotting import spot
from voice.booking.text.numerals import UNITS
from voice.booking.text.spans import Span
from voice.booking.text.wording import Wording

_KINDS = ("date", "time", "place", "price", "count", "cabin")
_SETTLED = Wording(
    r"(?:,? (?:it is|it'll be|it shall be|it will be)(?=[.,;!]|$)|,? then(?=[.;!]|$)|, final(?: answer)?\b|"
    r" is (?:it|the one)(?=[.,;!]|$))(?:,? then\b)?[.,;!]?",
)
_GOING_WITH = Wording(
    r"(?:^|"
    r"[.,;?!]\s+)(?:(?:no|okay|ok|right|yes|yeah|so|alright|fine|you know what),? "
    r")*(?:(?:let's|let us|i'll|we'll|i will|we will) "
    r"(?:go (?:with|for)|stick (?:with|to)|stay with|say|do|take|settle (?:on|for))|"
    r"i'm going with|we're going with|make it|it's)\s+(?:for |on )?(?:the )?$",
)
_WAVERS = Wording(r"\bor\b|\?|\b(?:no|hmm+|maybe|perhaps|wait|actually)\b")
_MAY = Wording(
    r"\b(?:or|no|nope|hold on|hang on|wait|oh|sorry|actually|hmm+|maybe|perhaps)\b|\?[^?]*\b(?:it is|then|make it)\b|"
    r"\b(?P<word>\w+)[.,…–-]+\s+(?:\w+,? ){0,2}(?P=word)\b",
)
"""Whether it is worth looking."""
_NO_BECAUSE = Wording(
    r"[.,;!]\s+(?:oh |ah |wait,? )*(?:no|nope|hold on|hang on|wait|hmm)[,.!]\s+(?P<reason>[^?!.]{6,70})[.!]\s+$",
)
_AGAIN = Wording(r"[.,…–-]+\s+(?:(?:yes|yeah|yep),?\s+(?:on )?)?")
_ASKS = Wording(r"\b(?:i need|i want|i'd like|can you|could you|find|book|from|to)\b")
_NUMBER = "|".join([*list(UNITS)[1:13], r"\d{1,2}"])
_RECOUNT = Wording(
    r"(?: of us| people| adults| passengers| tickets| seats)?[\s,.;]*\b(?:no|oh|wait|sorry|hold on|hang on|actually|"
    r"oh wait|no wait)\b,?\s+(?P<reason>[^.?!\d]{6,60}?)[,.]\s+(?:so |that's |just |only |"
    rf"make it )*(?P<new>{_NUMBER})(?: of us| people)?(?=[,.]|$)",
)


def settled(text: str) -> str | None:
    """Put what is settled on in the place of all that was weighed; None if nothing is."""
    if not _MAY.search(text):
        return None
    spans = spot(text)
    return _said_twice(text, spans) or _settled_on(text, spans) or _no_because(text, spans) or _recounted(text, spans)


def _said_twice(text: str, spans: tuple[Span, ...]) -> str | None:
    """Leave out the first of two that are the same: "Saturday. Saturday from …"."""
    for first, again in pairwise(spans):
        same = (first.kind, first.text.casefold()) == (again.kind, again.text.casefold())
        if same and first.kind in ("date", "time", "price") and _AGAIN.fullmatch(text[first.end : again.start]):
            return text[: first.start] + text[again.start :]
    return None


def _settled_on(text: str, spans: tuple[Span, ...]) -> str | None:
    for index, new in enumerate(spans):
        behind = _SETTLED.match(text, new.end)
        if new.kind not in _KINDS or not (behind or _GOING_WITH.search(text, 0, new.start)):
            continue
        first = last = new
        for old in reversed([span for span in spans[:index] if span.kind == new.kind]):
            between = text[old.end : first.start]
            same = old.text.casefold() == new.text.casefold() and first is new
            if len(between) > 90 or not (same or _WAVERS.search(between)) or _other_way(text, old, new):
                break
            first, last = old, (old if last is new else last)
        if first.text.casefold() == new.text.casefold():
            continue
        end = behind.end() if behind else new.end
        tail = text[end - 1] if behind and text[end - 1] in ".,;!" else ""
        others = any(last.end <= span.start < new.start and span.kind not in (new.kind, "person") for span in spans)
        kept = text[last.end : _sentence(text, new.start)] if others else ""
        return f"{text[: first.start]}{new.text}{kept}{'' if kept else tail}{text[end:]}"
    return None


def _sentence(text: str, start: int) -> int:
    return max((match.end() for match in re.finditer(r"[.,;?!](?=\s)", text[:start])), default=start)


def _no_because(text: str, spans: tuple[Span, ...]) -> str | None:
    """Take what follows the reason against the one before: "Friday. No, my wife is shaking her head. Monday"."""
    for old, new in pairwise(span for span in spans if span.kind != "person"):
        if old.kind != new.kind or old.kind not in ("date", "time", "place") or _other_way(text, old, new):
            continue
        told = _NO_BECAUSE.match(text[old.end : new.start])
        if told and not _ASKS.search(told["reason"]):
            return text[: old.start] + new.text + text[new.end :]
    return None


def _recounted(text: str, spans: tuple[Span, ...]) -> str | None:
    """Count anew who flies, behind a reason: "Four of us, oh wait, Jenny's not coming, three"."""
    for old in spans:
        again = _RECOUNT.match(text, old.end) if (old.kind, old.name) == ("count", "passengers") else None
        if again and not re.search(r"\b(?:and|also|plus)\b", again["reason"]):
            return text[: old.start] + again["new"] + " of us" + text[again.end() :]
    return None


def _other_way(text: str, old: Span, new: Span) -> bool:
    """Whether two places play different parts."""
    roles = {role_of(text, old), role_of(text, new)} - {""}
    return len(roles) > 1
