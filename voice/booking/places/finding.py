"""Places in a transcript: by their names and codes anywhere, and by a likely sound where one is expected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from voice.booking.places.meanings import LEAD
from voice.booking.places.names import (
    LEAST_LIKENESS,
    Elsewhere,
    beginnings,
    elsewhere,
    likely,
    served_codes,
    served_names,
    unserved,
)
from voice.booking.places.ordinary import CASED_NAMES, NOT_PLACES, PERSONS, WORD_CODES
from voice.booking.text.spans import Span, longest_first
from voice.booking.text.wording import Wording
from voice.sounds import squeeze

_WORD = re.compile(r"(?<!['’])[^\W\d_](?:(?:[\w.]|['’](?!s\b))*\w)?(?:\.(?=\w\b|\s|$))?")
"""A word, without the "'s" of "Denver's where we live"."""
_FIRM = (
    r"from|to|into|in|via|through|towards?|out of|leaving|departing|visit(?:ing)?|fly(?:ing)?|between|reach(?:ing)?|"
    r"heading for|headed for|near|(?:not|change|connect(?:ing)?|stop|layover|stay(?:ing)?) (?:in|at)"
)
_LOOSE = r"for|and|then|or|at|not|instead|make that|i mean|rather|sorry|no"
_BEFORE = re.compile(rf"(?:^|\W)(?P<firm>{_FIRM})\W+(?:the\s+)?$|(?:^|\W)(?P<loose>{_LOOSE})\W+$", re.IGNORECASE)
_LAST_WORDS = """
from to into in via through toward towards of leaving departing visit visiting fly flying between reach reaching
for near at and then or not instead that mean rather sorry no the
"""
_LAST_BEFORE = frozenset(_LAST_WORDS.split())
"""The last words of what `_BEFORE` matches."""
_MOST_BEFORE = 24
_PERSON = Wording(
    r"\b(?:wife|husband|partner|daughter|son|sister|brother|mother|father|mom|dad|friend|boss|colleague|mrs?|ms|dr|"
    r"names? (?:is|are)|named|called|passengers?)\W+(?:is\W+)?$",
)
_DOING = re.compile(r"\w+(?:ing|ed|ly)")
"""A verb or an adverb, in lower case."""
_OPENING = "on at by from to in and or the a an this next tomorrow today please"
_OPENS = frozenset(_OPENING.split())
_PARTED = re.compile(r"[!?;:]|(?<!\bst)(?<!\bft)(?<!\bmt)\.\s+\w\w|,(?! ?(?:D|Maine))", re.IGNORECASE)
_PAUSED = re.compile(r"[,.!?;:]\s")
_LONGEST = 5  # words in a name
_LONGEST_OTHER = 3  # words in a name that is misheard, or that nothing flies to

Words = Sequence[re.Match[str]]


def find_places(text: str) -> list[Span]:
    """Find places in a transcript, in the order said; the longest match wins.

    Exact names and codes are found anywhere. Misheard ones only where a place is expected (after "from", "to", "via" …)
    or where they are the whole answer. Places that nothing flies to are found by their name in capitals, unless it is a
    person's or an ordinary word too.
    """
    words = list(_WORD.finditer(text))
    exact = longest_first(_exact(text, words))
    exact = longest_first([*exact, *_elsewhere(text, words, exact)])
    kept: list[Span] = []
    for span in sorted(_misheard(text, words, exact), key=lambda span: -span.confidence):
        if not any(span.overlaps(other) for other in kept):
            kept.append(span)
    return sorted([*exact, *kept], key=lambda span: span.start)


def _position(text: str, words: Words, index: int) -> str:
    """Say how far a place is expected at a word: "firm", "loose" or ""."""
    if not index or words[index - 1][0].rstrip(".").rpartition(".")[2].casefold() not in _LAST_BEFORE:
        return ""
    start = words[index].start()
    before = _BEFORE.search(text[max(0, start - _MOST_BEFORE) : start])
    return (before.lastgroup or "") if before else ""


def _exact(text: str, words: Words) -> Iterator[Span]:
    names, codes, begins = served_names(), served_codes(), beginnings()
    for index, first in enumerate(words):
        start = end = first.start()
        key = ""
        for last in words[index : index + _LONGEST]:
            key += squeeze(text[end : last.end()])
            end = last.end()
            if key not in begins:
                break
            said = text[start:end]
            if not (key in codes or key in names) or _PARTED.search(said):
                continue
            spelled = first is not last and all(len(part) == 1 for part in re.findall(r"\w+", said))
            if place := codes.get(key):
                upper = said.isupper() and (spelled or " " not in said)
                sure = key not in WORD_CODES and first is last and bool(_position(text, words, index))
                if upper or sure:
                    yield Span(start, end, said, "place", place.name)
            if (place := names.get(key)) and not _PERSON.search(text, 0, start):
                cased = not said.islower() or _position(text, words, index) == "firm" or len(words) == 1
                if key not in CASED_NAMES or cased:
                    said = said if re.search(r"\w\.\w\.$", said) else said.rstrip(".")
                    yield Span(start, start + len(said), said, "place", place.name)


def _elsewhere(text: str, words: Words, served: Sequence[Span]) -> Iterator[Span]:
    for index, first in enumerate(words):
        if not first[0][0].isupper():
            continue
        for last in words[index : index + _LONGEST_OTHER]:
            if not last[0][0].isupper():
                continue
            start, end = first.start(), last.end()
            said, key = text[start:end], squeeze(text[start:end])
            if key not in unserved() or _PAUSED.search(said) or _taken(start, end, served):
                continue
            alone = len(words) <= 3 and not text[:start].strip() and len(said) > 3
            if alone or not (key in PERSONS or key in NOT_PLACES or _PERSON.search(text, 0, start)):
                yield Span(start, end, said, "place", unserved()[key].name, 0.9)


def _misheard(text: str, words: Words, taken: Sequence[Span]) -> Iterator[Span]:
    cased = not text[1:].islower()
    lead = LEAD.match(text)
    opening = lead.end() if lead else 0
    whole = 0 < len([word for word in words if word.start() >= opening]) <= 3
    for index, first in enumerate(words):
        start = first.start()
        position = _position(text, words, index)
        answers = whole and start == opening
        if not (position or answers):
            continue
        for last in words[index : index + _LONGEST_OTHER]:
            said = text[start : last.end()].rstrip(".")
            end = start + len(said)
            alone = answers and last is words[-1]
            if not (position or alone) or _taken(start, end, taken) or _PAUSED.search(said):
                continue
            if first is not last and last[0].casefold() in _OPENS:
                continue  # "Lyon on" is Lyon, and what follows is about something else
            named = said[0].isupper()
            if named and (position == "firm" or alone) and (place := _elsewhere_in_full(said)):
                yield Span(start, end, said, "place", place.name, 0.9)
                continue
            if not _may_be_place(said) or (not named and _DOING.fullmatch(said)):
                continue
            found = likely(said)
            strict = (0.1 if position == "loose" and not alone else 0.0) + (0.1 if cased and not named else 0.0)
            if found.likeness < LEAST_LIKENESS + strict:
                continue
            if found.likeness >= 0.8 or not any(squeeze(part) in NOT_PLACES for part in said.split()[1:]):
                yield Span(start, end, said, "place", found.place.name, found.confidence, found.rivals)


def _elsewhere_in_full(said: str) -> Elsewhere | None:
    """Find a place that nothing flies to, all of whose words were written as a name's."""
    if not all(word[0].isupper() for word in said.split()) or squeeze(said) in NOT_PLACES:
        return None
    return elsewhere(said)


def _may_be_place(said: str) -> bool:
    """Whether words are no ordinary ones, and long enough to be known by their sound."""
    key = squeeze(said)
    opens = [squeeze(part) for part in said.split()[:1]]
    return len(key) >= 4 and key not in NOT_PLACES and opens[0] not in NOT_PLACES


def _taken(start: int, end: int, spans: Sequence[Span]) -> bool:
    return any(start < span.end and span.start < end for span in spans)
