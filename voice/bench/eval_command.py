"""``voice eval``: labelled turns through the cascade, the rules alone, or one tier alone; or recorded through all."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from voice.bench.desks import measured
from voice.bench.turns.deciders import by_cascade, by_rules, by_tier
from voice.bench.turns.evaluate import Decide, Judged, accuracy, evaluate, report
from voice.bench.turns.labelled import LabelledTurn, load_turns
from voice.bench.turns.outcomes import RecordedOutcome
from voice.bench.turns.record import Recorder, record
from voice.bench.turns.yardstick import Yardstick
from voice.cascade.policy import Policy
from voice.cascade.rules import rule_named
from voice.config import Config, ConfigError
from voice.fingerprint import version_of
from voice.ports import LanguageModel
from voice.stack import open_tier, prefix_of

RULES = "rules"
CASCADE = "cascade"
PROFILE_RULE = "profile"

_UNNAMED = {"by_complexity": "", "by_split": "no split", "by_kind": "no kind"}
"""How the turns are called that say nothing else; where none says anything, there is no row."""


def add_eval_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``voice eval`` takes."""
    parser.add_argument("turns", type=Path, nargs="+", help="labelled turns, one JSON object a line")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--tier", help="one tier of the profile alone, or `rules` for no tier (default: the cascade)")
    how.add_argument("--rule", metavar="NAME", help="the cascade with this deferral rule (default: the profile's)")
    how.add_argument(
        "--record",
        type=Path,
        metavar="OUT.jsonl",
        help="ask every tier once a turn and keep all it says; goes on where the file ends",
    )
    parser.add_argument("--profile", default="embedded", help="a profile's name or file.toml (default: %(default)s)")
    parser.add_argument("--json", action="store_true", help="print JSON for programs")


def eval_main(args: argparse.Namespace) -> int:
    """Score the turns, or record them.

    Raises:
        BadTurns: a file can't be used.
        BadOutcomes: the file to record into holds something else.
        ConfigError: the profile or its desk can't be used, or it has no such tier or rule.
    """
    with measured(args.profile) as (config, yardstick):
        turns = load_turns(*args.turns, desk=yardstick)
        if args.record is not None:
            shown = asyncio.run(_record(turns, config, yardstick, args.record))
            show: Callable[[Console, dict[str, Any]], None] = _show_recorded
        else:
            shown = asyncio.run(_score(turns, args.tier, args.rule, config, yardstick))
            show = _show_scored
    if args.json:
        Console(soft_wrap=True).out(json.dumps(shown, ensure_ascii=False), highlight=False)
    else:
        show(Console(), shown)
    return 0


def policy_of(config: Config, rule: str | None) -> Policy:
    """Give the profile's policy with this deferral rule, None for its own.

    Raises:
        ConfigError: there is no such rule, or it needs a policy file.
    """
    policy = config.policy()
    if rule is None or rule == PROFILE_RULE:
        return policy
    policy = replace(policy, rule=replace(policy.rule, name=rule))
    try:
        rule_named(policy.rule, policy.checks, policy.fitted)
    except ValueError as error:
        raise ConfigError(f"profile {config.name}: {error}") from None
    return policy


async def _score(
    turns: Sequence[LabelledTurn], tier: str | None, rule: str | None, config: Config, yardstick: Yardstick
) -> dict[str, Any]:
    if tier == RULES:
        return {"by": RULES, **report(await _all(yardstick, turns, by_rules(yardstick)))}
    if tier is None:
        policy = policy_of(config, rule)
        async with _opened(config, yardstick) as models:
            return {"by": CASCADE, **report(await _all(yardstick, turns, by_cascade(yardstick, policy, models)))}
    known = [settings.name for settings in config.tiers]
    if tier not in known:
        raise ConfigError(f"the profile {config.name} has no tier {tier!r}: use one of {', '.join([RULES, *known])}")
    async with _opened(config, yardstick, tier) as models:
        decide = by_tier(yardstick, models[tier], config.policy().tier(tier))
        return {"by": tier, **report(await _all(yardstick, turns, decide))}


