"""What a call left in its folder, as far as a report shows it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from voice.bench.measured.results import CallResult
from voice.bench.recordings.activity import SAMPLE_RATE
from voice.bench.timeline.build import Tracks
from voice.bench.timeline.model import Timeline
from voice.bench.timeline.trace_file import TraceError, read_trace
from voice.trace import Line


@dataclass(frozen=True, slots=True)
class Left:
    """A call of an agent. What is not there, or can't be read, is None.

    Attributes:
        agent: Who took the call.
        result: Its figures.
        timeline: What was decided in it.
        recording: Where its sound is; a run's recordings together are too large to be held at once.
        lines: Its trace; none where there is none.
    """

    agent: str
    result: CallResult
    timeline: Timeline | None
    recording: Path | None
    lines: Sequence[Line] = ()

    @property
    def key(self) -> str:
        """Name the call within the report."""
        return f"{self.agent}/{self.result.folder}"

    def tracks(self) -> Tracks | None:
        """Read the recording, shape ``(n, 2)``, 16 kHz: caller left, agent right."""
        if self.recording is None:
            return None
        try:
            tracks, rate = soundfile.read(self.recording, dtype="int16", always_2d=True)
        except (OSError, soundfile.LibsndfileError):
            return None
        return np.asarray(tracks, dtype=np.int16) if rate == SAMPLE_RATE and tracks.shape[1] == 2 else None


def left_by(run: Path, agent: str, result: CallResult) -> Left:
    """Read what a call left in the folder of its run."""
    folder = run / agent / result.folder
    recording = folder / "call.wav"
    timeline = _timeline(folder / "timeline.json")
    return Left(agent, result, timeline, recording if recording.exists() else None, _lines(folder / "trace.jsonl"))


def _timeline(path: Path) -> Timeline | None:
    try:
        return Timeline.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None


def _lines(path: Path) -> Sequence[Line]:
    try:
        return [line for line in read_trace(path).lines if "call" in line and "turn" in line]
    except TraceError:
        return ()
