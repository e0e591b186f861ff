"""What a caller would take otherwise: "if that's full, the 21st", "or else Tuesday", "Monday would also do"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from voice.booking.text.spans import Span
from voice.booking.text.wording import Wording
from voice.booking.wishes import cues

_FAILS = (
    r"(?:not|n't|no|none|nothing|never|without|full|fully|sold|booked|gone|taken|unavailable|impossible|expensive|dear|"
    r"pricey|costs?|only|bust|packed|no-go|closed|dead|wrong|more than|over|above|fails?|trouble|problem|difficult|"
    r"can't|cannot|late|early)"
)
_CONDITION = Wording(
    r"(?<!see )(?<!check )(?<!know )(?<!ask )(?<!out )(?<!look )(?<!wonder )(?<!wondering )\b(?:if|when|in case|"
    r"in the event|should(?= (?:that|it|this|these|those|there|the|any|nothing|you|\w+day)\b)|unless|supposing|"
    r"suppose|assuming|presuming|provided|where|as long as)\b",
)
_FAILING = Wording(rf"\b{_FAILS}\b|n['’]t\b")
_CONSEQUENCE = Wording(
    r",(?!\d)|\bthen\b|\b(?:try|do|take|book|use|fly|go|leave|check|give|put|i'll|we'll|make|could you|can you)\b",
)
_BARELY = Wording(r"\s(?=(?:the|on|to)\s)|$")
_OTHERWISE = Wording(
    r"\b(?:if not|were it not|if it (?:isn['’]t|is not|can['’]t be)|if (?:that|it|this) (?:fails|falls through)|"
    r"otherwise|or else|else|failing (?:that|this|which)|alternatively|"
    r"(?:as|for) "
    r"(?:an? |my |the |our )?(?:backup|back-up|fallback|alternative|second (?:choice|option)|plan b|reserve)|"
    r"(?:my |our |the )?(?:second (?:choice|option)|plan b|backup|fallback|alternative)(?: (?:is|would be))?|"
    r"(?:in the |at )?worst(?: case)?|at a pinch|if need(?:s)? be|if necessary|if (?:it|that) has to be|"
    r"at a push)\b,?|"
    r"\b(?:no (?:seats?|luck|joy|good|room|availability|flights?)|nothing(?: (?:there|available|doing|going))?|"
    r"sold out|full|fully booked|not available|not possible|unavailable)(?: (?:then|that day))?\s*\?",
)
_LINKS = Wording(
    r"[\s,;:]*(?:(?:then|also|maybe|please|just|i|we|you|could|can|would|will|i'd|we'd|i'll|we'll|be|is|it's|try|do|"
    r"take|go|look|at|check|use|fly|leave|have|prefer|want|like|book|on|to|from|in|the|for|ok|okay|fine|with|and|or|"
    r"that|me|put|give|get|see|what about|rather|one|via|through|by way of|have a|even|well)\b[\s,]*)*",
)
_ALSO_FINE = Wording(
    r"(?:['’]s\s+|"
    r"\s+(?:(?:would|will|could|might|is|are|works?|suits?|does?)\b[\s,]*)+)(?:(?:also|too|just|as well|perfectly|"
    r"still|be|do|work|suit|me|us|for)\b[\s,]*)*(?:fine|"
    r"ok|okay|good|possible|alright|all right|acceptable|great|too|also|as well|do|work|suit|me|otherwise|enough)\b",
)
_AFTER_ALL = Wording(
    r",?\s+(?:if not|otherwise|failing that|as (?:a |my |the |our )?(?:back-?up|fallback|second choice|plan b)|"
    r"at a (?:pinch|push)|if (?:you|we|i|that|it) (?:can['’]t|cannot|don['’]t|won['’]t|fails?|doesn['’]t)|"
    r"if (?:i|we) (?:have|need) to|if need be|if necessary)\b",
)
_OR = Wording(r",?\s+or\s+(?:maybe |even |else |alternatively |rather |on |to |from |in |at |the |leaving |for )*")
_OR_BEFORE = Wording(rf"{_OR.pattern}$")
_STOP = Wording(
    r"\b(?:one stop|a (?:stop|layover|connection|stopover)|(?:with )?(?:one|a) (?:connection|change|layover)|"
    r"connecting|stops)\b",
)
_TOLERATES = Wording(
    r"\b(?:put up with|accept|live with|manage|settle for|tolerate|cope with|okay with|ok with|fine with|happy with|"
    r"take|do)\s+(?:just )?$",
)
_BY_WAY = Wording(r"\b(?:via|through|by way of)\s+$")
_REFUSES = Wording(r"(?:n['’]t|\bnot|cannot|never)\s+(?:\w+\s+){1,3}$")
_MOST_CHARS = 40
_KINDS = ("place", "date", "time", "cabin")
_IF = Wording(r",?\s+(?:only )?(?:if|when|in case|should)\b")


def split_fallback(text: str, spans: Sequence[Span]) -> tuple[str, tuple[Span, ...]]:
    """Take what to try otherwise out of the spans.

    Returns:
        Its words as said, ``""`` if there are none, and the spans that are left: those of the condition go too, but
        for a price, which is a limit.
    """
    conditions = [(match.start(), _end_of(text, match)) for match in _CONDITION.finditer(text)]
    otherwise = [match.span() for match in _OTHERWISE.finditer(text)]
    for start, end in (*((start, end) for start, end in conditions if end), *otherwise):
        before = [span for span in spans if span.end <= start]
        after = [span for span in spans if span.start >= end - 1 and span.kind in _KINDS]
        spoken = [span for span in spans if start <= span.start and span.end <= end]
        inside = [span for span in spoken if span.kind != "price"]
        kind = after[0].kind if after else ""
        named = any(span.kind == kind for span in inside) and all(span.kind != kind for span in before)
        if not before and not named:
            continue
        inside = [] if named else inside  # "If Monday is full, Tuesday": the condition names the first choice
        if after and _leads_to(text[end : after[0].start], kind, before):
            return _with_next(text, after[0], [span for span in spans if span not in inside])
        stop = _STOP.search(text, end)
        if stop and not re.search(r"[.?!]", text[end : stop.start()]):
            return stop.group(), tuple(span for span in spans if span not in inside)
    for stop in _STOP.finditer(text):
        spare = (
            _ALSO_FINE.match(text, stop.end())
            or _IF.match(text, stop.end())
            or (_TOLERATES.search(text, 0, stop.start()) and not _REFUSES.search(text, 0, stop.start()))
        )
        if spare and cues.NONSTOP.search(_STOP.sub(" ", text)):
            return stop.group(), tuple(spans)
    for index, span in enumerate(spans):
        same = [
            other
            for other in spans[:index]
            if other.kind == span.kind and other.text.casefold() != span.text.casefold()
        ]
        if span.kind not in _KINDS or not same:
            continue
        if _ALSO_FINE.match(text, span.end) or _AFTER_ALL.match(text, span.end):
            said = {(other.kind, other.text.casefold()) for other in spans[:index]}
            left = [s for s in spans if s.start <= span.start or (s.kind, s.text.casefold()) not in said]
            return _with_next(text, span, left)
        beside = same[-1] is spans[index - 1]
        told = _OR_BEFORE.search(text, 0, span.start) is not None
        if (
            told
            and span.kind in ("place", "date", "time")
            and beside
            and _OR.fullmatch(text[same[-1].end : span.start])
        ):
            return _with_next(text, span, spans)
        if told and _IF.match(text, span.end):
            kept, rest = _with_next(text, span, spans)
            return kept, tuple(other for other in rest if other.start < span.start or other.kind == "price")
    return "", tuple(spans)


def _leads_to(gap: str, kind: str, before: Sequence[Span]) -> bool:
    """Whether words lead from a condition to what is done then; any few do where it replaces a value said before."""
    if _LINKS.fullmatch(gap):
        return True
    replaces = any(span.kind == kind for span in before)
    return replaces and len(gap) <= _MOST_CHARS and not re.search(r"[.?!;]|\b(?:and|also)\b", gap)


def _end_of(text: str, condition: re.Match[str]) -> int:
    """Give where a condition that something fails ends, and what to do then begins; 0 where nothing fails in it."""
    stop = re.compile(r"[.?!;](?!\d)").search(text, condition.end())
    last = stop.start() if stop else len(text)
    failing = _FAILING.search(text, condition.end(), last)
    if failing is None:
        return 0
    end = _CONSEQUENCE.search(text, failing.end(), last)
    if end is None:
        end = next((barely for barely in _BARELY.finditer(text, failing.end(), last)), None)
    return end.end() if end else last


def _with_next(text: str, chosen: Span, spans: Sequence[Span]) -> tuple[str, tuple[Span, ...]]:
    """Give what to try otherwise, with the time right behind its date ("Saturday morning"), and the other spans."""
    used = [chosen]
    for first, second in pairwise(spans):
        close = {first.kind, second.kind} == {"date", "time"} and 0 <= second.start - first.end <= 4
        if first is used[-1] and close:
            used.append(second)
    via = _BY_WAY.search(text, 0, chosen.start) if chosen.kind == "place" else None
    return text[via.start() if via else chosen.start : used[-1].end], tuple(span for span in spans if span not in used)
