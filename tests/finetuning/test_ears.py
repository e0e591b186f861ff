"""Whisper's decoder learns beside its weights, which stay as they are. Needs the extra ``finetune``."""

# pyright: basic

import functools
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the extra `finetune` is not installed")

from tests.hearing.test_weights import model  # noqa: E402
from voice.finetuning import ears, train  # noqa: E402
from voice.finetuning.errors import CannotTeach  # noqa: E402
from voice.finetuning.lessons import Lesson  # noqa: E402
from voice.hearing.weights import BadWeights, load_adapter, with_adapter  # noqa: E402

WIDTH = 64
WORDS = 40


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A decoder of one layer, with weights that mean nothing."""
    chance = np.random.default_rng(1)

    def weight(*shape: int) -> np.ndarray:
        return (chance.normal(0, 0.1, shape)).astype(np.float16)

    held = {"decoder/embeddings/weight": weight(WORDS, WIDTH)}
    held["decoder/position_encodings/encodings"] = weight(30, WIDTH)
    widths = {
        "self_attention/linear_0": (3 * WIDTH, WIDTH), "self_attention/linear_1": (WIDTH, WIDTH),
        "attention/linear_0": (WIDTH, WIDTH), "attention/linear_1": (2 * WIDTH, WIDTH),
        "attention/linear_2": (WIDTH, WIDTH), "ffn/linear_0": (128, WIDTH), "ffn/linear_1": (WIDTH, 128),
    }  # fmt: skip
    for name, shape in widths.items():
        held[f"decoder/layer_0/{name}/weight"] = weight(*shape)
        held[f"decoder/layer_0/{name}/bias"] = weight(shape[0])
    for name in ("layer_norm", *(f"layer_0/{part}/layer_norm" for part in ("self_attention", "attention", "ffn"))):
        held[f"decoder/{name}/gamma"] = np.ones(WIDTH, np.float16)
        held[f"decoder/{name}/beta"] = np.zeros(WIDTH, np.float16)
    return model(tmp_path / "model.bin", held)


def lessons() -> list[Lesson]:
    chance = np.random.default_rng(2)
    return [
        Lesson(chance.normal(0, 1, (20 + at, WIDTH)).astype(np.float16), (1, 2), (10 + at, 20, 3)) for at in range(8)
    ]


def learned(tiny: Path, epochs: float = 40) -> tuple[ears.WhisperWriter, list[float]]:
    torch.manual_seed(1)
    writer = ears.WhisperWriter(tiny, rank=4)
    told: list[float] = []
    plan = train.Plan(epochs=epochs, rate=1e-2)
    train.fit(
        writer.parameters(), lambda _: [lessons()], functools.partial(ears.loss_of, writer), plan,
        lambda *step: told.append(step[2]),
    )  # fmt: skip
    return writer, told


def test_the_loss_falls(tiny: Path):
    _, told = learned(tiny)
    assert told[-1] < 0.7 * told[0]


def test_padding_beside_longer_lessons_changes_nothing(tiny: Path):
    writer = ears.WhisperWriter(tiny, rank=4)
    both, alone = lessons()[::7], lessons()[:1]
    with torch.no_grad():
        pair = torch.stack([ears.loss_of(writer, [lesson]) for lesson in both]).mean()
        assert ears.loss_of(writer, both).item() == pytest.approx(pair.item(), rel=1e-4)
        assert ears.loss_of(writer, alone).item() > 0


def test_weights_with_what_was_taught_write_as_the_writer_does(tiny: Path, tmp_path: Path):
    writer, _ = learned(tiny)
    writer.adapter("whisper-base").save(tmp_path / "ears.npz")
    tiny.write_bytes(with_adapter(tiny, load_adapter(tmp_path / "ears.npz")))
    with torch.no_grad():
        merged = ears.loss_of(ears.WhisperWriter(tiny, rank=4), lessons())
        assert merged.item() == pytest.approx(ears.loss_of(writer, lessons()).item(), rel=0.05)


def test_who_resumes_begins_with_what_was_with_adapter(tiny: Path, tmp_path: Path):
    writer, told = learned(tiny)
    writer.adapter("whisper-base").save(tmp_path / "ears.npz")
    again = ears.WhisperWriter(tiny, rank=4)
    again.resume(load_adapter(tmp_path / "ears.npz"))
    with torch.no_grad():
        assert ears.loss_of(again, lessons()).item() < 0.75 * told[0]
    with pytest.raises(CannotTeach, match="another --rank"):
        ears.WhisperWriter(tiny, rank=2).resume(load_adapter(tmp_path / "ears.npz"))


def test_a_model_without_a_decoder_is_refused(tmp_path: Path):
    other = model(tmp_path / "model.bin", {"encoder/weight": np.zeros(2, np.float16)})
    with pytest.raises(BadWeights, match="no Whisper model"):
        ears.WhisperWriter(other, rank=2)
