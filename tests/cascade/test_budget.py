"""Limits of a turn, a call and an hour: nothing overshoots, and the agent still says something useful."""

from dataclasses import replace

import pytest

from tests.cascade.script import FAST, SEARCH, STRONG, TWO_TIERS, Script, kinds
from voice.account import HOUR_SECONDS, HourAccount
from voice.cascade.budget import Amount, Budget
from voice.cascade.commands import Perform, StartDraft
from voice.cascade.events import Allowance, Drafted, WasRead
from voice.cascade.policy import BudgetPolicy, Policy
from voice.cascade.words import Action, Draft, Reading


def script_with(**limits: object) -> Script:
    return Script(Policy(tiers=(FAST, STRONG), budget=BudgetPolicy(**limits)))  # type: ignore[arg-type]


def asks_for_three_legs(script: Script, at: float = 1.0, **reading: object) -> None:
    script.hears(at, f"Seattle to Tokyo then Osaka, {at}.")
    script.reads(at, legs=3, **reading)  # type: ignore[arg-type]


def tiers_asked(script: Script) -> list[str]:
    return [start.tier for start in script.all(StartDraft)]


# ---- what is done instead


def test_where_the_larger_tier_is_too_dear_the_smaller_one_is_asked() -> None:
    script = script_with(money_per_call=STRONG.most / 2)
    asks_for_three_legs(script)
    assert tiers_asked(script) == ["fast"]
    assert script.recorded("narrow")[0].data["to"] == "fast"


def test_where_no_tier_can_be_afforded_the_reading_by_rules_is_examined_and_used() -> None:
    script = script_with(money_per_call=0.0)
    asks_for_three_legs(script, actions=[SEARCH])
    assert tiers_asked(script) == []
    script.examines(1.0)
    assert script.last(Perform).actions == (SEARCH,)
    script.performs(1.1)
    assert script.recorded("answer")[0].data["source"] == "rules"


@pytest.mark.parametrize(
    "findings", [{"completeness": 0.5}, {"correctness": 0.5}, {"irreversible": True}], ids=lambda each: next(iter(each))
)
def test_a_reading_by_rules_that_fails_a_check_or_would_write_is_not_used(findings: dict[str, float]) -> None:
    script = script_with(money_per_call=0.0)
    asks_for_three_legs(script, actions=[SEARCH])
    script.examines(1.0, **findings)  # type: ignore[arg-type]
    assert script.last(Perform).actions == (Action("clarify", {"missing": "request", "because": "budget"}),)


def test_the_second_turn_that_the_budget_leaves_unanswered_is_handed_off() -> None:
    script = script_with(model_calls_per_call=0)
    for at in (1.0, 10.0):
        asks_for_three_legs(script, at)
        script.performs(at + 0.1)
    assert script.last(Perform).actions == (Action("handoff"),)


def test_a_draft_that_fails_where_no_larger_tier_can_be_afforded_leaves_the_reading_by_rules() -> None:
    script = script_with(money_per_turn=FAST.most * 1.5)
    script.hears(1.0, "Boston to Denver.")
    script.reads(1.0, actions=[SEARCH])
    script.drafts(1.5, SEARCH)
    script.examines(1.5, correctness=0.2)
    script.examines(1.5)
    assert tiers_asked(script) == ["fast"]
    assert not script.recorded("escalate")
    assert script.last(Perform).actions == (SEARCH,)


# ---- what is counted


def test_money_is_reserved_before_it_is_spent_and_never_overshoots() -> None:
    limit = STRONG.most * 1.05
    script = script_with(money_per_call=limit)
    asks_for_three_legs(script, 1.0)
    asks_for_three_legs(script, 2.0)
    assert tiers_asked(script) == ["strong"]
    assert script.state.budget.spent + script.state.budget.reserved <= limit


