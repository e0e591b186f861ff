"""An own desk is measured by its own labelled turns, and learns its own thresholds from them."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.restaurant import desk as restaurant
from tests.restaurant.evening import Evening
from tests.restaurant.test_desk import RESERVE, SIMPLE, meant
from voice.bench import eval_command
from voice.bench.turns.outcomes import load_outcomes
from voice.cascade.words import Draft, Reading
from voice.cli import main
from voice.config import TierSettings
from voice.policy_file import load_policy
from voice.testing import ScriptedModel, in_virtual_time
from voice.trace import JsonLines

TURNS = Path(__file__).with_name("turns.jsonl")
PROFILE = Path(__file__).with_name("profile.toml")
AT_THE_RESTAURANT = ("--profile", str(PROFILE))


class Tiers:
    """The larger tier reads every turn as labelled; the smaller one leaves an argument out of what is complex."""

    def __init__(self) -> None:
        turns = [json.loads(line) for line in TURNS.read_text().splitlines()]
        self.labels = {turn["text"]: turn for turn in turns}
        self.asked: list[str] = []

    @asynccontextmanager
    async def open(self, settings: TierSettings, prefix: Any) -> AsyncGenerator[Any]:
        assert [message.role for message in prefix(False)][:1] == ["system"]
        yield Tier(settings.name, self)


class Tier:
    def __init__(self, name: str, tiers: Tiers) -> None:
        self.name, self.tiers = name, tiers

    async def draft(self, messages: Sequence[Any], schema: Mapping[str, Any], *, watch: Any = None) -> Draft:
        (said,) = re.findall(r"^Caller: (.*)", "\n".join(one.content for one in messages[-2:]), re.MULTILINE)[-1:]
        turn = self.tiers.labels[said]
        self.tiers.asked.append(self.name)
        complex_, small = turn.get("complexity") == "complex", self.name == "fast"
        actions = [{key: said.split("|")[0] for key, said in one.items() if key != "open"} for one in turn["expect"]]
        if complex_ and small:
            actions[-1].popitem()
        return Draft(self.name, (), meant(*actions), (-0.7 if complex_ else -0.02,), 200, 20, tokens=("x",))

    async def warm(self, messages: Sequence[Any]) -> None: ...


@pytest.fixture
def tiers(monkeypatch: pytest.MonkeyPatch) -> Tiers:
    tiers = Tiers()
    monkeypatch.setattr(eval_command, "open_tier", tiers.open)
    return tiers


def shown(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    assert main([*map(str, arguments), *AT_THE_RESTAURANT, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def failed(capsys: pytest.CaptureFixture[str], code: int, *arguments: object) -> str:
    assert main([*map(str, arguments)]) == code
    return capsys.readouterr().err


def test_its_rules_are_measured_on_turns_in_the_middle_of_a_call(capsys: pytest.CaptureFixture[str]) -> None:
    found = shown(capsys, "eval", TURNS, "--tier", "rules")
    assert found["n"] == 41
    assert found["by_kind"]["yes and no"]["exact"] == 1.0
    assert found["by_kind"]["answer"]["exact"] == 0.8
    assert found["by_kind"]["reserve"]["exact"] == 0.0


def test_a_tier_alone_and_the_cascade_are_measured(tiers: Tiers, capsys: pytest.CaptureFixture[str]) -> None:
    alone = shown(capsys, "eval", TURNS, "--tier", "fast")
    assert {name: one["exact"] for name, one in alone["by_complexity"].items()} == {"simple": 1.0, "complex": 0.0}
    assert tiers.asked == ["fast"] * 41
    together = shown(capsys, "eval", TURNS)
    assert together["by_complexity"]["complex"]["exact"] > 0.5
    assert 0.1 < together["escalated"] < 0.5
    decided = {one["id"]: one["tier"] for one in together["turns"]}
    assert decided["r21"] == "code"
    assert shown(capsys, "eval", TURNS, "--rule", "single")["by"] == "cascade"


def test_it_is_recorded_once_tuned_and_compared(
    tiers: Tiers, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, policy = tmp_path / "out.jsonl", tmp_path / "policy.toml"
    for _ in range(2):
        recorded = shown(capsys, "eval", TURNS, "--record", out)
    assert tiers.asked == ["fast", "strong"] * 41
    assert recorded["tiers"]["strong"]["exact"] == 1.0
    outcomes = {outcome.id: outcome for outcome in load_outcomes(out)}
    assert {outcome.desk for outcome in outcomes.values()} == {"tests.restaurant.desk:make"}
    turn = json.loads(TURNS.read_text().splitlines()[17])
    assert outcomes[turn["id"]].turn().context == turn["context"]
    tuned = shown(capsys, "tune", out, "--rule", "static", "--rule", "learned", "--out", policy)
    assert tuned["test"]["reached"]["exact"] > 0.6
    assert load_policy(policy).made["models"] == recorded["version"]
    compared = shown(capsys, "compare", out, "--policy", policy)
    assert compared["n"] == 9
    assert {"cascade, hand-set", "cascade, policy.toml"} <= {row["name"] for row in compared["rows"]}


def test_a_recording_of_one_desk_teaches_no_other(
    tiers: Tiers, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    shown(capsys, "eval", TURNS, "--record", out)
    for command in ("tune", "compare"):
        told = failed(capsys, 1, command, out)
        assert "made at tests.restaurant.desk:make, and the profile's desk is the airline's" in told
        assert "--profile" in told
    out.write_text(out.read_text().replace('"desk":"tests.restaurant.desk:make"', '"desk":"another:make"'))
    assert "made at another:make" in failed(capsys, 1, "tune", out, *AT_THE_RESTAURANT)


@pytest.mark.parametrize(
    ("turn", "told"),
    [
        ({"expect": [{"action": "resevre"}]}, "no action 'resevre': did you mean 'reserve'?"),
        ({"expect": [{"action": "reserve", "dya": "Friday"}]}, "'reserve' has no argument 'dya': did you mean 'day'?"),
        ({"expect": [{"action": "confirm", "answer": "maybe"}]}, "'answer' can't be 'maybe'"),
        ({"context": {"bookings": ["T1"]}}, "'context' has no bookings: use agent, asked, request, pending"),
        ({"context": {"asked": "mood"}}, "'context.asked' is one of party, day, time, booking, got 'mood'"),
        ({"context": {"pending": [{"seats": 2}]}}, "the desk could not begin with this 'context': TypeError"),
    ],
)
def test_a_typo_in_a_turn_is_told_with_its_line(
    turn: dict[str, Any], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "turns.jsonl"
    file.write_text("\n" + json.dumps({"id": "x", "text": "Yes.", "expect": [], **turn}) + "\n")
    err = failed(capsys, 1, "eval", file, "--tier", "rules", *AT_THE_RESTAURANT)
    assert f"{file}:2: " in err
    assert told in err


@pytest.mark.parametrize(
    ("factory", "told"),
    [
        ("tests.restaurant.dsek:make", "there is no module 'tests.restaurant.dsek'"),
        ("tests.restaurant.desk:mkae", "has no function 'mkae'"),
        ("tests.restaurant.store:Book", "Book is no desk: it lacks"),
    ],
)
@pytest.mark.parametrize("command", [("eval", TURNS), ("tune", "OUT"), ("compare", "OUT")])
def test_a_desk_that_cant_be_made_is_told(
    factory: str,
    told: str,
    command: tuple[str, Path | str],
    tiers: Tiers,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    profile, out = tmp_path / "mine.toml", tmp_path / "out.jsonl"
    profile.write_text(PROFILE.read_text().replace("tests.restaurant.desk:make", factory))
    shown(capsys, "eval", TURNS, "--record", out)
    arguments = [out if argument == "OUT" else argument for argument in command]
    assert told in failed(capsys, 2, *arguments, "--profile", profile)


@pytest.mark.parametrize("how", [("--tier", "rules"), ("--tier", "fast"), ()])
def test_a_turn_on_which_the_desk_fails_is_named_and_not_exact(
    how: tuple[str, ...], tiers: Tiers, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: Any
) -> None:
    _break_reading(monkeypatch, "When do you open on Saturday?")
    found = {one["id"]: one for one in shown(capsys, "eval", TURNS, *how)["turns"]}
    assert (found["r01"]["exact"], found["r01"]["tier"]) == (False, "nobody")
    assert found["r01"]["scores"]["error"] == "the desk's read failed: KeyError: 'Saturday'"
    assert "turn r01: the desk's read failed" in caplog.text
    assert found["r21"]["exact"] or how == ("--tier", "fast")


def test_a_turn_on_which_the_desk_fails_asks_no_tier_until_it_is_mended(
    tiers: Tiers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], caplog: Any
) -> None:
    out = tmp_path / "out.jsonl"
    with monkeypatch.context() as broken:
        _break_reading(broken, "When do you open on Saturday?")
        shown(capsys, "eval", TURNS, "--record", out)
    first = load_outcomes(out)[0]
    assert "turn r01: the desk's read failed" in caplog.text
    assert [(one.exact, one.error) for one in first.tiers.values()] == [
        (False, "the desk's read failed: KeyError: 'Saturday'")
    ] * 2
    assert len(tiers.asked) == 80
    shown(capsys, "eval", TURNS, "--record", out)
    assert len(tiers.asked) == 82
    assert {one.id: one for one in load_outcomes(out)}["r01"].tiers["fast"].exact
    assert [*tmp_path.iterdir()] == [out]


@pytest.mark.parametrize("method", ["parse", "examine"])
def test_drafts_that_the_desk_could_not_take_are_kept_until_it_is_mended(
    method: str, tiers: Tiers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    with monkeypatch.context() as broken:
        broken.setattr(restaurant.TableDesk, method, lambda *_: {}["Saturday"])
        recorded = shown(capsys, "eval", TURNS, "--record", out)
    assert (recorded["tiers"]["strong"]["exact"], recorded["tiers"]["rules"]["exact"] > 0) == (0.0, True)
    assert {one.tiers["strong"].error for one in load_outcomes(out)} == {
        f"the desk's {method} failed: KeyError: 'Saturday'"
    }
    assert shown(capsys, "eval", TURNS, "--record", out)["tiers"]["strong"]["exact"] == 1.0
    assert len(tiers.asked) == 82


def _break_reading(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    whole = restaurant.TableDesk.read

    def read(self: Any, said: str, dialogue: Any) -> Reading:
        if said == text:
            raise KeyError("Saturday")
        return whole(self, said, dialogue)

    monkeypatch.setattr(restaurant.TableDesk, "read", read)


@in_virtual_time
async def _evening(file: Path) -> None:
    lines = JsonLines(file)
    with ScriptedModel("fast", meant(RESERVE)) as fast, ScriptedModel("strong") as strong:
        evening = Evening(fast, strong, sinks=[lines])
        await evening.hear(SIMPLE)
        await evening.hear("Yes.")
        await evening.runtime.close()
    lines.close()


def test_outcomes_of_its_calls_are_learned_from_at_its_own_profile_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trace, out, sheet = tmp_path / "trace.jsonl", tmp_path / "calls.jsonl", tmp_path / "labels.jsonl"
    _evening(trace)
    label = {"call": "evening", "turn": 1, "expect": [{**RESERVE, "party": "2"}]}
    sheet.write_text(json.dumps(label) + "\n")
    told = shown(capsys, "trace", "outcomes", trace, "--labels", sheet, "--out", out)
    assert (told["outcomes"], told["verdicts"]) == (1, {"label": 1})
    (outcome,) = load_outcomes(out)
    assert (outcome.desk, outcome.tiers["fast"].exact) == ("tests.restaurant.desk:make", True)
    sheet.write_text(json.dumps({**label, "expect": [{"action": "resevre"}]}) + "\n")
    wrong = ("trace", "outcomes", trace, "--labels", sheet, "--out", out, *AT_THE_RESTAURANT)
    assert "did you mean 'reserve'?" in failed(capsys, 1, *wrong)
    assert main(["trace", "outcomes", str(trace), "--out", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["left_out"] == {
        "with actions that are not in the vocabulary of the profile's desk": 2
    }


def test_its_calls_are_decided_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _evening(tmp_path / "trace.jsonl")
    found = shown(capsys, "trace", "replay", tmp_path)
    assert [(turn["was"], turn["now"]) for turn in found["turns"]] == [("fast", "fast"), ("code", "code")]
    assert not any("another desk" in warning for warning in found["warnings"])
