"""Draws a call again from what it left behind: ``python -m voice.bench.timeline FOLDER``.

Writes ``timeline.html`` and ``timeline.svg`` from ``timeline.json`` and ``call.wav``; ``--from`` and ``--to`` choose
the part that the still picture shows.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile

from voice.bench.recordings.activity import SAMPLE_RATE
from voice.bench.timeline.build import Tracks
from voice.bench.timeline.model import Timeline
from voice.bench.timeline.page import write_page
from voice.bench.timeline.svg import timeline_svg


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and give its exit code."""
    parser = argparse.ArgumentParser(prog="python -m voice.bench.timeline", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="what a call left behind")
    parser.add_argument("--from", type=float, default=0.0, dest="start", help="where the picture begins, in seconds")
    parser.add_argument("--to", type=float, dest="end", help="where it ends")
    parser.add_argument("--width", type=int, default=1200, help="of the picture, in pixels (default: %(default)s)")
    args = parser.parse_args(arguments)
    folder: Path = args.folder
    try:
        timeline = Timeline.from_dict(json.loads((folder / "timeline.json").read_text(encoding="utf-8")))
        tracks = _tracks(folder / "call.wav")
        write_page(folder / "timeline.html", timeline, tracks)
        picture = timeline_svg(timeline, tracks, width=args.width, start=args.start, end=args.end)
        (folder / "timeline.svg").write_text(picture, encoding="utf-8")
    except (OSError, ValueError, soundfile.LibsndfileError) as error:
        sys.stderr.write(f"{folder}: {error}\n")
        return 1
    return 0


def _tracks(path: Path) -> Tracks | None:
    if not path.exists():
        return None
    tracks, rate = soundfile.read(path, dtype="int16", always_2d=True)
    if rate != SAMPLE_RATE or tracks.shape[1] != 2:
        raise ValueError(f"{path.name} must be stereo at {SAMPLE_RATE} Hz, it has {tracks.shape[1]} at {rate} Hz")
    return np.asarray(tracks, dtype=np.int16)


if __name__ == "__main__":
    sys.exit(main())