def test_cancelled_work_is_billed_to_the_turn_that_it_was_for() -> None:
    script = Script()
    asks_for_three_legs(script, 1.0)
    script.hears(2.0, "Never mind.")
    script.drafts(2.1, error="cancelled", tokens=(1000, 50))
    budget = script.state.budget
    assert budget.call == Amount(STRONG.price(1000, 50), 1, 0, pytest.approx(1.1))
    assert budget.turn == Amount()
    assert budget.held == Amount()


def test_a_turn_counts_the_drafts_that_were_thrown_away_while_it_was_spoken() -> None:
    script = script_with(model_calls_per_turn=2)
    for at, final in ((1.0, False), (2.0, False), (3.0, True)):
        script.hears(at, "Boston to Denver" + " and on" * int(at), final=final)
        script.reads(at)
    assert len(script.all(StartDraft)) == 2
    assert script.last(Perform).actions[0].args["because"] == "budget"


def test_time_is_cut_to_what_is_left_and_refused_where_it_would_not_do() -> None:
    budget = Budget(BudgetPolicy(seconds_per_call=5.0))
    assert budget.seconds_for(STRONG) == 5.0
    budget = budget.reserve(STRONG, 1, at=10.0)
    assert str(budget.refusal(FAST)) == "needs 0.7 seconds of model time, 5 allowed in this call, 0 left"
    budget = budget.settle(STRONG, 1, 0, 0, at=13.5)
    assert str(budget.refusal(STRONG)).endswith("5 allowed in this call, 1.5 left")
    assert budget.refusal(FAST) is None
    assert budget.seconds_for(FAST) == pytest.approx(1.5)


def test_a_result_that_comes_twice_is_released_once() -> None:
    budget = Budget().reserve(FAST, 1, 0.0).reserve(STRONG, 1, 0.0)
    for _ in range(2):
        budget = budget.settle(FAST, 1, 100, 10, 1.0)
    assert budget.reserved == STRONG.most


def test_too_many_actions_in_a_turn_are_handed_off() -> None:
    script = Script(replace(TWO_TIERS, budget=BudgetPolicy(tool_calls_per_turn=2)))
    script.hears(1.0, "Do everything.")
    script.reads(1.0)
    script.drafts(1.5, *[SEARCH] * 3)
    script.examines(1.5)
    assert script.last(Perform).actions == (Action("handoff"),)


def test_looking_up_ahead_leaves_room_for_the_look_up_that_counts() -> None:
    script = Script(replace(TWO_TIERS, budget=BudgetPolicy(tool_calls_per_turn=3)))
    said = ["Boston", "to", "Denver", "on", "Friday", "in", "the", "morning", "nonstop", "please"]
    for count in range(4, len(said) + 1):
        script.hears(count, " ".join(said[:count]), final=count == len(said))
        script.reads(count, actions=[SEARCH], certain=True, asked=True)
    assert [perform.actions for perform in script.all(Perform)] == [(SEARCH,)] * 3


# ---- what is reserved


def test_a_prompt_that_is_known_is_reserved_as_it_is() -> None:
    script = script_with(money_per_turn=FAST.most_for(60))
    script.hears(1.0, "Boston to Denver.")
    script.feed(WasRead(1.0, script.state.generation, Reading("Boston to Denver."), prompts={"fast": 60, "strong": 90}))
    assert tiers_asked(script) == ["fast"]
    assert script.state.budget.reserved == FAST.most_for(60) < FAST.most
    assert script.recorded("draft_started")[0].data["reserved"] == FAST.most_for(60)


def test_what_was_wrong_with_a_first_draft_is_reserved_too_where_it_is_told() -> None:
    script = Script()
    script.hears(1.0, "Boston to Denver.")
    script.feed(WasRead(1.0, script.state.generation, Reading("Boston to Denver."), prompts={"fast": 60, "strong": 90}))
    script.drafts(1.5, SEARCH)
    script.examines(1.5, correctness=0.2)
    assert script.last(StartDraft).problems == ("correctness 0.20 < 1.00",)
    reserved = script.recorded("draft_started")[1].data["reserved"]
    assert STRONG.most_for(90 + len("correctness 0.20 < 1.00")) < reserved < STRONG.most_for(300)


