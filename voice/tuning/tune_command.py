"""``voice tune``: learns a policy from recorded outcomes, and writes it with a report."""

from __future__ import annotations

import argparse
import json
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from voice.bench.desks import measured
from voice.bench.turns.outcomes import load_outcomes
from voice.bench.turns.splits import shared_out
from voice.cascade.policy import Targets, Weights
from voice.policy_file import dump_policy, load_policy
from voice.tracing.outcomes_command import day
from voice.tuning.amounts import amount, share
from voice.tuning.choose import RULES
from voice.tuning.figures import figures
from voice.tuning.goal import DEFAULT_WEIGHTS, Rating
from voice.tuning.live import since, told
from voice.tuning.page import page
from voice.tuning.targets import line
from voice.tuning.tune import Tuned, Wish, tune


class KeptOld(RuntimeError):
    """The policy file that is there is better; nothing was written."""


class NoFolder(ValueError):
    """A file is to be written into a folder that is not there."""


def add_tune_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``voice tune`` takes."""
    parser.add_argument("outcomes", type=Path, nargs="+", help="from `voice eval --record` and `voice trace outcomes`")
    parser.add_argument("--since", type=day, metavar="DATE", help="leave out calls before it; labelled turns stay")
    parser.add_argument("--profile", default="embedded", help="tiers, prices, checks, desk (default: %(default)s)")
    parser.add_argument("--rule", choices=RULES, action="append", help="try only this rule; may be given again")
    parser.add_argument("--kpi", type=weights_of, default=DEFAULT_WEIGHTS, metavar="cost=A,quality=B,latency=C")
    parser.add_argument("--max-cost", type=amount, metavar="MONEY", help="the most that a turn may cost on average")
    parser.add_argument("--max-risk", type=share, metavar="SHARE", help="the most wrong ones among accepted turns")
    parser.add_argument("--max-seconds", type=amount, metavar="S", help="the most that a turn may take on average")
    parser.add_argument("--max-escalated", type=share, metavar="SHARE", help="the most turns beyond the smallest tier")
    parser.add_argument("--min-quality", type=share, metavar="SHARE", help="the least share of exact turns")
    parser.add_argument("--out", type=Path, metavar="POLICY.toml", help="where the policy goes (default: nowhere)")
    parser.add_argument("--page", type=Path, metavar="REPORT.html", help="where the report is drawn")
    parser.add_argument("--force", action="store_true", help="replace a policy file that is better, too")
    parser.add_argument("--json", action="store_true", help="print JSON for programs")


def weights_of(text: str) -> Weights:
    """Read ``cost=0.3,quality=0.6,latency=0.1``; what is not named counts 0.

    Raises:
        argparse.ArgumentTypeError: it is something else.
    """
    try:
        named = dict(part.split("=") for part in text.split(","))
        unknown = set(named) - {"cost", "quality", "latency"}
        if unknown:
            raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
        return Weights(**{name: float(named.get(name, 0)) for name in ("cost", "quality", "latency")})
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"use cost=0.3,quality=0.6,latency=0.1, got {text!r} ({error})") from error


def tune_main(args: argparse.Namespace, now: datetime) -> int:
    """Learn, write and report.

    Raises:
        BadOutcomes, BadData, ConfigError, MissingExtra: what is missing, and what to do.
        NoFolder, BadPolicy: what was learned could not be written afterwards.
        KeptOld: the policy file that is there does better on the same turns.
    """
    _check_folders(args)
    old = load_policy(args.out) if args.out and args.out.exists() and not args.force else None
    outcomes, dropped = since(shared_out(load_outcomes(*args.outcomes)), args.since)
    targets = Targets(args.max_cost, args.min_quality, args.max_risk, args.max_seconds)
    wish = Wish(args.kpi, targets, args.max_escalated, tuple(args.rule or RULES))
    err = Console(stderr=True)
    with measured(args.profile) as (config, yardstick), err.status("tune") as status:
        tuned = tune(
            outcomes,
            config.policy(),
            wish,
            yardstick,
            made_at=now.isoformat(timespec="seconds"),
            clock=time.perf_counter,
            progress=lambda step: status.update(step),
        )
    tuned.report["live"]["left_out"] = dropped
    if args.page:
        args.page.write_text(page(tuned.report), encoding="utf-8")
    _show(tuned, as_json=args.json)
    if old and (reached := tuned.rate(old)) > tuned.rating:
        raise KeptOld(
            f"{args.out} is kept: on the same dev turns its settings reach {_rating(reached)}, the new ones "
            f"{_rating(tuned.rating)}; --force replaces it"
        )
    if args.out:
        args.out.write_text(dump_policy(tuned.file), encoding="utf-8")
    return 0


def _check_folders(args: argparse.Namespace) -> None:
    """Refuse, before a long fit, what could not be written after it."""
    for option in ("out", "page"):
        to: Path | None = getattr(args, option)
        if to and not to.absolute().parent.is_dir():
            raise NoFolder(f"--{option} {to}: there is no such folder, make it first")


def _rating(rating: Rating) -> str:
    missed = f" with targets missed by {-rating[0]:.1%} of what was wanted in all" if rating[0] < 0 else ""
    return f"a utility of {rating[1]:.4f}{missed}"


def _show(tuned: Tuned, *, as_json: bool) -> None:
    console = Console()
    if as_json:
        console.out(json.dumps(tuned.report, ensure_ascii=False), highlight=False)
        return
    report: dict[str, Any] = tuned.report
    console.print(report["about"])
    console.print(told(report["live"]))
    console.width = max(console.width, 110)
    table = Table("", "turns", "exact", "escalated", "wrong of accepted", "≤ (95%)", "money", "seconds", "P95")
    for name in ("dev", "test"):
        got = report[name]["reached"]
        table.add_row(
            name,
            str(got["n"]),
            f"{got['exact']:.3f}",
            f"{got['escalated']:.3f}",
            f"{got['wrong']:g}/{got['accepted']:g} = {got['risk']:.3f}",
            f"{got['risk_upper']:.3f}",
            f"{got['cost']:.6f}",
            f"{got['seconds']:.2f}",
            f"{got['seconds_p95']:.2f}",
        )
    console.print(table)
    for text in figures(report):
        console.print(text, markup=False)
    for row in report["targets"]:
        console.print(line(row), style=None if row["met"] else "bold", markup=False)
    for warning in report["warnings"]:
        console.print(f"warning: {warning}", style="bold", markup=False)
