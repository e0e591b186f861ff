"""The figures of agents side by side, and of two runs, as tables for the terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from voice.bench.figures import GROUPS, LATENCIES, OWN_WORK, Agents, Group, draws_of, summary, turns_of, whole_calls
from voice.bench.gates import Comparison

BUSY_MS = 40
"""A caller that was later than this was held up by its machine."""

NONE = "–"

Cell = str
Figures = Mapping[str, Any]


def table(agents: Agents) -> Table:
    """Draw the report: a column for each agent, a row for each figure; latencies as median and P95, in seconds."""
    draws = draws_of(agents)
    figures = [summary(turns_of(calls), draws) for calls in agents.values()]
    totals = [whole_calls(calls, draws) for calls in agents.values()]
    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    drawn.add_column("")
    drawn.add_column("", style="dim")
    for name in agents:
        drawn.add_column(Text(name), justify="right", no_wrap=True)
    for key, title in LATENCIES.items():
        _by_group(drawn, title, figures, lambda figure, key=key: _latency(figure[key]))
    _by_group(drawn, "answered", figures, lambda figure: _of(figure["answered"], figure["turns"]))
    _by_group(drawn, "all facts said", figures, lambda figure: _of(figure["right"], figure["labelled"]))
    every = [figure["all"] for figure in figures]
    _row(drawn, "actions right", [_of(one["actions_right"], one["actions_labelled"]) for one in every])
    _row(drawn, "calls resolved", [_share(one["resolved"]) for one in totals])
    _row(drawn, "cut short", [_of(one["cut_short"], one["turns"]) for one in every])
    _row(drawn, "talk-over", [_seconds(one["talk_over_ms"]) for one in every])
    _row(drawn, "yields to a barge-in", [_latency(one["barge_in_yield_ms"]) for one in every])
    _row(drawn, "stopped by a noise", [_share(one["false_interruption"]) for one in every])
    _row(drawn, "words misheard", [_percent(one["wer"]) for one in every])
    invented = [str(one["ungrounded"]) if one["grounding_known"] else NONE for one in every]
    _row(drawn, "facts from nowhere", invented)
    _row(drawn, "escalated", [_share(one["shares"]["escalated"]) for one in every])
    _row(drawn, "model calls a turn", [_number(one["model_calls_per_turn"]) for one in totals])
    _row(drawn, "cost a resolved call", [_money(one["cost_per_resolved"]) for one in totals])
    for key, title in OWN_WORK.items():
        _row(drawn, title, [_milliseconds(one["own_ms"][key]) for one in every])
    _row(drawn, "CPU seconds a call", [_number(one["cpu_seconds_per_call"]) for one in totals])
    _row(drawn, "peak memory", [_memory(one["peak_memory_mb"]) for one in totals])
    return drawn


def remarks(agents: Agents) -> list[str]:
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


def _by_group(
    drawn: Table, title: str, figures: Sequence[Mapping[str, Figures]], cell: Callable[[Figures], Cell]
) -> None:
    """Add a row for each complexity that has turns."""
    groups: list[Group] = [group for group in GROUPS if any(figure[group]["turns"] for figure in figures)]
    if not all(any(figure[group]["turns"] for figure in figures) for group in GROUPS[:2]):
        groups = ["all"]
    for index, group in enumerate(groups):
        _row(drawn, title if index == 0 else "", [cell(figure[group]) for figure in figures], group)


def _row(drawn: Table, title: str, cells: Sequence[Cell], group: str = "") -> None:
    """Add a row, unless no agent has this figure."""
    if any(cell != NONE for cell in cells):
        drawn.add_row(title, group, *cells)


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
