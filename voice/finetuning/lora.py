"""Low-rank adapters (Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models") on a Qwen2 model.

The weights are those of the GGUF file as it is served, dequantised: what is learned makes up for the quantisation too.
"""

# pyright: basic, reportMissingImports=false
from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from voice.finetuning.errors import CannotTeach

LAYERS: Mapping[str, str] = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
"""The linear layers of a block that get an adapter, and their names in a GGUF file."""


class Adapted(nn.Module):
    """A frozen linear layer with a low-rank one beside it, which begins as zero."""

    def __init__(self, base: nn.Linear, rank: int, scale: float) -> None:
        super().__init__()
        self.base = base
        self.scale = scale
        self.a = nn.Parameter(torch.randn(rank, base.in_features) / base.in_features**0.5)
        self.b = nn.Parameter(torch.zeros(base.out_features, rank))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give the sum of both."""
        kind = x.dtype
        return self.base(x) + (x @ self.a.to(kind).T) @ (self.b.to(kind).T * self.scale)


def load_base(gguf_file: Path) -> tuple[Any, Any]:
    """Load a model and its tokenizer from the GGUF file that is served: bfloat16, on the CPU, frozen.

    Raises:
        OSError, ValueError: the file is missing or of an architecture that can't be loaded.
    """
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    place, name = str(gguf_file.parent), gguf_file.name
    tokenizer = AutoTokenizer.from_pretrained(place, gguf_file=name)
    model = AutoModelForCausalLM.from_pretrained(
        place, gguf_file=name, dtype=torch.bfloat16, quantization_config=GgufConfig(dequantize=True)
    ).to(torch.bfloat16)
    model.requires_grad_(False)
    return model, tokenizer


def adapt(model: Any, rank: int, alpha: float, *, skip: int = 0) -> None:
    """Put an adapter on every linear layer of every block but the lowest ``skip``.

    Those that are left as they are need no backward pass: a third of the blocks left out saves a fifth of the time.
    """
    for _, parent, attribute in list(_places(model, skip)):
        setattr(parent, attribute, Adapted(getattr(parent, attribute), rank, alpha / rank))


def adapter_tensors(model: Any) -> dict[str, np.ndarray]:
    """Give the adapter under its names in a GGUF file: ``….lora_a`` is rank x in, ``….lora_b`` is out x rank."""
    made: dict[str, np.ndarray] = {}
    for name, layer in _adapted(model):
        made[f"{name}.weight.lora_a"] = layer.a.detach().numpy()
        made[f"{name}.weight.lora_b"] = layer.b.detach().numpy()
    return made


def put_tensors(model: Any, tensors: Mapping[str, np.ndarray]) -> None:
    """Give an adapted model the values that `adapter_tensors` gave.

    Raises:
        CannotTeach: they are another model's, or of another rank.
    """
    with torch.no_grad():
        for name, layer in _adapted(model):
            for part, parameter in (("a", layer.a), ("b", layer.b)):
                value = tensors.get(f"{name}.weight.lora_{part}")
                if value is None or value.shape != tuple(parameter.shape):
                    raise CannotTeach(
                        f"the adapter to go on from does not fit: it is of another model or --rank ({name} wants "
                        f"{tuple(parameter.shape)} in lora_{part})"
                    )
                parameter.copy_(torch.from_numpy(value.astype(np.float32)))


def _adapted(model: Any) -> Iterator[tuple[str, Adapted]]:
    for name, parent, attribute in _places(model):
        layer = getattr(parent, attribute)
        if isinstance(layer, Adapted):
            yield name, layer


def _places(model: Any, skip: int = 0) -> Iterator[tuple[str, nn.Module, str]]:
    for index, block in enumerate(model.model.layers):
        for path in LAYERS if index >= skip else ():
            short = LAYERS[path]
            part, attribute = path.split(".")
            yield f"blk.{index}.{short}", getattr(block, part), attribute
