"""Measures how often callers are cut off, and how long they wait, with the rules of `voice.hearing.end_of_turn`.

    python -m voice.bench.turn_ends audio_fixtures
    python -m voice.bench.turn_ends FOLDER … --no-smart-turn --json > heard.json
    python -m voice.bench.turn_ends --heard heard.json --calls even --fit
    python -m voice.bench.turn_ends --heard heard.json --calls odd

At each silence that the ears of a call notice, the turn so far is transcribed and judged, just as in a call. A wait
that is over before the caller is noticed to go on cuts them off. What was heard can be kept and judged again, by half
of the calls: rules are chosen on one half and reported on the other.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from statistics import fmean, quantiles
from typing import Any

from loguru import logger
from rich.console import Console
from rich.table import Table

from voice import models
from voice.bench.recordings import manifest
from voice.bench.recordings.ears import add_ears_arguments, ears_of
from voice.bench.recordings.fit_ends import fit
from voice.bench.recordings.pauses import DECODED_SECONDS, Pause, find
from voice.config import TurnEndSettings
from voice.hearing.activity import LATE_SECONDS, OFF_SECONDS
from voice.hearing.audio import AudioError
from voice.hearing.decoder import SAMPLE_RATE
from voice.hearing.end_of_turn import Asked, Wait, wait_for
from voice.hearing.endings import longer
from voice.hearing.pacing import Pacing
from voice.hearing.whisper import WhisperTranscriber
from voice.processors.patience import AGAIN_SECONDS
from voice.processors.smart_turn import SmartTurn


@dataclass(frozen=True, slots=True)
class Judged:
    """A pause and what the rules make of it."""

    pause: Pause
    wait: Wait

    @property
    def over_at(self) -> float:
        """When the turn is taken to be over, in seconds from the start of the recording."""
        return self.pause.since + max(self.wait.seconds, LATE_SECONDS + OFF_SECONDS + DECODED_SECONDS)

    @property
    def cut(self) -> bool:
        """Whether the caller is cut off here."""
        return self.pause.resumed is not None and self.over_at < self.pause.resumed

    @property
    def delay(self) -> float:
        """Seconds from the caller's last sound until the turn is over."""
        return self.over_at - self.pause.end


def judge(pauses: Sequence[Pause], *, least_seconds: float = 0.0, learn: bool = True) -> list[Judged]:
    """Apply the rules, call by call.

    Args:
        pauses: In the order of their calls and turns.
        least_seconds: No turn ends before so much silence.
        learn: Whether callers who were cut off are given more time afterwards.
    """
    judged: list[Judged] = []
    call, pacing = "", Pacing(least_seconds)
    for pause in pauses:
        if (name := pause.turn.split("/")[0]) != call:
            call, pacing = name, Pacing(least_seconds)
        one = Judged(pause, _wait(pause, pacing))
        judged.append(one)
        if learn and one.cut and pause.resumed is not None:
            pacing = pacing.cut_short(pause.resumed - pause.since)
    return judged


def _wait(pause: Pause, pacing: Pacing) -> Wait:
    """Say how much silence ends the turn here, from the beginning of the pause."""
    rules = partial(
        wait_for,
        probability=pause.probability,
        asked=pause.asked,
        pauses=pause.pauses,
        least_seconds=pacing.least_seconds,
    )
    wait = rules(pause.heard)
    if not wait.lacking or pause.again is None or not longer(pause.again, pause.heard):
        return wait
    more = rules(pause.again)
    return replace(more, seconds=round(wait.seconds - AGAIN_SECONDS + more.seconds, 2))


def summary(judged: Sequence[Judged]) -> dict[str, dict[str, Any]]:
    """Count by complexity, for turns with written pauses, and over all.

    Returns:
        By group: ``turns``, ``cut`` (turns cut at least once) and ``delay_seconds`` at the ends, which are those of
        turns that were not cut (``mean``, ``p50``, ``p90``, ``p95``).
    """
    turns: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        turns[one.pause.turn].append(one)
    groups: dict[str, dict[str, Any]] = {}
    for name in ("simple", "complex", "with pauses", "all"):
        group = [
            turn
            for turn in turns.values()
            if name in ("all", turn[0].pause.complexity) or (name == "with pauses" and turn[0].pause.written)
        ]
        delays = [turn[-1].delay for turn in group if not any(one.cut for one in turn)]
        if delays:
            cuts = quantiles(delays, n=20, method="inclusive") if len(delays) > 1 else delays * 19
            groups[name] = {
                "turns": len(group),
                "cut": sum(any(one.cut for one in turn) for turn in group),
                "delay_seconds": {
                    "mean": round(fmean(delays), 2),
                    "p50": round(cuts[9], 2),
                    "p90": round(cuts[17], 2),
                    "p95": round(cuts[18], 2),
                },
            }
    return groups


