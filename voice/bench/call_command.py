"""``voice call``: a recording goes in, a spoken conversation comes out."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from voice.bench.calls.agent import Agent, running_agent
from voice.bench.calls.caller import Placed, Utterance, place_call, utterances
from voice.bench.calls.closing import closed
from voice.bench.calls.console import CallView
from voice.bench.measured.database import keep_booked
from voice.bench.recordings.manifest import MANIFEST, ManifestError, RecordedCall, find, load
from voice.bench.timeline import build_timeline, read_trace, write_page
from voice.bench.wire import ProtobufLine
from voice.config import load as load_profile
from voice.server.pipeline import find as find_pipeline
from voice.trace import jsonable

FIXTURES = Path(__file__).resolve().parents[2] / "audio_fixtures"
Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """A call that was made, and what it left behind."""

    call: str
    folder: Path
    placed: Placed
    timeline: Line


def add_call_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what ``voice call`` takes."""
    parser.add_argument("source", nargs="+", help="a recorded call's name, a recording, or a folder with a manifest")
    parser.add_argument(
        "--pipeline",
        help="which pipeline answers: cascade, single, backend, one of them with one tier, like single-fast, or your "
        "own: path/to/file.py or package.module (default: the profile's)",
    )
    parser.add_argument("--profile", default="embedded", help="a profile's name or file.toml (default: %(default)s)")
    parser.add_argument("--out", type=Path, help="where the call is left (default: runs/<time>)")
    parser.add_argument("--fixtures", type=Path, default=FIXTURES, help="folder in which calls are looked up by name")
    parser.add_argument("--json", action="store_true", help="print the timelines as JSON, and nothing else")


def call_main(args: argparse.Namespace, now: datetime) -> int:
    """Make the calls.

    Raises:
        ManifestError, AudioError: a recording can't be used.
        ConfigError: there is no such profile or pipeline, or it makes no sense.
        NotReady: the agent did not start.
    """
    config = load_profile(args.profile)  # what is wrong with it is told before anything is begun
    args.pipeline = args.pipeline or config.pipeline
    find_pipeline(args.pipeline, config)
    desk = None if config.desk.factory else "seed-1"
    calls = [call for source in args.source for call in _resolve(source, args.fixtures)]
    said = {call.id: utterances(call.turns) for call in calls}
    out: Path = args.out or Path("runs") / now.strftime("%Y-%m-%d-%H%M%S")
    console = Console(stderr=True, quiet=args.json)
    made = asyncio.run(_make(args, calls, said, out, desk, console))
    if args.json:
        sys.stdout.write(json.dumps([each.timeline for each in made], ensure_ascii=False) + "\n")
    for each in made:
        console.print(f"\n{each.folder}/")
        for name in ("call.wav", "timeline.html", "timeline.json", "trace.jsonl", "desk.db"):
            if (each.folder / name).exists():
                console.print(f"  {name}")
    return 1 if any(each.placed.broken for each in made) else 0


def _resolve(source: str, fixtures: Path) -> list[RecordedCall]:
    path = Path(source)
    if path.exists():
        return load(path)
    if path.suffix or "/" in source:
        raise ManifestError(
            f"{source} does not exist: name a recorded call, a recording, or a folder with a {MANIFEST}"
        )
    if fixtures == FIXTURES and not fixtures.is_dir():
        raise ManifestError(
            f"there is no recorded call {source!r}: recorded calls come with the project's source, in audio_fixtures/, "
            "and not with an installed package. Name a recording, or give --fixtures FOLDER"
        )
    return [find(load(fixtures), source)]


async def _make(
    args: argparse.Namespace,
    calls: list[RecordedCall],
    said: dict[str, list[Utterance]],
    out: Path,
    desk: str | None,
    console: Console,
) -> list[Made]:
    # One call lies in the folder itself, several in a folder each.
    folders = {call.id: out if len(calls) == 1 else out / call.id for call in calls}
    root = out.parent if len(calls) == 1 else out
    out.mkdir(parents=True, exist_ok=True)
    made: list[Made] = []
    with console.status("starting the agent") as status:

        def progress(text: str) -> None:
            console.print(f"[dim]{text}[/dim]")
            status.update(f"starting the agent: {text}")

        agents = running_agent(
            pipeline=args.pipeline,
            profile=args.profile,
            calls=root,
            desk=desk,
            log=out / "agent.log",
            progress=progress,
        )
        async with agents as agent:
            status.stop()
            for call in calls:
                made.append(await _one(agent, call, said[call.id], folders[call.id], console))
    return made


async def _one(agent: Agent, call: RecordedCall, said: list[Utterance], folder: Path, console: Console) -> Made:
    folder.mkdir(parents=True, exist_ok=True)
    trace = folder / "trace.jsonl"
    trace.unlink(missing_ok=True)
    view = CallView(console)
    following = asyncio.create_task(_follow(trace, view.line))
    line = await ProtobufLine.open(agent.url(folder.name))
    with view:
        placed = await place_call(
            line, said, on_turn=lambda number, at: view.caller(number, call.turns[number - 1], at)
        )
        await asyncio.sleep(0.5)
    following.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await following
    if await closed(trace):
        await asyncio.to_thread(keep_booked, folder / "desk.db")
    placed.recording.save(folder / "call.wav")
    tracks = placed.recording.tracks()
    timeline = build_timeline(
        read_trace(trace).lines if trace.exists() else (),
        tracks,
        began=placed.recording.began,
        call=call,
        turn_starts=placed.turns,
    )
    written = timeline.as_dict()
    (folder / "timeline.json").write_text(json.dumps(written, indent=1, ensure_ascii=False, default=jsonable))
    write_page(folder / "timeline.html", timeline, tracks)
    view.finish(timeline, broken=placed.broken)
    return Made(call.id, folder, placed, written)


async def _follow(trace: Path, show: Callable[[Line], None]) -> None:
    """Show the trace's lines as they are written."""
    while not trace.exists():
        await asyncio.sleep(0.05)
    rest = ""
    with trace.open(encoding="utf-8") as file:
        while True:
            rest += file.read()
            *lines, rest = rest.split("\n")
            for line in lines:
                show(json.loads(line))
            await asyncio.sleep(0.05)
