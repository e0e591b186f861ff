"""Measures how often callers are cut off, and how long they wait, with the rules of `voice.hearing.end_of_turn`.

    python -m voice.bench.turn_ends audio_fixtures
    python -m voice.bench.turn_ends FOLDER … --no-smart-turn --json

At the end of each span in which a caller speaks, the turn so far is transcribed and judged, just as in a call. A wait
that is shorter than the pause that follows cuts the caller off.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean, quantiles
from typing import Any

import numpy as np
from loguru import logger
from rich.console import Console
from rich.table import Table

from voice import models
from voice.bench import manifest
from voice.hearing.audio import AudioError, read
from voice.hearing.decoder import SAMPLE_RATE, WINDOW_SECONDS
from voice.hearing.end_of_turn import Asked, wait_for
from voice.hearing.whisper import WhisperTranscriber
from voice.ports import Samples, Transcriber
from voice.processors.smart_turn import SmartTurn

NOTICED_SECONDS = 0.2
"""Silence after which a pause is noticed, and which therefore belongs to what is judged; also the most by which a pause
seems longer than it is."""


@dataclass(frozen=True, slots=True)
class Pause:
    """A moment at which a caller is silent, and what was made of it.

    Attributes:
        turn: Which turn, as ``call/number``.
        complexity: ``simple``, ``complex`` or None.
        heard: What was transcribed so far.
        probability: Smart-turn's, or None.
        silence: Seconds until the caller goes on; None at the end of the turn.
        wait: Seconds that the rules wait.
        reason: Why.
    """

    turn: str
    complexity: str | None
    heard: str
    probability: float | None
    silence: float | None
    wait: float
    reason: str

    @property
    def cut(self) -> bool:
        """Whether the caller would be cut off here."""
        return self.silence is not None and self.wait < self.silence + NOTICED_SECONDS / 2


async def judge(folders: Sequence[Path], transcriber: Transcriber, smart_turn: SmartTurn | None) -> list[Pause]:
    """Judge every pause and every end of the recorded turns whose spans are known.

    What the agent asked is taken from what the turn is labelled with: a lone ``confirm`` answers a yes-or-no question.

    Raises:
        ManifestError, AudioError: a set or a recording can't be read.
    """
    found: list[Pause] = []
    for call in (call for folder in folders for call in manifest.load(folder)):
        for number, turn in enumerate(call.turns, start=1):
            samples = read(turn.audio, rate=SAMPLE_RATE).samples
            asked = Asked.YES_NO if any(action.name == "confirm" for action in turn.expect) else Asked.OPEN
            for at, (_, end) in enumerate(turn.speech):
                so_far = samples[: int((end + NOTICED_SECONDS) * SAMPLE_RATE)]
                heard = await transcriber.transcribe(so_far[-int(WINDOW_SECONDS * SAMPLE_RATE) :])
                probability = await smart_turn.probability(_pcm(so_far)) if smart_turn else None
                wait = wait_for(heard.text, probability=probability, asked=asked, pauses=at)
                following = turn.speech[at + 1][0] - end if at + 1 < len(turn.speech) else None
                found.append(
                    Pause(
                        f"{call.id}/{number}",
                        turn.complexity,
                        heard.text,
                        probability,
                        following,
                        wait.seconds,
                        wait.reason,
                    )
                )
    return found


def summary(pauses: Sequence[Pause]) -> dict[str, dict[str, Any]]:
    """Count by complexity and over all: ``turns``, ``cut`` (turns cut at least once), ``delay_seconds`` at the ends."""
    groups: dict[str, dict[str, Any]] = {}
    for name in ("simple", "complex", "all"):
        group = [pause for pause in pauses if name in ("all", pause.complexity)]
        ends = [pause.wait for pause in group if pause.silence is None]
        if ends:
            cuts = quantiles(ends, n=20, method="inclusive") if len(ends) > 1 else ends * 19
            groups[name] = {
                "turns": len(ends),
                "cut": len({pause.turn for pause in group if pause.cut}),
                "delay_seconds": {"mean": round(fmean(ends), 2), "p50": cuts[9], "p90": cuts[17]},
            }
    return groups


def _pcm(samples: Samples) -> bytes:
    return (np.clip(samples, -1, 1) * 32767).astype(np.int16).tobytes()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run from a shell; 2 if something is missing."""
    parser = argparse.ArgumentParser(
        prog="python -m voice.bench.turn_ends", description="Cuts and delays at the ends of turns."
    )
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="holds a manifest.jsonl")
    parser.add_argument("--model", default="whisper-base", help="name of the ears in the catalogue, or a folder")
    parser.add_argument("--no-smart-turn", action="store_true", help="judge by words alone")
    parser.add_argument("--json", action="store_true", help="print JSON, with every pause")
    options = parser.parse_args(arguments)
    logger.disable("pipecat")
    smart_turn = None if options.no_smart_turn else SmartTurn(SAMPLE_RATE)
    try:
        folder = Path(options.model) if Path(options.model).is_dir() else models.path(options.model)
        pauses = asyncio.run(judge(options.folders, WhisperTranscriber(folder), smart_turn))
    except (manifest.ManifestError, AudioError, models.ModelError) as error:
        Console(stderr=True).print(f"[red]{error}[/red]")
        return 2
    if options.json:
        result = {
            "summary": summary(pauses),
            "pauses": [asdict(pause) | {"cut": pause.cut} for pause in pauses],
        }
        sys.stdout.write(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
        return 0
    table = Table("turns", "n", "cut off", "wait mean", "p50", "p90")
    for name, group in summary(pauses).items():
        table.add_row(
            name,
            f"{group['turns']}",
            f"{group['cut']}",
            *(f"{v:.2f} s" for v in group["delay_seconds"].values()),
        )
    console = Console()
    console.print(table)
    for pause in pauses:
        if pause.cut:
            console.print(f"cut at {pause.silence:.1f} s, waited {pause.wait} ({pause.reason}): …{pause.heard[-70:]}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
