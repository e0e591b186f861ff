"""``voice trace``: shows recorded decisions, sums them up, has another rule decide them again, or learns from them."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from voice.bench.desks import measured
from voice.cascade.policy import Policy
from voice.cascade.rules import NAMES, rule_named
from voice.config import Config, ConfigError
from voice.fingerprint import version_of
from voice.tracing.outcomes_command import add_outcomes_arguments, outcomes_main
from voice.tracing.replay import UNKNOWN, Replayed, foreign, replay
from voice.tracing.shown import show_stats
from voice.tracing.stats import stats
from voice.tracing.turns import BadTrace, Line, load_trace
from voice.tuning.drift_command import add_drift_arguments, drift_main

_HIDDEN = {"at", "call", "turn", "kind", "read", "tokens", "logprobs", "data", "scores", "thresholds"}
"""Left out of `show`: told elsewhere in the line, or too long to read."""


def add_trace_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``voice trace`` takes."""
    what = parser.add_subparsers(dest="what", required=True, metavar="show|stats|replay|outcomes|drift")
    for name, about in (
        ("show", "print decisions, turn by turn"),
        ("stats", "who answered, why the rest left, where the time went, what it cost"),
        ("replay", "what another rule would have decided on what was recorded"),
        ("outcomes", "turn calls into outcomes for `voice tune`, and into a worksheet for reviewers"),
        ("drift", "compare calls with what a policy was made from; exit code 1 says that it is time to tune again"),
    ):
        command = what.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
        command.add_argument("traces", type=Path, nargs="+", help="trace.jsonl files, or folders that hold them")
        command.add_argument("--json", action="store_true", help="print JSON for programs")
        if name == "show":
            command.add_argument("--kind", action="append", help="only lines of this kind; may be given again")
        if name == "replay":
            command.add_argument("--rule", choices=NAMES, help="the rule (default: the profile's)")
            command.add_argument("--profile", default="embedded", help="tiers, checks, policy (default: %(default)s)")
        if name == "outcomes":
            add_outcomes_arguments(command)
        if name == "drift":
            add_drift_arguments(command)


def trace_main(args: argparse.Namespace) -> int:
    """Run it.

    Raises:
        BadTrace: a file is no trace, or has no line of a kind that is asked for.
        ConfigError: the profile can't be used, or the rule needs a policy file.
        BadLabels, BadPolicy, NoReference: see the parts.
    """
    lines = load_trace(args.traces)
    if args.what == "outcomes":
        return outcomes_main(args, lines)
    if args.what == "drift":
        return drift_main(args, lines)
    console = Console()
    if args.what == "show":
        chosen = _chosen(lines, args.kind or ())
        _print_json(console, chosen) if args.json else _show(console, chosen)
    elif args.what == "stats":
        found = stats(lines)
        _print_json(console, found) if args.json else show_stats(console, found)
    else:
        found, warnings = _replay(lines, args.profile, args.rule)
        for warning in warnings:
            Console(stderr=True).print(f"warning: {warning}", markup=False, soft_wrap=True)
        shown = {"turns": [each.as_dict() for each in found], **_summary(found), "warnings": warnings}
        _print_json(console, shown) if args.json else _show_replay(console, found)
    return 0


def _chosen(lines: Sequence[Line], kinds: Sequence[str]) -> Sequence[Line]:
    """Give the lines of these kinds, all if none is named.

    Raises:
        BadTrace: there is no line of a kind that is named.
    """
    there = {line["kind"] for line in lines}
    if missing := [kind for kind in kinds if kind not in there]:
        raise BadTrace(f"there is no line of kind {', '.join(missing)}; kinds are {', '.join(sorted(there))}")
    return [line for line in lines if not kinds or line["kind"] in kinds]


def _replay(lines: Sequence[Line], profile: str, rule: str | None) -> tuple[list[Replayed], list[str]]:
    """Give the turns, and warnings of what they should not be judged by."""
    with measured(profile) as (config, yardstick):
        policy = _policy(config, profile, rule)
        if tiers := {line["tier"] for line in lines if line["kind"] == "drafted"} - {one.name for one in policy.tiers}:
            raise ConfigError(f"profile {profile} has no tier {', '.join(sorted(tiers))}, which the trace asked")
        found = replay(lines, policy, yardstick.facts.read_only)
        return found, foreign(lines, config.name, _models(config), yardstick.actions)


def _policy(config: Config, profile: str, rule: str | None) -> Policy:
    policy = config.policy()
    if rule:
        policy = replace(policy, rule=replace(policy.rule, name=rule))
        try:
            rule_named(policy.rule, policy.checks, policy.fitted)
        except ValueError as error:
            raise ConfigError(f"profile {profile}: {error}") from None
    return policy


def _models(config: Config) -> str | None:
    """Name the profile's models; None where an adapter is not there, without which a trace can be replayed too."""
    try:
        return version_of(config)
    except ConfigError:
        return None


def _summary(found: Sequence[Replayed]) -> dict[str, Any]:
    known = [each for each in found if each.now != UNKNOWN]
    return {
        "decided": len(known),
        "unknown": len(found) - len(known),
        "as_before": sum(each.now == each.was for each in known),
        "changed": {
            f"{was} -> {now}": n for (was, now), n in Counter((e.was, e.now) for e in known).items() if was != now
        },
    }


def _print_json(console: Console, value: Any) -> None:
    console.out(json.dumps(value, ensure_ascii=False), highlight=False)


def _show(console: Console, lines: Sequence[Line]) -> None:
    at: tuple[str, int] | None = None
    for line in lines:
        if (here := (line["call"], line["turn"])) != at:
            at = here
            console.print(f"\n[bold]{escape(str(here[0]))}, turn {here[1]}[/bold]")
        console.print(f"[dim]{line['at']:9.3f}[/dim]  {line['kind']:<14} {escape(_told(line))}", soft_wrap=True)


def _told(line: Line) -> str:
    parts = [
        f"{key}: {_short(value)}" for key, value in line.items() if key not in _HIDDEN and value not in ((), [], None)
    ]
    if isinstance(scores := line.get("scores"), dict):
        wanted: Mapping[str, Any] = line.get("thresholds", {})
        pairs = (
            f"{key} {_short(value)}" + (f"/{wanted[key]:g}" if key in wanted else "") for key, value in scores.items()
        )
        parts.insert(0, ", ".join(pairs))
    return "; ".join(parts)


def _short(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 160 else text[:159] + "…"


def _show_replay(console: Console, found: Sequence[Replayed]) -> None:
    table = Table("call", "turn", "was", "now", "score", "why")
    for each in found:
        now = each.now if each.now == each.was else f"[bold]{each.now}[/bold]"
        score = "" if each.score is None else f"{each.score:.2f}"
        table.add_row(each.call, str(each.turn), each.was, now, score, escape(each.why))
    console.print(table)
    told = _summary(found)
    console.print(f"{told['decided']} turns decided, {told['as_before']} as before, {told['unknown']} can't be told")
    for change, n in told["changed"].items():
        console.print(f"  {n:>6}  {change}")
