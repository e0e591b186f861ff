"""The values of a manifest's line: each is of the right type, or refused with what it should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import soundfile

from voice.config.near import near

SLACK_SECONDS = 0.05
"""How far labelled speech may reach beyond the end of its recording: labels are rounded."""


def object_of(data: Any, what: str, known: Sequence[str]) -> Mapping[str, Any]:
    """Give an object all of whose keys are known.

    Raises:
        ValueError: it is no object, or has another key; the message says which one may be meant.
    """
    if not isinstance(data, dict):
        raise ValueError(f"{what} must be a JSON object, got {data!r}")
    fields = cast("Mapping[str, Any]", data)
    for key in fields:
        if key not in known:
            meant = near(key, known)
            hint = f"did you mean {meant!r}?" if meant else f"known are {', '.join(known)}"
            raise ValueError(f"{what} has no {key!r}: {hint}")
    return fields


def list_of(fields: Mapping[str, Any], key: str) -> Sequence[Any]:
    """Give a list; an empty one where there is none.

    Raises:
        ValueError: it is something else.
    """
    value = fields.get(key, [])
    if not isinstance(value, list):
        raise ValueError(f"{key!r} must be a list, got {value!r}")
    return cast("Sequence[Any]", value)


def text_of(fields: Mapping[str, Any], key: str, default: str | None = None) -> str:
    """Give a text; without a default there must be one.

    Raises:
        ValueError: it is missing, empty, or something else.
    """
    value = fields.get(key, default)
    if value is None:
        raise ValueError(f"{key!r} is missing")
    if not isinstance(value, str) or (default is None and not value):
        raise ValueError(f"{key!r} must be {'a' if default is not None else 'a non-empty'} string, got {value!r}")
    return value


def spans_of(values: Sequence[Any], audio: Path) -> tuple[tuple[float, float], ...]:
    """Give stretches of speech in a recording, in seconds.

    Raises:
        ValueError: they are no pairs of numbers, not in order, or go beyond the end of the recording.
    """
    spans: list[tuple[float, float]] = []
    previous = 0.0
    for value in values:
        match value:
            case [int() | float() as start, int() | float() as end] if previous <= start < end:
                spans.append((float(start), float(end)))
                previous = end
            case _:
                raise ValueError(f"'speech' must be [start, end] pairs in seconds, in order, got {value!r}")
    if spans and (seconds := _seconds(audio)) is not None and previous > seconds + SLACK_SECONDS:
        raise ValueError(f"'speech' ends at {previous:g} s, but {audio} is only {seconds:.2f} s long")
    return tuple(spans)


def _seconds(audio: Path) -> float | None:
    """Give how long a recording is; None where only reading it will tell, or what is wrong with it."""
    try:
        return soundfile.info(audio).duration
    except (soundfile.SoundFileError, TypeError):
        return None