async def _record(turns: Sequence[LabelledTurn], config: Config, yardstick: Yardstick, path: Path) -> dict[str, Any]:
    version = version_of(config)
    async with _opened(config, yardstick) as models:
        recorder = Recorder(config.policy().tiers, models, version, yardstick)
        with _progress(len(turns)) as done:
            outcomes = [outcome async for outcome in record(turns, recorder, path, done)]
    return {"n": len(outcomes), "version": version, "record": str(path), "tiers": recorded_accuracy(outcomes)}


def recorded_accuracy(outcomes: Sequence[RecordedOutcome]) -> dict[str, dict[str, Any]]:
    """Give the accuracy of the rules and of each tier, as `voice.bench.turns.evaluate.accuracy` does."""
    turns = [outcome.turn() for outcome in outcomes]
    tiers = list(outcomes[0].tiers) if outcomes else []
    return {
        RULES: accuracy(turns, [outcome.reading.exact for outcome in outcomes]),
        **{name: accuracy(turns, [outcome.tiers[name].exact for outcome in outcomes]) for name in tiers},
    }


@asynccontextmanager
async def _opened(config: Config, yardstick: Yardstick, *names: str) -> AsyncGenerator[Mapping[str, LanguageModel]]:
    """Start tiers, by default all of the profile."""
    prefix = prefix_of(yardstick.desk)
    async with AsyncExitStack() as exits:
        yield {
            settings.name: await exits.enter_async_context(open_tier(settings, prefix))
            for settings in config.tiers
            if settings.name in (names or [settings.name])
        }


async def _all(yardstick: Yardstick, turns: Sequence[LabelledTurn], decide: Decide) -> list[Judged]:
    judged: list[Judged] = []
    with _progress(len(turns)) as done:
        for turn in turns:
            judged += await evaluate(yardstick, (turn,), decide)
            done()
    return judged


@contextmanager
def _progress(total: int) -> Generator[Callable[[], None]]:
    """Show how far it is, on a terminal; give what counts a turn."""
    console = Console(stderr=True)
    columns = (TextColumn("turns"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("turns", total=total)
        yield lambda: progress.advance(task)


def _show_scored(console: Console, scored: dict[str, Any]) -> None:
    _show_accuracy(console, {scored["by"]: scored})
    if scored["by"] == CASCADE:
        console.print(f"escalated {scored['escalated']:.3f}")
        console.print(f"acted on {scored['acted_on']}{_wrong_of(scored)}")
    if failed := [one["id"] for one in scored["turns"] if one["tier"] == "nobody" and "error" in one["scores"]]:
        console.print(f"the desk failed on {len(failed)} turns, which count as wrong: {', '.join(failed)}")
    console.print(f"p50 {scored['latency_ms']['p50']:.0f} ms, p95 {scored['latency_ms']['p95']:.0f} ms a turn")


def _wrong_of(scored: Mapping[str, Any]) -> str:
    if not scored["acted_on"]:
        return ""
    low, high = scored["wrong_of_acted_on_ci95"]
    return f", of these wrong {scored['wrong_of_acted_on']:.3f} ({low:.2f}–{high:.2f})"


def _show_recorded(console: Console, recorded: dict[str, Any]) -> None:
    _show_accuracy(console, recorded["tiers"])
    console.print(f"{recorded['n']} turns in {recorded['record']}, version {recorded['version']}")


def _show_accuracy(console: Console, by: Mapping[str, Mapping[str, Any]]) -> None:
    """Show a column for each way to decide: the share of exact turns with its 95% interval."""
    first = next(iter(by.values()))
    table = Table("", "turns", *by)
    table.add_row("all", str(first["n"]), *(_interval(one) for one in by.values()))
    for part in ("by_complexity", "by_split", "by_kind"):
        table.add_section()
        for name, share in first[part].items():
            if share["n"] and [*first[part]] != [""]:
                table.add_row(
                    name or _UNNAMED[part], str(share["n"]), *(_interval(one[part][name]) for one in by.values())
                )
    console.print(table)


def _interval(share: Mapping[str, Any]) -> str:
    low, high = share["ci95"]
    return f"{share['exact']:.3f} ({low:.2f}–{high:.2f})"
