"""Puts a trace and a recording on one axis. Pure.

Everything that a caller could notice (first audio, first answer, silence) is read off the recording. The trace says
why, and which sound was which.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from voice.bench.recordings.activity import AGENT, CALLER, SAMPLE_RATE, voiced
from voice.bench.recordings.manifest import RecordedCall
from voice.bench.timeline.model import Timeline
from voice.bench.timeline.spans import blocks, marks
from voice.bench.timeline.speech import Ear
from voice.bench.timeline.turns import accounts
from voice.trace import Line

Tracks = NDArray[np.int16]
"""Caller and agent, shape ``(n, 2)``, 16 kHz: caller left, agent right."""


def build_timeline(
    lines: Sequence[Line],
    tracks: Tracks | None = None,
    *,
    began: float | None = None,
    call: RecordedCall | None = None,
    turn_starts: Sequence[float] = (),
) -> Timeline:
    """Put a call on one axis.

    Args:
        lines: Its trace, whole or cut off; may be empty.
        tracks: Its recording, or None where there is none: latencies are unknown then.
        began: The clock's reading at the recording's first sample, in seconds. Without it the trace is taken to begin
            with the recording.
        call: What the caller was to say, if that is known.
        turn_starts: When each of its turns began, in seconds of the recording. Fewer if the call was cut off.

    Raises:
        ValueError: the recording is not stereo.
    """
    if tracks is not None and (tracks.ndim != 2 or tracks.shape[1] != 2):
        raise ValueError(f"a call's recording has two channels (caller, agent), got shape {tracks.shape}")
    first = next((line for line in lines if line["kind"] == "call"), {})
    clock = first.get("clock")
    offset = float(clock) - began if tracks is not None and began is not None and clock is not None else 0.0
    shifted = _in_order([{**line, "at": round(line["at"] + offset, 4)} for line in lines])
    ear = Ear(
        recorded=call.turns if call else (),
        starts=tuple(turn_starts[: len(call.turns)]) if call else (),
        by_energy=tuple(voiced(tracks[:, 0], CALLER)) if tracks is not None else (),
        agent=tuple(voiced(tracks[:, 1], AGENT)) if tracks is not None else None,
    )
    spans = blocks(shifted, ear.agent)
    length = len(tracks) / SAMPLE_RATE if tracks is not None else 0.0
    return Timeline(
        call=str(first.get("call") or next((line["call"] for line in lines if line.get("call")), "")),
        profile=str(first.get("profile", "")),
        seconds=round(max([length, *(line["at"] for line in shifted), *(block.end for block in spans)]), 3),
        caller=tuple(piece.span for piece in ear.speech()),
        agent=ear.agent or (),
        turns=tuple(accounts(shifted, ear)),
        spans=tuple(spans),
        events=tuple(marks(shifted)),
        trace_began=round(offset, 4),
        ended=any(line["kind"] in ("ended", "closed") for line in lines),
    )


def _in_order(lines: Sequence[Line]) -> list[Line]:
    """Sort by time, and leave out the sounds that an interruption took back before they were heard.

    A line may be written later than what it tells of (the end of speech), or earlier (a sound that waits its turn).
    """
    kept: list[Line] = []
    for line in lines:
        if line["kind"] == "barge_in":
            kept = [earlier for earlier in kept if earlier["kind"] != "sound" or earlier["at"] <= line["at"]]
        kept.append(line)
    return sorted(kept, key=lambda line: line["at"])
