"""Low-rank adapters, learned by a tiny model of the same kind and kept in a file. Needs the extra ``finetune``."""

# pyright: basic

import functools
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="the extra `finetune` is not installed")
transformers = pytest.importorskip("transformers")
pytest.importorskip("gguf")

from voice.finetuning import adapter, lora, prompts, train  # noqa: E402


def tiny():
    torch.manual_seed(1)
    config = transformers.Qwen2Config(
        vocab_size=64, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, initializer_range=0.3,
    )  # fmt: skip
    model = transformers.Qwen2ForCausalLM(config).to(torch.bfloat16)
    model.requires_grad_(False)
    return model


def test_only_answers_are_learned_and_the_loss_falls():
    model = tiny()
    lora.adapt(model, rank=4, alpha=8.0)
    told: list[float] = []
    examples = [([1, 2, 3 + at], [10 + at, 20, 30]) for at in range(8)]
    plan = train.Plan(epochs=30, rate=2e-2, batch=4)
    learn = functools.partial(prompts.loss_of, model)
    train.fit(
        model.parameters(), lambda number: [examples[:4], examples[4:]], learn, plan, lambda *step: told.append(step[2])
    )
    assert len(told) == 60
    assert told[-1] < 0.5 * told[0]


def test_blocks_that_are_skipped_get_no_adapter():
    model = tiny()
    lora.adapt(model, rank=4, alpha=8.0, skip=1)
    assert {name.split(".")[1] for name in lora.adapter_tensors(model)} == {"1"}


def test_an_adapter_is_the_same_after_it_was_kept_in_a_file(tmp_path: Path):
    model, other = tiny(), tiny()
    lora.adapt(model, rank=4, alpha=8.0)
    lora.adapt(other, rank=4, alpha=8.0)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.copy_(torch.randn_like(parameter))
    adapter.write_adapter(tmp_path / "a.gguf", lora.adapter_tensors(model), architecture="qwen2", alpha=8.0, about="")
    lora.put_tensors(other, adapter.read_adapter(tmp_path / "a.gguf"))
    kept = lora.adapter_tensors(other)
    for name, value in lora.adapter_tensors(model).items():
        assert kept[name] == pytest.approx(value, rel=1e-3, abs=1e-3)


def test_an_adapter_of_another_rank_does_not_fit():
    model, other = tiny(), tiny()
    lora.adapt(model, rank=4, alpha=8.0)
    lora.adapt(other, rank=2, alpha=8.0)
    with pytest.raises(ValueError, match="does not fit"):
        lora.put_tensors(other, lora.adapter_tensors(model))
