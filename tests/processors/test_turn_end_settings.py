"""The profile's section on when a turn is over."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from pipelines import cascade
from voice.config import ConfigError, load
from voice.processors.call import Call
from voice.processors.patience import PatientTurnStopStrategy

ONE_TIER = 'name = "mine"\n[[tiers]]\nname = "only"\nmodel = "m"\n'


def profile(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(ONE_TIER + text)
    return path


def test_the_least_silence_of_the_profile_reaches_the_strategy_that_ends_turns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[float] = []

    class Kept(PatientTurnStopStrategy):
        def __init__(self, **settings: Any) -> None:
            super().__init__(**settings)
            built.append(settings["least_seconds"])

    monkeypatch.setattr(cascade, "PatientTurnStopStrategy", Kept)
    config = load(profile(tmp_path, "[turn_end]\nleast_seconds = 1.3\n"), {})
    cascade.turn_strategies(cast("Call", SimpleNamespace(stack=SimpleNamespace(config=config))))
    assert built == [1.3]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[turn_end]\nleast_second = 1.3\n", 6),
        ("[turn_end]\nleast_seconds = -0.1\n", 6),
        ("[turn_end]\nleast_seconds = 30\n", 6),
        ('[turn_end]\nleast_seconds = "long"\n', 6),
        ("[turn_ends]\nleast_seconds = 1.3\n", 5),
    ],
)
def test_a_slip_in_the_section_is_an_error_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(ConfigError, match=rf"mine\.toml:{line}: "):
        load(profile(tmp_path, text), {})


def test_the_section_may_be_left_out(tmp_path: Path) -> None:
    assert 0.3 <= load(profile(tmp_path, ""), {}).turn_end.least_seconds <= 1.0
