"""``voice compare``: every rule beside the others, beside cascadeflow and the bounds, on recorded outcomes."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from voice.bench.desks import measured
from voice.bench.turns.outcomes import RecordedOutcome, load_outcomes
from voice.bench.turns.splits import shared_out
from voice.bench.turns.yardstick import Yardstick
from voice.cascade.policy import Policy
from voice.extras import MissingExtra
from voice.policy_file import load_policy
from voice.tuning.amounts import share
from voice.tuning.cases import BadData, Case, cases_of, part, split, tiers_in
from voice.tuning.choose import Held, choose
from voice.tuning.field import Row, field
from voice.tuning.goal import DEFAULT_WEIGHTS
from voice.tuning.learn import held_out, learn
from voice.tuning.tune import Wish, goal_of, with_file

_WIDTH = 124
"""The table is not folded to fit a narrow window: its figures are to be read."""


def add_compare_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``voice compare`` takes."""
    parser.add_argument("outcomes", type=Path, nargs="+", help="from `voice eval --record`")
    parser.add_argument("--split", default="test", help="the turns to report on (default: %(default)s)")
    parser.add_argument("--profile", default="embedded", help="tiers, prices, checks, desk (default: %(default)s)")
    parser.add_argument("--policy", type=Path, help="a policy file (default: learn one from train and dev)")
    parser.add_argument(
        "--max-escalated",
        type=share,
        default=0.4,
        metavar="SHARE",
        help="0…1, for rules that choose a threshold on dev",
    )
    parser.add_argument("--json", action="store_true", help="print JSON for programs")


def compare_main(args: argparse.Namespace) -> int:
    """Print the table.

    Raises:
        BadOutcomes, BadData, BadPolicy, ConfigError: what is missing, and what to do.
    """
    outcomes = shared_out(load_outcomes(*args.outcomes))
    with measured(args.profile) as (config, yardstick):
        rows, said, n = _compared(outcomes, config.policy(), yardstick, args)
    console = Console()
    if args.json:
        shown = {"n": n, "rows": [{"name": row.name, "group": row.group, **row.figures} for row in rows]}
        console.out(json.dumps({**shown, "left_out": said}, ensure_ascii=False), highlight=False)
    else:
        _show(console, rows, said, args.split)
    return 0


def _compared(
    outcomes: Sequence[RecordedOutcome], base: Policy, yardstick: Yardstick, args: argparse.Namespace
) -> tuple[Sequence[Row], list[str], int]:
    """Give the rows, what is left out of them and why, and how many turns they are about."""
    tiers = tiers_in(outcomes, base.tiers)
    cases = cases_of(outcomes, tiers, yardstick, base.risk)
    test, dev = split(cases, args.split), split(cases, "dev")
    base = replace(base, tiers=tiers)
    said: list[str] = []
    cascades = {"cascade, hand-set": base}
    with Console(stderr=True).status("learn from train, choose on dev"):
        fitted, held = _prepared(cases, dev, base, args, said)
    if fitted is not base:
        cascades[f"cascade, {args.policy.name}" if args.policy else "cascade, tuned"] = fitted
    return field(test, held, fitted, args.max_escalated, cascades, said.append), said, len(test)


def _prepared(
    cases: Sequence[Case], dev: Sequence[Case], base: Policy, args: argparse.Namespace, said: list[str]
) -> tuple[Policy, list[Held]]:
    """Give the file's policy, or one that is learned here, and the dev turns with what is learned without each.

    The file's models may have learned those turns, so they choose no thresholds on them.
    """
    given = with_file(base, load_policy(args.policy)) if args.policy else None
    try:
        held = held_out(cases, base.tiers)
        return given or _learned(cases, held, base, args.max_escalated), held
    except (BadData, MissingExtra) as error:
        why = "learned rules choose on turns that they may have learned" if given else "learned rules are left out"
        said.append(f"{why}: {error}")
        return given or base, [(case, None) for case in dev]


def _learned(cases: Sequence[Case], held: Sequence[Held], base: Policy, most: float) -> Policy:
    fitted = learn([*part(cases, "train"), *part(cases, "dev")], base.tiers, "compare")
    goal = goal_of([*split(cases, "train"), *split(cases, "dev")], Wish(DEFAULT_WEIGHTS, max_escalated=most))
    return choose(held, replace(base, fitted=fitted), goal).policy


def _show(console: Console, rows: Sequence[Row], said: Sequence[str], name: str) -> None:
    console.width = max(console.width, _WIDTH)
    table = Table(title=name)
    for heading in ("", "exact", "95%", "escalated", "wrong of accepted", "≤", "money", "s", "P95", "nAUDC"):
        table.add_column(heading, no_wrap=True, justify="right" if heading else "left")
    group = ""
    for row in rows:
        if row.group != group and group:
            table.add_section()
        group = row.group
        got = row.figures
        ci = got["exact_ci95"]
        table.add_row(
            row.name,
            f"{got['exact']:.3f}",
            f"{ci[0]:.2f}-{ci[1]:.2f}" if ci else "",
            f"{got['escalated']:.2f}",
            f"{got['wrong']:g}/{got['accepted']:g} {got['risk']:.3f}"
            if got["accepted"] is not None
            else _three(got["risk"]),
            _three(got["risk_upper"]),
            f"{got['cost']:.6f}",
            f"{got['seconds']:.2f}",
            f"{got['seconds_p95']:.2f}",
            _three(got["naudc"]),
        )
    console.print(table)
    for line in said:
        console.print(f"[dim]{line}[/dim]")


def _three(value: Any) -> str:
    return "" if value is None else f"{value:.3f}"
