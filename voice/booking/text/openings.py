r"""How the words begin that a pattern can't match without: derived from the pattern, so that it need not be tried.

An *opening* is the first letters of a word, in small letters, with what follows a shorter word: "flig", "i wa", "a".
In a text in which no word begins with one of them the pattern matches nothing. Where a pattern says too little
(``\w+``) nothing is derived, and it is tried everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

LENGTH = 4
"""Characters of an opening, at the most."""

Openings = frozenset[str]
_PARSE: Any = import_module("re._parser").parse  # the standard library's own parser, the one that Hypothesis reads with
_MOST_CHARS = 26
"""A set of more characters than this is as good as any character."""
_FEW_CHARS = 12
"""Behind a set of more characters than this nothing more is looked at."""
_MOST_NEEDS = 3
_COMMON_WORDS = """
a about all an and any are as at be but by can could do for from get go have how i if in is it just like me my need no
not of on one or out so than that the then there this to two up want was we what when will with would you your
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_USUAL, _SHORT = 50, 4
"""How much likelier a text has one of those words, or an opening of few characters, than any other opening."""

Tokens = Sequence[tuple[Any, Any]]
"""A parsed pattern: operators of ``re`` with their arguments."""


def necessary(pattern: str, flags: int) -> tuple[Openings | None, tuple[Openings, ...]]:
    """Derive what a text must have for a pattern to match in it. Pure.

    Returns:
        Openings of words, one of which any match begins with, None where it may begin otherwise; and sets, of each of
        which some word has an opening, the most telling one first.
    """
    tokens: Tokens = _PARSE(pattern, flags)
    begins = _begins(tokens)
    needs = {*_needs(tokens, False), *([begins] if begins else [])}
    return begins, tuple(sorted(needs, key=_weight)[:_MOST_NEEDS])


def _weight(openings: Openings) -> int:
    return sum(_USUAL if one.strip() in _COMMON else _SHORT if len(one) < LENGTH else 1 for one in openings)


def _begins(tokens: Tokens) -> Openings | None:
    """Give the openings that a match begins with, if it surely begins with a word."""
    fresh = False
    for index, (op, arg) in enumerate(tokens):
        if _width(op) == 0:
            fresh = fresh or "other" in _ends(op, arg)
        elif fresh:
            return _opening(tokens[index:])
        else:
            ways = arg[1] if str(op) == "BRANCH" else [arg[3]] if str(op) == "SUBPATTERN" else []
            begins = [_begins([*way, *tokens[index + 1 :]]) for way in ways]
            found = [openings for openings in begins if openings is not None]
            return frozenset().union(*found) if begins and len(found) == len(begins) else None
    return None


def _needs(tokens: Tokens, fresh: bool) -> list[Openings]:
    """Give sets of openings, of each of which a match has one; ``fresh`` says that a word would begin here."""
    found: list[Openings] = []
    for index, (op, arg) in enumerate(tokens):
        openings = _opening(tokens[index:]) if fresh and _width(op) else None
        if openings is not None:
            found.append(openings)
        if openings is None or _weight(openings) >= _USUAL:
            found += _inner_needs(str(op), arg, fresh)
        ends = _ends(op, arg)
        fresh = ends <= {"other", "nothing"} and (fresh or "nothing" not in ends)
    return found


def _inner_needs(op: str, arg: Any, fresh: bool) -> list[Openings]:
    match op:
        case "SUBPATTERN":
            return _needs(arg[3], fresh)
        case "MAX_REPEAT" | "MIN_REPEAT" if arg[0] > 0:
            return _needs(arg[2], fresh)
        case "BRANCH":
            needs = [_needs(branch, fresh) for branch in arg[1]]
            return [frozenset().union(*(min(need, key=_weight) for need in needs))] if all(needs) else []
        case _:
            return []


def _opening(tokens: Tokens) -> Openings | None:
    """Give the openings of what matches here, where that begins with a letter or digit; None where it need not."""
    found = {text for text, _ in _firsts(tokens)}
    return frozenset(found) if all(text[:1].isalnum() for text in found) else None


_First = tuple[str, bool]
"""Characters that a match may begin with, and whether what follows in the pattern follows them."""


