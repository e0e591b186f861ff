"""Whole numbers as people say them: "twelve hundred", "twenty-one", "the tenth", "1,200"."""

from __future__ import annotations

import re


def _count(words: str, start: int, step: int = 1) -> dict[str, int]:
    return {word: start + step * index for index, word in enumerate(words.split())}


UNITS = _count(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
    0,
)
TENS = _count("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10)
_ORDINAL_UNITS = _count(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth",
    1,
)
_ORDINAL_TENS = {"twentieth": 20, "thirtieth": 30}

_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_TEN = "|".join(TENS)
_SMALL = rf"(?:(?:{_TEN})(?:[\s-]+(?:{'|'.join(list(UNITS)[1:10])}))?|{_UNIT})"
_TAIL = rf"(?:\s+(?:and\s+)?{_SMALL}(?:\s+hundred(?:\s+(?:and\s+)?{_SMALL})?)?)?"
CARDINAL = rf"(?:\d[\d,]*|(?:an?\s+)?(?:{_SMALL}|an?)\s+(?:hundred|thousand){_TAIL}|{_SMALL})"
"""A regular expression for a whole number in words or digits (use with ``re.IGNORECASE``)."""

ORDINAL = (
    r"(?:\d{1,2}(?:st|nd|rd|th)|(?:twenty|thirty)[\s-]+(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
    rf"|{'|'.join(sorted([*_ORDINAL_UNITS, *_ORDINAL_TENS], key=len, reverse=True))})"
)
"""A regular expression for an ordinal up to "thirty-first" (use with ``re.IGNORECASE``)."""


def cardinal(said: str) -> int | None:
    """Read a whole number: digits with commas, or words up to the hundred thousands. None if it is none."""
    text = said.strip().casefold()
    digits = text.replace(",", "").replace(" ", "")
    if digits.isdecimal() and digits.isascii():
        return int(digits)
    words = [word for word in re.split(r"[\s-]+", text) if word and word != "and"]
    if not words:
        return None
    total, current, seen = 0, 0, False
    for word in words:
        if word in UNITS:
            current += UNITS[word]
        elif word in TENS:
            current += TENS[word]
        elif word in ("a", "an") and not seen:
            current = 1
        elif word == "hundred":
            current = max(current, 1) * 100
        elif word == "thousand":
            total, current = total + max(current, 1) * 1000, 0
        elif word.isdecimal() and word.isascii():
            current += int(word)
        else:
            return None
        seen = True
    return total + current


def ordinal(said: str) -> int | None:
    """Read an ordinal up to the 31st: "10th", "tenth", "twenty-first", "the first". None if it is none."""
    text = re.sub(r"^the\s+", "", said.strip().casefold())
    if match := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)", text):
        return int(match[1])
    total = 0
    for word in re.split(r"[\s-]+", text):
        value = _ORDINAL_UNITS.get(word) or _ORDINAL_TENS.get(word) or TENS.get(word)
        if value is None:
            return None
        total += value
    return total or None