def test_a_refusal_says_what_was_needed_and_what_is_left() -> None:
    script = script_with(money_per_turn=0.0001)
    script.hears(1.0, "Boston to Denver.")
    script.reads(1.0)
    assert script.recorded("budget")[0].data == {
        "tier": "fast",
        "enforced": True,
        "refused": "needs up to $0.0002224, $0.0001 allowed in this turn",
        "what": "money",
        "period": "turn",
        "needed": 0.0002224,
        "limit": 0.0001,
        "left": 0.0001,
        "spent": 0.0,
        "reserved": 0.0,
    }


# ---- whose money it is


def test_a_draft_that_was_overtaken_stands_under_the_turn_that_it_was_started_in() -> None:
    script = Script()
    script.hears(1.0, "Boston", final=False)
    script.reads(1.0)
    script.hears(2.0, "Boston to Denver.")
    script.reads(2.0)
    script.feed(Drafted(2.1, script.all(StartDraft)[0].generation, Draft("fast", (), error="cancelled")))
    (started, _), (drafted,) = script.recorded("draft_started"), script.recorded("drafted")
    assert drafted.turn == started.turn == 1
    assert drafted.data["stale"]
    assert drafted.data["seconds"] == pytest.approx(1.1)


# ---- modes


def test_a_budget_that_observes_records_what_it_would_have_refused_and_changes_nothing() -> None:
    script = script_with(mode="observe", money_per_call=0.0, tool_calls_per_turn=0)
    asks_for_three_legs(script)
    script.drafts(2.0, SEARCH)
    script.examines(2.0)
    assert script.last(Perform).actions == (SEARCH,)
    assert [(line.data.get("tier"), line.data["enforced"]) for line in script.recorded("budget")] == [
        ("strong", False),
        (None, False),
    ]


def test_a_budget_that_is_off_says_nothing_and_still_counts() -> None:
    script = script_with(mode="off", money_per_call=0.0)
    asks_for_three_legs(script)
    script.drafts(2.0, SEARCH)
    assert not script.recorded("budget")
    assert script.state.budget.spent > 0


# ---- the hour


def test_what_is_left_of_the_hour_forbids_like_any_other_limit() -> None:
    script = script_with(money_per_hour=1.0)
    script.feed(Allowance(0.5, {"money": STRONG.most * 1.02}))
    script.hears(1.0, "Everything at once.")
    asks_for_three_legs(script)
    assert tiers_asked(script) == ["strong"]
    script.hears(2.0, "Boston to Denver.")
    assert kinds(script.reads(2.0)) == ["Perform"]
    refused = script.recorded("budget")[0].data
    assert refused["refused"].startswith("needs up to $0.0002224, $1 allowed in this hour, $0.0000444")
    assert (refused["tier"], refused["what"], refused["period"]) == ("fast", "money", "hour")
    assert (refused["spent"], refused["reserved"]) == (0.0, pytest.approx(STRONG.most))
    script.feed(Allowance(2.5, {"money": 1.0}))
    script.performs(2.6)
    script.hears(3.0, "Boston to Denver.")
    script.reads(3.0)
    assert tiers_asked(script) == ["strong", "fast"]


def test_the_hour_slides_and_holds_what_every_call_has_reserved() -> None:
    account = HourAccount(BudgetPolicy(money_per_hour=1.0, model_calls_per_hour=10))
    account.change(0.0, spent=Amount(), reserved=Amount(0.5, 1))
    assert account.left(0.0) == {"money": 0.5, "model_calls": 9}
    account.change(60.0, spent=Amount(0.25, 1), reserved=Amount() - Amount(0.5, 1))
    assert account.left(60.0 + HOUR_SECONDS - 1) == {"money": 0.75, "model_calls": 9}
    assert account.left(60.0 + HOUR_SECONDS) == {"money": 1.0, "model_calls": 10}
    assert HourAccount(BudgetPolicy()).left(0.0) == {}
