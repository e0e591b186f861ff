"""``voice trace outcomes``: traces of real calls become recorded outcomes, and a worksheet for reviewers."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console

from voice.bench.desks import measured
from voice.bench.turns.outcomes import write_outcome
from voice.config import ConfigError
from voice.fingerprint import version_of
from voice.tracing.labels import load_labels, worksheet
from voice.tracing.outcomes import Gathered, gather
from voice.tracing.turns import Line

_MOST = 40
"""Turns on a worksheet: what a person looks at in half an hour."""


def add_outcomes_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``voice trace outcomes`` takes besides the traces."""
    parser.add_argument("--out", type=Path, metavar="FILE", help="where the outcomes go, for `voice tune`")
    parser.add_argument("--labels", type=Path, metavar="FILE", help="worksheets that reviewers filled in, in one file")
    parser.add_argument("--worksheet", type=Path, metavar="FILE", help="where turns go that somebody should look at")
    parser.add_argument("--most", type=int, default=_MOST, help="turns on the worksheet (default: %(default)s)")
    parser.add_argument("--since", type=day, metavar="DATE", help="only calls from this day on, and labelled turns")
    parser.add_argument("--profile", default="embedded", help="tiers, models and desk (default: %(default)s)")


def day(text: str) -> date:
    """Read ``2026-11-24``.

    Raises:
        argparse.ArgumentTypeError: it is something else.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"use a date like 2026-11-24, got {text!r}") from None


def outcomes_main(args: argparse.Namespace, lines: Sequence[Line]) -> int:
    """Write what was asked for, and say what went into it.

    Raises:
        BadLabels, ConfigError: what is wrong, and what to do.
    """
    if not args.out and not args.worksheet:
        raise ConfigError("nothing to write: give --out FILE for outcomes, --worksheet FILE for reviewers, or both")
    with measured(args.profile) as (config, yardstick):
        labels = load_labels(args.labels, yardstick) if args.labels else {}
        tiers = [tier.name for tier in config.tiers]
        found = gather(lines, tiers, version_of(config), yardstick, labels, args.since)
    if args.out:
        args.out.write_text("".join(write_outcome(each) + "\n" for each in found.outcomes), encoding="utf-8")
    if args.worksheet:
        args.worksheet.write_text(worksheet(found.doubts, args.most), encoding="utf-8")
    told = _told(found)
    console = Console()
    if args.json:
        console.out(json.dumps(told, ensure_ascii=False), highlight=False)
    else:
        _show(console, told, args)
    return 0


def _told(found: Gathered) -> dict[str, Any]:
    return {
        "outcomes": len(found.outcomes),
        "calls": len({each.call for each in found.outcomes}),
        "verdicts": dict(found.verdicts.most_common()),
        "left_out": dict(found.left_out.most_common()),
        "unlabelled": len(found.doubts),
        "unused_labels": found.unused_labels,
    }


def _show(console: Console, told: dict[str, Any], args: argparse.Namespace) -> None:
    verdicts = ", ".join(f"{n} by {name.replace('_', ' ')}" for name, n in told["verdicts"].items()) or "none"
    console.print(f"{told['outcomes']} turns of {told['calls']} calls; truth: {verdicts}")
    for why, n in told["left_out"].items():
        console.print(f"  {n:>6}  left out: {why}")
    if told["unused_labels"]:
        console.print(f"  {told['unused_labels']:>6}  labels of turns that are not in these traces")
    if args.worksheet:
        shown = min(told["unlabelled"], args.most)
        console.print(f"{args.worksheet}: {shown} turns; fill in `expect`, then give it as --labels")
