"""Speaks labelled turns and writes down what Whisper hears, so that accuracy is measured on transcripts as they come.

    python -m voice.bench.speak_turns tests/data/turns/test.jsonl heard.jsonl
    voice eval heard.jsonl

Each turn is read aloud by one of several voices over one of several lines, chosen by its id, and transcribed on its own
length as in a call. ``text`` becomes what was heard and ``words`` how sure the ears were of each word, labels stay as
said; ``said``, ``voice``, ``condition`` and ``ears`` are added. Turns that ``OUT`` already holds with all of these are
not spoken again, so an interrupted run goes on where it was.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import zlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
from rich.console import Console
from rich.progress import track

from voice import models
from voice.bench.desks import airline
from voice.bench.fixtures import conditions, voices
from voice.bench.fixtures.agent_voice import AgentVoice
from voice.bench.fixtures.engines import Engine, EngineMissing
from voice.bench.fixtures.markup import Phrase
from voice.bench.fixtures.signals import resample
from voice.bench.fixtures.spelling import aloud
from voice.bench.fixtures.studio import record
from voice.bench.measured.spoken import atoms
from voice.bench.recordings.ears import Ears, add_ears_arguments, ears_of
from voice.bench.turns.labelled import BadTurns, load_turns
from voice.bench.turns.numbered import numbered_lines
from voice.hearing.decoder import SAMPLE_RATE, WINDOW_SECONDS
from voice.hearing.whisper import WhisperTranscriber
from voice.ports import Samples, Transcript

VOICES = ("flite-slt", "flite-rms", "flite-awb", "festival-slt", "kokoro-alpha", "kokoro-kumo")
CONDITIONS = ("clean-16k", "phone-8k")
AGENT = "agent"
"""The embedded agent's own voice: English as it was recorded. Most others are old, or speak with an accent."""

_HOW = ("said", "voice", "condition", "ears")

Line = dict[str, Any]
Hear = Callable[[Line], Awaitable[Transcript]]
"""Gives what is heard of a turn: its ``said``, spoken by its ``voice`` in its ``condition``."""


def cast(line: Mapping[str, Any], names: Sequence[str], lines: Sequence[str], ears: str) -> Line:
    """Give a turn what it is spoken and heard with, chosen by its id so that it is the same in every run."""
    draw = zlib.crc32(str(line["id"]).encode())
    chosen = {"voice": names[draw % len(names)], "condition": lines[draw // len(names) % len(lines)]}
    return {**line, "said": line["text"], **chosen, "ears": ears}


def speak(line: Line) -> Samples:
    """Record a turn, as 16 kHz samples.

    Raises:
        EngineMissing: its voice can't speak here.
    """
    condition = conditions.parse(line["condition"])
    draw = zlib.crc32(str(line["id"]).encode())
    phrase = Phrase(line["said"], aloud(line["said"]))
    take = record((phrase,), _engine(line["voice"]), condition, np.random.default_rng(draw), seed=1)
    return resample(take.samples, take.rate, SAMPLE_RATE)[: int(WINDOW_SECONDS * SAMPLE_RATE)]


def _engine(voice: str) -> Engine:
    return AgentVoice() if voice == AGENT else voices.find(voice).engine


async def hear_all(lines: Iterable[Line], out: Path, hear: Hear) -> list[Line]:
    """Have every turn heard, and keep each in a file at once.

    Args:
        lines: From `cast`.
        out: Lines that it holds already stay if they tell of each word how surely it was heard and the turn is still
            spoken in the same way, and so do those of other turns.
        hear: Speaks and transcribes.

    Returns:
        All turns as heard, in their order.
    """
    kept = {line["id"]: line for line in _readable(out)}
    found: list[Line] = []
    for line in lines:
        before = kept.get(line["id"], {})
        same = "words" in before and all(before.get(key) == line[key] for key in _HOW)
        heard = {key: before[key] for key in ("text", "words")} if same else as_heard(await hear(line))
        found.append({**line, **heard})
        if found[-1] != before:
            kept[line["id"]] = found[-1]
            _write(out, kept.values())
    return found


def as_heard(transcript: Transcript) -> Line:
    """Give what a line says of a transcript: its text, and each word with the transcriber's confidence in it."""
    words = [[word.text, round(word.confidence, 3)] for word in transcript.words]
    return {"text": transcript.text, "words": words}


def _write(path: Path, lines: Iterable[Line]) -> None:
    """Write a file whole or not at all."""
    new = path.with_name(f"{path.name}.new")
    new.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    new.replace(path)


def _readable(path: Path) -> list[Line]:
    """Read the whole lines of a file, if there is one."""
    lines: list[Line] = []
    for _, text in numbered_lines(path, errors="replace") if path.exists() else ():
        with suppress(ValueError):
            lines.append(json.loads(text))
    return lines


def word_error_rate(lines: Sequence[Line]) -> float:
    """Give the word error rate of heard turns, numbers normalised."""
    said, heard = ([_plain(aloud(line[key])) for line in lines] for key in ("said", "text"))
    return jiwer.wer(said, heard)


def _plain(text: str) -> str:
    return " ".join(atom.text for atom in atoms(text.split()))


async def _run(lines: Sequence[Line], out: Path, ears: Ears) -> list[Line]:
    transcriber = await asyncio.to_thread(WhisperTranscriber, ears.folder, adapter=ears.adapter)
    await transcriber.warm()

    async def hear(line: Line) -> Transcript:
        return await transcriber.transcribe(await asyncio.to_thread(speak, line), names=ears.names)

    console = Console(stderr=True)
    try:
        return await hear_all(track(lines, "turns", console=console, disable=not console.is_terminal), out, hear)
    finally:
        transcriber.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from a shell; 2 if something is missing."""
    parser = argparse.ArgumentParser(prog="python -m voice.bench.speak_turns", description="Labelled turns as heard.")
    parser.add_argument("turns", type=Path, help="labelled turns, one JSON object a line")
    parser.add_argument("out", type=Path, help="the same turns with what was heard of them")
    parser.add_argument(
        "--voice", action="append", help=f"may be repeated; also {AGENT} (default: {', '.join(VOICES)})"
    )
    parser.add_argument("--condition", action="append", help=f"may be repeated (default: {', '.join(CONDITIONS)})")
    add_ears_arguments(parser)
    parser.add_argument("--first", type=int, metavar="N", help="only the first N turns")
    options = parser.parse_args(arguments)
    try:
        load_turns(options.turns, desk=airline())
        if options.out.exists() and options.out.samefile(options.turns):
            raise BadTurns(f"{options.out} is the turns themselves: name another file")
        ears = ears_of(options)
        names = [name if name == AGENT else voices.present(name) for name in options.voice or VOICES]
        lines = [
            cast(line, names, options.condition or CONDITIONS, ears.name)
            for line in _readable(options.turns)[: options.first]
        ]
        heard = asyncio.run(_run(lines, options.out, ears))
    except (BadTurns, EngineMissing, ValueError, OSError, models.ModelError) as error:
        Console(stderr=True).print(f"[red]{error}[/red]")
        return 2
    except KeyboardInterrupt:
        return 130
    sys.stdout.write(
        f"{len(heard)} turns in {options.out}, word error rate {word_error_rate(heard):.3f} with {ears.name}\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
