"""Recorded calls: read from a folder with a ``manifest.jsonl``, or from a single recording.

The manifest has one JSON object a line, one call each; audio is named relative to the folder. What means nothing here
is refused, because a misspelt label would measure something else, or nothing.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from voice.bench.recordings.fields import list_of, object_of, spans_of, text_of
from voice.bench.turns.numbered import numbered_lines
from voice.bench.turns.vocabulary import problem_of
from voice.booking.written.vocabulary import VOCABULARY
from voice.cascade.words import Action
from voice.config.worlds import seed_of

MANIFEST = "manifest.jsonl"
ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
"""What a call may be named: an agent of ours knows it by this name, and with a number behind it when it is repeated."""

AUDIO_SUFFIXES = (".wav", ".flac", ".ogg", ".mp3")

Complexity = Literal["simple", "complex"]
Kind = Literal["turn", "backchannel", "noise"]
Span = tuple[float, float]


class ManifestError(ValueError):
    """A fixture set can't be used: the message names the file, the line and what to do."""


@dataclass(frozen=True, slots=True)
class RecordedTurn:
    """One thing that a caller says, up to where they yield the floor; or a sound that is no turn.

    Attributes:
        audio: The recording, mono, any rate.
        text: What is said, word for word; empty if nobody wrote it down.
        speech: The spans in which the caller speaks, as (start, end) in seconds from the start of the file, in order.
            Latency counts from the end of the last one. Empty if unknown.
        complexity: How hard the turn is; None if unlabelled.
        expect: The actions that the turn asks for, in order.
        says: Facts that a right answer must speak, compared after number and name normalisation.
        kind: ``turn`` is something to answer. ``backchannel`` (mhm) and ``noise`` (a cough, someone in the background,
            an echo) expect no reply and should not stop the agent.
        barge_in: The recording begins this many seconds after the agent began to speak in reply to the last ``turn``
            before, whether or not it has ended; None waits for the reply's end. Where the agent does not speak, the
            caller goes on as after any turn without a reply.
    """

    audio: Path
    text: str = ""
    speech: tuple[Span, ...] = ()
    complexity: Complexity | None = None
    expect: tuple[Action, ...] = ()
    says: tuple[str, ...] = ()
    kind: Kind = "turn"
    barge_in: float | None = None


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
            turn named after the file, with dashes for what a call's name may not hold.

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
        return [RecordedCall(id=_named_after(source), turns=(RecordedTurn(audio=source),))]
    raise ManifestError(f"{source} is neither a recording ({', '.join(AUDIO_SUFFIXES)}) nor a {MANIFEST}")


def _named_after(file: Path) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", file.stem).lstrip("._-")[:60] or "recording"


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
        lines = numbered_lines(manifest)
    except UnicodeDecodeError as error:
        raise ManifestError(f"{manifest} is not UTF-8 text: {error}") from None
    for number, line in lines:
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


_CALL = ("id", "turns", "voice", "condition", "licence", "source", "desk")
_TURN = ("audio", "text", "speech", "complexity", "expect", "says", "kind", "barge_in")


def _call(data: Any, folder: Path) -> RecordedCall:
    fields = object_of(data, "a call", _CALL)
    given = list_of(fields, "turns")
    if not given:
        raise ValueError("'turns' is empty: a call needs at least one turn")
    turns = tuple(_turn(turn, number, folder) for number, turn in enumerate(given, start=1))
    if turns[0].barge_in is not None:
        raise ValueError("turn 1: 'barge_in' has nothing to break into: it needs a turn before it")
    return RecordedCall(
        id=_id(fields),
        turns=turns,
        voice=text_of(fields, "voice", ""),
        condition=text_of(fields, "condition", ""),
        licence=text_of(fields, "licence", ""),
        source=text_of(fields, "source", ""),
        desk=_desk(fields),
    )


def _id(fields: Mapping[str, Any]) -> str:
    name = text_of(fields, "id")
    if not ID.fullmatch(name):
        raise ValueError(
            f"'id' must be 1 to 60 letters (a-z), digits, dots, dashes and underscores, the first no sign, got {name!r}"
        )
    return name


def _turn(data: Any, number: int, folder: Path) -> RecordedTurn:
    try:
        fields = object_of(data, "a turn", _TURN)
        audio = folder / text_of(fields, "audio")
        if not audio.is_file():
            raise ValueError(f"the recording {audio} does not exist")
        says = list_of(fields, "says")
        if not all(isinstance(fact, str) for fact in says):
            raise ValueError(f"'says' must be a list of strings, got {says!r}")
        if problem := problem_of(list_of(fields, "expect"), VOCABULARY):
            raise ValueError(problem)
        kind, barge_in = _kind(fields.get("kind", "turn")), _barge_in(fields.get("barge_in"))
        if kind != "turn" and barge_in is None:
            raise ValueError(f"a {kind} needs 'barge_in': when it is heard while the agent speaks")
        if kind != "turn" and (fields.get("expect") or says):
            raise ValueError(f"a {kind} expects no reply: leave out 'expect' and 'says', or make it a turn")
        return RecordedTurn(
            audio=audio,
            text=text_of(fields, "text", ""),
            speech=spans_of(list_of(fields, "speech"), audio),
            complexity=_complexity(fields.get("complexity")),
            expect=tuple(Action.from_dict(action) for action in list_of(fields, "expect")),
            says=tuple(says),
            kind=kind,
            barge_in=barge_in,
        )
    except ValueError as error:
        raise ValueError(f"turn {number}: {error}") from None


def _desk(fields: Mapping[str, Any]) -> str:
    name = text_of(fields, "desk", "seed-1")
    seed_of(name)
    return name


def _complexity(value: Any) -> Complexity | None:
    match value:
        case None | "simple" | "complex":
            return value
        case _:
            raise ValueError(f"'complexity' must be simple or complex, got {value!r}")


def _kind(value: Any) -> Kind:
    match value:
        case "turn" | "backchannel" | "noise":
            return value
        case _:
            raise ValueError(f"'kind' must be turn, backchannel or noise, got {value!r}")


def _barge_in(value: Any) -> float | None:
    match value:
        case None:
            return None
        case int() | float() if not isinstance(value, bool) and 0 <= value < float("inf"):
            return float(value)
        case _:
            raise ValueError(f"'barge_in' must be seconds, at least 0, got {value!r}")
