"""Record locators as callers spell them: found in a transcript, joined, spelled out.

A locator has six symbols: letters without I and O, and digits. "Oh" is therefore always a zero and "eye" a one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from voice.booking.text.numerals import TENS, UNITS
from voice.booking.text.spans import Span, longest_first
from voice.booking.text.wording import Wording

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DIGITS = "0123456789"
LENGTH = 6

_TABLES: dict[str, dict[str, str]] = tomllib.loads(
    files("voice.booking.codes").joinpath("letters.toml").read_text("utf-8")
)
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:['’][a-z]+)?")
_FILLERS = frozenset(_TABLES["ignored"]["inside"].split())
_NOT_LETTERS = frozenset(_TABLES["ignored"]["capitals"].split())
_MASK = Wording(
    r"\$\s?[\d,.]+|\b\d{1,2}:\d\d\b(?:\s*[ap]\.?m\b\.?)?|\b\d{1,2}\s*[ap]\.?m\b\.?|"
    r"\b(?:this|that|the|which|another|other|first|second|last) one\b(?! [\d])|\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b|"
    r"\bLK ?\d{2,4}\b|\b\d{1,2}(?:st|nd|rd|th)\b|"
    r"\b(?:up to|under|over|below|above|less than|more than)\s+\d[\d,]*(?!\w|\s?\w\b)|"
    r"\b(?:one|two|three|four)\s+(?:bags?|suitcases?|people|passengers?|adults?|tickets?|seats?)\b|"
    r"\b\d[\d,]*\s+(?:dollars|bucks|bags?|people|passengers?|nights?|days?|weeks?|adults?|tickets?|seats?)\b",
)
_COUNTED = re.compile(r"\d|\bone\b", re.IGNORECASE)
"""What is masked has a number in it."""
_CUE = Wording(
    r"\b(?:booking|reservation|confirmation|code|locator|reference|record|pnr|it's|it is|that's|number)\b",
)
_SPELLING = "|".join(word for word in _TABLES["strong"] if word.isalpha())
_LIKE = Wording(rf"\b(?:do you|she|he|we|key|tea|gee) like(?= (?:{_SPELLING})\b)")
"""How "G like golf" and "T like tango" are heard: the word behind it tells the letter."""
_AS_IN = Wording(r"\s*,?\s*(?:as (?:in|an|and)|like in|as|like|for|is for|is in)\s+(?P<word>[A-Za-z]+(?:-[A-Za-z]+)?)")


_CORRECTION = Wording(
    r"[\s,.…-]*(?:(?:no|wait|sorry|hang on|hold on|yeah|yes|uh|um|er|i mean|oh|actually|scratch that|let me see|"
    r"correction|"
    r"that's|it's|make that|rather|well)\b[\s,.…-]*){1,6}"
)
"""What is said between a slip in a code and what puts it right."""
_I_MEAN = re.compile(r"\bI mean\b")
"""Its "I" is no symbol; "sorry " has as many characters."""
_MOST_DROPPED = 2
_CODE_IS = Wording(
    r"\b(?:code|locator|reference|booking number|confirmation(?: number)?)(?:'s| is|:)[\s,.…]*"
    r"(?:(?:let me see|let's see|one (?:second|moment)|hang on|hold on|uh|um|er|okay|well|so|it's|i think|"
    r"right)\b[\s,.…]*){0,4}$"
)
_BEGUN = 0.5
"""The confidence of a code that only begins: the rest is asked for."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a transcript that may stand for symbols.

    Attributes:
        start: Index of the first character.
        end: Index after the last.
        options: The symbols, likeliest first.
        strength: How surely it stands for any: 1 or 0.5.
    """

    start: int
    end: int
    options: tuple[str, ...]
    strength: float


def is_code(text: str) -> bool:
    """Whether the text has a locator's form."""
    return len(text) == LENGTH and all(c in LETTERS + DIGITS for c in text) and not text.isdecimal()


def spell(code: str) -> str:
    """Give the form to speak: ``QT44LZ`` → ``Q, T, 4, 4, L, Z``."""
    return ", ".join(code.upper())


def find_codes(text: str) -> list[Span]:
    """Find spelled or written locators. ``name`` is the likeliest joined code, ``candidates`` the others.

    A code that was heard with a symbol too few or too many is found too, with a low confidence.
    """
    text = _I_MEAN.sub("sorry ", _LIKE.sub(lambda heard: " " * len(heard[0]), text))
    masked = _MASK.sub(lambda m: "\x00" * len(m.group()), text) if _COUNTED.search(text) else text
    runs = [_without_noun(masked, run) for run in _runs(masked, pieces_of(masked))]
    spans = [span for run in runs if (span := _best(text, run))]
    spans += _restarted(text, runs, spans)
    if not spans and (begun := _begun(text, runs)):
        spans = [begun]
    return longest_first(spans)


