"""``python -m voice.bench.hosted``: finds how many calls at once make callers of a hosted agent wait twice as long."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from voice.bench.bench_command import chosen
from voice.bench.calls.agent import Agent, running_agent
from voice.bench.calls.caller import utterances
from voice.bench.calls.child import Child, NotReady, running_child
from voice.bench.hosted.figures import Level, Processors, level_of, verdict
from voice.bench.hosted.latency import Speeds
from voice.bench.hosted.level import Callers, Window
from voice.bench.measured.resources import processor_seconds
from voice.bench.recordings.manifest import MANIFEST, ManifestError, RecordedCall, load
from voice.bench.wire import Line, LineError, open_line
from voice.hearing.audio import AudioError

PROFILE = Path(__file__).with_name("profile.toml")

_STAND_IN = (sys.executable, "-m", "voice.bench.hosted.provider")

HOW = f"""\
Simulated: the providers. A process of its own answers on this machine as they would over the internet, with waits
drawn from log-normal distributions: {"; ".join(Speeds().described())}. It reads prompts by the desk's rules, knows
which recording it is sent, and speaks without words. Real: the agent in one process (voice serve), its profile, voice
activity detection, smart-turn, cascade, desk and database; and callers who play recordings over the wire, each calling
again when its call is over. All three share this machine's processors.
"""


async def _measure(
    options: argparse.Namespace, calls: Sequence[RecordedCall], scratch: Path, show: Callable[[str], None]
) -> list[Level]:
    said = {call.id: utterances(call.turns) for call in calls}
    window = Window(options.seconds, options.turns, max(options.seconds, options.longest))
    levels: list[Level] = []
    async with AsyncExitStack() as exits:
        show("starting the stand-in")
        provider = await exits.enter_async_context(
            running_child(
                [
                    sys.executable,
                    "-m",
                    "voice.bench.hosted.provider",
                    str(options.fixtures),
                    "--seed",
                    f"{options.seed}",
                ],
                what="the stand-in",
                log=scratch / "provider.log",
            )
        )
        profile = scratch / "hosted.toml"
        profile.write_text(PROFILE.read_text("utf-8").replace("{base_url}", f"http://127.0.0.1:{provider.port}/v1"))
        show("starting the agent")
        agent = await exits.enter_async_context(
            running_agent(
                pipeline=options.pipeline,
                profile=str(profile),
                calls=options.out or scratch / "calls",
                desk=calls[0].desk,
                at_once=max(options.calls),
            )
        )

        def connect(name: str) -> asyncio.Future[Line]:
            return asyncio.ensure_future(open_line("protobuf", agent.url(name)))

        callers = Callers(connect, calls, said)
        show("warming up")
        await callers.load(1, Window(8.0, 1, 30.0), label="warm-up")
        for count in options.calls:
            levels.append(await _level(callers, count, window, agent, provider, levels, show))
            show("")
    return levels


async def _level(
    callers: Callers,
    count: int,
    window: Window,
    agent: Agent,
    provider: Child,
    before: Sequence[Level],
    show: Callable[[str], None],
) -> Level:
    at: list[tuple[float | None, ...]] = []

    def read() -> None:
        at.append((processor_seconds(agent.pid), processor_seconds(provider.pid), time.process_time()))

    text = f"{count} at once"
    show(f"{text}: callers ring")
    load = await callers.load(
        count, window, began=read, ended=read, turn=lambda turns: show(f"{text}: {turns} turns spoken")
    )
    used = [None if a is None or b is None else b - a for a, b in zip(*at, strict=True)]
    return level_of(count, load, Processors(*used), before[0] if before else None)


def _table(levels: Sequence[Level]) -> Table:
    table = Table("calls", "turns", "first audio P50", "P95", "× first", "never", "failed", "holes/min", "late")
    for title in ("agent CPU", "stand-in", "callers"):
        table.add_column(title)
    for level in levels:
        used = (level.agent_cpu, level.provider_cpu, level.callers_cpu)
        table.add_row(
            f"{level.calls}",
            f"{level.turns}",
            _seconds(level.first_audio_p50),
            _seconds(level.first_audio_p95),
            "–" if level.times_one is None else f"{level.times_one:.2f}",
            f"{level.unanswered}",
            f"{len(level.failures)}",
            "–" if level.holes_a_minute is None else f"{level.holes_a_minute:.1f}",
            f"{level.late_share:.1%}",
            *("–" if cpu is None else f"{cpu:.2f}" for cpu in used),
        )
    return table


def _seconds(milliseconds: float | None) -> str:
    return "–" if milliseconds is None else f"{milliseconds / 1000:.2f} s"


def _counts(text: str) -> list[int]:
    counts = [int(part) for part in text.split(",")]
    if not counts or min(counts) < 1:
        raise argparse.ArgumentTypeError("numbers from 1 on, separated by commas")
    return counts


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from a shell; 1 if something does not start, 2 if something is missing."""
    parser = argparse.ArgumentParser(prog="python -m voice.bench.hosted", description=__doc__, epilog=HOW)
    parser.add_argument("--calls", type=_counts, default=[1, 5, 10, 25, 40], metavar="N,N", help="how many at once")
    parser.add_argument(
        "--fixtures", type=Path, default=Path("audio_fixtures"), metavar="DIR", help=f"recorded calls: has a {MANIFEST}"
    )
    parser.add_argument("--sample", type=int, default=6, metavar="N", help="play N of them (default: %(default)s)")
    parser.add_argument("--pipeline", default="cascade", help="which pipeline answers (default: %(default)s)")
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="measure each number for so long at least (default: %(default)s)"
    )
    parser.add_argument(
        "--turns", type=int, default=30, help="and until so many turns were spoken (default: %(default)s)"
    )
    parser.add_argument("--longest", type=float, default=300.0, help="and no longer (default: %(default)s s)")
    parser.add_argument("--seed", type=int, default=1, help="makes the draws of waits (default: %(default)s)")
    parser.add_argument("--out", type=Path, metavar="DIR", help="keep the agent's log and every call's trace here")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    console = Console(stderr=True)
    try:
        calls = chosen(load(options.fixtures), None, options.sample)
        calls = [call for call in calls if call.desk == calls[0].desk]
        with TemporaryDirectory(prefix="voice-") as scratch, console.status("") as status:
            levels = asyncio.run(_measure(options, calls, Path(scratch), status.update))
    except (ManifestError, AudioError) as error:
        console.print(f"[red]{error}[/red]")
        return 2
    except (NotReady, LineError) as error:
        console.print(f"[red]{error}[/red]")
        return 1
    about = {"processors": os.cpu_count(), "played": [call.id for call in calls]}
    simulated = Speeds().described()
    if options.json:
        told = {
            **about,
            "simulated": simulated,
            "levels": [asdict(level) for level in levels],
            "verdict": verdict(levels),
        }
        sys.stdout.write(json.dumps(told, indent=1) + "\n")
        return 0
    shown = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    shown.print(*(f"simulated {line}" for line in simulated), sep="\n")
    shown.print(f"agent, stand-in and callers share {os.cpu_count()} processors; CPU is in processors kept busy")
    shown.print(_table(levels))
    for why, times in Counter(why for level in levels for why in level.failures).items():
        shown.print(f"failed {times} times: {why}")
    shown.print(verdict(levels))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
