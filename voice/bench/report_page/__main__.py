"""Draws the report of a finished run again: ``python -m voice.bench.report_page RUN_FOLDER``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from voice.bench.report_page import write_report_page
from voice.bench.reports.figures import from_json


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and give its exit code."""
    prog = "python -m voice.bench.report_page"
    parser = argparse.ArgumentParser(prog=prog, description=(__doc__ or "").splitlines()[0])
    parser.add_argument("run", type=Path, help="the folder of a run: has a bench.json")
    parser.add_argument("--no-audio", action="store_true", help="leave the sound out")
    args = parser.parse_args(arguments)
    try:
        report = json.loads((args.run / "bench.json").read_text(encoding="utf-8"))
        page = write_report_page(args.run, from_json(report), report, audio=not args.no_audio)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{args.run}: {error}\n")
        return 1
    sys.stdout.write(f"{page}, {page.stat().st_size / 1e6:.1f} MB\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
