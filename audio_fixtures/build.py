# ruff: noqa: T201 (a command prints)
"""Makes the recorded calls of this folder again, from `calls.toml`.

python audio_fixtures/build.py                  everything
python audio_fixtures/build.py --only demo      one call, the others stay
python audio_fixtures/build.py --says-only      only the facts that a right answer must speak
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from voice.bench.fixtures.engines import EngineMissing
from voice.bench.fixtures.maker import make, read_manifest, write_manifest
from voice.bench.fixtures.says import DeskDisagrees, ask
from voice.bench.fixtures.script import ScriptError, load

HERE = Path(__file__).parent
SEED = 1


def main() -> int:
    """Make what was asked for; 1 if something is missing or wrong."""
    arguments = _arguments()
    try:
        calls = load(arguments.calls)
        wanted = [call for call in calls if call.id in arguments.only or not arguments.only]
        if unknown := set(arguments.only) - {call.id for call in calls}:
            raise ScriptError(f"{arguments.calls} has no call {', '.join(sorted(unknown))}")
        kept = {entry["id"]: entry for entry in read_manifest(arguments.out)}
        if not arguments.says_only:
            for entry in make(wanted, arguments.out, SEED):
                kept[entry["id"]] = entry
                print(f"{entry['id']}: {len(entry['turns'])} turns by {entry['voice']}, {entry['condition']}")
        facts = asyncio.run(ask(wanted))
        for call in wanted:
            for turn, says in zip(kept[call.id]["turns"], facts[call.id], strict=True):
                turn["says"] = says
        write_manifest([kept[call.id] for call in calls if call.id in kept], arguments.out)
    except (DeskDisagrees, EngineMissing, ScriptError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Make recorded calls from written ones.")
    parser.add_argument("--calls", type=Path, default=HERE / "calls.toml", help="the written calls")
    parser.add_argument("--out", type=Path, default=HERE, help="the folder for audio and manifest")
    parser.add_argument("--only", nargs="+", default=[], metavar="ID", help="record only these calls")
    parser.add_argument("--says-only", action="store_true", help="leave the audio, ask the desk for the facts again")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
