"""One symbol of a code that was heard for another: which one to ask about, and what callers answer.

Symbols are numbered from 1, as they are spoken of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from voice.booking.codes.locators import LENGTH, Piece, find_codes, is_code, pieces_of
from voice.booking.codes.matching import cost
from voice.booking.talk.courtesies import is_hold
from voice.booking.text.wording import Wording

_ALPHABET = """Alpha Bravo Charlie Delta Echo Foxtrot Golf Hotel Juliet Kilo Lima Mike November Papa Quebec Romeo Sierra
Tango Uniform Victor Whiskey X-ray Yankee Zulu"""
_WORD_OF = {word[0]: word for word in _ALPHABET.split()}
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "last")
_SAME_SOUND = 0.5
"""What two symbols that sound alike cost at most; see `voice.booking.codes.matching.cost`."""
_BOTH_SAME_SOUND = 0.7
"""What two such pairs of a code cost at most together."""

_NTH = "first|second|third|fourth|fifth|sixth|last"
_UNIT = "letter|character|symbol|digit|number|place|position|sign"
_PLACE = Wording(
    rf"\b(?:the |my |in |at )*(?:(?P<nth>{_NTH})(?: (?:one|{_UNIT})(?:'s)?)?|(?:{_UNIT}) (?:number )?"
    r"(?P<number>[1-6]|one|two|three|four|five|six)(?= (?:is|was|should|must)\b|'s\b|,? it's\b|\s*[:,]))"
    r"(?! (?:second|moment)\b)",
)
_LEAD = r"\W*(?:(?:no|yes|yeah|oh|um|uh|it's|it is|i said|sorry)\b\W*)*(?:the )?"
_FIRST = Wording(rf"{_LEAD}(?:first|former)(?: (?:one|letter))?")
_SECOND = Wording(rf"{_LEAD}(?:second|latter|last|other)(?: (?:one|letter))?")
_SAID = Wording(
    r"\b(?:i (?:said|say|mean|meant|think|guess|believe)|(?:should|must|needs to|has to) be|to be|"
    r"(?:this|that|which|other|another|same|right|wrong) one)\b"
)
_DENIED = Wording(r"\b(?:not|isn't|is not|instead of|rather than)\s+(?:an? |the )?(?:(?:letter|number) )?$")
_WRONG = Wording(r"\s*(?:is|was|'s)? ?(?:wrong|incorrect|not right|should (?:be|have been)|must be|needs to be)\b")
_NEITHER = Wording(
    r"\W*(?:(?:no+|nope|sorry|it's)\b\W*)*(?:neither|none|no+|nope|something else|another one|wrong|both (?:are )?"
    r"wrong)(?: (?:of (?:them|those|these|the two|both)|one))?\W*"
)
_UNKNOWN = Wording(
    r"\b(?:don't|do not|can't|cannot|couldn't|not|no) (?:\w+ )?(?:know|tell|sure|read|remember|idea|clue)\b"
)
_RIGHT = frozenset(["all", "correct", "everything", "fine", "good", "none", "nothing", "right", "yeah", "yes"])
_BESIDE = """
are but code is it it's its my no of one says sorry that that's the them they they're well what wrong
"""
_RIGHT_BESIDE = frozenset(_BESIDE.split())
_WORDS = """
a actually an and as but character code correct digit for has in instead is isn't it it's its letter like must my no
nope not number of oh okay one please rather ray right said say should so sorry symbol than that that's the then there
to uh um wait was well with wrong yeah yes yep
"""
_AROUND = frozenset(_WORDS.split())
_PLAIN = 4
"""A word of fewer letters that sounds like a symbol is most often itself: "see", "why", "you"."""
_MOST_WORDS = 8
_WORD = re.compile(r"[A-Za-z0-9]+(?:['’][a-z]+)?")


@dataclass(frozen=True, slots=True)
class Correction:
    """What a turn puts right in a code.

    Attributes:
        place: The symbol's number from 1; 0 if it was not told.
        old: What stood there as heard, or ``""``.
        new: What it is, or ``""`` if that was not told.
    """

    place: int
    old: str
    new: str


def near_miss(heard: str, known: Iterable[str]) -> tuple[str, int] | None:
    """Give the one known code that differs from what was heard in one symbol, which sounds alike, and its number.

    Where none does, it is the only one that differs in two easily confused symbols, with the first of them. None where
    several codes come as near, or none.
    """
    by_count: dict[int, list[tuple[str, int]]] = {1: [], 2: []}
    for code in sorted(set(known)):
        if len(code) != len(heard):
            continue
        costs = [(cost(a, b), at) for at, (a, b) in enumerate(zip(heard, code, strict=True), start=1) if a != b]
        if costs and len(costs) <= 2 and max(costs)[0] <= _SAME_SOUND:
            if len(costs) == 2 and sum(one for one, _ in costs) > _BOTH_SAME_SOUND:
                continue
            by_count[len(costs)].append((code, costs[0][1]))
    found = by_count[1] or by_count[2]
    return found[0] if len(found) == 1 else None


def spoken(symbol: str) -> str:
    """Give the form of one symbol that can't be misheard: ``P as in Papa``, ``five``."""
    return _DIGITS[int(symbol)] if symbol.isdigit() else f"{symbol} as in {_WORD_OF[symbol]}"


