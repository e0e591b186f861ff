"""Whether a turn holds any word of substance that a reading does not account for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from voice.booking.spans import Span

_EMPTY_WORDS = frozenset(
    """
    a about actually again ahead all alright am an and any anything are as at available be because been book booking by call can check
    code come coming confirmation could day depart departing details do does email find fine fly flying flight flights for from
    get getting give go going good got great had have heading help hello hey hi i i'd i'll i'm i've if in is it it'd it'll it's just kind
    know leave leaving let like locator look looking make maybe me more my myself name need needs no number of okay ok on one
    one-way option options or our out over people person passengers passenger please possible pull purchase put reference
    reservation right seat seats see should show so some someone something sorry sure take taking tell thank thanks that
    that's the there there's these they this ticket tickets to today travel traveling travelling trip trying up us uh um ma'am sir
    want was way we we'd we'll we're we've well what what's when where which will with would yeah yes yep you your you've
    best be book reserve search record file under under's price max maximum most less than only spend class
    total each altogether bags bag suitcase suitcases checked adults adult around approximately back
    """.split()
)


def nothing_left(text: str, spans: Iterable[Span], explained: re.Pattern[str] | None) -> bool:
    """Whether every word is in a span, in ``explained``, or says nothing by itself."""
    chars = list(text)
    for span in spans:
        chars[span.start : span.end] = " " * (span.end - span.start)
    rest = "".join(chars)
    if explained is not None:
        rest = explained.sub(" ", rest)
    return all(word in _EMPTY_WORDS for word in re.findall(r"[a-z0-9][\w'-]*", rest.casefold().replace("’", "'")))
