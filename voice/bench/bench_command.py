"""``voice bench``: measures agents with recorded callers, side by side in one run."""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import random
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from voice import models
from voice.bench.agent import running_agent
from voice.bench.caller import Manners
from voice.bench.campaign import Callee, Job, Watch, jobs, recorded, run
from voice.bench.database import State, expected_states
from voice.bench.listening import Listener, WhisperListener
from voice.bench.manifest import MANIFEST, RecordedCall, find, load
from voice.bench.reporting import add_report_arguments, check_report_arguments, write_reports
from voice.bench.results import CallResult
from voice.bench.wire import ProtobufLine
from voice.config import load as load_profile

LISTENER = "whisper-base"
SETTINGS = "settings.json"


HOW = """\
Agents run side by side, each with model servers of its own, and take calls in turn: the first call on each, then the
second; who goes first changes with every call. One call runs at a time. Before the first, each agent gets a call that
is not measured. Everything is read off the recordings: first audio is the first agent sound that begins after the
caller's last word, first answer the first fact of a right answer (the manifest's `says`) that a stock Whisper hears,
unmasked silence the longest silence until then. P95 is a value that was measured: the largest of fewer than 20.
"""


class BenchError(ValueError):
    """The benchmark can't be run like this. The message says what to do."""


def add_bench_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``voice bench`` takes."""
    parser.epilog = HOW
    parser.add_argument("--fixtures", type=Path, required=True, metavar="DIR", help=f"recorded calls: has a {MANIFEST}")
    parser.add_argument(
        "--pipeline", action="append", default=[], metavar="NAME", help="an agent to measure; repeat it"
    )
    parser.add_argument(
        "--agent",
        action="append",
        default=[],
        metavar="NAME=WS_URL",
        help="a running agent of any make to measure, over pipecat's protobuf frames; repeat it",
    )
    parser.add_argument("--profile", default="embedded", help="a profile's name or file.toml (default: %(default)s)")
    parser.add_argument("--calls", metavar="ID,ID", help="make only these calls")
    parser.add_argument("--sample", type=_positive, metavar="N", help="make N of the calls, always the same ones")
    parser.add_argument("--repeat", type=_positive, default=1, metavar="K", help="make each call K times")
    parser.add_argument(
        "--patience",
        type=float,
        default=Manners().after_reply,
        metavar="SECONDS",
        help="silence after a reply before the caller goes on (default: %(default)s)",
    )
    add_report_arguments(parser)
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="where each call is left; a run that was stopped goes on where it was (default: runs/bench-<time>)",
    )


def bench_main(args: argparse.Namespace, now: datetime) -> int:
    """Make the calls, print the figures, and give 1 if a call broke off.

    Raises:
        BenchError, ReportError: the arguments don't go together.
        ManifestError, AudioError: a recording can't be used.
        ConfigError: there is no such profile.
        MissingModel: the model that hears the replies is not there yet.
        AgentError, LineError: an agent does not start, or can't be reached.
    """
    urls = _urls(args.agent)
    agents = [*dict.fromkeys(args.pipeline), *urls]
    if not agents:
        raise BenchError("there is no agent to measure: give --pipeline cascade, or --agent NAME=ws://…")
    if len(set(agents)) < len(agents):
        raise BenchError("two agents have the same name: give --agent another NAME")
    check_report_arguments(args)
    calls = chosen(load(args.fixtures), args.calls, args.sample)
    out: Path = args.out or Path("runs") / now.strftime("bench-%Y-%m-%d-%H%M%S")
    manners = Manners(after_reply=args.patience)
    _check_settings(out, _settings(args, manners))
    console = Console(stderr=True)
    listener = WhisperListener(models.path(LISTENER))
    try:
        results = asyncio.run(
            _bench(jobs(calls, args.repeat), args.pipeline, urls, args.profile, out, listener, manners, console)
        )
    except BaseException:
        console.print(f"what is done is kept: go on with --out {out}")
        raise
    about = {"fixtures": str(args.fixtures), "repeat": args.repeat, **_settings(args, manners)}
    return write_reports(results, about, args, out)


def chosen(calls: Sequence[RecordedCall], names: str | None, sample: int | None) -> list[RecordedCall]:
    """Give the calls to make, in the order of the manifest.

    Args:
        calls: All there are.
        names: Separated by commas; None for all.
        sample: How many of them; the same ones every time. None for all.

    Raises:
        ManifestError: there is no call of one of the names.
    """
    wanted = list(calls)
    if names is not None:
        named = {find(calls, name.strip()).id for name in names.split(",") if name.strip()}
        wanted = [call for call in calls if call.id in named]
    if sample is not None and sample < len(wanted):
        picked = set(random.Random(1).sample([call.id for call in wanted], sample))
        wanted = [call for call in wanted if call.id in picked]
    return wanted


async def _bench(
    work: Sequence[Job],
    pipelines: Sequence[str],
    urls: Mapping[str, str],
    profile: str,
    out: Path,
    listener: Listener,
    manners: Manners,
    console: Console,
) -> dict[str, list[CallResult]]:
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    results: dict[str, list[CallResult]] = {}
    expected = await _expected(work) if pipelines else {}
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=len(work) * (len(pipelines) + len(urls)))

        def show(text: str) -> None:
            progress.update(task, description=text)

        watch = Watch(
            warming=lambda agent: show(f"{agent}: warming up"),
            began=lambda agent, job: show(f"{agent}: {job.folder}"),
            turn=lambda agent, job, number: show(f"{agent}: {job.folder}, turn {number} of {len(job.call.turns)}"),
            ended=lambda agent, job: progress.advance(task),
        )
        # An agent's calls all begin with the same database, so there is a set of agents for each.
        for desk, block in groupby(sorted(work, key=lambda job: job.call.desk), key=lambda job: job.call.desk):
            mine = list(block)
            async with _callees(mine, pipelines, urls, profile, desk, out, show) as callees:
                for name, made in (await run(callees, mine, listener, manners, watch, expected)).items():
                    results.setdefault(name, []).extend(made)
    return results


async def _expected(work: Sequence[Job]) -> dict[str, State]:
    with TemporaryDirectory(prefix="voice-") as scratch:
        return await expected_states({job.call.id: job.call for job in work}.values(), Path(scratch))


@asynccontextmanager
async def _callees(
    work: Sequence[Job],
    pipelines: Sequence[str],
    urls: Mapping[str, str],
    profile: str,
    desk: str,
    out: Path,
    show: Any,
) -> AsyncGenerator[list[Callee]]:
    """Start our own agents, each with models of its own, so that none finds another's prompts in a cache."""
    async with AsyncExitStack() as exits:
        callees: list[Callee] = []
        for pipeline in dict.fromkeys(pipelines):
            calls = out / pipeline
            if all(recorded(calls / job.folder) for job in work):
                callees.append(Callee(pipeline, calls, _nobody))
                continue
            show(f"starting {pipeline}")
            agent = await exits.enter_async_context(
                running_agent(pipeline=pipeline, profile=profile, calls=calls, desk=desk)
            )
            callees.append(Callee(pipeline, calls, lambda name, agent=agent: ProtobufLine.open(agent.url(name))))
        for name, url in urls.items():
            callees.append(Callee(name, out / name, lambda _, url=url: ProtobufLine.open(url), traces=False))
        yield callees


