"""Whether calls are still like those that a policy was made from: told by its scores before callers object."""

from __future__ import annotations

import argparse
import json
import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.cascade.script import SEARCH, TWO_TIERS
from tests.tracing.calls import MODELS, OTHER, SHADOWED, Lines, PlayedCall, write
from voice.bench.desks import airline
from voice.cascade.fitted import Fitted, Logistic, RouterFit
from voice.cascade.words import Reading
from voice.policy_file import FORMAT, PolicyFile, Reference, dump_policy
from voice.trace_command import add_trace_arguments, trace_main
from voice.tracing.outcomes import gather
from voice.tuning.cases import cases_of
from voice.tuning.drift import Drift, NothingToCompare, as_dict, drift
from voice.tuning.psi import counts, histogram, least_visible, stability_index
from voice.tuning.reference import LEAST_LIVE, observe, reference

TIERS = ("fast", "strong")


def calls(
    n: int, *, unsure: float = 0.02, wrong: float = 0.0, repaired: float = 0.0, day: str = "2026-11-20", seed: int = 1
) -> Lines:
    """Play calls of three turns, all answered by the small tier.

    Args:
        n: How many.
        unsure: The mean of its negated log-probabilities.
        wrong: How often its second opinion is another one.
        repaired: How often the caller objects.
        day: Of the calls.
        seed: Makes them the same every time.
    """
    chance, lines = random.Random(seed), Lines()
    for index in range(n):
        call = PlayedCall(f"{seed}-{index}", SHADOWED, date=day)
        for _ in range(3):
            logprob = -min(0.15, unsure * (0.5 + chance.random()))
            text = "No, I said Austin." if chance.random() < repaired else "Boston to Denver."
            call.says(text, strong=OTHER if chance.random() < wrong else SEARCH, logprob=logprob)
        lines += call.ends()
    return lines


def made_from(lines: Lines) -> Reference:
    return reference(cases_of(gather(lines, TIERS, MODELS, airline()).outcomes, TWO_TIERS.tiers, airline()), TWO_TIERS)


@pytest.fixture(scope="module")
def before() -> Reference:
    return made_from(calls(60))


def compared(lines: Lines, before: Reference, since: date | None = None) -> Drift:
    return drift(lines, TWO_TIERS, before, airline().facts, since)


def test_calls_like_those_before_show_no_drift(before: Reference) -> None:
    assert (before.of, before.turns) == ("calls", 180)
    found = compared(calls(60, seed=2), before)
    assert (found.alarm, found.turns, found.calls, found.foreign) == ("no drift", 180, 60, 0)
    assert {each.name for each in found.rates} == {"escalated", "asked back", "repaired", "disagreed"}
    assert all(each.alarm == "no drift" for each in found.shifts)


def test_scores_tell_of_a_shift_before_anybody_objects(before: Reference) -> None:
    found = compared(calls(60, unsure=0.05, seed=2), before)
    assert found.alarm == "act"
    assert found.shifts[0].name in ("score: fast", "fast: mean_logprob")
    assert found.shifts[0].now < found.shifts[0].was
    assert {rate.name: (rate.now, rate.alarm) for rate in found.rates if rate.name in ("repaired", "escalated")} == {
        "repaired": (0.0, "no drift"),
        "escalated": (0.0, "no drift"),
    }


def test_objections_and_differing_second_opinions_tell_even_where_scores_do_not(before: Reference) -> None:
    found = compared(calls(60, wrong=0.3, repaired=0.3, seed=2), before)
    rates = {rate.name: rate for rate in found.rates}
    assert (found.alarm, rates["repaired"].alarm, rates["disagreed"].alarm) == ("act", "act", "act")
    assert rates["disagreed"].was == 0
    assert rates["disagreed"].was_ci95
    assert rates["disagreed"].was_ci95[1] < rates["disagreed"].now_ci95[0]


def test_a_new_kind_of_request_shows_in_what_the_router_goes_by() -> None:
    chances = {"fast": Logistic(2.0, {"words": -1.0}), "strong": Logistic(2.0, {"words": -0.2})}
    learned = replace(TWO_TIERS, fitted=Fitted("v", router=RouterFit(Logistic(0.0), chances, larger_gain=0.3)))
    lines = calls(40)
    was = reference(cases_of(gather(lines, TIERS, MODELS, airline()).outcomes, TWO_TIERS.tiers, airline()), learned)
    longer = json.loads(json.dumps(lines).replace("Boston to Denver.", "Boston to Denver and then on to Dulles."))
    found = drift(longer, learned, was, airline().facts)
    shifted = [each.name for each in found.shifts if each.alarm == "act"]
    assert found.alarm == "act"
    assert {"turn: words", "chance: fast", "chance: strong", "route: draft"} == set(shifted)
    assert found.routes == {"draft": (1.0, 0.0), "larger": (0.0, 1.0)}


