"""One turn of one agent on a time axis, as SVG: both waveforms, and the stages where the agent tells of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from voice.bench.measured.results import TurnResult
from voice.bench.recordings.activity import SAMPLE_RATE, envelope
from voice.bench.report_page.left import Left
from voice.bench.report_page.stages import Stage, stages
from voice.bench.timeline.build import Tracks
from voice.bench.timeline.model import Timeline
from voice.bench.timeline.shapes import fitted, line, rect, text_width, verdict_sign, write

WIDTH = 1080
GUTTER = 96
_RIGHT = 14
_TOP = 18
_WAVE = 34
_ROW = 17
_COLUMN = 2
_PER_SECOND = 200
_STEPS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0)
_LONGEST = 30.0
"""So much of a reply is drawn, in seconds."""


@dataclass(frozen=True, slots=True)
class Axis:
    """Seconds from the end of the caller's speech, which all agents of a turn share."""

    start: float
    end: float

    def x(self, seconds: float) -> float:
        """Give where a moment is drawn."""
        return GUTTER + (seconds - self.start) / (self.end - self.start) * (WIDTH - GUTTER - _RIGHT)


def axis_of(shown: Sequence[tuple[Left, TurnResult]]) -> Axis:
    """Give an axis from the caller's first word to the end of the longest reply."""
    start, end = -0.5, 1.0
    for left, turn in shown:
        if turn.placed is None:
            continue
        begins, ends, until = turn.placed
        start = min(start, begins - ends - 0.2)
        last = max(
            (min(sound[1], until) for sound in _agent(left) if sound[0] < until and sound[1] > ends), default=ends
        )
        end = max(end, min(last - ends, _LONGEST) + 0.4)
    return Axis(start, end)


def strip(left: Left, turn: TurnResult, axis: Axis, tracks: Tracks | None) -> str:
    """Draw the turn; without the call's recording only its stages."""
    if turn.placed is None:
        return ""
    ends = turn.placed[1]
    told = stages(left.timeline, turn) if left.timeline else []
    rows = list(dict.fromkeys(stage.row for stage in told))
    height = _TOP + 2 * _WAVE + (8 + len(rows) * _ROW if rows else 0) + 4
    top = _TOP + 2 * _WAVE + 8
    title = f"Turn {turn.turn} of {turn.call} by {left.agent}, seconds from the end of the caller's speech"
    parts = [
        f'<svg class="strip" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}" '
        f'data-start="{axis.start:.3f}" data-end="{axis.end:.3f}" data-zero="{ends:.3f}" '
        f'data-left="{GUTTER}" data-right="{WIDTH - _RIGHT}">',
        *_frame(axis, height),
        write("caller", 2, _TOP + _WAVE / 2, "muted"),
        write("agent", 2, _TOP + 1.5 * _WAVE, "muted"),
        *_waves(left.timeline, tracks, axis, ends),
        *(write(row, 2, top + (index + 0.5) * _ROW, "muted") for index, row in enumerate(rows)),
        *(
            part
            for index, row in enumerate(rows)
            for part in _bars([stage for stage in told if stage.row == row], axis, ends, top + index * _ROW)
        ),
        *_moments(turn, axis, height),
        f'<line class="cursor s-ink" x1="0" x2="0" y1="{_TOP}" y2="{height}" visibility="hidden"/></svg>',
    ]
    return "".join(parts)


def _agent(left: Left) -> Sequence[tuple[float, float]]:
    return left.timeline.agent if left.timeline else ()


def _frame(axis: Axis, height: float) -> Iterator[str]:
    a_second = (WIDTH - GUTTER - _RIGHT) / (axis.end - axis.start)
    step = next((step for step in _STEPS if step * a_second >= 60), _STEPS[-1])
    for index in range(int(np.ceil(axis.start / step)), int(axis.end / step) + 1):
        x = axis.x(index * step)
        yield line(x, _TOP, x, height, "hair")
        yield write(f"{index * step:g} s" if index else "0", x, 8, "faint", size=10, anchor="middle")
    x = axis.x(0)
    yield line(x, _TOP - 3, x, height, "ink", dashes="3 2")