def half_of(pauses: Sequence[Pause], half: str) -> list[Pause]:
    """Keep the calls of one half, ``even`` or ``odd``; the names' digests share them out."""
    wanted = {"even": (0,), "odd": (1,), "all": (0, 1)}[half]
    return [p for p in pauses if hashlib.sha256(p.turn.split("/")[0].encode()).digest()[0] % 2 in wanted]


async def _find(options: argparse.Namespace) -> list[Pause]:
    smart_turn = None if options.no_smart_turn else SmartTurn(SAMPLE_RATE)
    ears = ears_of(options)
    pauses: list[Pause] = []
    console = Console(stderr=True)
    with console.status("listening") as status:
        transcriber = WhisperTranscriber(ears.folder, adapter=ears.adapter)
        async for pause in find(options.folders, transcriber, smart_turn, ears.names):
            pauses.append(pause)
            status.update(f"listening: {pause.turn}, {len(pauses)} pauses")
    return pauses


def _pause(data: dict[str, Any]) -> Pause:
    read: dict[str, Any] = {**data, "asked": Asked(data["asked"])}
    return Pause(**read)


def _table(judged: Sequence[Judged]) -> Table:
    table = Table("turns", "n", "cut off", "wait mean", "p50", "p90", "p95")
    for name, group in summary(judged).items():
        delays = (f"{value:.2f} s" for value in group["delay_seconds"].values())
        table.add_row(name, f"{group['turns']}", f"{group['cut']}", *delays)
    return table


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from a shell; 2 if something is missing."""
    parser = argparse.ArgumentParser(
        prog="python -m voice.bench.turn_ends", description="Cuts and delays at the ends of turns."
    )
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="holds a manifest.jsonl")
    parser.add_argument("--heard", type=Path, metavar="FILE", help="judge what an earlier --json heard")
    parser.add_argument("--calls", choices=["all", "even", "odd"], default="all", help="judge half of the calls")
    add_ears_arguments(parser)
    parser.add_argument("--no-smart-turn", action="store_true", help="judge by words alone")
    parser.add_argument(
        "--least",
        type=float,
        default=TurnEndSettings().least_seconds,
        metavar="SECONDS",
        help="no turn ends before (%(default)s)",
    )
    parser.add_argument("--no-learning", action="store_true", help="give nobody more time who was cut off")
    parser.add_argument("--json", action="store_true", help="print JSON, with every pause")
    parser.add_argument("--fit", action="store_true", help="print the coefficients that fit these calls best")
    parser.add_argument("--ends", action="store_true", help="show how each turn ended")
    options = parser.parse_args(arguments)
    if bool(options.folders) == bool(options.heard):
        parser.error("name a FOLDER to listen to, or --heard FILE to judge again")
    logger.disable("pipecat")
    try:
        if options.heard:
            pauses = [_pause(one["pause"]) for one in json.loads(options.heard.read_text(encoding="utf-8"))["judged"]]
        else:
            pauses = asyncio.run(_find(options))
    except (manifest.ManifestError, AudioError, models.ModelError, OSError, ValueError, KeyError, TypeError) as error:
        Console(stderr=True).print(f"[red]{error}[/red]")
        return 2
    pauses = half_of(pauses, options.calls)
    if options.fit:
        sys.stdout.write(json.dumps(fit(pauses), indent=1) + "\n")
        return 0
    judged = judge(pauses, least_seconds=options.least, learn=not options.no_learning)
    if options.json:
        result = {
            "summary": summary(judged),
            "judged": [asdict(one) | {"cut": one.cut, "delay": round(one.delay, 2)} for one in judged],
        }
        sys.stdout.write(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
        return 0
    console = Console()
    console.print(_table(judged))
    for one in judged:
        pause, tail = one.pause, f"{one.pause.turn}, {one.wait.reason}: …{one.pause.heard[-70:]}"
        if one.cut and pause.resumed is not None:
            console.print(
                f"cut after {one.wait.seconds} s of {pause.resumed - pause.since:.2f} s ({tail})", markup=False
            )
        elif options.ends and pause.resumed is None:
            sound = "" if pause.probability is None else f", smart-turn {pause.probability:.2f}"
            console.print(f"{one.delay:.2f} s{sound} ({tail})", markup=False)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
