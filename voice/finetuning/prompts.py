"""What a language model is asked and should answer, as tokens: only the answers are learned, prompts are read."""

# pyright: basic, reportMissingImports=false
from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch.nn.functional import cross_entropy

from voice.finetuning.examples import Example

Tokens = tuple[list[int], list[int]]
"""A prompt and its answer."""


def tokens_of(example: Example, tokenizer: Any, template: Path) -> Tokens:
    """Give the tokens that the server will see for the prompt, and those of the answer with its end."""
    messages = [{"role": message.role, "content": message.content} for message in example.messages]
    prompt = tokenizer.apply_chat_template(
        messages, chat_template=template.read_text(encoding="utf-8"), add_generation_prompt=True, tokenize=False
    )
    encode = tokenizer.encode
    return encode(prompt, add_special_tokens=False), encode(f"{example.answer}<|im_end|>", add_special_tokens=False)


def loss_of(model: Any, batch: Sequence[Tokens]) -> torch.Tensor:
    """Give the mean loss of the answers' tokens, in nats."""
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
