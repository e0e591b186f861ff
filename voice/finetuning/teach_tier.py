"""Teaches a language model to understand labelled turns."""

# pyright: basic, reportMissingImports=false
from __future__ import annotations

import argparse
import random

import torch
from rich.console import Console

from voice import models
from voice.bench.desks import airline
from voice.bench.turns.labelled import load_turns
from voice.finetuning import adapter, lora
from voice.finetuning.errors import CannotTeach
from voice.finetuning.examples import example_of, places_of, varied
from voice.finetuning.progress import Learning
from voice.finetuning.prompts import Tokens, loss_of, tokens_of
from voice.finetuning.train import Plan, batches, fit
from voice.llm.embedded import CHAT_TEMPLATE

_SHOWN = 0.75
"""The share of prompts that show the rules' reading, of a tier that is to weigh it and should read by itself too."""

_VARIED = 0.5
"""The share of turns whose places, days and codes vary each time that they are seen."""


def teach(args: argparse.Namespace, console: Console) -> None:
    """Learn from labelled turns and write the adapter (see `voice.finetuning.command.finetune_main`)."""
    turns = load_turns(*args.turns, desk=airline())
    places = places_of(turns)
    turns = [turn for turn in turns if args.complexity in (None, turn.complexity)]
    if not turns:
        raise CannotTeach(f"none of the turns is {args.complexity}")
    weights = models.path(args.base)
    torch.manual_seed(args.seed)
    with console.status(f"reading {weights.name}"):
        model, tokenizer = lora.load_base(weights)
        lora.adapt(model, args.rank, 2.0 * args.rank, skip=args.skip)
        if args.resume:
            lora.put_tensors(model, adapter.read_adapter(args.resume))

    def save() -> None:
        about = f"LoRA of rank {args.rank} for {args.base}, learned from {len(turns)} labelled turns"
        adapter.write_adapter(
            args.out, lora.adapter_tensors(model), architecture="qwen2", alpha=2.0 * args.rank, about=about
        )

    def epoch(number: int) -> list[list[Tokens]]:
        chance = random.Random(args.seed * 1000 + number)
        seen = [varied(turn, places, chance) if chance.random() < _VARIED else turn for turn in turns]
        shown = _SHOWN if args.shows_reading else 0.0
        made = [example_of(turn, shows_reading=chance.random() < shown) for turn in seen]
        return batches(
            [tokens_of(example, tokenizer, CHAT_TEMPLATE) for example in made],
            plan.batch,
            lambda pair: len(pair[0]) + len(pair[1]),
            chance,
        )

    plan = Plan(epochs=args.epochs, rate=args.rate, seed=args.seed)
    with Learning(console, save) as learned:
        fit(model.parameters(), epoch, lambda batch: loss_of(model, batch), plan, learned)