async def _nobody(name: str) -> ProtobufLine:
    raise AssertionError(f"the call {name} was made already")


def _settings(args: argparse.Namespace, manners: Manners) -> dict[str, Any]:
    """Give what must not change within a run, or its calls could not be compared."""
    manifest = args.fixtures / MANIFEST if args.fixtures.is_dir() else args.fixtures
    config = load_profile(args.profile).model_dump_json()
    return {
        "profile": args.profile,
        "config": hashlib.sha256(config.encode()).hexdigest()[:16],
        "manifest": hashlib.sha256(manifest.read_bytes()).hexdigest()[:16],
        "manners": asdict(manners),
    }


def _check_settings(out: Path, settings: Mapping[str, Any]) -> None:
    """Note the settings of a new run, or compare them with those of the run that goes on."""
    path = out / SETTINGS
    if not path.exists():
        out.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")
        return
    before = json.loads(path.read_text(encoding="utf-8"))
    if changed := [key for key in settings if settings[key] != before.get(key)]:
        raise BenchError(f"{out} holds a run with another {' and '.join(changed)}: give another --out, or remove it")


def _urls(agents: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for agent in agents:
        name, _, url = agent.partition("=")
        if not name or "/" in name or not url.startswith(("ws://", "wss://")):
            raise BenchError(f"--agent takes NAME=ws://…, got {agent!r}")
        if name in found:
            raise BenchError(f"two agents are named {name!r}: give one another name")
        found[name] = url
    return found


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, got {number}")
    return number
