"""Whisper's weights in CTranslate2's file, and what was taught beside them: low-rank adapters of its linear layers.

An adapter (Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models", arXiv 2106.09685) is a NumPy archive
with two matrices for each layer that it changes. It is added to the weights as they are loaded: hearing costs no more.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

Matrices = Mapping[str, tuple[NDArray[np.float32], NDArray[np.float32]]]
"""By layer: ``down``, rank x inputs, and ``up``, outputs x rank. What is added to the layer is ``up @ down``."""

WEIGHTS = "model.bin"
"""The file of a model's folder that holds them."""

_VERSION = 6
_FLOAT16 = 4
_DOWN, _UP, _BASE = ".down", ".up", "base"


class BadWeights(ValueError):
    """A file of weights or an adapter can't be used; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """What was taught.

    Attributes:
        base: The model that it was taught to.
        matrices: By the name of a layer's weight.
    """

    base: str
    matrices: Matrices

    def save(self, file: Path) -> None:
        """Write it in one step, as 16-bit floats."""
        arrays: dict[str, NDArray[np.float16]] = {}
        for name, (down, up) in self.matrices.items():
            arrays[name + _DOWN], arrays[name + _UP] = down.astype(np.float16), up.astype(np.float16)
        part = file.with_name(f"{file.name}.part")
        with part.open("wb") as stream:
            np.savez(stream, **{_BASE: np.array(self.base)}, **arrays)  # pyright: ignore[reportArgumentType]
        part.replace(file)


def load_adapter(file: Path) -> Adapter:
    """Read an adapter.

    Raises:
        BadWeights: it is missing or no adapter.
    """
    if not file.is_file():
        raise BadWeights(
            f"the adapter of the ears is missing: no file {file}; make one with `voice finetune`, or take `adapter` "
            "out of [stt]"
        )
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            held = {name: arrays[name] for name in arrays.files}
        base = str(held.pop(_BASE))
        names = [name.removesuffix(_DOWN) for name in held if name.endswith(_DOWN)]
        pairs = {name: (held[name + _DOWN], held[name + _UP]) for name in names}
    except OSError as error:
        raise BadWeights(f"the adapter {file} can't be read: {error}") from None
    except (TypeError, ValueError, KeyError, BadZipFile, EOFError):
        raise BadWeights(f"{file} is no adapter of `voice finetune` for ears, or it is damaged") from None
    if not pairs or any(down.ndim != 2 or up.shape[1:] != down.shape[:1] for down, up in pairs.values()):
        raise BadWeights(f"{file} is no adapter of `voice finetune` for ears: its matrices don't fit each other")
    return Adapter(base, {name: (down.astype(np.float32), up.astype(np.float32)) for name, (down, up) in pairs.items()})


def files_with(folder: Path, adapter: Path) -> dict[str, bytes]:
    """Give a model's files with what was taught added to its weights.

    Raises:
        BadWeights: see `load_adapter` and `with_adapter`.
    """
    files = {file.name: file.read_bytes() for file in folder.iterdir() if file.suffix in (".json", ".txt")}
    return {**files, WEIGHTS: with_adapter(folder / WEIGHTS, load_adapter(adapter))}


def with_adapter(model_bin: Path, adapter: Adapter) -> bytes:
    """Give the bytes of a model with what was taught added.

    Raises:
        BadWeights: the file is no model of this kind, or the adapter was made for another one.
    """
    content = bytearray(model_bin.read_bytes())
    weights = views(content, model_bin)
    for name, (down, up) in adapter.matrices.items():
        weight = weights.get(name)
        if weight is None or weight.shape != (len(up), down.shape[-1]):
            raise BadWeights(f"the adapter was taught to {adapter.base} and does not fit {model_bin}: {name} differs")
        weight[:] = (weight + up @ down).astype(np.float16)
    return bytes(content)


def views(content: bytearray, source: Path) -> dict[str, NDArray[np.float16]]:
    """Give the 16-bit variables of a CTranslate2 model by name; who changes one changes ``content``.

    Raises:
        BadWeights: it is no such model.
    """
    try:
        found = {name: array for name, array in _variables(content) if array is not None}
    except (struct.error, UnicodeDecodeError, ValueError) as error:
        raise BadWeights(f"{source} is no CTranslate2 model: {error}") from None
    if not found:
        raise BadWeights(f"{source} holds no 16-bit floats: convert the model with --quantization float16")
    return found


def _variables(content: bytearray) -> Iterator[tuple[str, NDArray[np.float16] | None]]:
    at = 0

    def number(form: str) -> int:
        nonlocal at
        (value,) = struct.unpack_from(f"<{form}", content, at)
        at += struct.calcsize(form)
        return int(value)

    def text() -> str:
        nonlocal at
        size = number("H")
        at += size
        return content[at - size : at - 1].decode()

    version = number("I")
    if version != _VERSION:
        raise ValueError(f"its format is {version}, not {_VERSION}")
    text()  # the kind of model
    number("I")  # its revision
    for _ in range(number("I")):
        name = text()
        shape = [number("I") for _ in range(number("B"))]
        kind, size = number("B"), number("I")
        at += size
        whole = np.frombuffer(content, np.float16, size // 2, at - size) if kind == _FLOAT16 else None
        yield name, whole.reshape(shape) if whole is not None else None
