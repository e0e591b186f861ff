"""``voice bench``: measures agents with recorded callers, side by side in one run."""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console

from voice import models
from voice.bench.calls.campaign import run
from voice.bench.calls.floor import Manners
from voice.bench.calls.progress import progress
from voice.bench.calls.schedule import Job, jobs
from voice.bench.calls.targets import Targets, open_targets, targets
from voice.bench.measured.database import State, expected_states
from voice.bench.measured.listening import Listener, WhisperListener
from voice.bench.measured.results import CallResult
from voice.bench.recordings.manifest import MANIFEST, RecordedCall, find, load
from voice.bench.reporting import add_report_arguments, check_report_arguments, write_reports
from voice.bench.wire import PROTOCOLS
from voice.config import load as load_profile
from voice.fingerprint import content_of, fingerprint, version_of

LISTENER = "whisper-base"
SETTINGS = "settings.json"
_TARGETS = "targets"

HOW = """\
Without --pipeline and --target the cascade is measured beside stock pipecat: one model for every turn (single-TIER),
and pipecat's own pair of a quick front and a backend (backend). Agents run side by side, each with model servers of its
own, and take calls in turn: the first call on each, then the second; who goes first changes with every call. One agent
is called at a time, by --concurrency callers. Before, each gets a call that is not measured. Everything is read off the
recordings: first audio is the first agent sound that begins after the caller's last word, first answer the first fact
of a right answer (the manifest's `says`) that a stock Whisper hears, unmasked silence the longest silence until then.
P95 is a value that was measured: the largest of fewer than 20.
"""


class BenchError(ValueError):
    """The benchmark can't be run like this. The message says what to do."""


def add_bench_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``voice bench`` takes."""
    parser.epilog = HOW
    parser.add_argument("--fixtures", type=Path, required=True, metavar="DIR", help=f"recorded calls: has a {MANIFEST}")
    parser.add_argument(
        "--pipeline",
        action="append",
        default=[],
        metavar="NAME",
        help="a pipeline of ours to measure, such as cascade, backend or single-fast; repeat it",
    )
    parser.add_argument(
        "--target",
        "--agent",
        action="append",
        default=[],
        dest="targets",
        metavar="[NAME=]WS_URL",
        help="a running agent of any make to measure; repeat it",
    )
    parser.add_argument(
        "--protocol",
        choices=PROTOCOLS,
        default=PROTOCOLS[0],
        help="what is spoken to all of them: pipecat's protobuf frames at 16 kHz, or Twilio's Media Streams, which is"
        " 8 kHz mu-law (default: %(default)s)",
    )
    parser.add_argument("--profile", default="embedded", help="a profile's name or file.toml (default: %(default)s)")
    parser.add_argument("--calls", metavar="ID,ID", help="make only these calls")
    parser.add_argument("--sample", type=_positive, metavar="N", help="make N of the calls, always the same ones")
    parser.add_argument("--repeat", type=_positive, default=1, metavar="K", help="make each call K times")
    parser.add_argument(
        "--concurrency", type=_positive, default=1, metavar="N", help="call an agent N times at once (default: 1)"
    )
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
        BenchError, ReportError, TargetError: the arguments don't go together.
        ManifestError, AudioError: a recording can't be used.
        ConfigError: there is no such profile, it is of another desk, or an adapter of it can't be read.
        MissingModel: the model that hears the replies is not there yet.
        NotReady, LineError: an agent does not start, or can't be reached.
    """
    measured = targets(args.pipeline, args.targets, args.protocol, load_profile(args.profile))
    check_report_arguments(args)
    if args.reference and args.reference not in measured.names:
        raise BenchError(f"--reference {args.reference}: it is not measured, only {', '.join(measured.names)} is")
    calls = chosen(load(args.fixtures), args.calls, args.sample)
    out: Path = args.out or Path("runs") / now.strftime("bench-%Y-%m-%d-%H%M%S")
    manners = Manners(after_reply=args.patience)
    settings = _settings(args, manners, measured)
    _check_settings(out, settings)
    console = Console(stderr=True)
    listener = WhisperListener(models.path(LISTENER))
    try:
        work = jobs(calls, args.repeat)
        results = asyncio.run(_bench(work, measured, args, out, listener, manners, console))
    except BaseException:
        console.print(f"what is done is kept: go on with --out {out}")
        raise
    about = {"fixtures": str(args.fixtures), "repeat": args.repeat, **settings}
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
    measured: Targets,
    args: argparse.Namespace,
    out: Path,
    listener: Listener,
    manners: Manners,
    console: Console,
) -> dict[str, list[CallResult]]:
    results: dict[str, list[CallResult]] = {}
    expected = await _expected(work) if measured.pipelines else {}
    with progress(console, len(work) * len(measured)) as told:
        # An agent's calls all begin with the same database, so there is a set of agents for each.
        for desk, block in groupby(sorted(work, key=lambda job: job.call.desk), key=lambda job: job.call.desk):
            mine = list(block)
            agents = open_targets(
                measured, mine, profile=args.profile, desk=desk, out=out, at_once=args.concurrency, show=told.show
            )
            async with agents as callees:
                done = await run(callees, mine, listener, manners, told.watch, expected, at_once=args.concurrency)
            for name, made in done.items():
                results.setdefault(name, []).extend(made)
    return results


async def _expected(work: Sequence[Job]) -> dict[str, State]:
    with TemporaryDirectory(prefix="voice-") as scratch:
        return await expected_states({job.call.id: job.call for job in work}.values(), Path(scratch))


def _settings(args: argparse.Namespace, manners: Manners, measured: Targets) -> dict[str, Any]:
    """Give what must not change within a run, or its calls could not be compared.

    Addresses are told by their fingerprints, since they may hold keys.
    """
    manifest = args.fixtures / MANIFEST if args.fixtures.is_dir() else args.fixtures
    config = load_profile(args.profile)
    return {
        "profile": args.profile,
        "config": hashlib.sha256(config.model_dump_json().encode()).hexdigest()[:16],
        "models": version_of(config),
        "ears": content_of(config.stt.adapter) if config.stt.adapter else None,
        "policy": fingerprint(asdict(config.fitted)) if config.fitted else None,
        "manifest": hashlib.sha256(manifest.read_bytes()).hexdigest()[:16],
        "manners": asdict(manners),
        "protocol": args.protocol,
        "concurrency": args.concurrency,
        _TARGETS: {name: fingerprint(url) for name, url in measured.urls.items()},
    }


def _check_settings(out: Path, settings: Mapping[str, Any]) -> None:
    """Note the settings of a new run, or compare them with those of the run that goes on. It may get more targets."""
    path = out / SETTINGS
    if not path.exists():
        out.mkdir(parents=True, exist_ok=True)
        _note(path, settings)
        return
    before = json.loads(path.read_text(encoding="utf-8"))
    changed = [key for key in settings if key != _TARGETS and settings[key] != before.get(key)]
    known = before.get(_TARGETS, {})
    changed += [f"target {name}" for name, url in settings[_TARGETS].items() if known.get(name, url) != url]
    if changed:
        raise BenchError(f"{out} holds a run with another {' and '.join(changed)}: give another --out, or remove it")
    _note(path, {**settings, _TARGETS: {**known, **settings[_TARGETS]}})


def _note(path: Path, settings: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be at least 1, got {number}")
    return number
