"""An adapter as a file that llama.cpp loads beside the weights: GGUF of type ``adapter``."""

# pyright: basic, reportMissingImports=false
from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np


def write_adapter(
    file: Path, tensors: Mapping[str, np.ndarray], *, architecture: str, alpha: float, about: str
) -> None:
    """Write the tensors as 16-bit floats, in one step.

    Args:
        file: Where to.
        tensors: See `voice.finetuning.lora.adapter_tensors`.
        architecture: That of the base model, such as ``qwen2``.
        alpha: What the product of the two matrices is scaled by, times the rank.
        about: What it was made from, for who finds the file.
    """
    import gguf

    part = file.with_suffix(".part")
    writer = gguf.GGUFWriter(str(part), architecture)
    writer.add_type("adapter")
    writer.add_description(about)
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", alpha)
    for name, value in tensors.items():
        writer.add_tensor(name, value.astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    part.replace(file)


def read_adapter(file: Path) -> dict[str, np.ndarray]:
    """Read the tensors of an adapter.

    Raises:
        OSError, ValueError: it can't be read.
    """
    import gguf

    return {tensor.name: tensor.data for tensor in gguf.GGUFReader(str(file)).tensors}
