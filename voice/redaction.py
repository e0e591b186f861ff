"""Takes out of text what must not be kept: card numbers, security codes, e-mail addresses, phone numbers, keys.

Better one harmless number too many than one card number too few; fares, times, dates, flight numbers and confirmation
codes stay.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

CARD, CODE, EMAIL, PHONE, KEY = "[card]", "[security code]", "[e-mail]", "[phone]", "[key]"

_SHORTEST_CARD = 13

_NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_DIGIT_WORDS = {**{name: str(value) for value, name in enumerate(_NAMES)}, "oh": "0", "o": "0"}
# Texts may come from anybody, so no pattern may try many ways to match the same: a repeated part repeats nothing within
# that could be cut elsewhere, and what nothing after it could use is not given back (`++`).
_SPOKEN_DIGIT = rf"(?:\d|{'|'.join(_DIGIT_WORDS)})"
_SPOKEN_NUMBER = rf"(?:\d++|{'|'.join(_DIGIT_WORDS)})"
_DIGITS = re.compile(rf"(?<![\w.]){_SPOKEN_DIGIT}(?:[\s,.()-]*+{_SPOKEN_DIGIT}){{3,}}(?!\w)", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SECURITY_CODE = re.compile(
    rf"\b((?:cvv2?|cvc2?|cid|security code|card code|(?:three|four|3|4)[ -]digit code)\W++(?:\w++\W++){{0,4}}?)"
    rf"{_SPOKEN_NUMBER}(?:[\s,-]*+{_SPOKEN_NUMBER}){{0,3}}(?!\w)",
    re.IGNORECASE,
)
# A word that begins no address matches too, as a whole, so that none of its letters is looked at as a beginning.
_EMAIL = re.compile(
    r"([\w.+-]++@[\w-]++(?:\.[\w-]++)+"
    r"|\w[\w.+-]*+(?: dot \w++){0,20}+ at \w++(?: dot \w++){0,20} dot (?:com|net|org|edu|io|info|co|uk|de|fr)\b)"
    r"|\w[\w.+-]*+|[.+-]++",
    re.IGNORECASE,
)
_KEY = re.compile(
    r"\b(?:sk|pk|rk|api|key|token)[-_][\w-]{12,}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_\w{20,}|\bxox[abprs]-[\w-]{10,}"
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]+)?|\bAIza[\w-]{30,}|(?<=Bearer )[\w.~+/-]{8,}=*",
)


def redact(text: str) -> str:
    """Give the text with placeholders for what must not be kept."""
    text = _KEY.sub(KEY, text)
    text = _EMAIL.sub(lambda match: EMAIL if match[1] else match[0], text)
    text = _SECURITY_CODE.sub(lambda match: match[1] + CODE, text)
    return _DIGITS.sub(_number, text)


def redacted(value: Any) -> Any:
    """Give a JSON value without it, in every string at any depth; ``tokens`` are looked at as one text."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping):
        return {key: _tokens(each) if key == "tokens" else redacted(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return tuple(redacted(each) for each in value)
    if isinstance(value, list | set | frozenset):
        return [redacted(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        return redacted(asdict(value))
    if isinstance(value, int) and len(digits := str(value)) >= _SHORTEST_CARD and _luhn(digits):
        return CARD
    return value


def _tokens(value: Any) -> Any:
    """A number that is spread over tokens is found in their text only."""
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        return redacted(value)
    text = "".join(value)
    return value if redact(text) == text else type(value)(["…"] * len(value))


def _number(match: re.Match[str]) -> str:
    said = match[0]
    parts: list[str] = re.findall(_SPOKEN_DIGIT, said, re.IGNORECASE)
    digits = "".join(_DIGIT_WORDS.get(part.lower(), part) for part in parts)
    if _DATE.match(said):
        return said
    sizes = range(_SHORTEST_CARD, 20)
    if any(_luhn(digits[at : at + size]) for size in sizes for at in range(len(digits) - size + 1)):
        return CARD
    return PHONE if _is_phone(said, digits) else said


def _luhn(digits: str) -> bool:
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + index % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0 and len(set(digits)) > 1


def _is_phone(said: str, digits: str) -> bool:
    return 10 <= len(digits) <= 15 and "," not in said
