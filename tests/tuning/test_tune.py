"""From synthetic outcomes, whose truth is known, to a policy file and back."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.tuning.outcomes import make
from tests.tuning.tuned import NOW, arguments, outcomes_file, tuned
from voice.bench.desks import airline
from voice.cascade.fitted import Logistic
from voice.cascade.policy import Policy, RulePolicy, Targets, Weights
from voice.config import ConfigError, load
from voice.policy_file import BadPolicy, dump_policy, load_policy
from voice.tuning import elsewhere
from voice.tuning.cases import cases_of, split, tiers_in
from voice.tuning.choose import settle
from voice.tuning.compare_command import add_compare_arguments, compare_main
from voice.tuning.goal import Goal
from voice.tuning.learn import learn
from voice.tuning.page import page
from voice.tuning.play import Sum, play, summed
from voice.tuning.tune import Tuned, Wish, with_file
from voice.tuning.tune_command import KeptOld, NoFolder, add_tune_arguments, tune_main, weights_of

pytest.importorskip("sklearn")


@pytest.fixture(scope="module")
def result() -> tuple[Tuned, Policy]:
    return tuned()


def test_a_tuned_policy_beats_the_hand_set_one_on_turns_it_has_not_seen(result: tuple[Tuned, Policy]) -> None:
    found, base = result
    test = split(cases_of(make(300), base.tiers, airline()), "test")
    before, after = (summed([play(case, policy) for case in test]) for policy in (base, with_file(base, found.file)))
    assert after.exact > before.exact
    assert after.risk < before.risk
    assert found.report["test"]["reached"]["exact"] == pytest.approx(after.exact)


def test_a_report_holds_every_measure(result: tuple[Tuned, Policy]) -> None:
    test = result[0].report["test"]
    for name in ("cascade", "drafts"):
        assert {"curve", "oracle", "audc", "naudc", "apgr", "cpt50", "cpt80"} <= set(test["deferral"][name])
    assert sum(sum(row.values()) for row in test["router"].values()) == test["n"]
    assert {"router: code", "router: fast", "draft: fast", "draft: strong"} <= set(test["calibration"])
    regret = test["regret"]
    assert regret["total"] == pytest.approx(sum(value for name, value in regret.items() if name != "total"), abs=1e-4)
    assert test["reached"]["risk"] < test["reached"]["risk_upper"]
    assert set(test["overhead_ms"]) == {"reading", "router", "rule", "checks"}


def test_the_page_is_one_file_that_asks_for_nothing(result: tuple[Tuned, Policy]) -> None:
    drawn = page(result[0].report)
    assert drawn.count("<svg") >= 4
    assert not any(word in drawn for word in ("http:", "https:", "<script", "<link", "<img"))


def test_a_policy_file_comes_back_as_it_was(result: tuple[Tuned, Policy], tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(dump_policy(result[0].file))
    assert load_policy(path) == result[0].file


def profile(folder: Path, text: str = "") -> Path:
    path = folder / "mine.toml"
    tiers = "".join(f'[[tiers]]\nname = "{name}"\nmodel = "m"\n' for name in ("fast", "strong"))
    path.write_text(f'name = "mine"\n{text}\n{tiers}')
    return path


def test_a_profile_names_its_policy_file_and_what_it_says_itself_stays(
    result: tuple[Tuned, Policy], tmp_path: Path
) -> None:
    (tmp_path / "policy.toml").write_text(dump_policy(result[0].file))
    policy = load(profile(tmp_path, '[policy]\nfile = "policy.toml"\n[checks]\nconfidence = 0.7'), {}).policy()
    assert policy.fitted == result[0].file.fitted
    assert policy.rule == result[0].file.rule
    assert policy.checks.confidence == 0.7


def test_a_policy_file_that_cannot_be_used_names_the_profiles_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"mine\.toml:3: .*policy\.toml: can't be read"):
        load(profile(tmp_path, '[policy]\nfile = "policy.toml"'), {})
    (tmp_path / "policy.toml").write_text("format = 0")
    with pytest.raises(BadPolicy, match="format 0, not 2"):
        load_policy(tmp_path / "policy.toml")
    with pytest.raises(ConfigError, match=r"mine\.toml:3: the rule 'learned' is learned: make a policy file"):
        load(profile(tmp_path, '[rule]\nname = "learned"'), {})


def test_targets_hold_on_the_turns_that_chose_the_policy_before_the_weights_count() -> None:
    found, _ = tuned(Wish(targets=Targets(max_risk=0.02), rules=("learned",)))
    assert found.report["dev"]["reached"]["risk"] <= 0.02
    goal = Goal(Weights(0.5, 0.5, 0.0), Targets(max_cost=1.0, min_quality=0.8), None, dearest=2.0, slowest=1.0)
    good = Sum(10, exact=0.9, escalated=0.5, accepted=10, wrong=1, cost=1.0, seconds=1.0, seconds_p95=1.0)
    assert goal.rate(good) == (0.0, pytest.approx(0.5 * 0.9 - 0.5 * 0.5), -0.1)
    assert goal.rate(replace(good, exact=1.0, cost=1.5)) == (-0.5, pytest.approx(0.5 - 0.5 * 0.75), -0.1)
    assert goal.rate(replace(good, exact=1.0, cost=1.5)) < goal.rate(good)


def test_three_tiers_are_learned_like_two() -> None:
    outcomes = make(100, tiers=("fast", "middle", "strong"))
    tiers = tiers_in(outcomes, ())
    cases = cases_of(outcomes, tiers, airline())
    fitted = learn(cases, tiers, "v")
    assert [name for name, fit in fitted.tiers.items() if fit.above] == ["fast", "middle"]
    goal = Goal(Weights(0.1, 0.9, 0.0), Targets(), 0.4, dearest=1e-3, slowest=2.0)
    pairs = [(case, fitted) for case in cases[:20]]
    chosen = settle(pairs, Policy(tiers, rule=RulePolicy("frugal"), fitted=fitted), goal)
    assert set(chosen.policy.rule.thresholds) <= {"fast", "middle", "strong"}
    assert chosen.reached.escalated <= 0.4


# ---- commands


def test_a_better_policy_file_is_not_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, out = outcomes_file(tmp_path), tmp_path / "policy.toml"
    good = arguments(
        add_tune_arguments, data, "--rule", "learned", "--out", out, "--page", tmp_path / "r.html", "--json"
    )
    assert tune_main(good, NOW) == 0
    assert json.loads(capsys.readouterr().out)["test"]["n"] == 60
    kept = out.read_text()
    worse = arguments(add_tune_arguments, data, "--rule", "static", "--out", out)
    with pytest.raises(KeptOld, match=r"policy\.toml is kept: on the same dev turns its settings reach a utility"):
        tune_main(worse, NOW)
    assert out.read_text() == kept
    worse.force = True
    assert tune_main(worse, NOW) == 0
    assert load_policy(out).rule.name == "static"


def test_what_is_tuned_again_from_the_same_turns_is_no_worse(tmp_path: Path) -> None:
    data, out = outcomes_file(tmp_path, 200), tmp_path / "policy.toml"
    again = arguments(add_tune_arguments, data, "--rule", "learned", "--out", out, "--json")
    assert tune_main(again, NOW) == 0
    made = out.read_text()
    assert tune_main(again, NOW) == 0
    assert out.read_text() == made


@pytest.mark.parametrize("option", ["--out", "--page"])
def test_a_folder_that_is_not_there_is_told_before_anything_is_learned(tmp_path: Path, option: str) -> None:
    args = arguments(add_tune_arguments, tmp_path / "unread.jsonl", option, tmp_path / "none" / "file")
    with pytest.raises(NoFolder, match=rf"{option} .*there is no such folder, make it first"):
        tune_main(args, NOW)


def test_a_policy_file_that_cannot_be_read_is_told_before_anything_is_learned(tmp_path: Path) -> None:
    out = tmp_path / "policy.toml"
    out.write_text("format = 0")
    with pytest.raises(BadPolicy, match="format 0"):
        tune_main(arguments(add_tune_arguments, tmp_path / "unread.jsonl", "--out", out), NOW)


def test_a_file_without_a_router_is_rated_without_its_own_models(result: tuple[Tuned, Policy]) -> None:
    found, _ = result
    bare = found.file.model_copy(update={"fitted": replace(found.file.fitted, router=None)})
    sure = {name: replace(fit, right=Logistic(9.0)) for name, fit in found.file.fitted.tiers.items()}
    certain = bare.model_copy(update={"fitted": replace(bare.fitted, tiers=sure)})
    assert found.rate(found.file) == found.rating
    assert found.rate(certain) == found.rate(bare)


def test_a_given_policys_learned_rules_choose_thresholds_on_turns_they_have_not_learned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = outcomes_file(tmp_path, 100), tmp_path / "policy.toml"
    tune_main(arguments(add_tune_arguments, data, "--max-escalated", "0.4", "--out", out, "--json"), NOW)
    capsys.readouterr()
    tables: list[dict[str, Any]] = []
    for given in ((), ("--policy", out)):
        compare_main(arguments(add_compare_arguments, data, "--json", *given))
        rows = json.loads(capsys.readouterr().out)["rows"]
        tables.append({row["name"]: row for row in rows if row["group"] == "rules"})
    assert tables[0] == tables[1]


def test_the_table_sets_every_rule_beside_the_bounds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    args = arguments(add_compare_arguments, outcomes_file(tmp_path, 150), "--json")
    assert compare_main(args) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)["rows"]}
    assert {"rules' reading alone", "single: fast", "single: strong", "random, 40%", "oracle"} <= set(rows)
    assert {"static", "max_prob", "dtu", "chow_sum", "chow_average", "chow_quantile"} <= set(rows)
    assert {"learned", "frugal", "utility", "cascade, hand-set", "cascade, tuned"} <= set(rows)
    assert rows["oracle"]["exact"] >= max(rows["single: fast"]["exact"], rows["single: strong"]["exact"])
    assert rows["learned"]["naudc"] > rows["random, 40%"]["naudc"] == 0
    assert rows["oracle"]["naudc"] == 1


@pytest.mark.skipif(not elsewhere.available(), reason=elsewhere.SKIPPED)
def test_cascadeflow_decides_about_the_same_drafts() -> None:
    outcomes = make(5)
    for case in cases_of(outcomes, tiers_in(outcomes, ()), airline()):
        for judged in (elsewhere.Text(), elsewhere.ToolCalls({"search": ("legs",)})):
            assert judged(case.evidence["fast"]).verdict in ("accept", "escalate")


def test_weights_are_read_from_the_command_line() -> None:
    assert weights_of("cost=0.3,quality=0.6,latency=0.1") == Weights(0.3, 0.6, 0.1)
    for text in ("speed=1", "cost", "quality=0"):
        with pytest.raises(argparse.ArgumentTypeError, match="use cost="):
            weights_of(text)


def test_a_model_that_saw_one_kind_only_is_never_sure() -> None:
    from voice.tuning.fit import fit_logistic

    model = fit_logistic([{"a": 1.0}] * 20, [True] * 20, ["a", "b"] * 10)
    assert 0.9 < model.probability({"a": 1.0}) < 1
    assert replace(model, points=((0.0, 0.5), (1.0, 0.5))).probability({}) == 0.5
