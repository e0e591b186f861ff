"""Teaches Whisper's decoder a domain's words: the encoder, which hears, stays as it is; the decoder learns to write.

The decoder is built from the weights of the CTranslate2 file as it is used, and learns from what the encoder makes of a
turn on its own length, so that it sees in training what it sees in a call.
"""

# pyright: basic, reportMissingImports=false
from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn.functional import cross_entropy, gelu, layer_norm, scaled_dot_product_attention

from voice.finetuning.errors import CannotTeach
from voice.finetuning.lessons import Lesson
from voice.finetuning.lora import Adapted
from voice.hearing.weights import Adapter, BadWeights, views

HEAD = 64
"""The width of an attention head in all Whisper models."""


class WhisperWriter(nn.Module):
    """Whisper's decoder with low-rank adapters on all linear layers.

    The model is that of Radford et al. 2022, "Robust Speech Recognition via Large-Scale Weak Supervision".

    Args:
        model_bin: CTranslate2's file.
        rank: Of the adapters.

    Raises:
        BadWeights: the file is no such model.
    """

    def __init__(self, model_bin: Path, rank: int) -> None:
        super().__init__()
        weights = views(bytearray(model_bin.read_bytes()), model_bin)
        if "decoder/embeddings/weight" not in weights:
            raise BadWeights(f"{model_bin} is no Whisper model: it has no decoder")
        held = {name: torch.from_numpy(value.astype(np.float32)) for name, value in weights.items()}
        self._rank = rank
        self.embeddings = held["decoder/embeddings/weight"]
        self.positions = held["decoder/position_encodings/encodings"]
        self.norm = _norm(held, "decoder/layer_norm")
        count = sum(name.endswith("/self_attention/linear_0/weight") and name.startswith("decoder/") for name in held)
        self.layers = nn.ModuleDict()
        self.norms: dict[str, tuple[torch.Tensor, torch.Tensor]] = {}
        for index in range(count):
            for part, linears in (("self_attention", 2), ("attention", 3), ("ffn", 2)):
                place = f"decoder/layer_{index}/{part}"
                self.norms[place] = _norm(held, f"{place}/layer_norm")
                for linear in range(linears):
                    name = f"{place}/linear_{linear}"
                    self.layers[name] = self._adapted(held[f"{name}/weight"], held[f"{name}/bias"])
        self._count = count

    def forward(self, tokens: torch.Tensor, encoded: torch.Tensor, lengths: torch.Tensor) -> torch.Tensor:
        """Give what stands behind each token: batch x tokens x width.

        Args:
            tokens: Batch x tokens.
            encoded: Batch x frames x width.
            lengths: How many of the frames count, by batch.
        """
        mask = (torch.arange(encoded.shape[1])[None] < lengths[:, None])[:, None, None]
        state = self.embeddings[tokens] + self.positions[: tokens.shape[1]]
        for index in range(self._count):
            place = f"decoder/layer_{index}/self_attention"
            query, key, value = self.layers[f"{place}/linear_0"](self._normed(place, state)).chunk(3, -1)
            mixed = _attend(query, key, value, causal=True)
            state = state + self.layers[f"{place}/linear_1"](mixed)
            place = f"decoder/layer_{index}/attention"
            query = self.layers[f"{place}/linear_0"](self._normed(place, state))
            key, value = self.layers[f"{place}/linear_1"](encoded).chunk(2, -1)
            state = state + self.layers[f"{place}/linear_2"](_attend(query, key, value, mask=mask))
            place = f"decoder/layer_{index}/ffn"
            inner = gelu(self.layers[f"{place}/linear_0"](self._normed(place, state)))
            state = state + self.layers[f"{place}/linear_1"](inner)
        return layer_norm(state, state.shape[-1:], *self.norm)

    def adapter(self, base: str, strength: float = 1.0) -> Adapter:
        """Give what it has learned so far, times ``strength``.

        Between the weights as they came (0) and as they were taught (1) both what is new and what was known may be
        understood best (Wortsman et al. 2021, "Robust fine-tuning of zero-shot models", arXiv 2109.01903).
        """
        return Adapter(base, dict(self._matrices(strength)))

    def _matrices(self, strength: float) -> Iterator[tuple[str, tuple[NDArray[np.float32], NDArray[np.float32]]]]:
        for name, layer in self.layers.items():
            down, up = layer.a.detach().numpy(), layer.b.detach().numpy()
            yield f"{name}/weight", (down, up * (layer.scale * strength))

    def resume(self, adapter: Adapter) -> None:
        """Go on from what was taught before, with the same rank.

        Raises:
            CannotTeach: it is of another rank or model.
        """
        with torch.no_grad():
            for name, layer in self.layers.items():
                pair = adapter.matrices.get(f"{name}/weight")
                wanted = (tuple(layer.a.shape), tuple(layer.b.shape))
                if pair is None or (pair[0].shape, pair[1].shape) != wanted:
                    raise CannotTeach(f"the adapter to go on from does not fit: another --rank, or not {adapter.base}")
                layer.a.copy_(torch.from_numpy(pair[0]))
                layer.b.copy_(torch.from_numpy(pair[1] / layer.scale))

    def _adapted(self, weight: torch.Tensor, bias: torch.Tensor) -> Adapted:
        linear = nn.Linear(weight.shape[1], weight.shape[0])
        linear.weight, linear.bias = nn.Parameter(weight, False), nn.Parameter(bias, False)
        return Adapted(linear, self._rank, 2.0)

    def _normed(self, place: str, state: torch.Tensor) -> torch.Tensor:
        return layer_norm(state, state.shape[-1:], *self.norms[place])


def _norm(held: dict[str, torch.Tensor], name: str) -> tuple[torch.Tensor, torch.Tensor]:
    return held[f"{name}/gamma"], held[f"{name}/beta"]


def _attend(
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    *,
    causal: bool = False,
    mask: torch.Tensor | None = None,
) -> torch.Tensor:
    query, key, value = (part.unflatten(-1, (-1, HEAD)).transpose(1, 2) for part in (query, key, value))
    mixed = scaled_dot_product_attention(query, key, value, attn_mask=mask, is_causal=causal)
    return mixed.transpose(1, 2).flatten(2)


def loss_of(writer: WhisperWriter, batch: Sequence[Lesson]) -> torch.Tensor:
    """Give the mean loss of the answers' tokens, in nats."""
    frames = max(len(lesson.encoded) for lesson in batch)
    width = batch[0].encoded.shape[1]
    encoded = torch.zeros(len(batch), frames, width)
    longest = max(len(lesson.prompt) + len(lesson.answer) for lesson in batch)
    tokens = torch.zeros(len(batch), longest, dtype=torch.long)
    wanted = torch.full((len(batch), longest), -100)
    for row, lesson in enumerate(batch):
        encoded[row, : len(lesson.encoded)] = torch.from_numpy(lesson.encoded.astype(np.float32))
        whole = [*lesson.prompt, *lesson.answer]
        tokens[row, : len(whole)] = torch.tensor(whole)
        wanted[row, len(lesson.prompt) - 1 : len(whole) - 1] = torch.tensor(lesson.answer)
    lengths = torch.tensor([len(lesson.encoded) for lesson in batch])
    hidden = writer(tokens, encoded, lengths)
    counts = wanted != -100
    return cross_entropy(hidden[counts] @ writer.embeddings.T, wanted[counts])