def _without_noun(text: str, run: list[Piece]) -> list[Piece]:
    """Leave out the "one" behind a whole code: "the H N 5 B 8 C one"."""
    last = text[run[-1].start : run[-1].end].casefold()
    if last != "one" or len(run) < 2 or len(readings_of(run)[0]) != LENGTH + 1:
        return run
    return run[:-1] if any(map(is_code, readings_of(run[:-1]))) else run


def _restarted(text: str, runs: Sequence[list[Piece]], found: Sequence[Span]) -> list[Span]:
    """Find a code that was put right while it was spelled: "Q T 5, no wait, 4 4 L Z".

    What comes behind the correction takes the place of the last symbols before it; those are as many as are too much.
    """
    spans: list[Span] = []
    for head, tail in pairwise(runs):
        between = text[head[-1].end : tail[0].start]
        if not _CORRECTION.fullmatch(between) or any(is_code(span.name) for span in found):
            continue
        if any(piece.strength < 1.0 for piece in (*head, *tail)):
            continue
        before, after = readings_of(head)[0], readings_of(tail)[0]
        dropped = len(before) + len(after) - LENGTH
        if len(after) >= 2 and 0 <= dropped <= _MOST_DROPPED and dropped < len(before):
            code = before[: len(before) - dropped] + after
            if is_code(code) and any(map(str.isdigit, code)):
                start, end = head[0].start, tail[-1].end
                spans.append(Span(start, end, text[start:end], "code", code, 1.0))
    return spans


def _begun(text: str, runs: Sequence[list[Piece]]) -> Span | None:
    """Find the first symbols of a code at the end of a turn that says what they are: "the code is, uh, R four"."""
    if not runs:
        return None
    run = runs[-1]
    said = readings_of(run)[0]
    lead = _CODE_IS.search(text[: run[0].start])
    firm = all(piece.strength == 1.0 for piece in run) and 2 <= len(said) < LENGTH - 2
    if not firm or lead is None or re.search(r"\w", text[run[-1].end :]) or (said.isalpha() and len(run) < 2):
        return None
    start, end = run[0].start, run[-1].end
    return Span(start, end, text[start:end], "code", said, _BEGUN)


@cache
def _symbols(token: str) -> tuple[tuple[str, ...], float] | None:
    """Say what one token may stand for, and how surely it is a symbol at all."""
    key = token.casefold().replace("-", "")
    upper = token.upper().replace("I", "1").replace("O", "0")
    if key in _TABLES["strong"]:
        return (_TABLES["strong"][key],), 1.0
    if key in _TABLES["weak"] and not (token == "A" and len(token) == 1):
        return tuple(_TABLES["weak"][key].split()), 0.5
    if key in TENS or UNITS.get(key, 0) >= 10:
        return (str(TENS.get(key) or UNITS[key]),), 1.0
    if not token.isalnum() or len(token) > LENGTH + 2:
        return None
    if any(c.isdigit() for c in token) or len(token) == 1:
        return (upper,), 1.0
    if token.isupper() and len(token) <= LENGTH and token not in _NOT_LETTERS:
        return (upper,), 1.0 if len(token) < 5 else 0.5
    if len(token) in (2, 3) and token[0].isupper() and not _VOWEL.search(key):
        # "F7D5 Ls": letters that a transcriber wrote as a name.
        return (upper,), 0.5
    return None


_VOWEL = re.compile("[aeiouy]")


