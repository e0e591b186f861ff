"""Labelled turns: the JSON lines that `voice eval` runs, read strictly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from voice.bench.turns.numbered import numbered_lines
from voice.bench.turns.yardstick import Yardstick


class BadTurns(ValueError):
    """A file of labelled turns is not as it should be; the message names the line."""


@dataclass(frozen=True, slots=True)
class LabelledTurn:
    """What a caller said, what it is an answer to, and what they asked for.

    Attributes:
        id: The turn's name.
        text: The transcript.
        expect: The actions in their flat form; alternatives of a value are joined with ``|``.
        context: What came before, in the desk's own terms; ``agent`` is what the agent said last.
        complexity: ``simple`` or ``complex``.
        kind: What sort of turn it is, for tables.
        split: ``train``, ``dev``, ``test``, … as the file says.
        words: Each word as heard, with the transcriber's confidence in it, 0…1; none where the text was written.
    """

    id: str
    text: str
    expect: tuple[Mapping[str, Any], ...]
    context: Mapping[str, Any] = field(default_factory=dict[str, Any])
    complexity: str = "simple"
    kind: str = ""
    split: str = ""
    words: tuple[tuple[str, float], ...] = ()

    @property
    def agent(self) -> str:
        """What the agent said last, as far as the context tells."""
        return str(self.context.get("agent") or "")


def load_turns(*paths: Path, desk: Yardstick) -> tuple[LabelledTurn, ...]:
    """Read files of labelled turns, in order.

    Args:
        paths: The files.
        desk: What the turns are said to.

    Raises:
        BadTurns: a file is missing or empty, a line is no labelled turn, or two turns have the same id.
    """
    seen: dict[str, Path] = {}
    turns: list[LabelledTurn] = []
    for path in paths:
        for turn in _file(path, desk):
            if turn.id in seen:
                raise BadTurns(f"{path}: the id {turn.id!r} is already taken in {seen[turn.id]}")
            seen[turn.id] = path
            turns.append(turn)
    return tuple(turns)


def _file(path: Path, desk: Yardstick) -> tuple[LabelledTurn, ...]:
    try:
        lines = numbered_lines(path)
    except (OSError, UnicodeDecodeError) as error:
        raise BadTurns(f"cannot read {path}: {error}") from None
    turns = tuple(_turn(line, f"{path}:{number}", desk) for number, line in lines)
    if not turns:
        raise BadTurns(f"{path} holds no turns; it needs one JSON object a line")
    return turns


def _turn(line: str, where: str, desk: Yardstick) -> LabelledTurn:
    try:
        data = json.loads(line)
    except ValueError as error:
        raise BadTurns(f"{where}: no JSON: {error}") from None
    if not isinstance(data, dict):
        raise BadTurns(f"{where}: a turn is a JSON object")
    for key, kind in (("id", str), ("text", str), ("expect", list)):
        if not isinstance(data.get(key), kind):
            raise BadTurns(f"{where}: {key!r} must be a {kind.__name__}")
    if problem := desk.problem_of(data["expect"]):
        raise BadTurns(f"{where}: {problem}")
    complexity = data.get("complexity", "simple")
    if complexity not in ("simple", "complex"):
        raise BadTurns(f"{where}: 'complexity' is simple or complex, not {complexity!r}")
    return LabelledTurn(
        id=data["id"],
        text=data["text"],
        expect=tuple(data["expect"]),
        context=_context(data.get("context"), where, desk),
        complexity=complexity,
        kind=str(data.get("kind") or ""),
        split=str(data.get("split") or ""),
        words=_words(data.get("words", []), where),
    )


def _context(found: object, where: str, desk: Yardstick) -> Mapping[str, Any]:
    """Give what came before, once the desk has taken a call up there; left out it is nothing."""
    context = {} if found is None else found
    if not isinstance(context, dict):
        raise BadTurns(f"{where}: 'context' is an object, got {found!r}")
    try:
        desk.dialogue(cast("dict[str, Any]", context))
    except ValueError as error:
        raise BadTurns(f"{where}: {error}") from None
    except Exception as error:
        raise BadTurns(f"{where}: the desk could not begin with this 'context': {error!r}") from error
    return cast("dict[str, Any]", context)


def _words(found: object, where: str) -> tuple[tuple[str, float], ...]:
    if not isinstance(found, list):
        raise BadTurns(f"{where}: 'words' must be a list, got {found!r}")
    for word in cast("list[object]", found):
        match word:
            case [str(), int() | float() as sure] if not isinstance(sure, bool) and 0 <= sure <= 1:
                continue
            case _:
                raise BadTurns(f"{where}: each of 'words' is a text and its confidence from 0 to 1, got {word!r}")
    return tuple((text, float(sure)) for text, sure in cast("list[tuple[str, float]]", found))
