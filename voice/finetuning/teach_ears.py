"""Teaches Whisper to write down a domain's words: from recorded calls, and from labelled turns that are read aloud."""

# pyright: basic, reportMissingImports=false
from __future__ import annotations

import argparse
import hashlib
import os
import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from rich.console import Console
from rich.progress import track

from voice import models
from voice.bench import manifest
from voice.bench.labelled import LabelledTurn, load_turns
from voice.booking.network import network
from voice.finetuning.command import Learning
from voice.finetuning.ears import WhisperWriter, loss_of
from voice.finetuning.examples import places_of, varied
from voice.finetuning.lessons import Lesson, kept, lesson_of
from voice.finetuning.train import Plan, batches, fit
from voice.finetuning.utterances import Utterance, read_aloud, readers, recorded
from voice.hearing.decoder import WhisperDecoder
from voice.hearing.weights import load_adapter

_VARIED = 0.75
"""The share of turns that are read aloud with other places, days and codes: the desk's own places, above all."""


def teach(args: argparse.Namespace, console: Console) -> None:
    """Learn from recordings and turns, and write the adapter (see `voice.finetuning.command.finetune_main`).

    What the encoder makes of each utterance is kept in ``<out>.lessons``, which a second run with the same turns uses.
    """
    folder = models.path(args.base)
    utterances = _utterances(args)
    whisper = WhisperDecoder(folder, threads=1)
    place = args.out.with_name(f"{args.out.name}.lessons")
    place.mkdir(exist_ok=True)

    def lesson(item: tuple[str, Callable[[], Utterance]]) -> Lesson:
        name, make = item
        return kept(place / f"{name}.npz", lambda: lesson_of(make(), whisper))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        done = pool.map(lesson, utterances)
        lessons = list(track(done, "listening", total=len(utterances), console=console))
    writer = WhisperWriter(folder / "model.bin", args.rank)
    if args.resume:
        writer.resume(load_adapter(args.resume).matrices)

    def epoch(number: int) -> list[list[Lesson]]:
        chance = random.Random(args.seed * 1000 + number)
        return batches(lessons, plan.batch, lambda one: len(one.encoded), chance)

    plan = Plan(epochs=args.epochs, rate=args.rate, seed=args.seed)
    with Learning(console, lambda: writer.adapter(args.base).save(args.out)) as learned:
        fit(writer.parameters(), epoch, partial(loss_of, writer), plan, learned)


def _utterances(args: argparse.Namespace) -> list[tuple[str, Callable[[], Utterance]]]:
    """Give what makes each utterance, with a name that stays the same while its words do."""
    made: list[tuple[str, Callable[[], Utterance]]] = []
    for folder in (path for path in args.turns if path.is_dir()):
        for call in manifest.load(folder):
            for turn in call.turns:
                if turn.text.strip():
                    name = _name(f"{turn.audio.resolve()} {turn.text}")
                    made.append((name, partial(recorded, turn.audio, turn.text)))
    files = [path for path in args.turns if not path.is_dir()]
    turns = load_turns(*files) if files else ()
    able = readers() if turns else {}
    places = _places(turns)
    for number in range(args.readings):
        for turn in turns:
            name = _name(f"{turn.text} {args.seed} {number}")
            made.append((name, partial(_read, turn, places, able, random.Random(name))))
    return made


def _read(turn: LabelledTurn, places: list[str], able: dict[str, float], chance: random.Random) -> Utterance:
    said = varied(turn, places, chance) if chance.random() < _VARIED else turn
    return read_aloud(said.text, able, chance)


def _places(turns: tuple[LabelledTurn, ...]) -> list[str]:
    """Give all that the desk's places are called, and those of the turns."""
    served = network()
    names = [name for city in served.cities.values() for name in (city.name.split(",")[0], *city.also)]
    names += [airport.name for airport in served.airports.values()]
    return list(dict.fromkeys([*names, *places_of(turns)]))


def _name(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