def pieces_of(text: str) -> list[Piece]:
    """Find what may stand for symbols of a code, in the order said."""
    tokens = list(_TOKEN.finditer(text))
    pieces: list[Piece] = []
    skip_to = 0
    for index, token in enumerate(tokens):
        if token.start() < skip_to:
            continue
        word = token.group()
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        found, end = _symbols(word), token.end()
        if word == "or" and not (pieces and following and _inside_code(pieces, following.group())):
            continue
        if word == "a" and following and len(following.group()) == 1:
            found = (("A", ""), 0.5)  # "and then a C": an article, or the letter
        if word.casefold() in ("double", "triple") and following:
            times = 2 if word.casefold() == "double" else 3
            inner = _symbols(following.group())
            if inner and all(len(option) == 1 for option in inner[0]):
                options = tuple(option * times for option in inner[0])
                if times == 2 and options == ("UU",):
                    options = ("W", "UU")
                found, end = (options, 1.0), following.end()
        elif found and word.casefold() in TENS and following and 0 < UNITS.get(following.group().casefold(), 0) < 10:
            tens, unit = found[0][0], UNITS[following.group().casefold()]
            found, end = ((f"{tens[0]}{unit}", f"{tens}{unit}"), 1.0), following.end()
        elif found and all(len(option) <= 1 for option in found[0]) and (as_in := _as_in(found[0][0], text, end)):
            initial, end = as_in
            found = ((initial, *(() if found[0][0] == initial else found[0])), 1.0)
        if found:
            pieces.append(Piece(token.start(), end, *found))
            skip_to = end
    return pieces


def _inside_code(before: Sequence[Piece], following: str) -> bool:
    """Whether a word between two pieces may be a symbol: neither side is a whole code yet."""
    last = before[-1]
    return (
        last.strength == 1.0 and len(last.options[0]) < LENGTH and len(following) < LENGTH and bool(_symbols(following))
    )


def _as_in(letter: str, text: str, end: int) -> tuple[str, int] | None:
    """Read "… as in apple" after a letter: the word's initial, and where it ends."""
    match = _AS_IN.match(text, end)
    if not match:
        return None
    word, firm = match["word"], bool(re.search(r"\b(?:in|an|and|is for)\s", match.group()))
    initial = word[0].upper().replace("I", "1").replace("O", "0")
    own = _symbols(word)
    if len(word) < 2 or not (firm or (initial == letter and (own is None or own[0] == (letter,)))):
        return None
    return initial, match.end()


def _runs(text: str, pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Group pieces that have nothing but punctuation and fillers between them."""
    runs: list[list[Piece]] = []
    for previous, piece in pairwise((None, *pieces)):
        assert piece is not None
        between = _TOKEN.findall(text[previous.end : piece.start]) if previous else []
        joined = previous is not None and "\x00" not in text[previous.end : piece.start]
        if previous is not None and (is_code(previous.options[0]) or is_code(piece.options[0])):
            joined = False  # a whole code stands for itself: "QT44LZ one day later"
        if joined and all(word.casefold() in _FILLERS for word in between):
            runs[-1].append(piece)
        else:
            runs.append([piece])
    return runs


def readings_of(pieces: Sequence[Piece]) -> list[str]:
    """Give what pieces may stand for, joined, likeliest first."""
    found = [""]
    for piece in pieces:
        found = [head + option for head in found for option in piece.options if len(head) < 10][:64]
    return found


def _best(text: str, run: list[Piece]) -> Span | None:
    """Choose the stretch of a run that reads most like a locator."""
    if sum(max(map(len, piece.options)) for piece in run) < LENGTH - 2:
        return None
    best: tuple[float, Span] | None = None
    firm = [index for index, piece in enumerate(run) if piece.strength == 1.0]
    if not firm:
        return None
    for first in range(firm[0] + 1):
        for last in range(firm[-1], len(run)):
            part = run[first : last + 1]
            start, end = part[0].start, part[-1].end
            cue = bool(_CUE.search(text[max(0, start - 60) : start])) or len(text[:start] + text[end:]) < 12
            readings = readings_of(part)
            whole = [code for code in readings if is_code(code)]
            mixed = [c for c in whole if any(x.isdigit() for x in c) and any(x.isalpha() for x in c)]
            near = [code for code in readings if cue and LENGTH - 2 <= len(code) <= LENGTH + 2 and not code.isalpha()]
            strength = sum(p.strength * len(p.options[0]) for p in part) / sum(len(p.options[0]) for p in part)
            if mixed:
                score, codes = (
                    strength - (0.2 if mixed[0] != readings[0] and not any("" in p.options for p in part) else 0.0),
                    mixed,
                )
            elif whole and cue and len(part) > 2:
                score, codes = 0.6 * strength, whole
            elif near and any(any(x.isalpha() for x in code) for code in near):
                score, codes = 0.5 * strength, sorted(near, key=lambda c: abs(len(c) - LENGTH))
            else:
                continue
            if score < 0.4 or (score < 0.75 and not cue):
                continue
            if best is None or score > best[0]:
                said = text[start:end]
                rest = tuple(dict.fromkeys(code for code in codes[1:] if code != codes[0]))
                best = score, Span(start, end, said, "code", codes[0], round(score, 3), rest[:7])
    return best[1] if best else None