def test_few_turns_cry_no_wolf(before: Reference) -> None:
    found = compared(calls(2, unsure=0.05, seed=2), before)
    assert found.alarm == "no drift"
    assert any(each.unseen for each in found.shifts)


def test_fewer_turns_of_calls_than_needed_leave_the_reference_to_labelled_ones() -> None:
    lines = calls(LEAST_LIVE // 3)
    outcomes = gather(lines, TIERS, MODELS, airline()).outcomes
    written = [replace(one, call="", id=f"w{index}") for index, one in enumerate(outcomes[:5])]
    found = reference(cases_of([*written, *outcomes], TWO_TIERS.tiers, airline()), TWO_TIERS)
    assert (found.of, found.turns) == ("labelled turns", 5)


def test_what_another_policy_decided_is_compared_by_its_scores_but_not_by_its_decisions(before: Reference) -> None:
    lines = calls(30, seed=2)
    for line in lines:
        if line["kind"] == "route":
            line["router_version"] = "older"
    found = compared(lines, before)
    assert found.foreign == found.turns == 90
    assert {rate.name for rate in found.rates} == {"repaired", "disagreed"}


def test_only_calls_from_a_day_on_are_compared(before: Reference) -> None:
    lines = [*calls(10, day="2026-11-01", seed=3), *calls(20, seed=2), *calls(5, day="", seed=4)]
    found = compared(lines, before, date(2026, 11, 10))
    assert (found.calls, found.undated) == (20, 15)
    with pytest.raises(NothingToCompare, match="from 2027-01-01 on"):
        compared(lines, before, date(2027, 1, 1))


def test_the_index_is_that_of_a_computation_by_hand() -> None:
    # (.5 - .25) ln 2 + (.5 - .75) ln (2/3), but for the smoothing
    by_hand = 0.25 * 0.693147 + 0.25 * 0.405465
    assert stability_index([250_000, 750_000], [500_000, 500_000]) == pytest.approx(by_hand, rel=1e-4)
    assert stability_index([3, 7], [3, 7]) == 0
    # chi squared with 9 degrees of freedom exceeds 16.919 with 5%
    assert least_visible([10] * 10, [10] * 10, 0.05) == pytest.approx(16.919 * 2 / 100, rel=0.01)


def test_values_are_binned_one_by_one_where_there_are_few_and_by_tenths_otherwise() -> None:
    flags = histogram([0.0] * 95 + [1.0] * 5)
    assert [n for n in flags.counts if n] == [95, 5]
    assert counts(flags.cuts, [-1.0, 0.0, 0.5, 1.0, 2.0]) == (1, 1, 1, 1, 1)
    heaped = histogram([0.99] * 950 + [index / 1000 for index in range(50)])
    assert heaped.counts == (50, 950, 0)
    many = histogram([index / 1000 for index in range(1000)])
    assert len(many.cuts) == 9
    assert min(many.counts) >= 99


def test_the_command_tells_a_cron_job_when_to_tune_again(
    before: Reference, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy = tmp_path / "policy.toml"
    file = PolicyFile(version="v", made={}, metrics={}, rule=TWO_TIERS.rule, fitted=Fitted("v"), reference=before)
    policy.write_text(dump_policy(file))
    same, shifted = (
        write(tmp_path / name / "trace.jsonl", calls(60, unsure=unsure, seed=2))
        for name, unsure in (("same", 0.02), ("shifted", 0.05))
    )

    def run(trace: Path, *more: str) -> int:
        parser = argparse.ArgumentParser()
        add_trace_arguments(parser)
        return trace_main(parser.parse_args(["drift", str(trace), "--policy", str(policy), *more]))

    assert run(same) == 0
    assert capsys.readouterr().out.rstrip().endswith("no drift")
    assert run(shifted) == 1
    assert "act: re-tune" in capsys.readouterr().out
    assert run(shifted, "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["shifts"][0]["alarm"]) == ("act", "act")
    assert told.keys() == as_dict(compared(calls(2), before)).keys()
    policy.write_text(
        dump_policy(file.model_copy(update={"reference": None})).replace(f"format = {FORMAT}", "format = 1")
    )
    with pytest.raises(NothingToCompare, match="make it again with `voice tune`"):
        run(same)


def test_a_model_that_learned_nothing_is_not_watched(before: Reference) -> None:
    constant, learned = Logistic(1.0), Logistic(1.0, {"legs": -0.5})
    found = [name for name in before.values if name.startswith("chance: ")]
    assert found == []
    for model, watched in ((constant, set[str]()), (learned, {"chance: fast", "chance: strong"})):
        router = RouterFit(constant, {"fast": model, "strong": model})
        policy = replace(TWO_TIERS, fitted=Fitted("v", router=router))
        seen = observe(Reading("Boston to Denver."), [], policy, airline().facts)
        assert {name for name in seen if name.startswith("chance: ")} == watched
