"""What traces sum up to, printed to a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from voice.tracing.tables import overhead_table, wait_tables


def show_stats(console: Console, found: Mapping[str, Any]) -> None:
    """Print what `voice.tracing.stats.stats` gives."""
    console.print(f"{found['calls']} calls, {found['turns']} turns, {found['answered']} of them answered")
    for by, each in found["by"].items():
        seconds = found["first_answer_seconds_by"].get(by, {})
        p50, p95 = seconds.get("p50"), seconds.get("p95")
        console.print(f"  {each['share']:>6.1%}  {by}  ({each['n']} turns; first answer P50 {p50} s, P95 {p95} s)")
    _escalations(console, found)
    table = Table("seconds", "P50", "P90", "P95", "P99")
    for name in ("first_audio_seconds", "first_answer_seconds"):
        table.add_row(name.removesuffix("_seconds").replace("_", " "), *map(str, found[name].values()))
    console.print(table)
    for waits in wait_tables(found["waterfall"]):
        console.print(waits)
    if found["overhead_ms"]:
        console.print(overhead_table(found["overhead_ms"]))
    _money(console, found)
    refused: Mapping[str, int] = found["budget_refusals"]
    told = ", ".join(f"{n} for {limit}" for limit, n in refused.items())
    console.print(f"refused by a budget: {escape(told) or 'nothing'}")
    console.print(f"asked to say it again: {found['fall_backs']}; barge-ins: {found['barge_ins']}")


def _escalations(console: Console, found: Mapping[str, Any]) -> None:
    because: Mapping[str, int] = found["left_because"]
    why = ", because of (a turn may have several reasons)" if because else ""
    console.print(
        f"left the smallest tier: {found['escalated'] or 0:.1%} of the {found['answered']} answered turns{why}"
    )
    _reasons(console, because)
    vain = found["in_vain"]
    if vain["n"]:
        console.print(
            f"a larger tier was asked ahead, then not needed: {vain['n']} times, in {vain['turns']} of "
            f"{found['turns']} turns, for {vain['cost']:.6f}, because of (each may have several reasons)"
        )
        _reasons(console, vain["because"])


def _reasons(console: Console, because: Mapping[str, int]) -> None:
    for reason, n in because.items():
        console.print(f"  {n:>6}  {escape(reason)}")


def _money(console: Console, found: Mapping[str, Any]) -> None:
    cost = found["cost"]
    console.print(
        f"money: {cost['total']:.6f} for {cost['model_calls']} model calls, {cost['cancelled']:.6f} of it for "
        f"cancelled work, {cost['estimated']:.6f} estimated since nobody counted the tokens"
    )
    for what, key, number in (
        ("call", "per_call", found["calls"]),
        ("turn", "per_turn", found["turns"]),
        ("answered turn", "per_answered_turn", found["answered"]),
    ):
        console.print(f"  a {what}, of {number}: {cost[key] or 0:.6f}".replace("a answered", "an answered"))
    for tier, money in cost["by_tier"].items():
        console.print(f"  {escape(tier)}: {money:.6f}")
    _opinions(console, found["second_opinions"])


def _opinions(console: Console, opinions: Mapping[str, Any]) -> None:
    in_vain = {what: opinions[what] for what in ("cancelled", "failed", "refused") if opinions[what]}
    if not (opinions["n"] or in_vain or opinions["cost"]):
        return
    differ = f", {opinions['differ']:.1%} of them differ from the answer" if opinions["n"] else ""
    rest = "".join(f", {number} {what}" for what, number in in_vain.items())
    console.print(f"second opinions: {opinions['n']} given{differ}{rest}; {opinions['cost']:.6f} more")
