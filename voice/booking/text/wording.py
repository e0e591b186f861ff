"""Patterns of what callers say, tried only where a text has the words for them.

Most patterns match in few turns, and finding that out takes most of a reading's time. So a `Wording` first looks
whether any word of the text begins as one of its words does, and is then tried at those words alone.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache

from voice.booking.text.openings import LENGTH, Openings, necessary

_WORD = re.compile(r"\w+")
_Starts = dict[str, list[int]]


@lru_cache(maxsize=512)
def _starts(text: str) -> tuple[frozenset[str], _Starts]:
    """Give the openings of a text's words, and where each of them stands."""
    found: _Starts = {}
    small = text.casefold() if text.isascii() else ""
    for word in _WORD.finditer(text):
        start = word.start()
        opening = small[start : start + LENGTH] or text[start : start + LENGTH].casefold()
        for key in (opening[:1], opening[:2], opening[:3], opening):
            if key in found:
                found[key].append(start)
            else:
                found[key] = [start]
    return frozenset(found), found


def _places(text: str, begins: Openings) -> list[int]:
    """Give where words with one of these openings stand, in the order said."""
    openings, at = _starts(text)
    found = begins & openings
    if len(found) == 1:
        return at[next(iter(found))]
    return sorted({place for opening in found for place in at[opening]})


class Wording:
    """A compiled pattern with the methods of ``re.Pattern`` that reading needs, and their meaning.

    Args:
        pattern: As for `re.compile`.
        flags: As for `re.compile`.
        looser: A pattern that matches wherever this one does, to be looked at in its place when it is a very long one.
    """

    def __init__(self, pattern: str, flags: int = re.IGNORECASE, *, looser: str = "") -> None:
        self.pattern = pattern
        compiled = re.compile(pattern, flags)
        self._compiled, self.match, self.fullmatch = compiled, compiled.match, compiled.fullmatch
        self.groupindex = compiled.groupindex
        self._looser = looser or pattern
        _MADE.append(self)

    @cached_property
    def _begins(self) -> Openings | None:
        return self._necessary[0]

    @cached_property
    def _needs(self) -> tuple[Openings, ...]:
        return self._necessary[1]

    @cached_property
    def _necessary(self) -> tuple[Openings | None, tuple[Openings, ...]]:
        return necessary(self._looser, self._compiled.flags)

    def finditer(self, text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match[str]]:
        """Find all matches, as ``re.Pattern.finditer`` does."""
        if not self._may_match(text):
            return iter(())
        return self._compiled.finditer(text, start, end) if self._begins is None else self._found(text, start, end)

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match[str] | None:
        """Find the first match, as ``re.Pattern.search`` does."""
        if not self._may_match(text):
            return None
        if self._begins is None:
            return self._compiled.search(text, start, end)
        for first in _places(text, self._begins):
            if first >= start and (match := self.match(text, first, end)):
                return match
        return None

    def sub(self, new: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> str:
        """Replace matches, as ``re.Pattern.sub`` does."""
        return self.subn(new, text, count)[0]

    def subn(self, new: str | Callable[[re.Match[str]], str], text: str, count: int = 0) -> tuple[str, int]:
        """Replace matches and count them, as ``re.Pattern.subn`` does."""
        return self._compiled.subn(new, text, count) if self.search(text) else (text, 0)

    def _may_match(self, text: str) -> bool:
        if self._needs:
            openings, _ = _starts(text)
            for need in self._needs:
                if need.isdisjoint(openings):
                    return False
        return True

    def _found(self, text: str, start: int, end: int) -> Iterator[re.Match[str]]:
        for first in _places(text, self._begins or frozenset()):
            if first >= start and (match := self.match(text, first, end)):
                yield match
                start = match.end()


_MADE: list[Wording] = []


def prepare() -> None:
    """Derive what texts must have for every pattern so far, half a second's work, which first searches do otherwise."""
    while _MADE:
        _ = _MADE.pop()._necessary  # pyright: ignore[reportPrivateUsage]
