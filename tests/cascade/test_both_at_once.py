"""Two tiers at once decide as one after the other would, whichever answers first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.cascade.script import TWO_TIERS, Script, kinds
from tests.cascade.test_deciding_by_rule import FITTED
from voice.cascade.commands import CancelDrafts, Examine, Perform, StartDraft
from voice.cascade.events import Drafted, Drafting, Examined
from voice.cascade.policy import CheckPolicy, EarlyPolicy, Policy, RouterPolicy, RulePolicy, Targets, Weights
from voice.cascade.words import Action, Draft, Findings, OutcomeKind

AT_ONCE, IN_TURN = RouterPolicy(both_from=0.0, straight_to_larger=9.0), RouterPolicy(straight_to_larger=9.0)
CAREFUL = replace(
    TWO_TIERS, router=AT_ONCE, checks=CheckPolicy(confidence=0.9, support=1.0), early=EarlyPolicy(abandon_below=0.2)
)


def search(**args: str) -> Action:
    return Action("search", {"legs": [{"from": "Boston", "to": "Denver"}], **args})


def wire(actions: Sequence[Action]) -> str:
    return repr([action.as_dict() for action in actions])


@dataclass(frozen=True)
class Answer:
    """What a tier gives: a draft, how sure it was at its beginning and of all of it, or an error."""

    actions: tuple[Action, ...] = ()
    begins: float = -0.01
    sure: float = -0.01
    error: str | None = None


@dataclass(frozen=True)
class Case:
    """A turn: what rules read, what the tiers answer, and what the desk finds, by the actions."""

    reading: tuple[Action, ...] | None
    fast: Answer
    strong: Answer
    findings: Mapping[str, Findings]

    def found(self, asked: Examine) -> Findings:
        return self.findings.get(wire(asked.actions), Findings(1.0, 1.0))


def come_to(case: Case, policy: Policy, arrivals: Sequence[str] = ()) -> list[tuple[Action, ...]]:
    """Give what is carried out in a turn whose drafts begin and arrive in this order; those that are asked for then."""
    script = Script(policy)
    script.hears(1.0, "Boston to Denver.")
    script.reads(1.0, actions=case.reading, wires=(wire(case.reading),) if case.reading else ())
    examined = performed = 0
    begun, ended = set[str](), set[str]()
    at = 1.0
    due = [*arrivals]

    def under_way() -> list[StartDraft]:
        cancelled = {each.tier for each in script.all(CancelDrafts)}
        dropped = {"fast", "strong"} if None in cancelled else cancelled
        return [each for each in script.all(StartDraft) if each.tier not in ended and each.tier not in dropped]

    while due or (not script.all(Perform) and under_way()):
        tier = due.pop(0) if due else under_way()[0].tier
        asked = next((each for each in under_way() if each.tier == tier), None)
        at += 0.1
        answer: Answer = getattr(case, tier)
        if asked is None:
            continue
        if tier not in begun and answer.actions:
            begun.add(tier)
            begins = wire(answer.actions)[: int(0.7 * len(wire(answer.actions)))]
            script.feed(Drafting(at, asked.generation, Draft(tier, (), begins, (answer.begins,) * 5)))
        else:
            ended.add(tier)
            draft = Draft(tier, answer.actions, "{}", (answer.sure,) * 10, 1000, 50, answer.error)
            script.feed(Drafted(at, asked.generation, draft))
        while examined < len(script.all(Examine)):
            check = script.all(Examine)[examined]
            examined += 1
            script.feed(Examined(at, check.generation, check.tier, case.found(check)))
        if performed < len(script.all(Perform)):
            performed += 1
            script.performs(at, kind=OutcomeKind.CLARIFY)
    assert performed == 1, "the turn is answered once"
    assert script.state.turn is None
    return [command.actions for command in script.all(Perform)]


ARGS = st.dictionaries(st.sampled_from(["pax", "cabin"]), st.sampled_from(["one", "two", "first"]), max_size=2)
ACTIONS = st.one_of(
    ARGS.map(lambda args: (search(**args),)),
    st.sampled_from([(Action("lookup"),), (Action("confirm", {"answer": "yes"}),), (Action("clarify"),), ()]),
)
SURENESS = st.sampled_from([-0.01, -0.2, -3.0])
ANSWERS = st.one_of(
    st.builds(Answer, ACTIONS, SURENESS, SURENESS),
    st.sampled_from([Answer(error="down"), Answer(error="broken_json")]),
)
SHARES = st.sampled_from([0.4, 0.6, 0.8, 1.0])
FINDINGS = st.builds(Findings, SHARES, SHARES, irreversible=st.booleans())


@st.composite
def cases(draw: st.DrawFn) -> Case:
    reading = draw(st.one_of(st.none(), ACTIONS.filter(bool)))
    fast, strong = draw(ANSWERS), draw(ANSWERS)
    known = {wire(each) for each in (reading or (), fast.actions, strong.actions)}
    return Case(reading, fast, strong, {each: draw(FINDINGS) for each in sorted(known)})


ARRIVALS = st.permutations(["fast", "fast", "strong", "strong"])
POLICIES = st.builds(
    lambda support, gates, abandon: replace(
        CAREFUL, checks=replace(CAREFUL.checks, support=support), gates=gates, early=EarlyPolicy(abandon_below=abandon)
    ),
    st.sampled_from([0.0, 1.0]),
    st.sampled_from([{}, {"lookup": ("strong",)}, {"search": ("read_back",)}, {"lookup": ("human",)}]),
    st.sampled_from([0.0, 0.2]),
)
TOGETHER = Case(
    (search(pax="two"),), Answer((search(pax="three"),), sure=-0.2), Answer((search(pax="four"),), sure=-0.2), {}
)
"""Each reads something else, and nobody is sure."""


@given(cases(), ARRIVALS, ARRIVALS, POLICIES)
@example(TOGETHER, ["fast", "fast", "strong", "strong"], ["strong", "strong", "fast", "fast"], CAREFUL)
def test_the_order_of_arrival_decides_nothing(
    case: Case, arrivals: list[str], others: list[str], policy: Policy
) -> None:
    assert come_to(case, policy, arrivals) == come_to(case, policy, others)


@given(cases(), ARRIVALS, st.sampled_from([0.0, 1.0]))
@example(TOGETHER, ["strong", "strong", "fast", "fast"], 1.0)
def test_at_once_comes_to_the_same_as_one_after_the_other(case: Case, arrivals: list[str], support: float) -> None:
    whole = EarlyPolicy(agree_share=1.1)  # a beginning says nothing
    policy = replace(CAREFUL, checks=replace(CAREFUL.checks, support=support), early=whole)
    assert come_to(case, policy, arrivals) == come_to(case, replace(policy, router=IN_TURN))


def started() -> tuple[Script, Mapping[str, StartDraft]]:
    script = Script(CAREFUL)
    script.hears(1.0, "Boston to Denver.")
    script.reads(1.0)
    return script, {start.tier: start for start in script.all(StartDraft)}


def arrives(script: Script, at: float, asked: StartDraft, *actions: Action, error: str | None = None) -> None:
    draft = Draft(asked.tier, actions, "{}", (-0.01,) * 10, 1000, 50, error)
    script.feed(Drafted(at, asked.generation, draft))


def test_the_smaller_tiers_good_draft_is_used_without_waiting_for_the_larger_one() -> None:
    script, asked = started()
    arrives(script, 1.5, asked["fast"], search())
    assert kinds(script.examines(1.5)) == ["CancelDrafts", "Perform"]


@pytest.mark.parametrize("error", ["down", "broken_json", "cancelled"])
def test_the_larger_tiers_draft_counts_as_soon_as_the_smaller_tier_has_failed(error: str) -> None:
    script, asked = started()
    arrives(script, 1.5, asked["strong"], search(pax="two"))
    assert not script.all(Examine)
    arrives(script, 1.8, asked["fast"], error=error)
    script.examines(1.8)
    assert script.last(Perform).actions == (search(pax="two"),)


def test_a_smaller_tier_that_hangs_costs_the_time_to_the_deadline_and_not_the_larger_ones_draft() -> None:
    script, asked = started()
    arrives(script, 1.5, asked["strong"], search(pax="two"))
    assert kinds(script.fires(16.0, "deadline")) == ["CancelDrafts", "Examine"]
    script.examines(16.0)
    assert script.last(Perform).actions == (search(pax="two"),)
    arrives(script, 16.1, asked["fast"], error="cancelled")
    assert len(script.all(Perform)) == 1


def test_a_larger_tier_that_failed_first_leaves_the_rules_where_the_smaller_one_is_refused() -> None:
    script = Script(CAREFUL)
    script.hears(1.0, "Boston to Denver.")
    script.reads(1.0, actions=[search()], certain=True)
    asked = {start.tier: start for start in script.all(StartDraft)}
    arrives(script, 1.5, asked["strong"], error="down")
    arrives(script, 1.8, asked["fast"], search(pax="nine"))
    script.examines(1.8, correctness=0.1)
    assert script.last(Examine).tier == "rules"
    script.examines(1.8)
    assert script.last(Perform).actions == (search(),)


def test_what_is_said_while_a_draft_waits_for_the_smaller_one_lets_go_of_both() -> None:
    script, asked = started()
    arrives(script, 1.5, asked["strong"], search(pax="two"))
    script.hears(1.6, "No, to Rome.")
    arrives(script, 1.7, asked["fast"], error="cancelled")
    assert not script.all(Examine)
    assert script.state.turn
    assert script.state.turn.held is None


def test_what_the_larger_tiers_draft_cost_already_does_not_speak_for_the_smaller_ones() -> None:
    router = replace(FITTED.router, larger_gain=2.0, both_gain=0.0)  # type: ignore[type-var]
    targets = Targets(max_cost=FITTED.tiers["strong"].price + 0.0008)  # less than its draft cost
    rule = RulePolicy("utility", weights=Weights(cost=0.0, quality=1.0, latency=0.0), targets=targets)
    policy = replace(TWO_TIERS, rule=rule, fitted=replace(FITTED, router=router))
    case = Case(None, Answer((search(pax="two"),)), Answer((search(pax="four"),)), {})
    assert come_to(case, policy, ["fast", "fast", "strong", "strong"]) == [(search(pax="four"),)]
    assert come_to(case, policy, ["strong", "strong", "fast", "fast"]) == [(search(pax="four"),)]
