"""What ``voice bench`` leaves and prints of its figures: a table, JSON, and the files that a build server reads."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from voice.bench.report import as_json, remarks, table
from voice.bench.results import CallResult

REPORT = "bench.json"


class ReportError(ValueError):
    """A report can't be written like this. The message says what to do."""


def add_report_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what says which reports are wanted."""
    parser.add_argument("--json", metavar="OUT", help="write the figures to this file, or to standard output for -")


def check_report_arguments(args: argparse.Namespace) -> None:
    """Refuse, before a long run, what could not be written after it.

    Raises:
        ReportError: a file can't be written or read.
    """
    if args.json not in (None, "-") and not Path(args.json).absolute().parent.is_dir():
        raise ReportError(f"--json {args.json}: there is no such folder, make it first")


def write_reports(
    results: Mapping[str, Sequence[CallResult]], about: Mapping[str, Any], args: argparse.Namespace, out: Path
) -> int:
    """Write and print the figures of a run, and give the exit code: 1 if a call broke off.

    Args:
        results: The calls of each agent.
        about: The run's settings.
        args: What `add_report_arguments` added.
        out: The run's folder.
    """
    report = json.dumps({**about, **as_json(results)}, indent=1, ensure_ascii=False) + "\n"
    (out / REPORT).write_text(report, encoding="utf-8")
    status = 1 if any(call.broken for made in results.values() for call in made) else 0
    if args.json == "-":
        sys.stdout.write(report)
        return status
    if args.json:
        Path(args.json).write_text(report, encoding="utf-8")
    console = Console()
    console.print(table(results))
    for remark in remarks(results):
        console.print(remark, style="yellow", markup=False)
    console.print(f"\n{out}/", markup=False)
    return status
