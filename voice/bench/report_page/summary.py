"""The agents side by side, as an HTML table: every figure with its interval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from voice.bench.report_page.ecdf import colour_of
from voice.bench.reports.figures import LATENCIES, OWN_WORK, Agents, draws_of, groups_of, summary, turns_of, whole_calls

Figures = Mapping[str, Any]
_NONE = '<td class="none">–</td>'
_BAR = 120
"""The width of a latency's picture, in pixels."""


def summary_table(agents: Agents) -> str:
    """Give the table. Rows that no agent has a figure for are left out."""
    draws = draws_of(agents)
    by_group = [summary(turns_of(calls), draws) for calls in agents.values()]
    totals = [whole_calls(calls, draws) for calls in agents.values()]
    groups = groups_of(agents)
    every = [one["all"] for one in by_group]
    order = list(agents)
    head = "".join(
        f'<th scope="col" data-agent="{escape(name)}"><i style="background:var(--{colour_of(name, order)})"></i>'
        f"{escape(name)}</th>"
        for name in order
    )
    rows: list[str] = []
    for key, title in LATENCIES.items():
        for index, group in enumerate(groups):
            figures = [one[group][key] for one in by_group]
            cells = _latencies(figures, [colour_of(name, order) for name in order])
            rows.append(_row("" if index else title, group, cells))
    for key, title in (("answered", "answered"), ("right", "all facts said")):
        for index, group in enumerate(groups):
            rows.append(_row("" if index else title, group, [_share(one[group]["shares"][key]) for one in by_group]))
    rows += _plain_rows(every, totals)
    body = "".join(rows)
    return f'<table class="summary"><thead><tr><td></td><td></td>{head}</tr></thead><tbody>{body}</tbody></table>'


def _plain_rows(every: Sequence[Figures], totals: Sequence[Figures]) -> Iterator[str]:
    yield _row("calls resolved", "", [_share(one["resolved"]) for one in totals])
    yield _row("database as expected", "", [_share(one["database_right"]) for one in totals])
    yield _row("actions exactly right", "", [_share(one["shares"]["actions_right"]) for one in every])
    yield _row("cut short", "", [_share(one["shares"]["cut_short"]) for one in every])
    yield _row("talk-over", "", [_number(one["talk_over_ms"] / 1000, "{:.1f} s") for one in every])
    yield _row("yields to a barge-in", "", [_latency(one["barge_in_yield_ms"]) for one in every])
    yield _row("stopped by a noise", "", [_share(one["false_interruption"]) for one in every])
    yield _row("filler in the wait", "", [_number(one["filler_share"], "{:.0%}") for one in every])
    yield _row("words misheard", "", [_number(one["wer"], "{:.1%}") for one in every])
    invented = [one["ungrounded"] if one["grounding_known"] else None for one in every]
    yield _row("facts from nowhere", "", [_number(value, "{:.0f}") for value in invented])
    yield _row("escalated", "", [_share(one["shares"]["escalated"]) for one in every])
    yield _row("model calls a turn", "", [_number(one["model_calls_per_turn"], "{:.2f}") for one in totals])
    tokens = [(one["prompt_tokens_per_turn"], one["output_tokens_per_turn"]) for one in totals]
    shown = [_NONE if read is None else f"<td>{read:.0f} + {wrote:.0f}</td>" for read, wrote in tokens]
    yield _row("tokens a turn, read + written", "", shown)
    yield _row("cost a turn", "", [_number(one["cost_per_turn"], "${:.6f}") for one in totals])
    yield _row("cost a resolved call", "", [_number(one["cost_per_resolved"], "${:.6f}") for one in totals])
    for key, title in OWN_WORK.items():
        yield _row(title, "", [_milliseconds(one["own_ms"][key]) for one in every])
    yield _row("CPU seconds a call", "", [_number(one["cpu_seconds_per_call"], "{:.1f}") for one in totals])
    yield _row("peak memory", "", [_number(one["peak_memory_mb"], "{:,.0f} MB") for one in totals])


def _row(title: str, group: str, cells: Sequence[str]) -> str:
    if all(cell == _NONE for cell in cells):
        return ""
    first = "" if title else ' class="more"'
    return f'<tr{first}><th scope="row">{title}</th><td class="group">{group}</td>{"".join(cells)}</tr>'


def _latencies(figures: Sequence[Figures], colours: Sequence[str]) -> list[str]:
    """Draw medians with their intervals and P95 on one scale."""
    longest = max((figure["p95"] for figure in figures if figure["p95"] is not None), default=0) or 1
    return [_latency(figure, longest, colour) for figure, colour in zip(figures, colours, strict=True)]


def _latency(figure: Figures, longest: float | None = None, colour: str = "") -> str:
    if figure["p50"] is None:
        return _NONE
    ci95 = figure["ci95"]["p50"]
    sure = f"<small>{ci95[0] / 1000:.2f}–{ci95[1] / 1000:.2f}</small>" if ci95 else ""
    told = " · ".join(f"P{percent} {figure[f'p{percent}'] / 1000:.2f} s" for percent in (50, 90, 95, 99))
    picture = ""
    if longest is not None:

        def x(ms: float) -> float:
            return min(_BAR - 3, 3 + ms / longest * (_BAR - 6))

        middle, far = x(figure["p50"]), x(figure["p95"])
        band = ""
        if ci95:
            low, high = x(ci95[0]), x(ci95[1])
            band = f'<path class="s-{colour}" opacity=".35" stroke-width="7" d="M{low:.1f} 6H{high:.1f}"/>'
        picture = (
            f'<svg class="range" viewBox="0 0 {_BAR} 12" width="{_BAR}" height="12" aria-hidden="true">'
            f'<path class="s-hair" d="M3 6H{_BAR - 3}"/>{band}'
            f'<path class="s-{colour}" stroke-width="1.5" d="M{middle:.1f} 6H{far:.1f}M{far:.1f} 3v6"/>'
            f'<circle class="f-{colour}" cx="{middle:.1f}" cy="6" r="3.2"/></svg>'
        )
    number = f"{figure['p50'] / 1000:.2f}<em>/ {figure['p95'] / 1000:.2f} s</em>"
    return f'<td title="{told}, {figure["n"]} turns">{number}{sure}{picture}</td>'


def _milliseconds(figure: Figures) -> str:
    if figure["p50"] is None:
        return _NONE
    return f'<td title="{figure["n"]} turns">{figure["p50"]:.1f}<em>/ {figure["p95"]:.1f} ms</em></td>'


def _share(figure: Figures) -> str:
    if not figure["n"]:
        return _NONE
    ci95 = figure["ci95"]
    sure = f"<small>{ci95[0]:.0%}–{ci95[1]:.0%}</small>" if ci95 else ""
    of = f"{round(figure['share'] * figure['n'])} of {figure['n']}"
    return f'<td title="{of}">{figure["share"]:.0%}<em>{of}</em>{sure}</td>'


def _number(value: float | None, form: str) -> str:
    return _NONE if value is None else f"<td>{form.format(value)}</td>"
