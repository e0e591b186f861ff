"""The figures of agents side by side, and of two runs, as tables for the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from voice.bench.reports.figures import (
    GROUPS,
    LATENCIES,
    OWN_WORK,
    Agents,
    Group,
    draws_of,
    summary,
    turns_of,
    whole_calls,
)
from voice.bench.reports.gates import Comparison

BUSY_MS = 40
"""A caller that was later than this was held up by its machine."""

NONE = "–"

_GAP = 2
"""Between columns, in characters."""

Cell = str
Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A figure of every agent; ``group`` is the complexity that it is of, or empty."""

    title: str
    group: str
    cells: tuple[Cell, ...]


def tables(agents: Agents, width: int) -> list[Table]:
    """Draw the report: a column for each agent, a row for each figure; latencies as median and P95, in seconds.

    Agents that do not fit beside each other stand in tables one below the other, with the same rows.

    Args:
        agents: The calls of each.
        width: Of the terminal, in characters.
    """
    rows = [row for row in _rows(agents) if any(cell != NONE for cell in row.cells)]
    names = list(agents)
    widths = [max(map(cell_len, (name, *(row.cells[at] for row in rows)))) + _GAP for at, name in enumerate(names)]
    titles, groups = [row.title for row in rows], [row.group for row in rows]
    left = sum(max(map(cell_len, column), default=0) + _GAP for column in (titles, groups))
    return [_drawn([names[at] for at in shown], rows, shown) for shown in _fitting(widths, width - left + _GAP)]


def _fitting(widths: Sequence[int], room: int) -> list[list[int]]:
    """Part columns, in order, into as many at a time as there is room for, at least one."""
    parts: list[list[int]] = []
    for column, width in enumerate(widths):
        if not parts or sum(widths[other] for other in parts[-1]) + width > room:
            parts.append([])
        parts[-1].append(column)
    return parts


def _drawn(names: Sequence[str], rows: Sequence[Row], columns: Sequence[int]) -> Table:
    drawn = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
    drawn.add_column("")
    drawn.add_column("", style="dim")
    for name in names:
        drawn.add_column(Text(name), justify="right", no_wrap=True)
    for row in rows:
        drawn.add_row(row.title, row.group, *(row.cells[column] for column in columns))
    return drawn


def _rows(agents: Agents) -> Iterator[Row]:
    draws = draws_of(agents)
    figures = [summary(turns_of(calls), draws) for calls in agents.values()]
    totals = [whole_calls(calls, draws) for calls in agents.values()]
    for key, title in LATENCIES.items():
        yield from _by_group(title, figures, lambda figure, key=key: _latency(figure[key]))
    yield from _by_group("answered", figures, lambda figure: _of(figure["answered"], figure["turns"]))
    yield from _by_group("all facts said", figures, lambda figure: _of(figure["right"], figure["labelled"]))
    every = [figure["all"] for figure in figures]
    yield _row("actions right", [_of(one["actions_right"], one["actions_labelled"]) for one in every])
    yield _row("calls resolved", [_share(one["resolved"]) for one in totals])
    yield _row("cut short", [_of(one["cut_short"], one["spoken"]) for one in every])
    yield _row("talk-over", [_seconds(one["talk_over_ms"]) for one in every])
    yield _row("yields to a barge-in", [_latency(one["barge_in_yield_ms"]) for one in every])
    yield _row("stopped by a noise", [_share(one["false_interruption"]) for one in every])
    yield _row("words misheard", [_percent(one["wer"]) for one in every])
    invented = [str(one["ungrounded"]) if one["grounding_known"] else NONE for one in every]
    yield _row("facts from nowhere", invented)
    yield _row("escalated", [_share(one["shares"]["escalated"]) for one in every])
    yield _row("model calls a turn", [_number(one["model_calls_per_turn"]) for one in totals])
    yield _row("cost a resolved call", [_money(one["cost_per_resolved"]) for one in totals])
    for key, title in OWN_WORK.items():
        yield _row(title, [_milliseconds(one["own_ms"][key]) for one in every])
    yield _row("CPU seconds a call", [_number(one["cpu_seconds_per_call"]) for one in totals])
    yield _row("peak memory", [_memory(one["peak_memory_mb"]) for one in totals])


