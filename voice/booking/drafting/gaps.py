"""Words that stand where an argument should and that no finder took: what may have been missed.

A model may say only what was found in a transcript. So a place or day that is missed could not be said at all; these
words can be, as they were heard.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from voice.booking.places.ordinary import NOT_PLACES
from voice.booking.text.leftover import EMPTY_WORDS
from voice.booking.text.spans import Span

_WHERE = re.compile(
    r"\b(?:to|from|into|out of|towards?|leaving|departing|visit(?:ing)?|reach(?:ing)?)\s+(?:the\s+)?", re.IGNORECASE
)
_WHEN = re.compile(r"\b(?:on|by|until|till|before|after|around|during|over)\s+(?:the\s+)?", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_MOST_WORDS = 3
_VERBS = re.compile(
    r"\w+(?:ing|ed|ly)$|(?:be|do|see|say|ask|put|use|try|tell|talk|speak|pick|add|cancel|change|move|find|pay|bring|sit|eat|work)$",
    re.IGNORECASE,
)


def gaps(text: str, spans: Sequence[Span]) -> Mapping[str, list[str]]:
    """Give the words as said that may stand for a ``place`` or a ``date``; both lists are empty where all is taken."""
    return {"place": _after(_WHERE, text, spans), "date": _after(_WHEN, text, spans)}


def _after(preposition: re.Pattern[str], text: str, spans: Sequence[Span]) -> list[str]:
    found: list[str] = []
    for lead in preposition.finditer(text):
        words: list[str] = []
        end = lead.end()
        while len(words) < _MOST_WORDS and (word := _WORD.match(text, end)):
            taken = any(span.start < word.end() and word.start() < span.end for span in spans)
            if taken or _ordinary(word.group(), first=not words):
                break
            words.append(word.group())
            end = word.end() + (text[word.end() : word.end() + 1] == " ")
        if words:
            found.append(" ".join(words))
    return list(dict.fromkeys(found))


def _ordinary(word: str, *, first: bool) -> bool:
    """Whether a word can't begin a name, or can't stand in one."""
    key = word.casefold().replace("’", "'")
    if key in EMPTY_WORDS or key in NOT_PLACES:
        return True
    return first and word.islower() and bool(_VERBS.fullmatch(word))
