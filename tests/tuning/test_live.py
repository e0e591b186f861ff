"""Turns of real calls among labelled ones: they weigh what their verdicts weigh, and teach what they tell."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.tuning.outcomes import make
from voice.bench.desks import airline
from voice.bench.turns.outcomes import RecordedOutcome, Verdict, write_outcome
from voice.cascade.policy import Policy, Tier
from voice.tuning import metrics
from voice.tuning.assess import risk
from voice.tuning.cases import BadData, cases_of, fingerprint, split
from voice.tuning.fit import fit_logistic
from voice.tuning.live import live_in, since, told
from voice.tuning.play import play, summed

TIERS = (Tier("fast"), Tier("strong"))


def live(
    outcome: RecordedOutcome,
    call: str,
    *,
    weight: float = 0.5,
    verdict: Verdict = "second_opinion",
    tiers: Sequence[str] = ("fast", "strong"),
    day: str = "2026-11-20",
) -> RecordedOutcome:
    """Make a turn of a call of an outcome: of these tiers, known so far."""
    made = {name: replace(outcome.tiers[name], weight=weight, verdict=verdict) for name in tiers}
    reading = replace(outcome.reading, weight=weight, verdict=verdict)
    where = f"{call}/{outcome.id}"
    return replace(outcome, id=where, call=call, date=f"{day}T09:00:00-05:00", tiers=made, reading=reading)


def test_two_of_half_the_weight_count_as_one() -> None:
    outcomes = make(60)
    halves = [live(one, call) for one in outcomes for call in ("a", "b")]
    policy = Policy(TIERS)
    whole, split_up = (
        summed([play(case, policy) for case in cases_of(each, TIERS, airline())]) for each in (outcomes, halves)
    )
    for name in ("exact", "escalated", "accepted", "wrong", "cost", "seconds", "seconds_p95"):
        assert getattr(split_up, name) == pytest.approx(getattr(whole, name))
    scores, right = [0.1, 0.4, 0.4, 0.9] * 5, [0.0, 1.0, 0.0, 1.0] * 5
    twice = [0.5] * 40
    assert metrics.brier(scores * 2, right * 2, twice) == pytest.approx(metrics.brier(scores, right))
    curves = (
        metrics.deferral_curve(scores, right, [1.0] * 20),
        metrics.deferral_curve(scores * 2, right * 2, [1.0] * 40, twice),
    )
    assert curves[0].quality == pytest.approx(curves[1].quality)
    bins = metrics.reliability(scores * 2, right * 2, weights=twice)
    assert [each.n for each in bins] == [each.n for each in metrics.reliability(scores, right)]


def test_a_bound_on_turns_of_unequal_weight_is_that_of_as_many_equal_ones_as_tell_as_much() -> None:
    assert metrics.effective([1.0] * 8) == 8
    assert metrics.effective([1.0, 0.5, 0.5]) == pytest.approx(4 / 1.5)
    outcomes = [*make(40), *(live(one, "a", weight=0.25) for one in make(40, seed=2))]
    reached = summed([play(case, Policy(TIERS)) for case in cases_of(outcomes, TIERS, airline())])
    assert reached.effective is not None
    assert reached.effective < reached.n
    assert risk(reached)["risk"] < risk(reached)["risk_upper"] < 1


def test_a_fit_listens_to_weights_and_forgets_what_weighs_nothing() -> None:
    pytest.importorskip("sklearn")
    rows = [{"sure": float(index % 2)} for index in range(80)]
    right = [index % 2 == 1 for index in range(80)]
    groups = [str(index % 8) for index in range(80)]
    lies = [not each for each in right]
    honest = fit_logistic(rows, right, groups)
    assert fit_logistic(rows * 2, right + lies, groups * 2, [1.0] * 80 + [0.0] * 80) == honest
    doubted = fit_logistic(rows * 2, right + lies, groups * 2, [1.0] * 80 + [0.3] * 80)
    assert 0.5 < doubted.probability({"sure": 1.0}) < honest.probability({"sure": 1.0})


def test_a_turn_of_which_one_tier_is_known_teaches_but_does_not_choose() -> None:
    outcomes = make(20)
    partly = [live(one, "a", tiers=["fast"]) for one in outcomes]
    cases = cases_of([*outcomes, *partly], TIERS, airline())
    assert [case.outcome.call for case in split(cases, "dev")] == [""] * 4
    assert sum(case.weight("fast") for case in cases) == 20 + 10
    with pytest.raises(BadData, match="give labelled turns too"):
        split(cases_of([outcomes[0], *partly], TIERS, airline()), "dev")
    assert fingerprint(cases) != fingerprint(
        cases_of([*outcomes, *(live(one, "a") for one in outcomes)], TIERS, airline())
    )
    assert live_in(cases, TIERS) == {
        "turns": 20,
        "calls": 1,
        "whole": 0,
        "verdicts": {"second_opinion": 20},
        "weight": 10.0,
    }


def test_since_drops_calls_before_a_day_but_never_a_labelled_turn() -> None:
    written, one, other, third = make(4)
    outcomes = [
        written,
        live(one, "old", day="2026-11-01"),
        live(other, "old-labelled", day="2026-11-01", verdict="label"),
        live(third, "new", day="2026-11-20"),
    ]
    kept, dropped = since(outcomes, date(2026, 11, 20))
    assert ([each.call for each in kept], dropped) == (["", "old-labelled", "new"], 1)
    assert since(outcomes, None) == (outcomes, 0)


def test_a_policy_tells_which_calls_it_was_made_from(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("sklearn")
    from datetime import datetime

    from tests.tuning.test_tune import arguments
    from voice.policy_file import load_policy
    from voice.tuning.tune_command import add_tune_arguments, tune_main

    days = ("2026-11-01", "2026-11-20")
    turns = [live(one, f"call-{index % 40}", day=days[index % 2]) for index, one in enumerate(make(240, seed=3))]
    paths = [tmp_path / "written.jsonl", tmp_path / "live.jsonl"]
    for path, outcomes in zip(paths, (make(150), turns), strict=True):
        path.write_text("".join(write_outcome(outcome) + "\n" for outcome in outcomes))
    out = tmp_path / "policy.toml"
    given = (*paths, "--since", "2026-11-10", "--rule", "learned", "--out", out, "--json")
    assert tune_main(arguments(add_tune_arguments, *given), datetime(2026, 11, 24)) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["live"]["turns"], report["live"]["calls"], report["live"]["left_out"]) == (120, 20, 120)
    assert "120 turns of 20 calls, weighing 60" in told(report["live"])
    assert report["test"]["labelled"]["n"] < report["test"]["n"]
    file = load_policy(out)
    assert file.made["live"]["verdicts"] == {"second_opinion": 120}
    assert file.reference
    assert (file.reference.of, file.reference.turns) == ("calls", 120)
    assert {"score: fast", "chance: code", "fast: mean_logprob"} <= set(file.reference.values)
