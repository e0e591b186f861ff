"""Where everything stands in the picture of a call: heights here, times where it is drawn. Pure.

The page and the static picture draw from the same layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from voice.bench.timeline.model import Block, Lane, Timeline

AXIS_HEIGHT = 34
WAVE_HEIGHT = 62
WAIT_HEIGHT = 26
ROW_HEIGHT = 22
LANE_GAP = 10

_ROWS: dict[Lane, tuple[str, ...]] = {
    "ears": ("heard", "silence"),
    "deciding": ("route",),
    "desk": ("desk",),
    "mouth": ("voice",),
}
"""Rows that are there in every call; a row for each tier is added to the deciding lane."""

_DRAWN_MARKS = frozenset({"route", "escalate", "fall_back", "budget", "barge_in", "turn"})


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a lane. ``title`` is empty where the lane's own says enough."""

    lane: str
    title: str
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where the block or mark of this index stands."""

    index: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Wait:
    """How long the caller waited after a turn: a measure between the two waveforms.

    Attributes:
        index: Of the turn in `Timeline.turns`.
        start: When the caller stopped speaking.
        sound: When the agent was first heard, None if it never was.
        answer: When the answer was first heard, None if it never was.
        until: Where the next turn begins: no label may reach further.
    """

    index: int
    start: float
    sound: float | None
    answer: float | None
    until: float


@dataclass(frozen=True, slots=True)
class Band:
    """All that belongs to a turn, from its first word to the last word of the answer."""

    index: int
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Layout:
    """The picture, from the top: axis, caller, waits, agent, lanes."""

    height: float
    caller: Row
    wait: Row
    agent: Row
    rows: tuple[Row, ...]
    blocks: tuple[Place, ...]
    marks: tuple[Place, ...]
    waits: tuple[Wait, ...]
    bands: tuple[Band, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give JSON's form."""
        return asdict(self)


def lay_out(timeline: Timeline) -> Layout:
    """Give everything its place."""
    y = float(AXIS_HEIGHT)
    caller = Row("caller", "", y, WAVE_HEIGHT)
    wait = Row("wait", "", y + WAVE_HEIGHT, WAIT_HEIGHT)
    agent = Row("agent", "", y + WAVE_HEIGHT + WAIT_HEIGHT, WAVE_HEIGHT)
    y = agent.y + agent.height + 2 * LANE_GAP
    rows: list[Row] = []
    blocks: list[Place] = []
    top_of: dict[tuple[str, str], float] = {}
    for lane, always in _ROWS.items():
        names = dict.fromkeys([*always, *(block.row for block in timeline.spans if block.lane == lane)])
        for name in names:
            mine = [(index, span) for index, span in enumerate(timeline.spans) if (span.lane, span.row) == (lane, name)]
            depth, depths = _stack([span for _, span in mine])
            top_of[lane, name] = y
            rows.append(Row(lane, name if len(names) > 1 else "", y, depth * ROW_HEIGHT))
            for (index, _), level in zip(mine, depths, strict=True):
                blocks.append(Place(index, y + level * ROW_HEIGHT, ROW_HEIGHT))
            y += depth * ROW_HEIGHT
        y += LANE_GAP
    marks = [
        Place(index, top_of[mark.lane, mark.row], ROW_HEIGHT)
        for index, mark in enumerate(timeline.events)
        if mark.kind in _DRAWN_MARKS and (mark.lane, mark.row) in top_of
    ]
    return Layout(
        height=y,
        caller=caller,
        wait=wait,
        agent=agent,
        rows=tuple(rows),
        blocks=tuple(blocks),
        marks=tuple(marks),
        waits=tuple(_waits(timeline)),
        bands=tuple(_bands(timeline)),
    )


def _stack(blocks: Sequence[Block]) -> tuple[int, list[int]]:
    """Put blocks that overlap under one another; give the number of levels and each block's own."""
    free_from: list[float] = []
    levels: list[int] = []
    for block in blocks:
        level = next((level for level, free in enumerate(free_from) if free <= block.start + 1e-3), len(free_from))
        if level == len(free_from):
            free_from.append(0.0)
        free_from[level] = block.end
        levels.append(level)
    return max(1, len(free_from)), levels


def _waits(timeline: Timeline) -> Iterable[Wait]:
    starts = [turn.speech[0][0] if turn.speech else None for turn in timeline.turns]
    for index, turn in enumerate(timeline.turns):
        if turn.ends is None:
            continue
        sound, answer = turn.first_audio_seconds, turn.first_answer_sentence_seconds
        until = next((start for start in starts[index + 1 :] if start is not None), timeline.seconds)
        yield Wait(
            index=index,
            start=turn.ends,
            sound=None if sound is None else turn.ends + sound,
            answer=None if answer is None else turn.ends + answer,
            until=until,
        )


def _bands(timeline: Timeline) -> Iterable[Band]:
    for index, turn in enumerate(timeline.turns):
        mine = [
            block
            for block in timeline.spans
            if turn.turn is not None
            and block.turn == turn.turn
            and not (block.lane == "mouth" and block.end <= block.start)
        ]
        begins = [turn.speech[0][0]] if turn.speech else [block.start for block in mine]
        ends = [span[1] for span in turn.speech] + [block.end for block in mine]
        if begins and ends:
            yield Band(index, min(begins), max(ends))
