"""Waits and the agent's own work as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.box import SIMPLE
from rich.table import Table
from rich.text import Text

_WIDTH = 28
_OWN = {
    "router": "router: reading by rules, and who drafts",
    "checks": "checks, a draft",
    "prompt": "a draft's words and grammar",
    "core": "other steps",
    "commands": "commands",
    "trace": "trace",
    "all": "all",
    "longest": "longest at a time",
    "ahead": "for what was overtaken, beside it",
}


def wait_tables(groups: Mapping[str, Any]) -> Iterator[Table]:
    """Draw the critical path of each group: the mean of its stages, one after the other."""
    for name, group in groups.items():
        total = group["wait"]["mean"] or 1.0
        title = f"where the wait goes: {name} ({group['n']} turns)"
        table = Table("seconds", "turns", "mean", "P50", "P95", "", title=title, title_justify="left", box=SIMPLE)
        at = 0.0
        for key, stage in group["stages"].items():
            start, at = at, at + stage["mean"]
            bar = _bar(start / total, at / total)
            table.add_row(key, str(stage["n"]), *_seconds(stage), bar)
        table.add_section()
        table.add_row("first answer", str(group["n"]), *_seconds(group["wait"]), _bar(0.0, 1.0))
        table.add_row("floor", "", *_seconds(group["floor"]), _bar(0.0, (group["floor"]["mean"] or 0.0) / total))
        yield table


def overhead_table(found: Mapping[str, Any]) -> Table:
    """Show the agent's own work."""
    title = f"own work a turn ({found['n']} turns)"
    table = Table("milliseconds", "mean", "P50", "P95", title=title, title_justify="left", box=SIMPLE)
    for key, name in _OWN.items():
        if key in ("all", "longest"):
            table.add_section()
        table.add_row(name, *("–" if value is None else f"{value:.1f}" for value in found[key].values()))
    return table


def _seconds(stage: Mapping[str, Any]) -> list[str]:
    return [f"{stage[figure]:.3f}" for figure in ("mean", "p50", "p95")]


def _bar(start: float, end: float) -> Text:
    first = min(_WIDTH, round(start * _WIDTH))
    return Text(" " * first + "█" * (min(_WIDTH, round(end * _WIDTH)) - first), no_wrap=True)
