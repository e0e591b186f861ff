"""What an auditor looks for: targets, warnings and figures, in words, in the page, the policy file and the output."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.tuning.tuned import NOW, arguments, outcomes_file, tuned
from voice.cascade.fitted import Logistic, RouterFit
from voice.cascade.policy import Policy, Targets
from voice.policy_file import dump_policy
from voice.tuning.caveats import turns_to_show
from voice.tuning.compare_command import add_compare_arguments
from voice.tuning.metrics import clopper_pearson_upper
from voice.tuning.page import page
from voice.tuning.play import Sum
from voice.tuning.targets import Wanted, goal_table, line
from voice.tuning.tune import Tuned, Wish, routes
from voice.tuning.tune_command import add_tune_arguments, tune_main

pytest.importorskip("sklearn")


@pytest.fixture(scope="module")
def result() -> tuple[Tuned, Policy]:
    return tuned()


@pytest.fixture(scope="module")
def missed() -> Tuned:
    targets = Targets(max_cost=1e-7, max_risk=0.9)
    return tuned(Wish(targets=targets, max_escalated=1.0, rules=("learned",)))[0]


def test_a_missed_target_stands_in_the_page_the_file_and_the_report(missed: Tuned) -> None:
    rows = {row["target"]: row for row in missed.report["targets"]}
    assert not rows["max_cost"]["met"]
    assert rows["max_cost"]["dev"] > rows["max_cost"]["wanted"] == 1e-7
    assert (rows["max_risk"]["met"], rows["max_risk"]["told"]) == (True, "met")
    assert missed.report["dev"]["missed_targets"] == missed.report["test"]["missed_targets"] == ["max_cost"]
    assert line(rows["max_cost"]).startswith("max cost: wanted 0.0000001, reached 0.0")
    assert line(rows["max_cost"]).endswith(" on test: missed on dev and test")
    drawn, written = page(missed.report), dump_policy(missed.file)
    assert "The goal" in drawn
    for text in (drawn, written):
        assert "missed on dev and test" in text


def test_a_least_quality_is_missed_by_a_share_of_itself_like_every_target() -> None:
    reached = Sum(10, exact=0.4, escalated=0.5, accepted=10, wrong=1, cost=1.0, seconds=1.0, seconds_p95=1.0)
    for target in (Wanted("min_quality", 0.8), Wanted("max_seconds", 2 / 3)):
        assert target.excess(reached) == pytest.approx(0.5)
    assert Wanted("max_risk", 0.1).excess(reached) == 0


def test_a_risk_that_so_few_turns_can_not_show_is_said_to_be_met_with_that() -> None:
    none = Sum(7, exact=1.0, escalated=0.0, accepted=7, wrong=0, cost=0.0, seconds=0.0, seconds_p95=0.0)
    (row,) = goal_table([Wanted("max_risk", 0.0001)], none, none, 0.348)
    assert row["met"]
    assert row["told"] == "met, but so few turns of test only show at most 34.8%"


def test_the_turns_that_a_risk_takes_are_those_of_its_bound() -> None:
    for risk in (0.01, 0.05, 0.08, 0.348):
        n = turns_to_show(risk)
        assert n
        assert clopper_pearson_upper(0, n) <= risk < clopper_pearson_upper(0, n - 1)
    assert turns_to_show(0.08) == 36
    assert turns_to_show(0) is None


def test_so_few_turns_that_nothing_is_learned_are_warned_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, drawn = tmp_path / "policy.toml", tmp_path / "r.html"
    args = arguments(
        *(add_tune_arguments, outcomes_file(tmp_path, 30), "--rule", "learned", "--max-risk", "0.0001"),
        *("--out", out, "--page", drawn),
    )
    assert tune_main(args, NOW) == 0
    told = capsys.readouterr().out.replace("\n", " ")
    for text in (told, out.read_text(), drawn.read_text()):
        assert "models learned nothing: " in text
        assert "to show a risk of 0.01% takes at least 29956 accepted dev turns" in text


def test_turns_enough_are_warned_of_nothing(result: tuple[Tuned, Policy]) -> None:
    fitted = result[0].file.fitted
    constants = [name for name, fit in fitted.tiers.items() if not fit.right.weights]
    assert constants == []
    assert not any("the models learned nothing" in warning for warning in result[0].report["warnings"])


def test_every_key_of_a_policy_file_is_explained(result: tuple[Tuned, Policy], missed: Tuned) -> None:
    names = ("weights]", "thresholds]", "verdicts]", "routes]")
    for found in (result[0], missed):
        table, above = "", ""
        for text in dump_policy(found.file).splitlines():
            if text.startswith("["):
                table = text
            elif text and not text.startswith("#") and (not table.endswith(names) or table == "[rule.weights]"):
                assert " # " in text or above.startswith("# "), (table, text)
            above = text


def test_never_is_said_in_words(result: tuple[Tuned, Policy]) -> None:
    router = RouterFit(Logistic(0.0), {})
    assert routes(router) == "rules never act alone, the larger tier is never asked at once"
    at = replace(router, code_from=0.9, larger_gain=0.1)
    assert routes(at) == "rules act alone from a chance of 0.9, the larger tier is asked at once from a gain of 0.1"
    file = result[0].file
    never = file.model_copy(update={"fitted": replace(file.fitted, router=router)})
    assert "code_from = 1.01 # never, since no chance is above 1: " in dump_policy(never)
    assert "1.01" not in result[0].report["about"]


def test_the_figures_are_told_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    args = arguments(add_tune_arguments, outcomes_file(tmp_path, 100), "--rule", "static", "--max-escalated", "0.5")
    assert tune_main(args, NOW) == 0
    told = capsys.readouterr().out
    assert not {"{", "}", "_"} & {*told}
    assert "max escalated: wanted 50%, reached " in told
    assert "of it" in told


@pytest.mark.parametrize(
    ("add", "given"),
    [
        *((add_tune_arguments, f"--max-escalated={text}") for text in ("40", "-0.1", "nan", "some")),
        *((add_tune_arguments, f"--max-risk={text}") for text in ("-1", "nan", "1.5")),
        *((add_tune_arguments, f"--{name}={text}") for name in ("max-cost", "max-seconds") for text in ("-1", "inf")),
        (add_tune_arguments, "--min-quality=80"),
        (add_tune_arguments, "--kpi=quality=nan"),
        (add_compare_arguments, "--max-escalated=7"),
    ],
)
def test_a_target_that_makes_no_sense_is_refused(add: Any, given: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        arguments(add, "outcomes.jsonl", given)
    assert left.value.code == 2
    assert given.partition("=")[0] in capsys.readouterr().err
