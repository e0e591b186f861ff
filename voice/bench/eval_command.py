"""``voice eval``: labelled turns through the rules alone, or through one tier alone."""

from __future__ import annotations

import argparse
import asyncio
import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from voice.bench.deciders import by_rules, by_tier
from voice.bench.evaluate import Decide, Judged, evaluate, report
from voice.bench.labelled import LabelledTurn, load_turns
from voice.booking.prompting import PREFIX
from voice.config import Config, ConfigError, load
from voice.stack import open_tier

RULES = "rules"


def add_eval_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``voice eval`` takes."""
    parser.add_argument("turns", type=Path, help="labelled turns, one JSON object a line")
    parser.add_argument("--tier", default=RULES, help="a tier of the profile, or rules alone (default: %(default)s)")
    parser.add_argument("--profile", default="embedded", help="a profile's name or file.toml (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON for programs")


def eval_main(args: argparse.Namespace) -> int:
    """Score the turns.

    Raises:
        BadTurns: the file can't be used.
        ConfigError: the profile can't be used, or has no such tier.
    """
    turns = load_turns(args.turns)
    scored = asyncio.run(_score(turns, args.tier, load(args.profile)))
    if args.json:
        Console(soft_wrap=True).out(json.dumps(scored, ensure_ascii=False), highlight=False)
    else:
        _show(scored, args.tier)
    return 0


async def _score(turns: tuple[LabelledTurn, ...], name: str, config: Config) -> dict[str, Any]:
    if name == RULES:
        return report(await _all(turns, by_rules()))
    settings = next((tier for tier in config.tiers if tier.name == name), None)
    if settings is None:
        known = ", ".join([RULES, *(tier.name for tier in config.tiers)])
        raise ConfigError(f"the profile {config.name} has no tier {name!r}: use one of {known}")
    async with open_tier(settings, PREFIX) as tier:
        return report(await _all(turns, by_tier(tier)))


async def _all(turns: tuple[LabelledTurn, ...], decide: Decide) -> list[Judged]:
    console = Console(stderr=True)
    judged: list[Judged] = []
    for turn in track(turns, "turns", console=console, disable=not console.is_terminal):
        judged += await evaluate((turn,), decide)
    return judged


def _show(scored: dict[str, Any], tier: str) -> None:
    console = Console()
    console.print(f"{scored['n']} turns by {tier}: {scored['exact']:.3f} exact")
    for name, part in scored["by_complexity"].items():
        if part["n"]:
            console.print(f"  {name:8} {part['exact']:.3f} of {part['n']}")
    console.print(f"  p50 {scored['latency_ms']['p50']:.0f} ms, p95 {scored['latency_ms']['p95']:.0f} ms a turn")
