"""What ``voice bench`` leaves and prints of its figures: a table, a page, and the files that a build server reads."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from voice.bench.measured.results import CallResult
from voice.bench.report_page import PAGE, write_report_page
from voice.bench.reports.figures import as_json, from_json
from voice.bench.reports.gates import Comparison, compare
from voice.bench.reports.junit import junit
from voice.bench.reports.report import comparison_table, remarks, tables

REPORT = "bench.json"


class ReportError(ValueError):
    """A report can't be written like this. The message says what to do."""


def add_report_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what says which reports are wanted."""
    parser.add_argument("--json", metavar="OUT", help="write the figures to this file, or to standard output for -")
    parser.add_argument("--junit", type=Path, metavar="OUT.xml", help="write a test case for each call and turn")
    parser.add_argument(
        "--baseline", type=Path, metavar="OLD.json", help="compare with an earlier --json, and exit with 1 if worse"
    )
    parser.add_argument(
        "--max-regression",
        type=_share,
        default=0.1,
        metavar="10%",
        help="how much worse than the baseline a figure may be (default: 10%%)",
    )
    parser.add_argument(
        "--reference",
        metavar="AGENT",
        help="compare latencies as multiples of this agent's, so that the machine's speed cancels",
    )
    parser.add_argument("--no-audio", action="store_true", help=f"leave the sound out of {PAGE}")


def check_report_arguments(args: argparse.Namespace) -> None:
    """Refuse, before a long run, what could not be written after it.

    Raises:
        ReportError: a file can't be written or read.
    """
    for option in ("json", "junit"):
        to = getattr(args, option)
        if to not in (None, "-") and not Path(to).absolute().parent.is_dir():
            raise ReportError(f"--{option} {to}: there is no such folder, make it first")
    if args.baseline:
        before = _baseline(args.baseline)
        if args.reference and args.reference not in before:
            names = ", ".join(before)
            raise ReportError(f"--reference {args.reference}: {args.baseline} has no such agent, it has {names}")
    elif args.reference:
        raise ReportError("--reference needs a --baseline to compare with")


def write_reports(
    results: Mapping[str, Sequence[CallResult]], about: Mapping[str, Any], args: argparse.Namespace, out: Path
) -> int:
    """Write and print the figures of a run, and give the exit code: 1 if a call broke off, or a figure became worse.

    Args:
        results: The calls of each agent.
        about: The run's settings.
        args: What `add_report_arguments` added.
        out: The run's folder.

    Raises:
        ReportError: the baseline is of other calls.
    """
    report = json.dumps({**about, **as_json(results)}, indent=1, ensure_ascii=False) + "\n"
    (out / REPORT).write_text(report, encoding="utf-8")
    if args.json not in (None, "-"):
        Path(args.json).write_text(report, encoding="utf-8")
    if args.junit:
        args.junit.write_text(junit(results), encoding="utf-8")
    console = Console(stderr=args.json == "-")
    with Console(stderr=True).status(f"drawing {PAGE}") as status:
        page = write_report_page(
            out,
            results,
            about,
            audio=not args.no_audio,
            progress=lambda done, of: status.update(f"drawing {PAGE}, call {done} of {of}"),
        )
    compared = _compared(results, args)
    if args.json == "-":
        sys.stdout.write(report)
    else:
        for number, table in enumerate(tables(results, console.width)):
            if number:
                console.print()
            console.print(table)
    for remark in remarks(results):
        console.print(remark, style="yellow", markup=False)
    if args.baseline:
        console.print(comparison_table(compared, args.max_regression))
    console.print(f"\n{page}  ({page.stat().st_size / 1e6:.1f} MB)", markup=False)
    worse = any(one.regressed and one.gated for one in compared)
    return 1 if worse or any(call.broken for made in results.values() for call in made) else 0


def _compared(results: Mapping[str, Sequence[CallResult]], args: argparse.Namespace) -> list[Comparison]:
    if not args.baseline:
        return []
    try:
        return compare(_baseline(args.baseline), results, args.max_regression, args.reference)
    except ValueError as error:
        raise ReportError(f"--baseline {args.baseline}: {error}") from error


def _baseline(path: Path) -> dict[str, list[CallResult]]:
    try:
        return from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise ReportError(f"--baseline {path}: {error}") from error


def _share(text: str) -> float:
    """Read ``10%`` or ``0.1``."""
    try:
        share = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share < 10:
        raise argparse.ArgumentTypeError(f"must be a share such as 10% or 0.1, got {text!r}")
    return share
