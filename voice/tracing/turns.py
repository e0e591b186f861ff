"""The lines of a trace, gathered by turn."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from voice.bench.turns.numbered import numbered_lines

Line = Mapping[str, Any]


class BadTrace(ValueError):
    """A file is no trace; the message names the line."""


@dataclass
class TurnTrace:
    """What was decided about one turn.

    Attributes:
        call: The call's id.
        number: The turn's number in it.
        lines: Everything about it, in order.
    """

    call: str
    number: int
    lines: list[Line] = field(default_factory=list[Line])

    def all(self, kind: str) -> list[Line]:
        """Give the lines of a kind."""
        return [line for line in self.lines if line["kind"] == kind]

    def last(self, kind: str) -> Line | None:
        """Give the last line of a kind."""
        return next((line for line in reversed(self.lines) if line["kind"] == kind), None)

    @property
    def answered(self) -> Line | None:
        """The answer, None for a turn that was withdrawn or cut off."""
        return self.last("answer")

    @property
    def spoke_until(self) -> float | None:
        """When the caller's last word ended, in seconds since the call began."""
        ended = self.last("turn")
        return None if ended is None else ended["at"] - ended.get("silence_seconds", 0.0)

    def wait(self, *, substance: bool) -> float | None:
        """Give the seconds from the end of the caller's speech to the first sound, or to the first of the answer."""
        began, answer = self.spoke_until, self.answered
        sounds = [line["at"] for line in self.all("sound") if not substance or line.get("speech") == "answer"]
        told = [*sounds, *([answer["at"]] if answer and not sounds else [])]
        return None if began is None or not told else max(0.0, min(told) - began)


def load_trace(paths: Sequence[Path]) -> list[Line]:
    """Read trace files, or the ``trace.jsonl`` of folders, in order. The last line of a running call may be cut short.

    Raises:
        BadTrace: a file is not there, or a line is no line of a trace.
    """
    lines: list[Line] = []
    for path in paths:
        files = sorted(path.rglob("trace.jsonl")) if path.is_dir() else [path]
        if not files:
            raise BadTrace(f"{path} holds no trace.jsonl")
        for file in files:
            lines += _file(file)
    return lines


def _file(path: Path) -> list[Line]:
    try:
        # A file may end in the middle of a character, too.
        texts = numbered_lines(path, errors="replace")
    except OSError as error:
        raise BadTrace(f"cannot read {path}: {error}") from None
    found: list[Line] = []
    for number, text in texts:
        try:
            line = json.loads(text)
        except ValueError:
            if number == texts[-1][0]:
                break
            raise BadTrace(f"{path}:{number}: this is no JSON") from None
        if not isinstance(line, dict) or not {"at", "call", "turn", "kind"} <= set(line):
            raise BadTrace(f"{path}:{number}: a line of a trace has at, call, turn and kind")
        found.append(line)
    return found


def turns_of(lines: Iterable[Line]) -> list[TurnTrace]:
    """Gather lines by call and turn; what belongs to no turn (number 0) is left out."""
    found: dict[tuple[str, int], TurnTrace] = {}
    for line in lines:
        if line["turn"]:
            key = (line["call"], line["turn"])
            found.setdefault(key, TurnTrace(*key)).lines.append(line)
    return list(found.values())
