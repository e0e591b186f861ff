"""What ``voice finetune`` refuses before it loads anything."""

import argparse
from pathlib import Path

import pytest

from voice.finetuning.command import add_finetune_arguments, finetune_main
from voice.finetuning.errors import CannotTeach


def asked(tmp_path: Path, *words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_finetune_arguments(parser)
    return parser.parse_args([*words, "--out", str(tmp_path / "a.out")])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("t.jsonl", "--base", "piper-joe"), "piper-joe can't be taught"),
        (("t.jsonl", "--base", "whisper-base", "--skip", "3"), "--skip is for a language model"),
        (("t.jsonl", "--base", "whisper-base", "--shows-reading"), "--shows-reading is for a language model"),
        (("t.jsonl", "--base", "whisper-base", "--complexity", "simple"), "--complexity is for a language model"),
        (("t.jsonl", "--readings", "2"), "--readings is for ears"),
        ((".",), "folders of recordings are for ears"),
    ],
)
def test_what_does_not_go_together_is_refused(tmp_path: Path, words: tuple[str, ...], told: str):
    with pytest.raises(CannotTeach, match=told):
        finetune_main(asked(tmp_path, *words))


@pytest.mark.parametrize("option", ["--rank", "--readings"])
def test_counts_begin_at_one(tmp_path: Path, option: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        asked(tmp_path, "t.jsonl", option, "0")
    assert "must be 1 or more" in capsys.readouterr().err
