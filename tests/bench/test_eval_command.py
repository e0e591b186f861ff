from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from voice.bench import eval_command
from voice.bench.turns.outcomes import load_outcomes
from voice.cascade.words import Draft
from voice.cli import main
from voice.config import TierSettings

BAGGAGE = '{"do":[{"policy":"baggage"}]}'


def line(name: str, text: str, topic: str) -> str:
    return json.dumps(
        {
            "id": name,
            "context": {"agent": "", "bookings": []},
            "text": text,
            "split": "test",
            "complexity": "simple",
            "kind": "policy",
            "expect": [{"action": "policy", "topic": topic}],
        }
    )


@pytest.fixture
def turns(tmp_path: Path) -> Path:
    path = tmp_path / "turns.jsonl"
    path.write_text(line("t1", "How many bags can I take for free?", "baggage") + "\n")
    return path


class Tiers:
    """The profile's tiers, which always say the same, and count how often they are asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.error: str | None = None
        self.interrupt_at: int | None = None

    @asynccontextmanager
    async def open(self, settings: TierSettings, prefix: Sequence[Any]) -> AsyncGenerator[Any]:
        yield Tier(settings.name, self)


class Tier:
    def __init__(self, name: str, tiers: Tiers) -> None:
        self.name, self.tiers = name, tiers

    async def draft(self, messages: Sequence[Any], schema: Mapping[str, Any], *, watch: Any = None) -> Draft:
        self.tiers.asked.append(self.name)
        if len(self.tiers.asked) == self.tiers.interrupt_at:
            raise KeyboardInterrupt
        return Draft(self.name, (), BAGGAGE, (-0.01,), 100, 10, self.tiers.error, tokens=("x",))

    async def warm(self, messages: Sequence[Any]) -> None: ...


@pytest.fixture
def tiers(monkeypatch: pytest.MonkeyPatch) -> Tiers:
    tiers = Tiers()
    monkeypatch.setattr(eval_command, "open_tier", tiers.open)
    return tiers


def test_turns_are_scored_by_rules_with_the_documented_keys(turns: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", str(turns), "--tier", "rules", "--json"]) == 0
    scored = json.loads(capsys.readouterr().out)
    assert {"n", "exact", "ci95", "escalated", "by_complexity", "by_kind", "latency_ms", "turns"} <= set(scored)
    assert scored["exact"] == 1.0


def test_the_cascade_decides_where_nothing_else_is_said(
    turns: Path, tiers: Tiers, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", str(turns), "--json"]) == 0
    scored = json.loads(capsys.readouterr().out)
    assert (scored["by"], scored["exact"], scored["turns"][0]["tier"]) == ("cascade", 1.0, "code")
    assert main(["eval", str(turns)]) == 0
    shown = capsys.readouterr().out
    assert "escalated 0.000" in shown
    assert "acted on 1, of these wrong 0.000" in shown


def test_several_files_are_scored_as_one(turns: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "more.jsonl"
    other.write_text(line("t2", "Can I take my dog?", "pets") + "\n")
    assert main(["eval", str(turns), str(other), "--tier", "rules", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n"] == 2
    assert main(["eval", str(turns), str(turns)]) == 1
    assert "already taken" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(["--tier", "nope"], "rules, fast, strong"), (["--rule", "nope"], "use one of single, static")],
)
def test_an_unknown_tier_or_rule_names_those_that_there_are(
    turns: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert main(["eval", str(turns), *arguments]) == 2
    assert told in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", str(tmp_path / "none.jsonl")]) == 1
    assert "none.jsonl" in capsys.readouterr().err


def test_every_tier_is_recorded_once(
    turns: Path, tiers: Tiers, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    for _ in range(2):
        assert main(["eval", str(turns), "--record", str(out), "--json"]) == 0
        shown = json.loads(capsys.readouterr().out)
        assert shown["n"] == 1
        assert {name: one["exact"] for name, one in shown["tiers"].items()} == {"rules": 1, "fast": 1, "strong": 1}
    assert tiers.asked == ["fast", "strong"]
    (outcome,) = load_outcomes(out)
    assert outcome.tiers["fast"].tokens == ("x",)
    assert outcome.tiers["fast"].cost > 0
    assert main(["eval", str(turns), "--record", str(out)]) == 0
    assert "1 turns in" in capsys.readouterr().out.replace("\n", " ")


def test_an_interrupted_recording_keeps_what_it_has_and_goes_on(turns: Path, tiers: Tiers, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    turns.write_text(turns.read_text() + line("t2", "Can I take my dog?", "pets") + "\n")
    tiers.interrupt_at = 3
    assert main(["eval", str(turns), "--record", str(out)]) == 130
    assert [outcome.id for outcome in load_outcomes(out)] == ["t1"]
    assert main(["eval", str(turns), "--record", str(out)]) == 0
    assert [outcome.id for outcome in load_outcomes(out)] == ["t1", "t2"]
    assert tiers.asked == ["fast", "strong", "fast", "fast", "strong"]


def test_turns_that_name_no_split_get_no_row_of_splits(turns: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named = turns.read_text()
    turns.write_text(named.replace('"split": "test", ', ""))
    assert main(["eval", str(turns), "--tier", "rules"]) == 0
    assert not {"-", "no split", "test"} & {*capsys.readouterr().out.replace("│", " ").split()}
    turns.write_text(turns.read_text() + named.replace('"t1"', '"t2"'))
    assert main(["eval", str(turns), "--tier", "rules"]) == 0
    assert "no split" in capsys.readouterr().out


def test_a_gate_of_an_action_that_the_desk_has_not_is_refused(
    turns: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = tmp_path / "mine.toml"
    profile.write_text('name = "mine"\n[[tiers]]\nname = "a"\nmodel = "m"\n[gates]\nsearc = "human"\n')
    assert main(["eval", str(turns), "--profile", str(profile)]) == 2
    assert "mine.toml:6: gates: the desk has no action 'searc': did you mean 'search'?" in capsys.readouterr().err