def _waves(timeline: Timeline | None, tracks: Tracks | None, axis: Axis, ends: float) -> Iterator[str]:
    if tracks is None:
        return
    for channel in (0, 1):
        middle = round(_TOP + _WAVE * (channel + 0.5)) + 0.5
        peaks = _columns(tracks[:, channel], axis, ends)
        loudest = max(24.0, float(np.quantile(peaks, 0.995)))
        halves = np.minimum(peaks / loudest, 1.0) * (_WAVE / 2 - 2)
        times = (ends + axis.start + index * _a_column(axis) for index in range(len(halves)))
        colours = [_voice(timeline, at) if channel else "caller" for at in times]
        for colour in dict.fromkeys(colours):
            path = "".join(
                f"M{GUTTER + index * _COLUMN + 1} {middle - half:.1f}v{2 * half:.1f}"
                for index, half in enumerate(halves.tolist())
                if half >= 0.4 and colours[index] == colour
            )
            if path:
                yield f'<path class="s-{colour}" stroke-width="1.4" d="{path}"/>'
        yield line(GUTTER, middle, WIDTH - _RIGHT, middle, "hair")


def _a_column(axis: Axis) -> float:
    return _COLUMN * (axis.end - axis.start) / (WIDTH - GUTTER - _RIGHT)


def _columns(track: NDArray[np.int16], axis: Axis, ends: float) -> NDArray[np.float64]:
    """Give the peak under each column."""
    first = max(0, round((ends + axis.start) * SAMPLE_RATE))
    peak, _ = envelope(track[first : max(first, round((ends + axis.end) * SAMPLE_RATE))], _PER_SECOND)
    count = (WIDTH - GUTTER - _RIGHT) // _COLUMN
    since = ends + axis.start - first / SAMPLE_RATE
    edges = np.clip(((since + np.arange(count + 1) * _a_column(axis)) * _PER_SECOND).astype(int), 0, len(peak))
    pieces = zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)
    return np.array([float(peak[a : max(b, a + 1)].max(initial=0)) for a, b in pieces])


def _voice(timeline: Timeline | None, at: float) -> str:
    voices = [span for span in timeline.spans if span.lane == "mouth" and span.start <= at + 0.02] if timeline else []
    return voices[-1].kind if voices and voices[-1].kind in ("greeting", "filler") else "answer"


def _bars(told: Sequence[Stage], axis: Axis, ends: float, y: float) -> Iterator[str]:
    middle = y + _ROW / 2
    for index, stage in enumerate(told):
        start, end = max(stage.start - ends, axis.start), min(stage.end - ends, axis.end)
        if end < axis.start or start > axis.end:
            continue
        x, width = axis.x(start), max(2.0, axis.x(end) - axis.x(start))
        following = (axis.x(other.start - ends) for other in told[index + 1 :] if other.start > stage.end)
        free = min([*following, WIDTH])
        took = f"{stage.end - stage.start:.2f} s" if stage.end > stage.start else f"at {stage.start - ends:+.2f} s"
        yield f"<g><title>{escape(' '.join([stage.row, stage.label, took, stage.note]))}</title>"
        if stage.end <= stage.start:
            yield f'<circle class="f-{stage.colour}" cx="{x:.1f}" cy="{middle:g}" r="3"/>'
            told_of = "" if stage.verdict == "gone" else f"{stage.label} {stage.note}".strip()
            yield write(fitted(told_of, free - x - 14), x + 7, middle, "muted", size=10)
        else:
            opacity = 0.35 if stage.verdict == "gone" else 0.85
            yield rect(x, y + 3, width, _ROW - 6, stage.colour, radius=2, opacity=opacity)
            sign = 14 if stage.verdict in ("good", "bad") else 0
            whole, room = f"{stage.label} {took}", free - x - width - sign - 8
            label = whole if text_width(whole) < room else took
            yield write(fitted(label, room), x + width + sign + 5, middle, "muted", size=10)
            if sign:
                yield verdict_sign(stage.verdict, x + width + 10, middle)
        yield "</g>"


def _moments(turn: TurnResult, axis: Axis, height: float) -> Iterator[str]:
    """Mark first audio and first answer."""
    for ms, colour, name in (
        (turn.first_audio_ms, "filler", "first audio"),
        (turn.first_answer_ms, "good", "first answer"),
    ):
        if ms is not None and ms / 1000 <= axis.end:
            x = axis.x(ms / 1000)
            yield f"<g><title>{name} {ms / 1000:.2f} s</title>"
            yield line(x, _TOP + _WAVE - 4, x, min(height, _TOP + 2 * _WAVE + 4), colour)
            yield f'<path class="f-{colour}" d="M{x - 4:.1f} {_TOP + _WAVE - 8}h8l-4 6z"/></g>'
