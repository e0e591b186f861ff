"""Measures the embedded voice: time to its first sound and processor time, streamed against stock Piper.

    python -m voice.bench.speaking
    python -m voice.bench.speaking piper-joe --repeat 10 --busy 2 --json

Stock is ``PiperVoice.synthesize`` with the session that Piper makes, which gives a sentence when all of it is made.
Both read the same sentences in turn, so that whatever else the machine does hits both. *First* is the time to the first
bytes; *ahead* the least time by which a window was there before those before it had been played, which must not be
negative; *cpu* the processor time over all threads for a second of speech. Whether both say the same is heard by
the embedded ears (*WER*), and the *joins* are compared with one run over the same sentence.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
import soxr
from rich import box
from rich.console import Console
from rich.progress import track
from rich.table import Table

from voice import models
from voice.bench.measured.spoken import atoms
from voice.hearing.decoder import SAMPLE_RATE
from voice.hearing.whisper import WhisperTranscriber
from voice.ports import Samples, SpeechError
from voice.speaking.level import loudness
from voice.speaking.piper import PiperSpeaker
from voice.speaking.vits import StreamedVoice

SENTENCES = {
    "short": "Okay, one moment.",
    "middle": "You can bring one carry-on and one personal item for free.",
    "long": "I found a nonstop from Boston to Denver on Friday, December 11th at 3:35 PM for $251, and one at noon.",
}

PROGRESS = Console(stderr=True)

Speak = Callable[[str], AsyncIterator[bytes]]


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence as it was read once: when each piece of its sound was there, in seconds, and the processor's time."""

    arrivals: tuple[float, ...]
    pieces: tuple[Samples, ...]
    cpu_seconds: float
    rate: int

    @property
    def samples(self) -> Samples:
        """All of its sound."""
        return np.concatenate(self.pieces)

    @property
    def seconds(self) -> float:
        """How long the speech is."""
        return sum(map(len, self.pieces)) / self.rate

    @property
    def ahead_seconds(self) -> float:
        """Least time by which a piece came before the end of what was there to be played."""
        played = np.cumsum([len(piece) for piece in self.pieces[:-1]]) / self.rate + self.arrivals[0]
        return float(np.min(played - self.arrivals[1:], initial=np.inf))


async def read(speak: Speak, text: str, rate: int) -> Reading:
    """Have a text read, and note the times."""
    arrivals: list[float] = []
    pieces: list[Samples] = []
    began, cpu = time.perf_counter(), time.process_time()
    async for piece in speak(text):
        arrivals.append(time.perf_counter() - began)
        pieces.append(np.frombuffer(piece, "<i2").astype(np.float32) / np.float32(32768))
    return Reading(tuple(arrivals), tuple(pieces), time.process_time() - cpu, rate)


def stock(folder: Path) -> Speak:
    """Give Piper as it comes."""
    from piper import PiperVoice

    voice = PiperVoice.load(next(folder.glob("*.onnx")))

    async def speak(text: str) -> AsyncIterator[bytes]:
        for sentence in voice.synthesize(text):
            yield sentence.audio_int16_bytes

    return speak


def summary(readings: Sequence[Reading]) -> dict[str, float | None]:
    """Sum up readings of one sentence.

    Returns:
        Medians of ``seconds`` of speech, ``first_ms``, ``cpu_ms`` and ``wall_ms`` for a second of speech, and
        ``loudness`` (0…1); ``ahead_ms``, the least there was, None where all came at once.
    """
    ahead = min(one.ahead_seconds for one in readings)
    return {
        "seconds": round(statistics.median(one.seconds for one in readings), 2),
        "first_ms": round(statistics.median(one.arrivals[0] for one in readings) * 1000, 1),
        "ahead_ms": round(ahead * 1000, 1) if np.isfinite(ahead) else None,
        "cpu_ms": round(statistics.median(one.cpu_seconds / one.seconds for one in readings) * 1000, 1),
        "wall_ms": round(statistics.median(one.arrivals[-1] / one.seconds for one in readings) * 1000, 1),
        "loudness": round(statistics.median(loudness(one.samples) for one in readings), 3),
    }


