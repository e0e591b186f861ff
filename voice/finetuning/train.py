"""Fits an adapter to batches on the CPU."""

# pyright: basic, reportMissingImports=false
from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch

_B = TypeVar("_B")


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


def fit(
    parameters: Iterable[torch.nn.Parameter],
    epoch: Callable[[int], Sequence[_B]],
    loss_of: Callable[[_B], torch.Tensor],
    plan: Plan,
    progress: Callable[[int, int, float], None],
) -> None:
    """Fit those of the parameters that can be learned.

    Args:
        parameters: Of the model.
        epoch: Gives the batches of an epoch, by its number: they may vary, their count stays.
        loss_of: Gives the loss of a batch.
        plan: How to learn.
        progress: Told the step, the number of steps and the loss (nats a token) after each step.
    """
    learned = [parameter for parameter in parameters if parameter.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=plan.rate, weight_decay=0.0, betas=(0.9, 0.99))
    coming: Iterator[_B] = iter(first := epoch(0))
    steps, number = max(1, round(len(first) * plan.epochs)), 1
    for step in range(steps):
        batch = next(coming, None)
        if batch is None:
            coming = iter(epoch(number))
            number += 1
            batch = next(coming)
        for group in optimizer.param_groups:
            group["lr"] = plan.rate * _share(step, steps)
        loss = loss_of(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        progress(step + 1, steps, loss.item())


def batches(examples: Sequence[_B], size: int, length: Callable[[_B], float], chance: random.Random) -> list[list[_B]]:
    """Put examples of like length together, which leaves little to pad, in random order."""
    order = sorted(examples, key=lambda example: length(example) * chance.uniform(0.95, 1.05))
    made = [order[start : start + size] for start in range(0, len(order), size)]
    chance.shuffle(made)
    return made


def _share(step: int, steps: int) -> float:
    warm = max(1, steps // 10)
    if step < warm:
        return (step + 1) / warm
    return 0.1 + 0.45 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm)))
