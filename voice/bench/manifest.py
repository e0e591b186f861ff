"""Recorded calls: read from a folder with a ``manifest.jsonl``, or from a single recording.

The manifest has one JSON object a line, one call each; audio is named relative to the folder.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from voice.cascade.words import Action

MANIFEST = "manifest.jsonl"
AUDIO_SUFFIXES = (".wav", ".flac", ".ogg", ".mp3")

Complexity = Literal["simple", "complex"]
Span = tuple[float, float]


class ManifestError(ValueError):
    """A fixture set can't be used: the message names the file, the line and what to do."""


@dataclass(frozen=True, slots=True)
class RecordedTurn:
    """One thing that a caller says, up to where they yield the floor.

    Attributes:
        audio: The recording, mono, any rate.
        text: What is said, word for word; empty if nobody wrote it down.
        speech: The spans in which the caller speaks, as (start, end) in seconds from the start of the file, in order.
            Latency counts from the end of the last one. Empty if unknown.
        complexity: How hard the turn is; None if unlabelled.
        expect: The actions that the turn asks for, in order.
        says: Facts that a right answer must speak, compared after number and name normalisation.
    """

    audio: Path
    text: str = ""
    speech: tuple[Span, ...] = ()
    complexity: Complexity | None = None
    expect: tuple[Action, ...] = ()
    says: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """A caller's side of a call.

    Attributes:
        id: Its name, unique in the set.
        turns: What the caller says, in order; at least one turn.
        voice: Who speaks.
        condition: How they are heard, such as ``clean-16k`` or ``phone-8k+cafe-10dB``.
        licence: An SPDX expression for the recordings.
        source: How they were made.
        desk: The state of the database that the call starts from.
    """

    id: str
    turns: tuple[RecordedTurn, ...]
    voice: str = ""
    condition: str = ""
    licence: str = ""
    source: str = ""
    desk: str = "seed-1"


def load(source: Path) -> list[RecordedCall]:
    """Read recorded calls.

    Args:
        source: A folder with a manifest, the manifest itself, or one recording, which becomes a call of one unlabelled
            turn named after the file.

    Raises:
        ManifestError: there is nothing to read, or a line of the manifest is wrong.
    """
    if source.is_dir():
        source = source / MANIFEST
    if not source.is_file():
        raise ManifestError(f"{source} does not exist: name a recording, or a folder that has a {MANIFEST}")
    if source.suffix == ".jsonl":
        return _read(source)
    if source.suffix.lower() in AUDIO_SUFFIXES:
        return [RecordedCall(id=source.stem, turns=(RecordedTurn(audio=source),))]
    raise ManifestError(f"{source} is neither a recording ({', '.join(AUDIO_SUFFIXES)}) nor a {MANIFEST}")


def find(calls: Sequence[RecordedCall], name: str) -> RecordedCall:
    """Give the call of that name.

    Raises:
        ManifestError: there is none; the message says which names are close, or which there are.
    """
    for call in calls:
        if call.id == name:
            return call
    names = [call.id for call in calls]
    close = difflib.get_close_matches(name, names) or names
    raise ManifestError(f"there is no call {name!r}; there is {', '.join(close)}")


def _read(manifest: Path) -> list[RecordedCall]:
    calls: list[RecordedCall] = []
    first_line: dict[str, int] = {}
    try:
        lines = manifest.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise ManifestError(f"{manifest} is not UTF-8 text: {error}") from None
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            call = _call(json.loads(line), manifest.parent)
            if call.id in first_line:
                raise ValueError(f"the call {call.id!r} is already on line {first_line[call.id]}: give it another id")
        except ValueError as error:
            raise ManifestError(f"{manifest}, line {number}: {error}") from None
        first_line[call.id] = number
        calls.append(call)
    if not calls:
        raise ManifestError(f"{manifest} has no calls: write one JSON object a line")
    return calls


def _call(data: Any, folder: Path) -> RecordedCall:
    fields = _fields(data, "a call", ("id", "turns", "voice", "condition", "licence", "source", "desk"))
    turns = _list(fields, "turns")
    if not turns:
        raise ValueError("'turns' is empty: a call needs at least one turn")
    return RecordedCall(
        id=_text(fields, "id"),
        turns=tuple(_turn(turn, number, folder) for number, turn in enumerate(turns, start=1)),
        voice=_text(fields, "voice", ""),
        condition=_text(fields, "condition", ""),
        licence=_text(fields, "licence", ""),
        source=_text(fields, "source", ""),
        desk=_text(fields, "desk", "seed-1"),
    )


def _turn(data: Any, number: int, folder: Path) -> RecordedTurn:
    try:
        fields = _fields(data, "a turn", ("audio", "text", "speech", "complexity", "expect", "says"))
        audio = folder / _text(fields, "audio")
        if not audio.is_file():
            raise ValueError(f"the recording {audio} does not exist")
        says = _list(fields, "says")
        if not all(isinstance(fact, str) for fact in says):
            raise ValueError(f"'says' must be a list of strings, got {says!r}")
        return RecordedTurn(
            audio=audio,
            text=_text(fields, "text", ""),
            speech=_spans(_list(fields, "speech")),
            complexity=_complexity(fields.get("complexity")),
            expect=tuple(Action.from_dict(_object(action, "an expected action")) for action in _list(fields, "expect")),
            says=tuple(says),
        )
    except ValueError as error:
        raise ValueError(f"turn {number}: {error}") from None


def _spans(values: Sequence[Any]) -> tuple[Span, ...]:
    spans: list[Span] = []
    previous = 0.0
    for value in values:
        match value:
            case [int() | float() as start, int() | float() as end] if previous <= start < end:
                spans.append((float(start), float(end)))
                previous = end
            case _:
                raise ValueError(f"'speech' must be [start, end] pairs in seconds, in order, got {value!r}")
    return tuple(spans)


def _complexity(value: Any) -> Complexity | None:
    match value:
        case None | "simple" | "complex":
            return value
        case _:
            raise ValueError(f"'complexity' must be simple or complex, got {value!r}")


def _fields(data: Any, what: str, known: Sequence[str]) -> Mapping[str, Any]:
    fields = _object(data, what)
    for key in fields:
        if key not in known:
            close = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(known)}"
            raise ValueError(f"{what} has no {key!r}: {hint}")
    return fields


def _object(data: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(data, dict):
        raise ValueError(f"{what} must be a JSON object, got {data!r}")
    return cast("Mapping[str, Any]", data)


def _list(fields: Mapping[str, Any], key: str) -> Sequence[Any]:
    value = fields.get(key, [])
    if not isinstance(value, list):
        raise ValueError(f"{key!r} must be a list, got {value!r}")
    return cast("Sequence[Any]", value)


def _text(fields: Mapping[str, Any], key: str, default: str | None = None) -> str:
    value = fields.get(key, default)
    if value is None:
        raise ValueError(f"{key!r} is missing")
    if not isinstance(value, str) or (default is None and not value):
        raise ValueError(f"{key!r} must be {'a' if default is not None else 'a non-empty'} string, got {value!r}")
    return value
