"""``voice trace drift``: compares calls with what a policy was made from, for people and for cron jobs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from voice.bench.desks import measured
from voice.policy_file import load_policy
from voice.tracing.outcomes_command import day
from voice.tracing.turns import Line
from voice.tuning.drift import Drift, NothingToCompare, as_dict, drift
from voice.tuning.tune import with_file

_SHOWN = 12
"""Numbers that are shown; the rest are told by --json."""

_WIDTH = 100

_ADVICE = {
    "no drift": "no drift",
    "watch": "watch: something has begun to shift; look again in some days, and label the turns of a worksheet",
    "act": "act: re-tune; these calls are not like the turns that the policy was made from",
}


def add_drift_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``voice trace drift`` takes besides the traces."""
    parser.add_argument("--policy", type=Path, required=True, metavar="POLICY.toml", help="from `voice tune`")
    parser.add_argument("--since", type=day, metavar="DATE", help="only calls from this day on")
    parser.add_argument("--profile", default="embedded", help="the tiers of the calls (default: %(default)s)")


def drift_main(args: argparse.Namespace, lines: Sequence[Line]) -> int:
    """Compare, and give the exit code: 1 if it is time to tune again.

    Raises:
        BadPolicy, ConfigError: a file can't be used.
        NothingToCompare: there are no turns, or the policy file holds no reference.
    """
    file = load_policy(args.policy)
    if file.reference is None:
        raise NothingToCompare(f"{args.policy} holds nothing to compare calls with: make it again with `voice tune`")
    with measured(args.profile) as (config, yardstick):
        policy = with_file(config.policy(), file)
        found = drift(lines, policy, file.reference, yardstick.facts, args.since)
    console = Console()
    if args.json:
        console.out(json.dumps(as_dict(found), ensure_ascii=False), highlight=False)
    else:
        _show(console, found)
    return int(found.alarm == "act")


def _show(console: Console, found: Drift) -> None:
    console.print(f"{found.turns} turns of {found.calls} calls, compared with {found.of}")
    if found.undated:
        console.print(f"  {found.undated} turns are left out: their trace tells no date")
    if found.foreign:
        console.print(f"  {found.foreign} turns were decided by another policy: their decisions are not compared")
    console.width = max(console.width, _WIDTH)
    table = Table("decided by", "was", "now", "turns", "PSI", "visible from", "")
    for each in found.shifts[:_SHOWN]:
        told = "too few turns" if each.unseen else each.alarm
        means = f"{each.was:.3f}", f"{each.now:.3f}"
        table.add_row(each.name, *means, str(each.n), f"{each.index:.3f}", f"{each.visible:.2f}", told)
    console.print(table)
    if len(found.shifts) > _SHOWN:
        console.print(f"and {len(found.shifts) - _SHOWN} more, none of them worse")
    table = Table("share", "was", "95%", "now", "95%", "turns", "")
    for rate in found.rates:
        was = "" if rate.was is None else f"{rate.was:.3f}"
        before = "" if rate.was_ci95 is None else "{:.2f}-{:.2f}".format(*rate.was_ci95)
        after = "{:.2f}-{:.2f}".format(*rate.now_ci95)
        table.add_row(rate.name, was, before, f"{rate.now:.3f}", after, str(rate.n), rate.alarm)
    console.print(table)
    routes = (f"{name} {was:.0%} -> {now:.0%}" for name, (was, now) in found.routes.items())
    console.print("routes: " + ", ".join(routes))
    few = found.alarm == "no drift" and any(each.unseen for each in found.shifts)
    console.print(f"[bold]{_ADVICE[found.alarm]}[/bold]" + (" that so few turns could show" if few else ""))
