"""Whether a turn holds any word of substance that a reading does not account for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from voice.booking.spans import Span

_WORDS = """
a about actually adult adults again ahead all alright altogether am an and any anything approximately are around as
at available back bag bags be because been best book booking by call can check checked class code come coming
confirmation could day depart departing details do does each email file find fine flight flights fly flying for from
get getting give go going good got great had have heading hello help hey hi i i'd i'll i'm i've if in is it it'd
it'll it's just kind know leave leaving less let like locator look looking ma'am make max maximum maybe me more most
my myself name need needs no number of ok okay on one one-way only option options or our out over passenger
passengers people person please possible price pull purchase put record reference reservation reserve right search
seat seats see should show sir so some someone something sorry spend suitcase suitcases sure take taking tell than
thank thanks that that's the there there's these they this ticket tickets to today total travel traveling travelling
trip trying uh um under under's up us want was way we we'd we'll we're we've well what what's when where which will
with would yeah yep yes you you've your
"""
EMPTY_WORDS = frozenset(_WORDS.split())
"""Words that say nothing by themselves in a turn of a booking call."""


def nothing_left(text: str, spans: Iterable[Span], explained: re.Pattern[str] | None) -> bool:
    """Whether every word is in a span, in ``explained``, or says nothing by itself."""
    chars = list(text)
    for span in spans:
        chars[span.start : span.end] = " " * (span.end - span.start)
    rest = "".join(chars)
    if explained is not None:
        rest = explained.sub(" ", rest)
    return all(word in EMPTY_WORDS for word in re.findall(r"[a-z0-9][\w'-]*", rest.casefold().replace("’", "'")))
