"""What a call makes of a rule's verdict, of its own weights and of what was learned."""

from __future__ import annotations

import math
from dataclasses import replace

from tests.cascade.script import FAST, READ_ONLY, SEARCH, STRONG, Script
from voice.cascade.commands import Perform, StartDraft
from voice.cascade.events import CallStarted, Heard
from voice.cascade.fitted import Fitted, Logistic, RouterFit, TierFit
from voice.cascade.policy import Policy, RulePolicy, Targets, Weights


def chance(probability: float) -> Logistic:
    return Logistic(math.log(probability / (1 - probability)))


FITTED = Fitted(
    "v1",
    {
        "fast": TierFit(0.6, 1.0, 1.0, chance(0.6), chance(0.6), chance(0.7)),
        "strong": TierFit(0.7, 10.0, 4.0, chance(0.7), chance(0.7)),
    },
    RouterFit(chance(0.6), {"fast": chance(0.6), "strong": chance(0.7)}, code_from=0.9),
)
FRUGAL = RulePolicy("utility", weights=Weights(cost=1.0, quality=1.0, latency=0.0))
POLICY = Policy(tiers=(FAST, STRONG), rule=FRUGAL, fitted=FITTED)
CAREFUL = Weights(cost=0.0, quality=1.0, latency=0.0)


def drafted(script: Script, *, weights: Weights | None = None) -> None:
    script.feed(Heard(1.0, "Boston to Denver", True, 0.7, weights=weights))
    script.reads(1.0)
    script.drafts(1.5, SEARCH)
    script.examines(1.5)


def test_a_turn_is_decided_by_the_policys_weights() -> None:
    script = Script(POLICY)
    drafted(script)
    assert script.last(Perform).actions == (SEARCH,)
    checked = script.recorded("checked")[0].data
    assert (checked["rule"], checked["rule_version"], checked["verdict"]) == ("utility", "v1", "accept")


def test_a_call_or_a_single_turn_may_bring_weights_of_its_own() -> None:
    for_the_turn = Script(POLICY)
    drafted(for_the_turn, weights=CAREFUL)
    assert for_the_turn.last(StartDraft).tier == "strong"
    for_the_call = Script(POLICY)
    for_the_call.feed(CallStarted(0.0, "call-2", "dialogue-0", read_only=READ_ONLY, weights=CAREFUL))
    drafted(for_the_call)
    assert for_the_call.last(StartDraft).tier == "strong"


def test_a_draft_that_no_tier_would_better_within_the_targets_is_asked_about_not_guessed() -> None:
    unsure = replace(FRUGAL, targets=Targets(min_quality=0.9, max_seconds=2.0))
    script = Script(replace(POLICY, rule=unsure))
    drafted(script)
    assert [draft.tier for draft in script.all(StartDraft)] == ["fast"]
    assert script.last(Perform).actions[0].name == "clarify"
    assert script.recorded("checked")[0].data["verdict"] == "ask"


def test_the_trace_holds_what_the_router_knew() -> None:
    script = Script(POLICY)
    script.feed(Heard(1.0, "Boston to Denver", True, 0.7, words=(("Boston", 0.9), ("Denver", 0.6))))
    script.reads(1.0, actions=[SEARCH])
    routed = script.recorded("route")[0].data
    assert routed["facts"] == {"repairs": 0, "heard": 0.6, "last": ""}
    assert (routed["router_version"], routed["chances"]) == ("v1", {"code": 0.6, "fast": 0.6, "strong": 0.7})
    assert routed["read"]["actions"] == [SEARCH.as_dict()]
