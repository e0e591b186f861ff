"""Reads a trace that a call left behind, however the call ended."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from voice.bench.turns.numbered import numbered_lines
from voice.trace import Line


class TraceError(ValueError):
    """A trace can't be used: the message names the file, the line and what is wrong."""


@dataclass(frozen=True, slots=True)
class TraceFile:
    """The lines of a trace.

    Attributes:
        lines: Every whole line, in order.
        cut: Whether the last line is incomplete and left out, as after a killed process or on a full disk.
    """

    lines: tuple[Line, ...]
    cut: bool = False


def read_trace(path: Path) -> TraceFile:
    """Read a ``trace.jsonl``. An empty file is a trace without lines.

    Raises:
        TraceError: there is no such file, or a line before the last one is broken.
    """
    try:
        # A multi-byte character may be cut too, so broken bytes must not stop the reading.
        numbered = numbered_lines(path, errors="replace")
    except OSError as error:
        raise TraceError(f"{path} can't be read: {error.strerror or error}") from error
    lines: list[Line] = []
    for number, text in numbered:
        try:
            lines.append(_line(json.loads(text)))
        except ValueError as error:
            if number == numbered[-1][0]:
                return TraceFile(tuple(lines), cut=True)
            raise TraceError(f"{path}, line {number}: {error}") from None
    return TraceFile(tuple(lines))


def _line(data: Any) -> Line:
    if not isinstance(data, dict):
        raise ValueError(f"a line of a trace is a JSON object, got {data!r}")
    line = cast("Line", data)
    if not isinstance(line.get("at"), int | float) or not isinstance(line.get("kind"), str):
        raise ValueError("a line of a trace needs its time under 'at' and its kind under 'kind'")
    return line
