"""Measures the ears on recorded callers: word error rate and time, own-length windows against the full 30 s.

    python -m voice.bench.hearing audio_fixtures
    python -m voice.bench.hearing FOLDER … --model whisper-tiny.en --margin 5 --json

Both sides are compared after number normalisation (`voice.bench.measured.spoken`), so "$400" is "four hundred
dollars". Times are those of one decode with nothing else running in this process: wall clock, and processor time over
all threads, which a busy machine changes less.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jiwer
from rich.console import Console
from rich.table import Table

from voice import models
from voice.bench.measured.spoken import atoms
from voice.bench.recordings import manifest
from voice.bench.recordings.ears import add_ears_arguments, ears_of
from voice.hearing.audio import AudioError, read
from voice.hearing.decoder import SAMPLE_RATE, WINDOW_SECONDS, Decoding, WhisperDecoder
from voice.hearing.weights import BadWeights
from voice.hearing.whisper import MARGIN_SECONDS, WhisperTranscriber
from voice.ports import Samples


@dataclass(frozen=True, slots=True)
class Spoken:
    """A recorded turn of at most 30 s: 16 kHz samples and what is said in them."""

    id: str
    audio: Samples
    text: str


class CountingDecoder(WhisperDecoder):
    """Counts decodes, so that the second ones can be told."""

    decodes = 0

    def decode(self, *args: Any, **settings: Any) -> Decoding:
        """See `Decoder.decode`."""
        self.decodes += 1
        return super().decode(*args, **settings)


def recorded(folders: Sequence[Path]) -> list[Spoken]:
    """Read the turns of fixture sets that somebody wrote down and that one window holds.

    Raises:
        ManifestError, AudioError: a set or a recording can't be read.
    """
    turns = [
        (f"{call.id}/{number}", turn)
        for folder in folders
        for call in manifest.load(folder)
        for number, turn in enumerate(call.turns, start=1)
    ]
    found = [Spoken(name, read(turn.audio, rate=SAMPLE_RATE).samples, turn.text) for name, turn in turns if turn.text]
    return [turn for turn in found if len(turn.audio) <= WINDOW_SECONDS * SAMPLE_RATE]


async def measure(
    decoder: CountingDecoder, turns: Sequence[Spoken], *, margin_seconds: float, names: Sequence[str] = ()
) -> dict[str, Any]:
    """Transcribe every turn once.

    Returns:
        ``n``, ``wer`` (0…), ``decoded_again`` (how many turns), ``wall_ms`` and ``cpu_ms`` (``p50``, ``p95``), and
        ``heard`` by turn.
    """
    transcriber = WhisperTranscriber("", margin_seconds=margin_seconds, decoder=decoder)
    await transcriber.warm()
    heard: dict[str, str] = {}
    wall: list[float] = []
    cpu: list[float] = []
    again = 0
    for turn in turns:
        decodes, wall_start, cpu_start = decoder.decodes, time.perf_counter(), time.process_time()
        heard[turn.id] = (await transcriber.transcribe(turn.audio, names=names)).text
        wall.append((time.perf_counter() - wall_start) * 1000)
        cpu.append((time.process_time() - cpu_start) * 1000)
        again += decoder.decodes - decodes > 1
    transcriber.close()
    return {
        "n": len(turns),
        "wer": jiwer.wer([_plain(turn.text) for turn in turns], [_plain(heard[turn.id]) for turn in turns]),
        "decoded_again": again,
        "wall_ms": _percentiles(wall),
        "cpu_ms": _percentiles(cpu),
        "heard": heard,
    }


def _plain(text: str) -> str:
    return " ".join(atom.text for atom in atoms(text.split()))


def _percentiles(values: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(values, n=20, method="inclusive") if len(values) > 1 else [*values] * 19
    return {"p50": round(cuts[9], 1), "p95": round(cuts[18], 1)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from a shell; 2 if something is missing."""
    parser = argparse.ArgumentParser(
        prog="python -m voice.bench.hearing", description="Word errors and time of the ears."
    )
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="holds a manifest.jsonl")
    add_ears_arguments(parser)
    parser.add_argument("--margin", type=float, action="append", help="seconds of padding; may be repeated")
    parser.add_argument("--threads", type=int, help="processor threads for a decode")
    parser.add_argument("--json", action="store_true", help="print JSON, with what was heard")
    options = parser.parse_args(arguments)
    console = Console()
    try:
        turns = recorded(options.folders)
        ears = ears_of(options)
        decoder = CountingDecoder(ears.folder, threads=options.threads, adapter=ears.adapter)
        untaught = CountingDecoder(ears.folder, threads=options.threads) if ears.adapter else None
    except (manifest.ManifestError, AudioError, models.ModelError, BadWeights, OSError) as error:
        Console(stderr=True).print(f"[red]{error}[/red]")
        return 2
    margins = [*(options.margin or [MARGIN_SECONDS]), WINDOW_SECONDS]
    found: dict[str, tuple[CountingDecoder, float, tuple[str, ...]]] = {
        f"{margin:g} s": (decoder, margin, ears.names) for margin in margins
    }
    if untaught:
        found |= {f"untaught, {margin:g} s": (untaught, margin, ()) for margin in margins}
    results = {
        name: asyncio.run(measure(decoder, turns, margin_seconds=margin, names=names))
        for name, (decoder, margin, names) in found.items()
    }
    if options.json:
        sys.stdout.write(json.dumps({"ears": ears.name, "margins": results}, indent=1) + "\n")
        return 0
    table = Table("margin", "turns", "WER", "decoded again", "ms p50", "ms p95", "cpu ms p50", title=ears.name)
    for margin, result in results.items():
        table.add_row(
            margin.replace(f"{WINDOW_SECONDS:g} s", "full window"),
            f"{result['n']}",
            f"{result['wer']:.3f}",
            f"{result['decoded_again']}",
            *(f"{value:.0f}" for value in (*result["wall_ms"].values(), result["cpu_ms"]["p50"])),
        )
    console.print(table)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
