"""Where in a profile's text a key stands, for messages that name the line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def explain(path: Path, text: str, data: Mapping[str, Any], error: Mapping[str, Any]) -> str:
    """Say what pydantic found wrong, with file and line."""
    where: tuple[str | int, ...] = error["loc"]
    name = ".".join(str(part) for part in where)
    line = line_of(text, data, where)
    if error["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        return f"{path}:{line}: unknown key {name!r}"
    if error["type"] in ("missing", "missing_argument"):
        return f"{path}:{line}: {name!r} is missing"
    return f"{path}:{line}: {name!r}: {error['msg']}"


def line_of(text: str, data: Mapping[str, Any], where: Sequence[str | int]) -> int:
    """Find the line of a key; the nearest table's line if the key is not there."""
    lines = text.splitlines()
    line, inside = 0, lines
    start = 0
    for position, part in enumerate(where):
        if isinstance(part, int):
            continue
        index = where[position + 1] if position + 1 < len(where) else 0
        nth = index if isinstance(index, int) else 0
        table = [
            number
            for number, content in enumerate(inside, start)
            if re.match(rf"\s*\[\[?\s*{re.escape(part)}\s*\]\]?", content)
        ]
        key = [
            number
            for number, content in enumerate(lines[start:], start)
            if re.match(rf"""\s*["']?{re.escape(part)}["']?\s*=""", content)
        ]
        if table:
            start = table[min(nth, len(table) - 1)]
            line = start
        elif key:
            line = key[0]
            break
        else:
            break
    return line + 1
