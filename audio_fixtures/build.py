# ruff: noqa: T201 (a command prints)
"""Makes recorded calls from written ones.

python audio_fixtures/build.py --all DIR        the whole set in a folder: this folder's calls and those of `more/`
python audio_fixtures/build.py                  the calls of this folder again, from `calls.toml`
python audio_fixtures/build.py --only demo      one call, the others stay
python audio_fixtures/build.py --says-only      only the facts that a right answer must speak
python audio_fixtures/build.py --check          what the desk says to each turn as labelled; makes nothing
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from voice.bench.fixtures import noises, voices
from voice.bench.fixtures.engines import EngineMissing
from voice.bench.fixtures.maker import Entry, make, read_manifest, write_manifest
from voice.bench.fixtures.rehearse import rehearse
from voice.bench.fixtures.says import DeskDisagrees, ask
from voice.bench.fixtures.script import ScriptError, WrittenCall, load, pick

HERE = Path(__file__).parent
SEED = 1


def main() -> int:
    """Make what was asked for; 1 if something is missing or wrong."""
    arguments = _arguments()
    try:
        if arguments.check:
            scripts = arguments.calls or [HERE / "calls.toml", *more()]
            print("\n".join(asyncio.run(rehearse(pick(load(*scripts), arguments.only)))))
        elif arguments.all:
            _whole(arguments.all, arguments.seed, arguments.only)
        else:
            _some(arguments)
    except (DeskDisagrees, EngineMissing, ScriptError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def more() -> list[Path]:
    """Give the scripts whose recordings are not kept in the repository."""
    return sorted((HERE / "more").glob("*.toml"))


def _whole(folder: Path, seed: int, only: list[str]) -> None:
    """Copy the recordings that are here, and make the others."""
    if folder.resolve() == HERE.resolve():
        raise ScriptError(f"{folder} holds the recordings of the repository: name another folder")
    folder.mkdir(parents=True, exist_ok=True)
    entries = read_manifest(HERE)
    for entry in entries:
        for turn in entry["turns"]:
            shutil.copyfile(HERE / turn["audio"], folder / turn["audio"])
    written = pick(load(*more()), only)
    replaced: dict[str, str] = {}
    for name in sorted({call.voice_name for call in written} | set(noises.TALKERS)):
        if (speaker := voices.present(name)) != name:
            replaced[name] = speaker
            print(f"{speaker} stands in for {name}: {voices.missing(name)}")
    calls = [call.with_voice(replaced.get(call.voice_name, call.voice_name)) for call in written]
    facts = asyncio.run(ask(calls))
    made = {entry["id"]: entry for entry in _progress(calls, folder, seed)}
    _add(facts, made)
    write_manifest([*entries, *(made[call.id] for call in calls)], folder)
    print(f"{len(entries) + len(made)} calls in {folder}")


def _some(arguments: argparse.Namespace) -> None:
    """Make calls of scripts again; the manifest keeps the others."""
    folder: Path = arguments.out
    calls = load(*(arguments.calls or [HERE / "calls.toml"]))
    wanted = pick(calls, arguments.only)
    kept: dict[str, Entry] = {entry["id"]: entry for entry in read_manifest(folder)}
    facts = asyncio.run(ask(wanted))
    if not arguments.says_only:
        for name in sorted({call.voice_name for call in wanted}):
            if reason := voices.missing(name):
                raise EngineMissing(f"{name} can't speak: {reason}")
        for entry in _progress(wanted, folder, arguments.seed):
            kept[entry["id"]] = entry
    _add(facts, kept)
    write_manifest([kept[call.id] for call in calls if call.id in kept], folder)


def _progress(calls: list[WrittenCall], folder: Path, seed: int) -> Iterable[Entry]:
    began = time.monotonic()
    for number, entry in enumerate(make(calls, folder, seed), start=1):
        what = f"{entry['id']}: {len(entry['turns'])} recordings by {entry['voice']}, {entry['condition']}"
        print(f"{number}/{len(calls)} {time.monotonic() - began:.0f} s  {what}", flush=True)
        yield entry


def _add(facts: dict[str, list[list[str]]], entries: dict[str, Entry]) -> None:
    for call, told in facts.items():
        for turn, says in zip(entries[call]["turns"], told, strict=True):
            if "says" in turn:
                turn["says"] = says


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Make recorded calls from written ones.")
    parser.add_argument("--all", type=Path, metavar="DIR", help="make the whole set in this folder")
    parser.add_argument("--calls", type=Path, nargs="+", help="the written calls (default: calls.toml here)")
    parser.add_argument("--out", type=Path, default=HERE, help="the folder for audio and manifest")
    parser.add_argument("--only", nargs="+", default=[], metavar="ID", help="record only these calls")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed gives other takes of the same words")
    parser.add_argument("--says-only", action="store_true", help="leave the audio, ask the desk for the facts again")
    parser.add_argument("--check", action="store_true", help="show what the desk says to each turn, and make nothing")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