def symbol_of(said: str) -> str:
    """Give the symbol that `spoken` spoke."""
    return str(_DIGITS.index(said)) if said in _DIGITS else said[0]


def place_name(place: int, *symbols: str) -> str:
    """Name a symbol of a code by what it may be: ``third letter``, ``last character``."""
    letter = symbols and all(one.isalpha() for one in symbols)
    return f"{_ORDINALS[place - 1]} {'letter' if letter else 'character'}"


def is_neither(text: str) -> bool:
    """Whether a turn says that it is none of two symbols."""
    return bool(_NEITHER.fullmatch(text.replace("’", "'")))


def is_unknown(text: str) -> bool:
    """Whether a turn says that the caller can't tell."""
    said = text.replace("’", "'")
    return "?" not in said and len(said.split()) <= _MOST_WORDS and bool(_UNKNOWN.search(said))


def is_all_right(text: str) -> bool:
    """Whether a turn says that no symbol is wrong."""
    words = set(_WORD.findall(text.replace("’", "'").casefold()))
    return "?" not in text and bool(words & _RIGHT) and words <= _RIGHT | _RIGHT_BESIDE


def mends(text: str) -> bool:
    """Whether a turn is nothing but an answer to which symbol of a code is meant or wrong."""
    return is_neither(text) or is_unknown(text) or is_all_right(text) or correction_of(text) is not None


def correction_of(text: str, choices: Sequence[str] = ()) -> Correction | None:
    """Read a turn that puts one symbol right: "B as in Bravo", "it's B, not P", "the third is a B", "the second one".

    Args:
        text: The turn. A whole code, or anything that speaks of something else, is none.
        choices: The symbols that were asked about, in the order said.
    """
    said = text.replace("’", "'").strip()
    if "?" in said or is_hold(said) or any(is_code(span.name) for span in find_codes(said)):
        return None
    if len(choices) == 2:
        for symbol, pattern in zip(choices, (_FIRST, _SECOND), strict=True):
            if pattern.fullmatch(said.rstrip(" .,!")):
                return Correction(0, "", symbol)
    bare, place = said, 0
    if told := _PLACE.search(said):
        bare, place = _blank(said, told), _number(told["nth"] or told["number"])
    for match in _SAID.finditer(bare):
        bare = _blank(bare, match)
    pieces = [piece for piece in pieces_of(bare) if all(len(option) <= 1 for option in piece.options)]
    rest = "".join(" " if any(one.start <= at < one.end for one in pieces) else char for at, char in enumerate(bare))
    if any(word.casefold() not in _AROUND for word in _WORD.findall(rest)):
        return None
    olds = [one for one in pieces if _DENIED.search(said[: one.start]) or _WRONG.match(said, one.end)]
    old = {one.options[0] for one in olds if one.options[0]}
    sure = [
        one
        for one in pieces
        if one.strength == 1.0 or told or old or one.end - one.start >= _PLAIN or one.options[0] in choices
    ]
    new = _told([one for one in sure if one not in olds], choices)
    if new is None or len(old) > 1 or not (new or old or told):
        return None
    return Correction(place, next(iter(old), ""), new)


def corrected(heard: str, correction: Correction, known: Iterable[str]) -> str:
    """Give a code with one symbol put right; ``""`` where it is not clear which symbol that is.

    Without its place it is the one that was named, or the one that sounds most like it. Of several the caller's must
    be a known one.
    """
    new = correction.new
    if not new:
        return ""
    if correction.place:
        return _put(heard, correction.place, new)
    if correction.old and correction.old in heard:
        places = [at for at, symbol in enumerate(heard, start=1) if symbol == correction.old]
    else:
        costs = {at: cost(symbol, new) for at, symbol in enumerate(heard, start=1) if symbol != new}
        places = [at for at, one in costs.items() if one <= _SAME_SOUND]
    codes = [_put(heard, at, new) for at in places]
    there = [code for code in codes if code in set(known)] if len(codes) > 1 else codes
    return there[0] if len(there) == 1 else ""


def place_told(heard: str, correction: Correction) -> int:
    """Give the number of the symbol that a correction without a new one calls wrong; 0 if that is not clear."""
    if correction.place:
        return min(correction.place, len(heard))
    return heard.index(correction.old) + 1 if correction.old and heard.count(correction.old) == 1 else 0


def _told(pieces: Sequence[Piece], choices: Sequence[str]) -> str | None:
    """Give the one symbol that pieces stand for, ``""`` for none, None where there are several."""
    for strength in (1.0, 0.5):
        found = {one.options[0] for one in pieces if one.strength == strength and one.options[0]}
        chosen = found.intersection(choices)
        if len(chosen or found) == 1:
            return next(iter(chosen or found))
        if found:
            return None
    return ""


def _put(code: str, place: int, symbol: str) -> str:
    return code[: place - 1] + symbol + code[place:] if 1 <= place <= len(code) else ""


def _blank(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]


def _number(said: str) -> int:
    said = said.casefold()
    names = (*_NTH.split("|")[:LENGTH], "last")
    if said in names:
        return min(names.index(said) + 1, LENGTH)
    return int(said) if said.isdigit() else _DIGITS.index(said)
