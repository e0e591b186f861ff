"""Policies that are tuned on synthetic outcomes, and the commands' arguments."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.tuning.outcomes import make
from voice.bench.desks import airline
from voice.bench.turns.outcomes import write_outcome
from voice.cascade.policy import Policy
from voice.tuning.cases import tiers_in
from voice.tuning.tune import Tuned, Wish, tune

NOW = datetime(2026, 11, 24, 12, 0, 0)
QUICK = ("static", "learned")


def tuned(wish: Wish | None = None) -> tuple[Tuned, Policy]:
    outcomes = make(300)
    base = Policy(tiers_in(outcomes, ()))
    wish = wish or Wish(max_escalated=0.4, rules=QUICK)
    return tune(outcomes, base, wish, airline(), made_at=NOW.isoformat(), clock=iter(range(100)).__next__), base


def outcomes_file(folder: Path, n: int = 300) -> Path:
    path = folder / "outcomes.jsonl"
    path.write_text("".join(write_outcome(outcome) + "\n" for outcome in make(n)))
    return path


def arguments(add: Any, *given: object) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add(parser)
    return parser.parse_args([str(each) for each in given])
