"""Figures of many calls, side by side: percentiles, and the table that shows them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from statistics import median
from typing import Any, Literal

from rich.table import Table
from rich.text import Text

from voice.bench.results import CallResult, TurnResult

Group = Literal["simple", "complex", "all"]
GROUPS: tuple[Group, ...] = ("simple", "complex", "all")
LATENCIES = {
    "first_audio_ms": "first audio",
    "first_answer_ms": "first answer",
    "unmasked_silence_ms": "unmasked silence",
}
BUSY_MS = 40
"""A caller that was later than this was held up by its machine."""


def percentiles(values: Sequence[float]) -> dict[str, float | int | None]:
    """Give ``p50``, ``p95`` and how many values (``n``) they are from; None where there are none.

    P50 is the median. P95 is the least value that at least 95% do not exceed: one that was measured, and the largest of
    fewer than 20.
    """
    if not values:
        return {"p50": None, "p95": None, "n": 0}
    ordered = sorted(values)
    return {"p50": median(ordered), "p95": ordered[math.ceil(0.95 * len(ordered)) - 1], "n": len(ordered)}


def summary(turns: Sequence[TurnResult]) -> dict[str, Any]:
    """Give the figures of turns by complexity. Turns without a label are in ``all`` only."""
    return {group: _summary([turn for turn in turns if group in ("all", turn.complexity)]) for group in GROUPS}


def as_json(agents: Mapping[str, Sequence[CallResult]]) -> dict[str, Any]:
    """Give the report as data: for each agent its summary, its turns and its calls."""
    return {
        "agents": {
            name: {
                "summary": summary(_turns(calls)),
                "turns": [asdict(turn) for turn in _turns(calls)],
                "calls": [{key: value for key, value in call.as_dict().items() if key != "turns"} for call in calls],
            }
            for name, calls in agents.items()
        }
    }


def table(agents: Mapping[str, Sequence[CallResult]]) -> Table:
    """Draw the report: a row for each figure and complexity, agents side by side."""
    drawn = Table(box=None, pad_edge=False, header_style="bold")
    drawn.add_column("")
    drawn.add_column("", style="dim")
    for name in agents:
        drawn.add_column(Text(name), justify="right")
        drawn.add_column("", justify="right")
    drawn.add_row("", "", *(["P50", "P95"] * len(agents)), style="dim")
    figures = [summary(_turns(calls)) for calls in agents.values()]
    for key, title in LATENCIES.items():
        _rows(drawn, title, lambda group, key=key: [_latency(figure[group][key]) for figure in figures])
    _rows(drawn, "answered", lambda group: [_share(figure[group], "answered") for figure in figures])
    _rows(drawn, "all facts said", lambda group: [_share(figure[group], "right", "labelled") for figure in figures])
    _rows(drawn, "cut short", lambda group: [_share(figure[group], "cut_short") for figure in figures])
    _rows(drawn, "talk-over", lambda group: [_seconds(figure[group]["talk_over_ms"]) for figure in figures])
    return drawn


def remarks(agents: Mapping[str, Sequence[CallResult]]) -> list[str]:
    """Say what a reader of the figures must know: calls that broke, and a machine that was too busy to measure."""
    said = [
        f"{name}: {call.call} (time {call.repeat}) broke off: {call.broken}"
        for name, calls in agents.items()
        for call in calls
        if call.broken
    ]
    late = max((call.late_ms for calls in agents.values() for call in calls), default=0)
    if late > BUSY_MS:
        said.append(
            f"the machine was busy: the caller's sound was up to {late} ms late, and latencies are that uncertain"
        )
    return said


def _summary(turns: Sequence[TurnResult]) -> dict[str, Any]:
    rates = [turn.wer for turn in turns if turn.wer is not None]
    costs = [turn.cost for turn in turns if turn.cost is not None]
    return {
        "turns": len(turns),
        **{
            key: percentiles([value for turn in turns if (value := getattr(turn, key)) is not None])
            for key in LATENCIES
        },
        "answered": sum(turn.answered for turn in turns),
        "labelled": sum(turn.right is not None for turn in turns),
        "right": sum(turn.right is True for turn in turns),
        "cut_in": sum(turn.cut_in for turn in turns),
        "cut_short": sum(turn.cut_short for turn in turns),
        "escalated": sum(turn.escalated is True for turn in turns),
        "talk_over_ms": sum(turn.talk_over_ms for turn in turns),
        "wer": round(sum(rates) / len(rates), 4) if rates else None,
        "cost": round(sum(costs), 8) if costs else None,
    }


def _turns(calls: Sequence[CallResult]) -> list[TurnResult]:
    return [turn for call in calls for turn in call.turns]


Cells = tuple[str, str]


def _rows(drawn: Table, title: str, cells: Callable[[Group], Sequence[Cells]]) -> None:
    for group in GROUPS:
        row = [cell for pair in cells(group) for cell in pair]
        drawn.add_row(title if group == GROUPS[0] else "", group, *row, end_section=group == GROUPS[-1])


def _latency(figure: Mapping[str, Any]) -> Cells:
    return _seconds(figure["p50"])[0], _seconds(figure["p95"])[0]


def _seconds(ms: float | None) -> Cells:
    return ("–" if ms is None else f"{ms / 1000:.2f} s"), ""


def _share(figure: Mapping[str, Any], key: str, of: str = "turns") -> Cells:
    return f"{figure[key]} of {figure[of]}", ""
