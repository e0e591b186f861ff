"""Where in a profile's text a key stands, for messages that name the line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_Place = tuple[str | int, ...]
"""As pydantic gives it: ``("tiers", 1, "model")`` is the second tier's model."""

_PART = r"""(?:"[^"]*"|'[^']*'|[\w-]+)"""
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_DOTTED})\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=")


UNKNOWN_KEY = ("extra_forbidden", "unexpected_keyword_argument")
"""What pydantic calls it."""


def explain(path: Path, text: str, error: Mapping[str, Any]) -> str:
    """Say what pydantic found wrong, with file and line."""
    where: tuple[str | int, ...] = error["loc"]
    name = ".".join(str(part) for part in where)
    line = line_of(text, where, error["msg"] if error["type"] == "value_error" else "")
    if error["type"] in UNKNOWN_KEY:
        return f"{path}:{line}: unknown key {name!r}"
    if error["type"] in ("missing", "missing_argument"):
        return f"{path}:{line}: {name!r} is missing"
    return f"{path}:{line}: {name!r}: {error['msg']}"


def line_of(text: str, where: Sequence[str | int], said: str = "") -> int:
    """Find the line of a key; if the key is not there, that of the table that it belongs into.

    Where that is a table, what is ``said`` of it may name keys inside of it: the first one's line is meant.
    """
    lines = _lines(text)
    place = tuple(where)
    while place not in lines:
        place = place[:-1]
    inside = {key: line for key, line in lines.items() if len(key) > len(place) and key[: len(place)] == place}
    named = [
        (found.start(), line)
        for key, line in inside.items()
        if (found := re.search(rf"(?<!\w){re.escape(str(key[-1]))}(?!\w)", said))
    ]
    return min(named)[1] if named else lines[place]


def _lines(text: str) -> dict[_Place, int]:
    """Give the line of every table and key. The whole begins at line 1; a table without a header, at its first key."""
    lines: dict[_Place, int] = {(): 1}
    counts = Counter[_Place]()
    table: _Place = ()
    for number, content in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(content):
            place = table = _table(header[2], counts, another=header[1] == "[[")
        elif key := _KEY.match(content):
            place = (*table, *_parts(key[1]))
        else:
            continue
        for depth in range(1, len(place)):
            lines.setdefault(place[:depth], number)
        lines[place] = number
    return lines


def _table(name: str, counts: Counter[_Place], *, another: bool) -> _Place:
    """Give the place of the table of a header. Of tables that are many, it is in the newest, or is ``another`` one."""
    place: _Place = ()
    parts = _parts(name)
    for depth, part in enumerate(parts, 1):
        place = (*place, part)
        counts[place] += another and depth == len(parts)
        if counts[place]:
            place = (*place, counts[place] - 1)
    return place


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in re.findall(_PART, dotted)]
