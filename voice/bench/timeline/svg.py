"""A still picture of a call, from the same layout as the page. By day and by night, without script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from voice.bench.recordings.activity import envelope
from voice.bench.timeline.build import Tracks
from voice.bench.timeline.layout import Layout, Row, Wait, lay_out
from voice.bench.timeline.model import Block, Mark, Timeline
from voice.bench.timeline.palette import TIERS
from voice.bench.timeline.shapes import FONT, clock, fitted, line, rect, styles, text_width, verdict_sign, write

_GUTTER = 138
_MARGIN = 20
_PER_SECOND = 200
_LANES = {"ears": "Ears", "deciding": "Deciding", "desk": "Desk", "mouth": "Mouth"}
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600)


def timeline_svg(
    timeline: Timeline,
    tracks: Tracks | None = None,
    *,
    width: int = 1200,
    start: float = 0.0,
    end: float | None = None,
) -> str:
    """Draw a call, or the part of it from ``start`` to ``end`` (seconds), as SVG text ``width`` pixels wide."""
    return _Picture(timeline, lay_out(timeline), tracks, width, start, timeline.seconds if end is None else end).draw()


class _Picture:
    def __init__(
        self, timeline: Timeline, layout: Layout, tracks: Tracks | None, width: int, start: float, end: float
    ) -> None:
        self.timeline = timeline
        self.layout = layout
        self.tracks = tracks
        self.width = width
        self.start = start
        self.end = max(end, start + 0.5)
        self.tiers = list(dict.fromkeys(block.row for block in timeline.spans if block.kind == "draft"))

    def draw(self) -> str:
        height = self.layout.height + 12
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {height:g}" width="{self.width}" '
            f'height="{height:g}" font-family="{FONT}" font-size="11">',
            f"<title>{escape(self.timeline.call or 'A call')} on one time axis</title>",
            f"<style>{styles()}</style>",
            f'<rect class="paper" width="{self.width}" height="{height:g}" rx="10"/>',
            *self._gutter(),
            f'<clipPath id="plot"><rect x="{_GUTTER}" y="0" width="{self.width - _GUTTER - _MARGIN + 8}" '
            f'height="{height:g}"/></clipPath><g clip-path="url(#plot)">',
            *self._bands(),
            *self._axis(),
            *self._wave(self.layout.caller, 0),
            *self._wave(self.layout.agent, 1),
            *(part for wait in self.layout.waits for part in self._wait(wait)),
            *self._blocks(),
            *self._marks(),
            "</g></svg>",
        ]
        return "\n".join(parts) + "\n"

    def x(self, time: float) -> float:
        return _GUTTER + (time - self.start) / (self.end - self.start) * (self.width - _GUTTER - _MARGIN)

    def shown(self, start: float, end: float) -> bool:
        return end >= self.start and start <= self.end

    # ---- the frame

    def _gutter(self) -> Iterator[str]:
        caller, wait, agent = self.layout.caller, self.layout.wait, self.layout.agent
        yield write("Caller", 24, _middle(caller), "ink", size=12, weight=500)
        yield write("the wait", 24, _middle(wait), "muted")
        yield write("Agent", 24, _middle(agent), "ink", size=12, weight=500)
        lane = ""
        for row in self.layout.rows:
            if row.lane != lane:
                yield line(24, row.y - 5, self.width - _MARGIN + 8, row.y - 5, "hair")
                yield write(_LANES[row.lane], 24, row.y + 11, "ink", size=12, weight=500)
                lane = row.lane
            if row.title:
                yield write(row.title, _GUTTER - 14, row.y + 11, "muted", anchor="end")

    def _bands(self) -> Iterator[str]:
        free = 0.0
        for band in self.layout.bands:
            if not self.shown(band.start, band.end):
                continue
            x, width = self.x(band.start), max(2.0, self.x(band.end) - self.x(band.start))
            yield rect(x, 20, width, self.layout.height - 26, "band", radius=5)
            if x < free:
                continue
            free = x + 20
            turn = self.timeline.turns[band.index]
            number = turn.turn or turn.recorded
            yield write("?" if number is None else str(number), max(x, _GUTTER) + 7, 11, "muted", weight=500)

    def _axis(self) -> Iterator[str]:
        a_second = (self.width - _GUTTER - _MARGIN) / (self.end - self.start)
        step = next((step for step in _STEPS if step * a_second >= 64), _STEPS[-1])
        bottom = self.layout.height - 8
        for index in range(int(np.ceil(self.start / step - 1e-6)), int(self.end / step + 1e-6) + 1):
            x = self.x(index * step)
            yield line(x, self.layout.caller.y, x, bottom, "hair")
            anchor = "start" if x < _GUTTER + 16 else "middle"
            yield write(clock(index * step, step), x, 27, "faint", size=10, anchor=anchor)

    def _wave(self, row: Row, channel: int) -> Iterator[str]:
        middle = round(_middle(row)) + 0.5
        yield line(_GUTTER, middle, self.width, middle, "hair")
        if self.tracks is None:
            return
        peak, rms = (self._columns(values) for values in envelope(self.tracks[:, channel], _PER_SECOND))
        loudest = max(24.0, float(np.quantile(peak, 0.998)) if len(peak) else 0.0)
        scale = (row.height / 2 - 3) / loudest
        colours = [self._voice(_GUTTER + column) if channel else "caller" for column in range(len(peak))]
        for name in dict.fromkeys(colours):
            for values, opacity in ((peak, 0.32), (rms, 1.0)):
                high = np.minimum(values * scale, row.height / 2 - 1)
                path = "".join(
                    f"M{_GUTTER + column + 0.5:g} {middle - half:.1f}v{2 * half:.1f}"
                    for column, half in enumerate(high.tolist())
                    if half >= 0.4 and colours[column] == name
                )
                if path:
                    yield f'<path class="s-{name}" opacity="{opacity:g}" d="{path}"/>'
        if channel == 0:
            for start, end in self.timeline.caller:
                if self.shown(start, end):
                    yield line(self.x(start), row.y + row.height - 1, self.x(end), row.y + row.height - 1, "caller")

    def _columns(self, values: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Give the largest value under each column of pixels."""
        columns = self.width - _GUTTER - _MARGIN
        edges = np.linspace(self.start, self.end, columns + 1) * _PER_SECOND
        edges = np.clip(edges.astype(int), 0, len(values))
        pieces = zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)
        return np.array([float(values[a : max(b, a + 1)].max(initial=0)) for a, b in pieces])

    def _voice(self, x: float) -> str:
        time = self.start + (x - _GUTTER) / (self.width - _GUTTER - _MARGIN) * (self.end - self.start)
        voices = [block for block in self.timeline.spans if block.lane == "mouth" and block.start <= time]
        return self._colour(voices[-1]) if voices else "answer"

    def _wait(self, wait: Wait) -> Iterator[str]:
        turn = self.timeline.turns[wait.index]
        y = round(_middle(self.layout.wait)) + 0.5
        x, room = self.x(wait.start), self.x(wait.until)
        if not self.shown(wait.start, wait.until):
            return
        yield line(x, self.layout.caller.y + self.layout.caller.height - 4, x, y + 5, "ink")
        if wait.sound is None or turn.first_audio_seconds is None:
            yield write(fitted("no sound", room - x - 10), x + 6, y, "bad", weight=500)
            return
        sound = self.x(wait.sound)
        yield line(x, y, sound, y, "ink")
        yield line(sound, y - 4, sound, self.layout.agent.y + 4, "ink")
        after, first, later = sound, f"{turn.first_audio_seconds:.2f}", ""
        if wait.answer is None:
            later = " no answer"
        elif (answer := self.x(wait.answer)) - sound > 1:
            yield line(sound, y, answer, y, "muted", dashes="1.5 2.5")
            yield line(answer, y - 4, answer, self.layout.agent.y + 4, "answer")
            after, later = answer, f" → {turn.first_answer_sentence_seconds:.2f} s"
        else:
            later = " s"
        free = room - after - 10
        if free > text_width(first):
            shown = later if free > text_width(first + later) else ""
            tone = "bad" if wait.answer is None else "muted"
            yield (
                f'<text x="{after + 7:.1f}" y="{y + 4:g}" xml:space="preserve"><tspan class="f-ink" font-weight="600">'
                f'{first}</tspan><tspan class="f-{tone}">{escape(shown)}</tspan></text>'
            )

    # ---- the lanes

    def _blocks(self) -> Iterator[str]:
        for place in self.layout.blocks:
            block = self.timeline.spans[place.index]
            if not self.shown(block.start, block.end) or (block.lane == "mouth" and block.end <= block.start):
                continue
            x, y, height = self.x(block.start), place.y + 3, place.height - 6
            width = max(2.0, self.x(block.end) - x - 0.5)
            colour = self._colour(block)
            if block.row == "silence":
                dashes = "2 2" if block.kind == "pause" else ""
                yield line(x, y + height / 2, x + width, y + height / 2, colour, dashes=dashes)
                continue
            verdict = block.detail.get("verdict")
            gone = verdict in ("cancelled", "unfinished") or block.kind == "unfinished"
            if gone:
                yield (
                    f'<rect x="{x + 0.5:.1f}" y="{y + 0.5:g}" width="{max(1, width - 1):.1f}" height="{height - 1:g}" '
                    f'rx="3" fill="none" class="s-{colour}" stroke-dasharray="2 2" opacity="0.7"/>'
                )
            else:
                yield rect(x, y, width, height, colour, opacity=0.9 if width < 6 else 0.2)
                yield rect(x, y, min(width, 2.5), height, colour, radius=1)
            left = max(x, _GUTTER)
            sign = {"accept": "good", "escalate": "bad", "failed": "bad"}.get(str(verdict))
            label = fitted(block.label, x + width - left - (24 if sign else 10))
            if label:
                yield write(label, left + 6.5, y + height / 2, "faint" if gone else "ink")
            if sign:
                yield verdict_sign(sign, x + width + (-8 if width > 26 else 6), y + height / 2)

    def _marks(self) -> Iterator[str]:
        shown = [(place, self.timeline.events[place.index]) for place in self.layout.marks]
        routes = [mark for _, mark in shown if mark.row == "route"]
        for place, mark in shown:
            x, y = self.x(mark.at), place.y + place.height / 2
            if not self.shown(mark.at, mark.at):
                continue
            if mark.kind == "barge_in":
                top = self.layout.agent.y
                yield line(x, top, x, place.y + place.height, "bad")
                yield f'<path class="f-bad" d="M{x - 4:.1f} {top - 1:g}h8l-4 6z"/>'
            elif mark.kind == "turn":
                yield rect(x, place.y + 3, 1.5, 2 * place.height - 6, "caller", radius=0)
            else:
                following = next((other for other in routes if other.at > mark.at), None)
                room = (self.x(following.at) if following else self.width) - x - 16
                yield from self._route(mark, routes, x, y, room)

    def _route(self, mark: Mark, routes: Sequence[Mark], x: float, y: float, room: float) -> Iterator[str]:
        again = any(other.kind == "route" and other.turn == mark.turn and other.at > mark.at for other in routes)
        early = again and bool(mark.detail.get("speculative"))
        if early:
            yield f'<circle cx="{x:.1f}" cy="{y:g}" r="3" fill="none" class="s-faint"/>'
        else:
            yield f'<circle cx="{x:.1f}" cy="{y:g}" r="3" class="f-{"muted" if mark.kind == "route" else "bad"}"/>'
        label = f"{mark.label} {mark.detail.get('complexity') or 0:.2f}" if mark.kind == "route" else mark.label
        tone = "faint" if early else "ink" if mark.kind == "route" else "bad"
        if shown := fitted(label, min(room, 220)):
            yield write(shown, x + 7, y, tone)

    def _colour(self, block: Block) -> str:
        if block.lane == "deciding":
            index = self.tiers.index(block.row)
            return f"tier-{min(TIERS, 2 if len(self.tiers) == 1 else index + 1)}"
        if block.lane == "mouth":
            return block.kind if block.kind in ("greeting", "filler") else "answer"
        return "desk" if block.lane == "desk" else "caller"


def _middle(row: Row) -> float:
    return row.y + row.height / 2
