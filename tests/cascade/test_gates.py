"""Gates: which action needs which tier, a read-back or a person; and what drafts of each class must reach."""

from dataclasses import replace

import pytest

from tests.cascade.script import FAST, SEARCH, STRONG, TWO_TIERS, Script
from voice.cascade.commands import Perform, StartDraft
from voice.cascade.policy import BudgetPolicy, CheckPolicy, Policy, RiskPolicy, Tier
from voice.cascade.words import Action

CANCEL = Action("cancel", {"code": "QT44LZ"})


def gated(*needs: str, tiers: tuple[Tier, ...] = (FAST, STRONG)) -> Script:
    return Script(replace(TWO_TIERS, tiers=tiers, gates={"cancel": needs}))


def tiers_asked(script: Script) -> list[str]:
    return [start.tier for start in script.all(StartDraft)]


def test_a_draft_of_a_smaller_tier_than_the_gate_asks_for_is_read_by_that_tier() -> None:
    huge = Tier("huge", expected_seconds=4.0)
    script = gated("huge", tiers=(FAST, STRONG, huge))
    script.hears(1.0, "Cancel it.")
    script.reads(1.0)
    script.drafts(1.5, CANCEL)
    script.examines(1.5)
    assert tiers_asked(script) == ["fast", "huge"]
    script.drafts(3.0, CANCEL)
    script.examines(3.0)
    assert script.last(Perform).actions == (CANCEL,)


def test_where_rules_read_a_gated_action_the_tier_is_asked_at_once() -> None:
    script = gated("strong")
    script.hears(1.0, "Cancel it.")
    script.reads(1.0, actions=[CANCEL])
    assert tiers_asked(script) == ["strong"]


def test_what_code_alone_would_do_is_read_by_the_tier_that_the_gate_asks_for() -> None:
    script = gated("strong")
    script.hears(1.0, "QT44LZ.")
    script.reads(1.0, actions=[CANCEL], certain=True, asked=True)
    assert tiers_asked(script) == ["strong"]
    assert not script.all(Perform)
    script.drafts(2.0, CANCEL)
    script.examines(2.0)
    assert script.last(Perform).actions == (CANCEL,)


def test_where_the_tier_of_a_gate_can_not_be_paid_the_action_is_not_carried_out() -> None:
    script = Script(replace(TWO_TIERS, gates={"cancel": ("strong",)}, budget=BudgetPolicy(money_per_call=FAST.most)))
    script.hears(1.0, "QT44LZ.")
    script.reads(1.0, actions=[CANCEL], certain=True, asked=True)
    assert script.last(Perform).actions == (Action("clarify", {"missing": "request", "because": "gate"}),)


def test_an_action_that_needs_a_person_is_handed_off_whoever_understood_it() -> None:
    for by_code in (True, False):
        script = gated("strong", "human")
        script.hears(1.0, "Cancel it.")
        script.reads(1.0, actions=[CANCEL] if by_code else None, certain=by_code, asked=by_code)
        if not by_code:
            script.drafts(1.5, CANCEL)
            script.examines(1.5)
            script.drafts(3.0, CANCEL)
            script.examines(3.0)
        assert script.last(Perform).actions == (Action("handoff"),)
        assert script.recorded("gate")[0].data["needs"] == "human"


def test_an_action_that_would_write_at_once_is_read_back_first_and_one_that_proposes_passes() -> None:
    script = gated("read_back")
    script.hears(1.0, "Cancel it.")
    script.reads(1.0, actions=[CANCEL], certain=True, asked=True)
    asked = script.last(Perform).actions[0]
    assert (asked.name, asked.args["missing"]) == ("clarify", "confirmation")
    script = Script(replace(TWO_TIERS, gates={"search": ("read_back",)}))
    script.hears(1.0, "Boston to Denver.")
    script.reads(1.0, actions=[SEARCH], certain=True, asked=True)
    assert script.last(Perform).actions == (SEARCH,)


def test_a_gate_that_nothing_can_open_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="the gate of 'cancel' needs storng: use fast, human, read_back, strong"):
        gated("storng")


def test_each_class_of_drafts_has_thresholds_of_its_own() -> None:
    checks = CheckPolicy(confidence=0.5, write={"confidence": 0.99})
    policy = Policy((FAST, STRONG), checks=checks, risk=RiskPolicy(actions={"cancel": "write"}, margins={}))
    for action, tiers in ((SEARCH, ["fast"]), (CANCEL, ["fast", "strong"])):
        script = Script(policy)
        script.hears(1.0, "Do it.")
        script.reads(1.0)
        script.drafts(1.5, action, logprob=-0.1)
        script.examines(1.5)
        assert tiers_asked(script) == tiers
    with pytest.raises(ValueError, match="there is no check confidnce"):
        CheckPolicy(money={"confidnce": 0.9})