def remarks(agents: Agents) -> list[str]:
    """Say what a reader of the figures must know: calls that broke, and a machine that was too busy to measure."""
    said = [
        f"{name}: {call.call} (time {call.repeat}) broke off: {call.broken}"
        for name, calls in agents.items()
        for call in calls
        if call.broken
    ]
    said += [
        f"{name}: {call.call} (time {call.repeat}): the agent was never silent before the first turn, so the caller"
        " spoke over it, and waits of this call say little"
        for name, calls in agents.items()
        for call in calls
        if call.never_silent
    ]
    late = max((call.late_ms for calls in agents.values() for call in calls), default=0)
    if late > BUSY_MS:
        said.append(
            f"the machine was busy: the caller's sound was up to {late} ms late, and latencies are that uncertain"
        )
    return said


def comparison_table(compared: Sequence[Comparison], limit: float) -> Table:
    """Draw what changed by more than the limit; what counts as a regression is marked."""
    shown = [one for one in compared if one.regressed or one.worse is None or abs(one.worse) > limit]
    worse = sum(one.regressed and one.gated for one in compared)
    gated = sum(one.gated for one in compared)
    title = f"{gated} figures compared with the baseline, {worse} worse by more than {limit:.0%}"
    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold", title=title)
    drawn.title_justify = "left"
    for name in ("", "", "before", "now", "change", "95% interval", ""):
        drawn.add_column(name, justify="left" if name == "" else "right")
    for one in shown:
        verdict, style = ("worse", "red") if one.regressed and one.gated else ("", "dim")
        if not verdict:
            verdict = "not gated" if not one.gated else "better" if (one.worse or 0) < 0 else "within chance"
        drawn.add_row(
            one.agent,
            one.figure,
            _value(one.before, one.unit),
            _value(one.now, one.unit),
            _change(one),
            f"{_signed(one, one.ci95[0])} … {_signed(one, one.ci95[1])}" if one.ci95 else NONE,
            Text(verdict, style=style),
        )
    return drawn


def _value(value: float | None, unit: str) -> Cell:
    if value is None:
        return NONE
    return {"ms": _seconds(value), "share": f"{value:.0%}"}.get(unit, f"{value:.2f} ×")


def _change(one: Comparison) -> Cell:
    return NONE if one.worse is None else _signed(one, one.worse)


def _signed(one: Comparison, worse: float) -> Cell:
    """Give a change with the sign of the figure, which falls where shares become worse."""
    return f"{-worse if one.unit == 'share' else worse:+.0%}"


def _by_group(title: str, figures: Sequence[Mapping[str, Figures]], cell: Callable[[Figures], Cell]) -> Iterator[Row]:
    """Give a row for each complexity that has turns."""
    groups: list[Group] = [group for group in GROUPS if any(figure[group]["turns"] for figure in figures)]
    if not all(any(figure[group]["turns"] for figure in figures) for group in GROUPS[:2]):
        groups = ["all"]
    for index, group in enumerate(groups):
        yield _row(title if index == 0 else "", [cell(figure[group]) for figure in figures], group)


def _row(title: str, cells: Sequence[Cell], group: str = "") -> Row:
    return Row(title, group, tuple(cells))


def _latency(figure: Figures) -> Cell:
    return NONE if figure["p50"] is None else f"{_plain(figure['p50'])} / {_seconds(figure['p95'])}"


def _milliseconds(figure: Figures) -> Cell:
    return NONE if figure["p50"] is None else f"{figure['p50']:.1f} / {figure['p95']:.1f} ms"


def _plain(ms: float) -> str:
    return f"{ms / 1000:.2f}"


def _seconds(ms: float | None) -> Cell:
    return NONE if ms is None else f"{_plain(ms)} s"


def _of(count: int, of: int) -> Cell:
    return f"{count} of {of}" if of else NONE


def _share(figure: Figures) -> Cell:
    return _of(round(figure["share"] * figure["n"]), figure["n"]) if figure["n"] else NONE


def _percent(value: float | None) -> Cell:
    return NONE if value is None else f"{100 * value:.1f}%"


def _number(value: float | None) -> Cell:
    return NONE if value is None else f"{value:.1f}"


def _money(value: float | None) -> Cell:
    return NONE if value is None else f"${value:.5f}"


def _memory(value: float | None) -> Cell:
    return NONE if value is None else f"{value / 1000:.1f} GB" if value >= 1000 else f"{value:.0f} MB"
