"""What was taught is added to Whisper's weights as they are loaded."""

import struct
from pathlib import Path

import numpy as np
import pytest

from voice.hearing.weights import Adapter, BadWeights, files_with, load_adapter, views, with_adapter

LAYER = "decoder/layer_0/ffn/linear_0/weight"


def model(path: Path, variables: dict[str, np.ndarray], version: int = 6) -> Path:
    """Write a file as CTranslate2 does."""

    def text(value: str) -> bytes:
        return struct.pack("<H", len(value) + 1) + value.encode() + b"\0"

    content = struct.pack("<I", version) + text("WhisperSpec") + struct.pack("<II", 3, len(variables))
    for name, value in variables.items():
        kind = 4 if value.dtype == np.float16 else 1
        content += text(name) + struct.pack(f"<B{value.ndim}I", value.ndim, *value.shape)
        content += struct.pack("<BI", kind, value.nbytes) + value.tobytes()
    path.write_bytes(content + struct.pack("<I", 0))
    return path


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    weight = np.arange(12, dtype=np.float16).reshape(4, 3)
    return model(tmp_path / "model.bin", {"decoder/flag": np.array(1, dtype=np.int8), LAYER: weight})


def adapter(rows: int = 4, columns: int = 3, name: str = LAYER) -> Adapter:
    down, up = np.full((2, columns), 0.5, np.float32), np.full((rows, 2), 0.25, np.float32)
    return Adapter("whisper-base", {name: (down, up)})


def test_what_was_taught_is_added_and_all_else_stays(tiny: Path, tmp_path: Path):
    adapter().save(tmp_path / "ears.npz")
    made = bytearray(with_adapter(tiny, load_adapter(tmp_path / "ears.npz")))
    before, after = (views(content, tiny)[LAYER].copy() for content in (bytearray(tiny.read_bytes()), made))
    assert after == pytest.approx(before + 0.25)
    views(made, tiny)[LAYER][:] = before
    assert bytes(made) == tiny.read_bytes()


@pytest.mark.parametrize("other", [adapter(rows=5), adapter(columns=2), adapter(name="decoder/layer_9/weight")])
def test_an_adapter_of_another_model_is_refused_with_its_name(tiny: Path, other: Adapter):
    with pytest.raises(BadWeights, match="taught to whisper-base and does not fit"):
        with_adapter(tiny, other)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"GGUF and more"])
def test_a_file_that_is_no_adapter_is_refused(tmp_path: Path, content: bytes):
    file = tmp_path / "ears.npz"
    file.write_bytes(content)
    with pytest.raises(BadWeights, match=r"ears\.npz is no adapter"):
        load_adapter(file)


def test_a_missing_adapter_is_named_with_what_to_do(tmp_path: Path):
    with pytest.raises(BadWeights, match=r"no file .*gone\.npz; make one with `voice finetune`"):
        load_adapter(tmp_path / "gone.npz")


def test_an_array_or_an_adapter_without_layers_is_refused(tmp_path: Path):
    np.save(tmp_path / "array.npy", np.zeros(3))
    with pytest.raises(BadWeights, match="no adapter"):
        load_adapter(tmp_path / "array.npy")
    Adapter("whisper-base", {}).save(tmp_path / "empty.npz")
    with pytest.raises(BadWeights, match="no adapter"):
        load_adapter(tmp_path / "empty.npz")


def test_a_model_in_other_numbers_says_how_to_convert_it(tmp_path: Path):
    other = model(tmp_path / "model.bin", {LAYER: np.zeros((4, 3), np.int8)})
    with pytest.raises(BadWeights, match="--quantization float16"):
        with_adapter(other, adapter())


def test_a_language_models_adapter_is_refused(tmp_path: Path):
    with (tmp_path / "other.npz").open("wb") as stream:
        np.savez(stream, something=np.zeros(3))
    with pytest.raises(BadWeights, match="no adapter"):
        load_adapter(tmp_path / "other.npz")


@pytest.mark.parametrize("damage", [lambda whole: whole[:20], lambda whole: b"\7" + whole[1:]])
def test_a_model_in_another_format_or_cut_off_is_refused(tiny: Path, damage):
    tiny.write_bytes(damage(tiny.read_bytes()))
    with pytest.raises(BadWeights, match="no CTranslate2 model"):
        with_adapter(tiny, adapter())


def test_a_model_is_loaded_from_its_files_with_what_was_taught_in_its_weights(tiny: Path, tmp_path: Path):
    adapter().save(tmp_path / "ears.npz")
    (tmp_path / "tokenizer.json").write_text("{}")
    (tmp_path / "vocabulary.txt").write_text("a\n")
    files = files_with(tiny.parent, tmp_path / "ears.npz")
    assert files.keys() == {"model.bin", "tokenizer.json", "vocabulary.txt"}
    assert files["tokenizer.json"] == b"{}"
    assert files["model.bin"] == bytes(with_adapter(tiny, load_adapter(tmp_path / "ears.npz")))
