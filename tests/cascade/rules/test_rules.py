"""Each rule against a case that was computed by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from voice.cascade.fitted import Fitted, Logistic, RouterFit, TierFit
from voice.cascade.policy import CheckPolicy, Policy, RiskPolicy, RulePolicy, Targets, Tier, Weights
from voice.cascade.rules import NAMES, Evidence, below, judge, last_resort, risk_of, rule_named
from voice.cascade.words import Action, Draft, Findings, Reading

SMALL, MIDDLE, LARGE = Tier("small"), Tier("middle"), Tier("large")
POLICY = Policy(tiers=(SMALL, MIDDLE, LARGE))


def evidence(
    *probabilities: float,
    tokens: tuple[str, ...] = (),
    findings: Findings | None = None,
    tier: Tier = SMALL,
    above: tuple[Tier, ...] = (MIDDLE, LARGE),
    actions: tuple[Action, ...] = (Action("lookup"),),
) -> Evidence:
    draft = Draft(tier.name, actions, "", tuple(map(math.log, probabilities)), tokens=tokens)
    return Evidence(Reading("look it up"), draft, findings or Findings(1.0, 1.0), tier, above)


def score(name: str, case: Evidence, **settings: float) -> float:
    return rule_named(replace(RulePolicy(name), **settings), CheckPolicy(), None).judge(case).score


def always(probability: float) -> Logistic:
    return Logistic(math.log(probability / (1 - probability)))


def fit(right: float, above: float | None, price: float, seconds: float) -> TierFit:
    return TierFit(right, price, seconds, always(right), always(right), None if above is None else always(above))


FITTED = Fitted(
    "v1",
    {"small": fit(0.6, 0.8, 1.0, 1.0), "middle": fit(0.8, 0.9, 2.0, 2.0), "large": fit(0.9, None, 10.0, 4.0)},
    RouterFit(always(0.5), {}),
)


def test_chow_sum_is_the_product_of_all_probabilities() -> None:
    assert score("chow_sum", evidence(0.9, 0.5, 0.8)) == pytest.approx(0.36)


def test_chow_average_is_their_geometric_mean() -> None:
    assert score("chow_average", evidence(0.9, 0.5, 0.8)) == pytest.approx(0.36 ** (1 / 3))


def test_chow_quantile_lies_between_the_two_nearest_tokens() -> None:
    case = evidence(0.9, 0.5, 0.8)
    assert score("chow_quantile", case, quantile=0.0) == pytest.approx(0.5)
    assert score("chow_quantile", case, quantile=0.25) == pytest.approx(math.sqrt(0.5 * 0.8))


def test_max_prob_is_the_probability_of_the_choice_of_actions_whatever_its_values_are() -> None:
    case = evidence(0.9, 0.5, 0.1, 0.8, tokens=('{"do":[{"', "lookup", '":"AB12CD', '"}]}'))
    assert score("max_prob", case) == pytest.approx(0.9 * 0.5 * 0.8)


def test_the_distance_to_uniform_is_nought_where_four_ways_are_alike_and_one_where_there_is_no_doubt() -> None:
    assert score("dtu", evidence(0.25)) == pytest.approx(0.0)
    assert score("dtu", evidence(1.0)) == pytest.approx(1.0)
    assert score("dtu", evidence(0.7)) == pytest.approx((0.7 - 0.25) / 0.75)


def test_static_is_as_good_as_the_check_that_comes_out_worst() -> None:
    found = rule_named(RulePolicy(), CheckPolicy(), None).judge(evidence(0.425, findings=Findings(0.9, 1.0)))
    assert found.verdict == "escalate"
    assert found.score == pytest.approx(0.25)  # half of the 0.85 that is wanted is half of the way to 0.5
    assert found.failed == ("confidence 0.42 < 0.85",)
    assert found.thresholds == {"completeness": 0.8, "correctness": 1.0, "confidence": 0.85}


def test_action_and_argument_tokens_have_thresholds_of_their_own() -> None:
    tokens = ('{"do":[{"', "lookup", '":"', "AB12CD", '"}]}')
    checks = CheckPolicy(argument_confidence=0.9)
    case = evidence(1.0, 1.0, 1.0, 0.85, 1.0, tokens=tokens)
    found = rule_named(RulePolicy(), checks, None).judge(case)
    assert found.failed == ("argument_confidence 0.85 < 0.90",)


def test_learned_is_a_logistic_model_of_what_is_known() -> None:
    model = Logistic(-1.0, {"completeness": 2.0, "agrees": 1.0})
    fitted = replace(FITTED, tiers={"small": replace(FITTED.tiers["small"], right=model)})
    rule = rule_named(RulePolicy("learned", thresholds={"small": 0.9}), CheckPolicy(), fitted)
    found = rule.judge(evidence(0.9, findings=Findings(0.5, 1.0, agreement=True)))
    assert found.score == pytest.approx(1 / (1 + math.exp(-1.0)))  # -1 + 2 * 0.5 + 1
    assert (found.verdict, found.version) == ("escalate", "v1")


def test_frugal_has_a_scorer_and_a_threshold_for_each_tier() -> None:
    rule = rule_named(RulePolicy("frugal", thresholds={"small": 0.7, "middle": 0.7}), CheckPolicy(), FITTED)
    assert rule.judge(evidence(0.9)).verdict == "escalate"
    assert rule.judge(evidence(0.9, tier=MIDDLE, above=(LARGE,))).verdict == "accept"


def utility(case: Evidence, weights: Weights, **targets: float) -> tuple[str, float]:
    policy = RulePolicy("utility", weights=weights, targets=replace(Targets(), **targets))
    found = rule_named(policy, CheckPolicy(), FITTED).judge(case)
    return found.verdict, found.score


def test_utility_weighs_quality_against_money_and_waiting() -> None:
    # accept: .5 * .6 = .3; middle: .5 * .8 - .3 * 2/10 - .2 * 2/4 = .24; large: .5 * .9 - .3 - .2 = -.05
    verdict, found = utility(evidence(0.9), Weights(0.3, 0.5, 0.2))
    assert verdict == "accept"
    assert found == pytest.approx((1 + 0.3 - 0.24) / 2)
    # quality alone: the next tier is right more often
    assert utility(evidence(0.9), Weights(0.0, 1.0, 0.0))[0] == "escalate"


def test_a_turn_may_bring_weights_of_its_own() -> None:
    careful = replace(evidence(0.9), weights=Weights(0.0, 1.0, 0.0))
    assert utility(careful, Weights(1.0, 0.1, 1.0))[0] == "escalate"


def test_targets_come_before_the_weights() -> None:
    cheap = Weights(1.0, 0.1, 1.0)
    assert utility(evidence(0.9), cheap, max_risk=0.3)[0] == "escalate"
    assert utility(evidence(0.9), cheap, max_risk=0.3, max_cost=1.5)[0] == "ask", "every larger tier is too dear"
    assert utility(evidence(0.9), Weights(0, 1, 0), max_seconds=0.5)[0] == "accept", "every larger tier is too slow"


def test_any_rule_works_with_three_tiers_and_without_log_probabilities() -> None:
    for name in NAMES:
        rule = rule_named(RulePolicy(name), CheckPolicy(), FITTED)
        for index, tier in enumerate(POLICY.tiers):
            for probabilities in ((), (0.9, 0.8)):
                found = rule.judge(evidence(*probabilities, tier=tier, above=POLICY.tiers[index + 1 :]))
                assert 0 <= found.score <= 1
                assert (found.rule, bool(found.version)) == (name, True)


def test_a_learned_rule_without_a_policy_file_says_what_to_do() -> None:
    with pytest.raises(ValueError, match="voice tune"):
        rule_named(RulePolicy("learned"), CheckPolicy(), None)
    with pytest.raises(ValueError, match="use one of single, static"):
        rule_named(RulePolicy("best"), CheckPolicy(), None)


# ---- gates


def test_what_cannot_be_undone_must_pass_by_a_margin() -> None:
    writes = Findings(1.0, 1.0, irreversible=True)
    just = evidence(0.855, findings=writes)
    just = replace(just, risk=risk_of(just.draft, writes, POLICY.risk))
    assert just.risk == "write"
    assert judge(replace(just, risk="read"), POLICY).verdict == "accept"
    assert judge(just, POLICY).failed == ("write: static 0.52 < 0.55",)


def test_the_class_of_an_action_can_be_set_and_the_worst_of_a_draft_counts() -> None:
    policy = RiskPolicy({"quote": "quote", "refund": "money"})
    names = ("lookup", "quote", "refund")
    found = [risk_of(Draft("small", tuple(map(Action, names[:n]))), Findings(1, 1), policy) for n in (1, 2, 3)]
    assert found == ["read", "quote", "money"]
    with pytest.raises(ValueError, match="no risk theft: use read, quote, write, money"):
        RiskPolicy({"lookup": "theft"})  # type: ignore[dict-item]


def test_made_up_arguments_are_refused_under_every_rule_for_what_cannot_be_undone() -> None:
    made_up = replace(evidence(1.0, findings=Findings(1.0, 0.5, irreversible=True)), risk="write")
    for name in NAMES:
        policy = replace(POLICY, rule=RulePolicy(name, threshold=0.0, with_checks=False), fitted=FITTED)
        assert judge(made_up, policy).verdict != "accept", name


def test_the_largest_tier_may_be_unsure_but_not_when_it_writes() -> None:
    unsure = evidence(0.3, tier=LARGE, above=())
    assert judge(unsure, POLICY).verdict == "escalate"
    assert last_resort(unsure, POLICY)
    assert not last_resort(replace(unsure, risk="write"), POLICY)
    assert not last_resort(replace(unsure, findings=Findings(0.5, 1.0)), POLICY)


def test_a_hesitant_draft_passes_if_the_next_smaller_tier_read_the_same() -> None:
    hesitant = evidence(0.7, 0.7, tier=MIDDLE, above=(LARGE,))
    small = replace(hesitant.draft, tier="small")
    static = rule_named(RulePolicy("static"), CheckPolicy(), None)
    assert static.judge(hesitant).verdict == "escalate"
    assert static.judge(replace(hesitant, below=small)).verdict == "accept"
    other = replace(small, actions=(Action("cancel"),))
    assert static.judge(replace(hesitant, below=other)).verdict == "escalate"
    assert replace(hesitant, below=replace(small, actions=())).seconded is None, "a draft that says nothing is no word"


def test_the_second_opinion_is_that_of_the_next_smaller_tier() -> None:
    drafts = [Draft("small", (Action("chat"),)), Draft("large", (Action("chat"),))]
    assert below(POLICY, "middle", drafts) == drafts[0]
    assert below(POLICY, "large", drafts) is None
    assert below(POLICY, "small", drafts) is None


def test_two_tiers_that_read_the_same_outweigh_what_the_rules_miss_in_it_but_not_when_it_writes() -> None:
    missed = evidence(1.0, findings=Findings(0.6, 1.0), tier=MIDDLE, above=(LARGE,))
    assert judge(missed, POLICY).verdict == "escalate"
    seconded = replace(missed, below=replace(missed.draft, tier="small"))
    assert judge(seconded, POLICY).verdict == "accept"
    assert judge(replace(seconded, findings=Findings(0.4, 1.0)), POLICY).verdict == "escalate"
    for risk in ("write", "money"):
        assert judge(replace(seconded, risk=risk), POLICY).verdict == "escalate"
