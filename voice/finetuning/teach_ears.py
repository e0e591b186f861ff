"""Teaches Whisper to write down a domain's words: from recorded calls, and from labelled turns that are read aloud."""

# pyright: basic, reportMissingImports=false
from __future__ import annotations

import argparse
import hashlib
import os
import random
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from rich.console import Console
from rich.progress import track

from voice import models
from voice.bench.desks import airline
from voice.bench.recordings import manifest
from voice.bench.turns.labelled import LabelledTurn, load_turns
from voice.booking.places.network import network
from voice.finetuning.ears import WhisperWriter, loss_of
from voice.finetuning.errors import CannotTeach
from voice.finetuning.examples import places_of, varied
from voice.finetuning.lessons import Kept, kept, lesson_of
from voice.finetuning.progress import Learning
from voice.finetuning.train import Plan, batches, fit
from voice.finetuning.utterances import Utterance, read_aloud, readers, recorded
from voice.hearing.decoder import WhisperDecoder
from voice.hearing.weights import load_adapter
from voice.models import catalogue

_FORMAT = 1
"""Of lessons: those of another are made anew."""

_VARIED = 0.75
"""The share of turns that are read aloud with other places, days and codes: the desk's own places, above all."""


@dataclass(frozen=True, slots=True)
class _Source:
    """What an utterance is made of, with a name that changes when anything of it does."""

    name: str
    make: Callable[[], Utterance]


def teach(args: argparse.Namespace, console: Console) -> None:
    """Learn from recordings and turns, and write the adapter (see `voice.finetuning.command.finetune_main`).

    What the encoder makes of each utterance is kept in ``<out>.lessons``, which a second run with the same turns uses.
    """
    folder = models.path(args.base)
    torch.manual_seed(args.seed)
    writer = WhisperWriter(folder / "model.bin", args.rank)
    if args.resume:
        writer.resume(load_adapter(args.resume))
    sources = [*_recordings(args.turns), *_readings(args)]
    if not sources:
        raise CannotTeach("there is nothing to learn from: no turn has words")
    lessons = _listen(sources, args, console)

    def epoch(number: int) -> list[list[Kept]]:
        chance = random.Random(args.seed * 1000 + number)
        return batches(lessons, plan.batch, lambda one: one.frames, chance)

    def loss(batch: list[Kept]) -> torch.Tensor:
        return loss_of(writer, [one.load() for one in batch])

    plan = Plan(epochs=args.epochs, rate=args.rate, seed=args.seed)
    with Learning(console, lambda: writer.adapter(args.base, args.strength).save(args.out)) as learned:
        fit(writer.parameters(), epoch, loss, plan, learned)


def _listen(sources: Sequence[_Source], args: argparse.Namespace, console: Console) -> list[Kept]:
    """Have the encoder hear every utterance that it has not heard before."""
    whisper = WhisperDecoder(models.path(args.base))
    place = args.out.with_name(f"{args.out.name}.lessons")
    place.mkdir(exist_ok=True)
    made_for = f"{_FORMAT} {args.base} {catalogue.load()[args.base].fingerprint}"

    def lesson(source: _Source) -> Kept:
        name = hashlib.sha256(f"{made_for} {source.name}".encode()).hexdigest()[:24]
        return kept(place / f"{name}.npz", lambda: lesson_of(source.make(), whisper))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        done = pool.map(lesson, sources)
        return list(track(done, "listening", total=len(sources), console=console))


def _recordings(paths: Sequence[Path]) -> Iterator[_Source]:
    for folder in (path for path in paths if path.is_dir()):
        for turn in (turn for call in manifest.load(folder) for turn in call.turns if turn.text.strip()):
            about = turn.audio.stat()
            name = f"{turn.audio.resolve()} {about.st_size} {about.st_mtime_ns} {turn.text}"
            yield _Source(name, partial(recorded, turn))


def _readings(args: argparse.Namespace) -> Iterator[_Source]:
    files = [path for path in args.turns if not path.is_dir()]
    if not files:
        return
    turns = [turn for turn in load_turns(*files, desk=airline()) if re.search(r"\w", turn.text)]
    able = readers()
    places = _places(turns)
    for number in range(args.readings):
        for turn in turns:
            name = f"{turn.id} {turn.text} {args.seed} {number}"
            yield _Source(name, partial(_read, turn, places, able, random.Random(name)))


def _read(turn: LabelledTurn, places: list[str], able: dict[str, float], chance: random.Random) -> Utterance:
    said = varied(turn, places, chance) if chance.random() < _VARIED else turn
    return read_aloud(said.text, able, chance)


def _places(turns: Sequence[LabelledTurn]) -> list[str]:
    """Give all that the desk's places are called, and those of the turns."""
    served = network()
    names = [name for city in served.cities.values() for name in (city.name.split(",")[0], *city.also)]
    names += [airport.name for airport in served.airports.values()]
    return list(dict.fromkeys([*names, *places_of(turns)]))