async def read_in_turn(
    speakers: Mapping[str, Speak], rate: int, *, repeat: int, quiet: bool = False
) -> dict[tuple[str, str], list[Reading]]:
    """Let all read all sentences, one after the other: readings by sentence and speaker."""
    found: dict[tuple[str, str], list[Reading]] = {(name, who): [] for name in SENTENCES for who in speakers}
    for number in track([*range(-1, repeat)], "reading", disable=quiet, transient=True, console=PROGRESS):
        for name, text in SENTENCES.items():
            for who in [*speakers][:: -1 if number % 2 else 1]:
                reading = await read(speakers[who], text, rate)
                if number >= 0:  # the round before warms up
                    found[name, who].append(reading)
    return found


async def word_errors(ears: WhisperTranscriber, readings: Sequence[Reading], text: str) -> float:
    """Have readings of a text transcribed, and give the word error rate, 0 or more."""
    heard = [(await ears.transcribe(soxr.resample(one.samples, one.rate, SAMPLE_RATE))).text for one in readings]
    return round(jiwer.wer([_plain(text)] * len(heard), [*map(_plain, heard)]), 3)


def join_error(speaker: PiperSpeaker, text: str) -> float | None:
    """Give the largest difference between joined windows and one run, in steps of 16 bits; None for a whole voice."""
    if not isinstance(voice := speaker.voice, StreamedVoice):
        return None
    worst = 0.0
    for ids in speaker.sentences(text):
        latent = voice.latent(ids)
        (whole,) = voice.windows(latent, replace(voice.sizes, first=latent.shape[-1]))
        worst = max(worst, float(np.abs(np.concatenate([*voice.windows(latent, voice.sizes)]) - whole).max()))
    return round(worst * 32768, 2)


def _plain(text: str) -> str:
    return " ".join(atom.text for atom in atoms(text.split()))


@contextlib.contextmanager
def company(loops: int) -> Generator[None]:
    """Keep processors busy at low priority, as model servers do."""
    loop = "import os\nos.nice(15)\nwhile True: pass"
    running = [subprocess.Popen([sys.executable, "-c", loop]) for _ in range(loops)]
    try:
        yield
    finally:
        for one in running:
            one.kill()
            one.wait()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from a shell; 2 if something is missing."""
    parser = argparse.ArgumentParser(
        prog="python -m voice.bench.speaking", description="First sound and processor time of the embedded voice."
    )
    parser.add_argument("voice", nargs="?", default="piper-joe", help="name in the catalogue, or a folder")
    parser.add_argument("--repeat", type=int, default=5, help="readings of each sentence")
    parser.add_argument("--busy", type=int, default=0, metavar="N", help="run N loops beside it, at low priority")
    parser.add_argument("--threads", type=int, help="processor threads of the streamed voice")
    parser.add_argument("--ears", default="whisper-base", metavar="MODEL", help="listen with this; '' to not listen")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(arguments)
    try:
        folder = Path(options.voice) if Path(options.voice).is_dir() else models.path(options.voice)
        speaker = PiperSpeaker(folder, threads=options.threads)
        ears = WhisperTranscriber(models.path(options.ears)) if options.ears else None
    except (models.ModelError, SpeechError) as error:
        Console(stderr=True).print(f"[red]{error}[/red]")
        return 2
    speakers = {"stock": stock(folder), "streamed": speaker.speak}
    with company(options.busy):
        found = asyncio.run(read_in_turn(speakers, speaker.sample_rate, repeat=options.repeat, quiet=options.json))
    results: dict[str, dict[str, Any]] = {name: {} for name in SENTENCES}
    for (name, who), readings in track(
        [*found.items()], "listening", disable=not ears, transient=True, console=PROGRESS
    ):
        wer = asyncio.run(word_errors(ears, readings, SENTENCES[name])) if ears else None
        results[name][who] = {**summary(readings), "wer": wer}
    joins = {name: join_error(speaker, text) for name, text in SENTENCES.items()}
    speaker.close()
    if options.json:
        sys.stdout.write(
            json.dumps({"voice": options.voice, "sentences": results, "join_steps": joins}, indent=1) + "\n"
        )
        return 0
    columns = ("s", "first ms", "ahead ms", "cpu/s", "wall/s", "loud", "WER")
    table = Table(
        "sentence", "voice", *columns, title=options.voice, box=box.SIMPLE, padding=(0, 1, 0, 0), pad_edge=False
    )
    for name, voices in results.items():
        for who, values in voices.items():
            table.add_row(name, who, *("–" if value is None else f"{value:g}" for value in values.values()))
    console = Console()
    console.print(table)
    console.print("largest difference of joined windows from one run, in steps of 16 bits:", joins)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
