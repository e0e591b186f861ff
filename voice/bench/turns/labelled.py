"""Labelled turns: the JSON lines that `voice eval` runs, read strictly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from voice.bench.turns.numbered import numbered_lines
from voice.bench.turns.vocabulary import problem_of


class BadTurns(ValueError):
    """A file of labelled turns is not as it should be; the message names the line."""


@dataclass(frozen=True, slots=True)
class LabelledTurn:
    """What a caller said, what it is an answer to, and what they asked for.

    Attributes:
        id: The turn's name.
        text: The transcript.
        expect: The actions in their flat form; alternatives of a value are joined with ``|``.
        agent: What the agent said last.
        bookings: Locators already looked up in the call.
        complexity: ``simple`` or ``complex``.
        kind: What sort of turn it is, for tables.
        split: ``train``, ``dev``, ``test``, … as the file says.
        words: Each word as heard, with the transcriber's confidence in it, 0…1; none where the text was written.
    """

    id: str
    text: str
    expect: tuple[Mapping[str, Any], ...]
    agent: str = ""
    bookings: tuple[str, ...] = ()
    complexity: str = "simple"
    kind: str = ""
    split: str = ""
    words: tuple[tuple[str, float], ...] = ()


def load_turns(*paths: Path) -> tuple[LabelledTurn, ...]:
    """Read files of labelled turns, in order.

    Raises:
        BadTurns: a file is missing or empty, a line is no labelled turn, or two turns have the same id.
    """
    seen: dict[str, Path] = {}
    turns: list[LabelledTurn] = []
    for path in paths:
        for turn in _file(path):
            if turn.id in seen:
                raise BadTurns(f"{path}: the id {turn.id!r} is already taken in {seen[turn.id]}")
            seen[turn.id] = path
            turns.append(turn)
    return tuple(turns)


def _file(path: Path) -> tuple[LabelledTurn, ...]:
    try:
        lines = numbered_lines(path)
    except (OSError, UnicodeDecodeError) as error:
        raise BadTurns(f"cannot read {path}: {error}") from None
    turns = tuple(_turn(line, f"{path}:{number}") for number, line in lines)
    if not turns:
        raise BadTurns(f"{path} holds no turns; it needs one JSON object a line")
    return turns


def _turn(line: str, where: str) -> LabelledTurn:
    try:
        data = json.loads(line)
    except ValueError as error:
        raise BadTurns(f"{where}: no JSON: {error}") from None
    if not isinstance(data, dict):
        raise BadTurns(f"{where}: a turn is a JSON object")
    for key, kind in (("id", str), ("text", str), ("expect", list)):
        if not isinstance(data.get(key), kind):
            raise BadTurns(f"{where}: {key!r} must be a {kind.__name__}")
    if problem := problem_of(data["expect"]):
        raise BadTurns(f"{where}: {problem}")
    agent, bookings = _context(data.get("context"), where)
    complexity = data.get("complexity", "simple")
    if complexity not in ("simple", "complex"):
        raise BadTurns(f"{where}: 'complexity' is simple or complex, not {complexity!r}")
    return LabelledTurn(
        id=data["id"],
        text=data["text"],
        expect=tuple(data["expect"]),
        agent=agent,
        bookings=bookings,
        complexity=complexity,
        kind=str(data.get("kind") or ""),
        split=str(data.get("split") or ""),
        words=_words(data.get("words", []), where),
    )


def _context(found: object, where: str) -> tuple[str, tuple[str, ...]]:
    """Give what the agent said last, and the locators looked up before; one that is left out is none."""
    match {} if found is None else found:
        case {**rest} if not {*rest} - {"agent", "bookings"}:
            agent, bookings = rest.get("agent") or "", rest.get("bookings") or []
        case _:
            raise BadTurns(f"{where}: 'context' is an object with 'agent' and 'bookings', got {found!r}")
    if not isinstance(agent, str):
        raise BadTurns(f"{where}: 'context.agent' must be a text, got {agent!r}")
    match bookings:
        case [*codes] if all(isinstance(code, str) for code in codes):
            return agent, tuple(map(str, codes))
        case _:
            raise BadTurns(f"{where}: 'context.bookings' must be a list of locators, got {bookings!r}")


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
