"""Finds a fact in a transcript, however either of them is written: "$214" is "two hundred fourteen dollars".

Both are broken into atoms (a number, a word, a letter), numbers as digits, and compared without the spaces in between:
so "nine fifteen a.m." is "9:15 AM", "flight four twelve" is "flight 412", and "Q T 4 4 L Z" is "QT44LZ".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from rapidfuzz import fuzz

from voice.booking.codes.locators import is_code
from voice.booking.codes.matching import match_code
from voice.booking.text.numerals import CARDINAL, ORDINAL, cardinal, ordinal

LEAST_LIKENESS = 85.0
"""How alike two spellings of a name must be, 0…100: "Seatle" is Seattle, "Austin" is not Boston."""

SHORTEST_NAME = 4
"""Names of fewer letters must be written alike."""

LEAST_CODE_CONFIDENCE = 0.7
"""Of a locator that was heard with other symbols, 0…1: two that sound alike pass, one that does not fails.

Of 20 locators spoken by the embedded voice Whisper base heard 11 right; in most others it took B, D, V and Z for one
another. At 0.7 it is taken to have heard 18.
"""

_LOCATOR = re.compile(r"[A-Z0-9]{6}|[A-Z0-9](?:[\s,.-]+[A-Z0-9]){5}")
MONTHS = tuple(
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
_SPOKEN = {
    **{month[:3]: month for month in MONTHS if month != "march"},
    "sept": "september",
    "noon": "12pm",
    "midday": "12pm",
    "midnight": "12am",
    "okay": "ok",
}
_UNSPOKEN = frozenset({"the", "of", "and", "dollar", "dollars", "buck", "bucks", "cent", "cents", "usd", "oclock"})
_ATOM = re.compile(
    rf"\b(?:{ORDINAL})\b"
    rf"|\b(?:{CARDINAL})\b"
    r"|\d+"
    r"|[^\W\d_]+",
)
_REWRITES = (
    (re.compile(r"[’']"), ""),  # O'Hare, o'clock
    (re.compile(r"(?<=\d),(?=\d{3}\b)"), ""),  # 1,214
    (re.compile(r"(?<=\d)[:.]00(?!\d)"), ""),  # 7:00 PM, $214.00
    (re.compile(r"(?<=\d)[:.](?=\d)"), " "),  # 9:15, 9.15, $35.50
    (re.compile(r"\b([ap])\.\s?m\b\.?"), r"\1m"),  # a.m.
)


@dataclass(frozen=True, slots=True)
class Atom:
    """The smallest part of speech that is compared: ``text`` is lower case, ``word`` the index of its word."""

    text: str
    word: int


def atoms(words: Sequence[str]) -> list[Atom]:
    """Break words into atoms.

    Args:
        words: As written, with their punctuation; a number may go over several of them. If any begins with a space, as
            Whisper's do, they are joined without one.
    """
    text, word_of = _joined(words)
    found = [Atom(_canonical(match.group()), word_of[match.start()]) for match in _ATOM.finditer(text)]
    return [atom for atom in _day_after_month(list(_with_zeros(found))) if atom.text not in _UNSPOKEN]


def normal(text: str) -> str:
    """Give the form in which texts are compared word by word, such as for a word error rate."""
    return " ".join(atom.text for atom in atoms(text.split()))


def find(fact: str, said: Sequence[Atom]) -> int | None:
    """Give the index of the word with which a fact begins, the first time that it is said, or None.

    Args:
        fact: What must be said; ``|`` separates alternatives. Names and locators may be a little misheard, numbers not.
        said: A transcript's atoms.
    """
    found = [_find(option.strip(), said) for option in fact.split("|")]
    return min((index for index in found if index is not None), default=None)


def _find(fact: str, said: Sequence[Atom]) -> int | None:
    wanted = "".join(atom.text for atom in atoms(fact.split()))
    if not wanted:
        return None
    starts = range(len(said))
    if _LOCATOR.fullmatch(fact) and is_code(wanted.upper()):
        return _most_alike(said, [_code_likeness(wanted, said, start) for start in starts], LEAST_CODE_CONFIDENCE)
    if wanted.isalpha() and len(wanted) >= SHORTEST_NAME:
        return _most_alike(said, [_name_likeness(wanted, said, start) for start in starts], LEAST_LIKENESS)
    return next((said[start].word for start in starts if wanted in _runs(said, start, len(wanted))), None)


def _most_alike(said: Sequence[Atom], likeness: Sequence[float], least: float) -> int | None:
    """Give the first word that is alike enough: "to Seattle" is like "Seattle" too, but the name itself is more so."""
    for start, value in enumerate(likeness):
        if value >= least and value >= max(likeness[start + 1 : start + 2], default=0.0):
            return said[start].word
    return None


def _name_likeness(name: str, said: Sequence[Atom], start: int) -> float:
    runs = _runs(said, start, round(len(name) * 1.2))
    return max((fuzz.ratio(run, name) for run in runs), default=0.0)


def _code_likeness(code: str, said: Sequence[Atom], start: int) -> float:
    runs = [run for run in _runs(said, start, len(code) + 1) if len(run) >= len(code) - 1]
    return max((match_code(run.upper(), [code.upper()]).confidence for run in runs), default=0.0)


def _runs(said: Sequence[Atom], start: int, longest: int) -> list[str]:
    """Give what is said from an atom on, atom by atom, up to so many characters."""
    runs = list(accumulate(atom.text for atom in said[start : start + longest]))
    return [run for run in runs if len(run) <= longest]


def _joined(words: Sequence[str]) -> tuple[str, list[int]]:
    """Give the words as one text, rewritten, and the index of the word that each character is from."""
    text, word_of = "", list[int]()
    space = "" if any(word.startswith(" ") for word in words) else " "
    for index, word in enumerate(words):
        piece = f"{word}{space}".casefold()
        text += piece
        word_of += [index] * len(piece)
    for pattern, replacement in _REWRITES:
        rewritten, origin, end = "", list[int](), 0
        for match in pattern.finditer(text):
            new = match.expand(replacement)
            rewritten += text[end : match.start()] + new
            origin += word_of[end : match.start()] + [word_of[match.start()]] * len(new)
            end = match.end()
        text, word_of = rewritten + text[end:], origin + word_of[end:]
    return text, word_of


def _canonical(atom: str) -> str:
    if atom.isdecimal() or atom in ("a", "an"):
        return atom  # 05 keeps its zero, and "a" may be a letter
    number = ordinal(atom) if re.fullmatch(ORDINAL, atom) else cardinal(atom)
    return str(number) if number is not None else _SPOKEN.get(atom, atom)


def _with_zeros(found: Sequence[Atom]) -> Iterator[Atom]:
    """Read "oh" between numbers as a zero."""
    for index, atom in enumerate(found):
        around = [*found[index - 1 : index], *found[index + 1 : index + 2]]
        if atom.text in ("oh", "o") and len(around) == 2 and all(other.text.isdecimal() for other in around):
            yield Atom("0", atom.word)
        else:
            yield atom


def _day_after_month(found: list[Atom]) -> list[Atom]:
    """Write "the fourth of December" as "December 4". The fact begins where its first word was."""
    for index in range(len(found) - 2):
        day, of, month = found[index : index + 3]
        if of.text == "of" and day.text.isdecimal() and month.text in MONTHS:
            found[index : index + 3] = [Atom(month.text, day.word), Atom(day.text, day.word), of]
    return found
