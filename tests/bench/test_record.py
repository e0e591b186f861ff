"""Recording asks no model twice for the same, and never keeps what no longer holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from voice.bench.desks import airline
from voice.bench.turns.labelled import LabelledTurn
from voice.bench.turns.outcomes import BadOutcomes, RecordedOutcome, load_outcomes
from voice.bench.turns.record import Recorder, record
from voice.bench.turns.work import LEAST_LOGPROB
from voice.cascade.policy import Tier
from voice.cascade.words import Draft
from voice.config import load
from voice.fingerprint import version_of

PETS = LabelledTurn("a", "Can I take my dog?", ({"action": "policy", "topic": "pets"},), split="dev")
BAGS = LabelledTurn("b", "How many bags are free?", ({"action": "policy", "topic": "baggage"},), split="dev")
TIERS = (Tier("fast", input_price=1.0, output_price=10.0),)


class Parrot:
    """A tier that always says the same, and counts."""

    name = "fast"

    def __init__(self, text: str = '{"do":[{"policy":"pets"}]}', error: str | None = None) -> None:
        self.text, self.error, self.asked = text, error, 0

    async def draft(self, messages: Any, schema: Any, *, watch: Any = None) -> Draft:
        self.asked += 1
        return Draft(self.name, (), self.text, (-0.5, float("-inf")), 1000, 100, self.error, tokens=("a", "b"))

    async def warm(self, messages: Any) -> None: ...


async def run(path: Path, model: Parrot, *turns: LabelledTurn, version: str = "v1") -> list[RecordedOutcome]:
    return [one async for one in record(turns, Recorder(TIERS, {"fast": model}, version, airline()), path)]


async def test_a_turn_is_kept_with_everything_that_a_rule_may_want(tmp_path: Path):
    path = tmp_path / "out.jsonl"
    (outcome,) = await run(path, Parrot(), PETS)
    assert load_outcomes(path) == (outcome,)
    fast = outcome.tiers["fast"]
    assert outcome.turn() == PETS
    assert (fast.exact, outcome.reading.exact, fast.agreement) == (True, True, True)
    assert fast.logprobs == (-0.5, LEAST_LOGPROB)
    assert fast.cost == pytest.approx(0.002)


async def test_how_surely_words_were_heard_is_kept_and_asks_no_model_again(tmp_path: Path):
    path, model = tmp_path / "out.jsonl", Parrot()
    await run(path, model, PETS)
    dog = replace(PETS, words=(("Can", 0.9), ("dog?", 0.4)))
    (outcome,) = await run(path, model, dog)
    assert (outcome.turn(), model.asked) == (dog, 1)
    assert load_outcomes(path) == (outcome,)


async def test_what_a_tier_garbled_is_recorded_as_its_error(tmp_path: Path):
    (outcome,) = await run(tmp_path / "out.jsonl", Parrot('{"do":[{"fly":1}]}'), PETS)
    assert (outcome.tiers["fast"].error or "").startswith("broken_json")
    assert outcome.tiers["fast"].actions == ()


@pytest.mark.parametrize(
    ("turn", "version", "asked"),
    [
        (PETS, "v1", 1),
        (PETS, "v2", 2),
        (replace(PETS, text="Can I take two dogs?"), "v1", 2),
        (replace(PETS, context={"agent": "Shall I book it?"}), "v1", 2),
        (replace(PETS, expect=({"action": "policy", "topic": "other"},)), "v1", 1),
    ],
)
async def test_a_model_is_asked_again_only_if_it_or_its_prompt_is_another(
    tmp_path: Path, turn: LabelledTurn, version: str, asked: int
):
    path, model = tmp_path / "out.jsonl", Parrot()
    await run(path, model, PETS)
    (outcome,) = await run(path, model, turn, version=version)
    assert model.asked == asked
    assert load_outcomes(path) == (outcome,)
    assert outcome.expect == turn.expect
    assert outcome.tiers["fast"].exact == (turn.expect == PETS.expect)


async def test_trouble_of_the_moment_is_tried_again(tmp_path: Path):
    path, model = tmp_path / "out.jsonl", Parrot(error="down")
    await run(path, model, PETS)
    model.error = None
    (outcome,) = await run(path, model, PETS)
    assert (model.asked, outcome.tiers["fast"].error) == (2, None)
    assert list(tmp_path.iterdir()) == [path]


class Stopped(Exception):
    """Somebody stopped the recording."""


class Stopping(Parrot):
    async def draft(self, messages: Any, schema: Any, *, watch: Any = None) -> Draft:
        raise Stopped


async def test_what_other_models_were_asked_is_never_lost(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    path, kept = tmp_path / "out.jsonl", tmp_path / "out.jsonl.old"
    await run(path, Parrot(), PETS, BAGS)
    first = path.read_text()
    with pytest.raises(Stopped):
        await run(path, Stopping(), PETS, BAGS, version="v2")
    assert kept.read_text() == first
    assert f"2 of the 2 turns in {path} were recorded with other models or prompts" in caplog.text
    assert f"kept as {kept}" in caplog.text
    await run(path, Parrot(), PETS, version="v2")
    second = path.read_text()
    await run(path, Parrot(), PETS, BAGS)
    assert kept.read_text() == first
    assert (tmp_path / "out.jsonl.old2").read_text() == second


async def test_other_turns_and_other_labels_leave_no_file_behind(tmp_path: Path):
    path, model = tmp_path / "out.jsonl", Parrot()
    await run(path, model, PETS)
    await run(path, model, replace(PETS, expect=({"action": "policy", "topic": "other"},)), BAGS)
    assert list(tmp_path.iterdir()) == [path]


async def test_a_line_that_was_cut_short_is_recorded_again_and_other_turns_stay(tmp_path: Path):
    path, model = tmp_path / "out.jsonl", Parrot()
    await run(path, model, BAGS, PETS)
    path.write_text(path.read_text()[:-40])
    await run(path, model, PETS)
    assert [outcome.id for outcome in load_outcomes(path)] == ["b", "a"]


async def test_a_file_may_end_within_a_character(tmp_path: Path):
    path, model = tmp_path / "out.jsonl", Parrot()
    odd = replace(BAGS, text="How many bags\u2028are free?")
    await run(path, model, odd, replace(PETS, text="Can I take my dog José?"))
    written = path.read_bytes()
    path.write_bytes(written[: written.rindex("é".encode()) + 1])
    await run(path, model, odd)
    assert (model.asked, load_outcomes(path)[0].text) == (2, odd.text)


async def test_a_file_of_something_else_is_left_alone(tmp_path: Path):
    path = tmp_path / "turns.jsonl"
    path.write_text('{"id": "x"}\n{"id": "y"}\n')
    with pytest.raises(BadOutcomes, match=r"turns.jsonl:1: .*another file"):
        await run(path, Parrot(), PETS)
    assert path.read_text() == '{"id": "x"}\n{"id": "y"}\n'


def test_the_version_is_that_of_the_models_not_of_their_prices():
    config = load("embedded")
    first = config.tiers[0]
    dearer = config.model_copy(update={"tiers": (first.model_copy(update={"input_price": 9.0}), *config.tiers[1:])})
    other = config.model_copy(update={"tiers": (first.model_copy(update={"model": "llm-strong"}), *config.tiers[1:])})
    assert version_of(config) == version_of(dearer) != version_of(other)


async def test_what_a_larger_tiers_draft_comes_to_beside_the_others_is_kept_with_its_checks(tmp_path: Path):
    turn = LabelledTurn(
        "c", "Two from Boston to Denver on Friday.", ({"action": "search", "legs": [{"from": "Boston"}]},), split="dev"
    )
    leg = '"legs":[{"from":"Boston","to":"Denver","date":"Friday"}]'
    fast, strong = Parrot(f'{{"do":[{{"search":1,{leg},"pax":"Two"}}]}}'), Parrot(f'{{"do":[{{"search":1,{leg}}}]}}')
    tiers = (*TIERS, Tier("strong"))
    recorder = Recorder(tiers, {"fast": fast, "strong": strong}, "v1", airline())
    ((outcome),) = [one async for one in record((turn,), recorder, tmp_path / "out.jsonl")]
    made = outcome.tiers["strong"]
    assert made.actions, made.error
    assert "pax" not in made.actions[0]
    assert made.voted
    assert made.voted.actions[0]["pax"] == "Two"
    assert made.voted.completeness >= made.completeness
    draft, findings = made.decided("strong")
    assert (draft.actions[0].args["pax"], findings) == ("Two", made.voted.findings())
    assert outcome.tiers["fast"].voted is None
