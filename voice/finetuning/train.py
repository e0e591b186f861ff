"""Fits an adapter to examples on the CPU: only the answers are learned, prompts are read."""

# pyright: basic, reportMissingImports=false
from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch.nn.functional import cross_entropy

from voice.finetuning.examples import Example

Tokens = tuple[list[int], list[int]]
"""A prompt and its answer."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to learn.

    Attributes:
        epochs: How often each example is seen.
        rate: The highest learning rate, after a tenth of the steps; it falls to a tenth of that, along a cosine.
        batch: Examples a step.
        seed: Of the order.
    """

    epochs: float = 2.0
    rate: float = 3e-4
    batch: int = 16
    seed: int = 1


def tokens_of(example: Example, tokenizer: Any, template: Path) -> Tokens:
    """Give the tokens that the server will see for the prompt, and those of the answer with its end."""
    messages = [{"role": message.role, "content": message.content} for message in example.messages]
    prompt = tokenizer.apply_chat_template(
        messages, chat_template=template.read_text(encoding="utf-8"), add_generation_prompt=True, tokenize=False
    )
    encode = tokenizer.encode
    return encode(prompt, add_special_tokens=False), encode(f"{example.answer}<|im_end|>", add_special_tokens=False)


def fit(
    model: Any, epoch: Callable[[int], Sequence[Tokens]], plan: Plan, progress: Callable[[int, int, float], None]
) -> None:
    """Fit the adapter of ``model``.

    Args:
        model: See `voice.finetuning.lora.adapt`.
        epoch: Gives the examples of an epoch, by its number: they may vary.
        plan: How to learn.
        progress: Told the step, the number of steps and the loss (nats a token) after each step.
    """
    chance = random.Random(plan.seed)
    learned = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=plan.rate, weight_decay=0.0, betas=(0.9, 0.99))
    batches: Iterator[list[Tokens]] = iter(())
    count = math.ceil(len(epoch(0)) / plan.batch)
    steps, number = max(1, round(count * plan.epochs)), 0
    for step in range(steps):
        batch = next(batches, None)
        if batch is None:
            batches = iter(_batches(epoch(number), plan.batch, chance))
            number += 1
            batch = next(batches)
        for group in optimizer.param_groups:
            group["lr"] = plan.rate * _share(step, steps)
        loss = _loss(model, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        progress(step + 1, steps, loss.item())


def _share(step: int, steps: int) -> float:
    warm = max(1, steps // 10)
    if step < warm:
        return (step + 1) / warm
    return 0.1 + 0.45 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))


def _batches(examples: Sequence[Tokens], size: int, chance: random.Random) -> list[list[Tokens]]:
    """Put examples of like length together, which leaves little to pad, in random order."""
    order = sorted(examples, key=lambda pair: len(pair[0]) + len(pair[1]) + chance.random() * 8)
    made = [order[start : start + size] for start in range(0, len(order), size)]
    chance.shuffle(made)
    return made


def _loss(model: Any, batch: Sequence[Tokens]) -> torch.Tensor:
    length = max(len(prompt) + len(answer) for prompt, answer in batch)
    ids = torch.zeros(len(batch), length, dtype=torch.long)
    mask = torch.zeros(len(batch), length, dtype=torch.long)
    rows: list[tuple[int, int, int]] = []
    for row, (prompt, answer) in enumerate(batch):
        whole = [*prompt, *answer]
        ids[row, : len(whole)] = torch.tensor(whole)
        mask[row, : len(whole)] = 1
        rows += [(row, len(prompt) + at - 1, token) for at, token in enumerate(answer)]
    hidden = model.model(input_ids=ids, attention_mask=mask, use_cache=False).last_hidden_state
    at_row, at_place, wanted = (torch.tensor(column) for column in zip(*rows, strict=True))
    logits = model.lm_head(hidden[at_row, at_place])
    return cross_entropy(logits.float(), wanted)