def _firsts(tokens: Tokens) -> set[_First]:
    firsts: set[_First] = {("", True)}
    for op, arg in tokens:
        if not any(goes_on for _, goes_on in firsts):
            break
        follow = _first(str(op), arg)
        firsts = {
            joined
            for text, goes_on in firsts
            for joined in (((text + more)[:LENGTH], on and len(text + more) < LENGTH) for more, on in follow)
            if goes_on
        } | {first for first in firsts if not first[1]}
    return firsts


def _first(op: str, arg: Any) -> set[_First]:
    match op:
        case "LITERAL":
            return {(chr(arg).casefold(), True)}
        case "IN":
            chars = _chars(arg)
            return {(char, len(chars) <= _FEW_CHARS) for char in chars} or {("", False)}
        case "AT" | "ASSERT" | "ASSERT_NOT":
            return {("", True)}
        case "SUBPATTERN":
            return _firsts(arg[3])
        case "BRANCH":
            return set[_First]().union(*(_firsts(branch) for branch in arg[1]))
        case "MAX_REPEAT" | "MIN_REPEAT":
            least, most, inner = arg
            taken = {(text, on and most == 1) for text, on in _firsts(inner)}
            return taken | {("", True)} if least == 0 else taken
        case _:
            return {("", False)}


def _chars(items: Iterable[tuple[Any, Any]]) -> set[str]:
    """Give the characters of a set, none where it has too many."""
    chars: set[str] = set()
    for kind, value in items:
        match str(kind), str(value):
            case "LITERAL", _:
                chars.add(chr(value).casefold())
            case "RANGE", _ if value[1] - value[0] < _MOST_CHARS:
                chars |= {chr(code).casefold() for code in range(value[0], value[1] + 1)}
            case "CATEGORY", "CATEGORY_DIGIT":
                chars |= set("0123456789")
            case _:
                return set()
    return chars if len(chars) <= _MOST_CHARS else set()


def _width(op: Any) -> int:
    return 0 if str(op) in ("AT", "ASSERT", "ASSERT_NOT") else 1


def _ends(op: Any, arg: Any) -> set[str]:
    """Say how a match of one token may end: in a ``word``, in any ``other`` character, or having matched ``nothing``.

    A boundary counts as an other character, since a letter behind it begins a word as well.
    """
    match str(op):
        case "LITERAL":
            return {"word" if re.match(r"\w", chr(arg)) else "other"}
        case "IN":
            return {"other"} if all(_is_other(str(kind), value) for kind, value in arg) else {"word"}
        case "AT":
            return {"other"} if str(arg) in ("AT_BOUNDARY", "AT_BEGINNING", "AT_BEGINNING_STRING") else {"nothing"}
        case "ASSERT" if arg[0] < 0:
            return {"other"} if _ends_of(arg[1]) == {"other"} else {"nothing"}
        case "ASSERT_NOT" if arg[0] < 0:
            return {"other"} if _is_word_char(arg[1]) else {"nothing"}
        case "ASSERT" | "ASSERT_NOT":
            return {"nothing"}
        case "SUBPATTERN":
            return _ends_of(arg[3])
        case "BRANCH":
            return set[str]().union(*(_ends_of(branch) for branch in arg[1]))
        case "MAX_REPEAT" | "MIN_REPEAT":
            return _ends_of(arg[2]) | ({"nothing"} if arg[0] == 0 else set())
        case _:
            return {"word", "nothing"}


def _ends_of(tokens: Tokens) -> set[str]:
    ends = {"nothing"}
    for op, arg in tokens:
        own = _ends(op, arg)
        ends = (own - {"nothing"}) | (ends if "nothing" in own else set())
    return ends


def _is_other(kind: str, value: Any) -> bool:
    match kind:
        case "LITERAL":
            return not re.match(r"\w", chr(value))
        case "CATEGORY":
            return str(value) in ("CATEGORY_SPACE", "CATEGORY_NOT_WORD")
        case _:
            return False


def _is_word_char(tokens: Tokens) -> bool:
    """Whether a pattern is one character, any of a word's among them."""
    return (
        len(tokens) == 1
        and str(tokens[0][0]) == "IN"
        and any(str(value) == "CATEGORY_WORD" for _, value in tokens[0][1])
    )
