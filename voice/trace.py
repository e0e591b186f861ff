"""A trace: every decision of a call, one JSON object a line."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TextIO
from uuid import uuid4

from voice.redaction import redacted

Line = dict[str, Any]
Sink = Callable[[Line], None]
"""Takes a line as it is made. Must be quick and must not raise."""

_log = logging.getLogger(__name__)


class Trace:
    """Gives each line its time, takes out what must not be kept (`voice.redaction`), and hands it to every sink.

    A line is ``{"at": seconds since the call began, "call": id, "turn": number, "kind": name, …}``.

    Args:
        call_id: Names the call; None for an id of its own. The keys that make a desk's writes idempotent are made of
            it: two calls that share an id and a desk are taken for one, and the second is told what the first did.
        began: The clock's reading at the start of the call, in seconds; None for that of the first line.
        sinks: Where lines go.
    """

    def __init__(self, call_id: str | None = None, began: float | None = None, *sinks: Sink) -> None:
        self.call_id = uuid4().hex if call_id is None else call_id
        self.began = began
        self._sinks = list(sinks)

    def add(self, sink: Sink) -> None:
        """Hand every later line to this sink too."""
        self._sinks.append(sink)

    def write(self, at: float, turn: int, kind: str, data: Mapping[str, Any]) -> None:
        """Write a line about what was decided or done at ``at`` (the clock's reading)."""
        self.began = at if self.began is None else self.began
        told = redacted(data)
        line: Line = {"at": round(at - self.began, 4), "call": self.call_id, "turn": turn, "kind": kind, **told}
        for sink in self._sinks:
            try:
                sink(line)
            except Exception:
                _log.exception("a trace sink failed; the call goes on without this line")


class JsonLines:
    """A sink that appends to a file. A full disk costs lines, never the call.

    Raises:
        OSError: the file can't be opened.
    """

    def __init__(self, path: Path) -> None:
        self._file: TextIO | None = path.open("a", encoding="utf-8")
        self._path = path

    def __call__(self, line: Line) -> None:
        """Append a line."""
        if self._file is None:
            return
        try:
            self._file.write(json.dumps(line, default=jsonable, ensure_ascii=False) + "\n")
            self._file.flush()
        except OSError as error:
            _log.error("the trace %s ends here: %s", self._path, error)
            self.close()

    def close(self) -> None:
        """Close the file; later lines are dropped."""
        if self._file is not None:
            try:
                self._file.close()
            except OSError:
                _log.debug("the trace %s could not be flushed", self._path)
            self._file = None


def jsonable(value: Any) -> Any:
    """Give JSON's form of a dataclass, date or set, for ``json.dumps(default=…)``."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, frozenset | set | tuple):
        return list(value)  # type: ignore[arg-type]
    return str(value)
