"""What a turn holds that a reading does not account for: nothing, talk around the request, or words that may matter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from voice.booking.text.numerals import TENS, UNITS
from voice.booking.text.spans import Span
from voice.booking.text.wording import Wording

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


_WEIGHTY = """
after also alone before between both but connecting couple day days earlier earliest else evening evenings except
extra failing few first half home hundred if instead into last later latest layover layovers meanwhile month months
morning mornings neither night nights no none nor not nothing only or otherwise rather return returning returns round
second stop stopover stops than then third thousand through till together try unless until upgrade via week weeks
without
"""
WEIGHTY_WORDS = frozenset(_WEIGHTY.split())
"""Words that change what is asked for, when no finder took them."""
NUMBER_WORDS = frozenset([*UNITS, *TENS]) - {"one"}
"""Numbers that no finder took: "just two" may be passengers."""

_WORD = re.compile(r"[^\W_][\w'’-]*")
_JOINED = Wording(r"\b(?:and|bring(?:ing)?|plus|with)\s+(?:(?:an?|my|our|some|the|two)\s+)?$")
_NEW_SENTENCE = re.compile(r"[.!?]\s*$|^\s*$")


def nothing_left(text: str, spans: Iterable[Span], explained: Wording | None) -> bool:
    """Whether every word is in a span, in ``explained``, or says nothing by itself."""
    return not any(True for _ in _left(text, spans, explained))


def only_talk_left(text: str, spans: Iterable[Span], explained: Wording | None, most: int) -> bool:
    """Whether at most ``most`` words are left, none of them a number, a name, or one that changes the request."""
    left = list(_left(text, spans, explained))
    return len(left) <= most and not any(_may_matter(text, word) for word in left)


def _left(text: str, spans: Iterable[Span], explained: Wording | None) -> Iterator[re.Match[str]]:
    chars = list(text)
    for span in spans:
        chars[span.start : span.end] = " " * (span.end - span.start)
    rest = "".join(chars)
    if explained is not None:
        rest = explained.sub(lambda match: " " * len(match.group()), rest)
    return (word for word in _WORD.finditer(rest) if _plain(word) not in EMPTY_WORDS)


def _may_matter(text: str, word: re.Match[str]) -> bool:
    said = word.group()
    name = said[0].isupper() and not _NEW_SENTENCE.search(text, 0, word.start())
    joined = _JOINED.search(text, 0, word.start())
    number = any(letter.isdigit() for letter in said) or _plain(word) in NUMBER_WORDS
    return name or bool(joined) or number or _plain(word) in WEIGHTY_WORDS


def _plain(word: re.Match[str]) -> str:
    return word.group().casefold().replace("’", "'")
