"""In the middle of a turn: actions whose arguments do not work, and a deadline that passes."""

from dataclasses import replace

import pytest

from tests.cascade.script import SEARCH, STRONG, TWO_TIERS, Script
from voice.cascade.commands import Perform, Say, StartDraft
from voice.cascade.policy import BudgetPolicy
from voice.cascade.words import Action, OutcomeKind

OTHER = Action("search", {"legs": [{"from": "Boston", "to": "Dover"}]})
CONFIRM = Action("confirm", {"answer": "yes"})


def carried_out(*actions: Action, agreement: bool | None = None, policy: object = TWO_TIERS) -> Script:
    """The small tier's draft was accepted, and the desk is at it."""
    script = Script(policy)  # type: ignore[arg-type]
    script.hears(1.0, "Boston to Denver.")
    script.reads(1.0)
    script.drafts(1.5, *actions)
    script.examines(1.5, agreement=agreement)
    return script


def test_actions_whose_arguments_do_not_work_are_read_again_by_the_larger_tier_with_the_work_so_far() -> None:
    script = carried_out(SEARCH)
    script.performs(1.6, "That day is in the past.", kind=OutcomeKind.CLARIFY, problems=["search: in the past"])
    again = script.last(StartDraft)
    assert again.tier == "strong"
    assert (again.problems, again.carried_out) == (("search: in the past",), (SEARCH,))
    assert not script.all(Say)
    script.drafts(3.0, OTHER)
    script.examines(3.0)
    script.performs(3.1, "I found one.", problems=["search: odd as well"])
    assert script.said() == ["I found one."]
    assert len(script.all(StartDraft)) == 2


@pytest.mark.parametrize("how", ["failed draft", "refused draft", "deadline"])
def test_the_first_outcome_is_spoken_if_the_larger_tier_has_no_better_one(how: str) -> None:
    script = carried_out(SEARCH)
    script.performs(1.6, "That day is in the past.", problems=["search: in the past"], dialogue="asked")
    if how == "deadline":
        script.fires(16.0, "deadline")
    else:
        script.drafts(3.0, OTHER, error="down" if how == "failed draft" else None)
        if how == "refused draft":
            script.examines(3.0, correctness=0.1)
    assert script.said() == ["That day is in the past."]
    assert script.state.dialogue == "asked"
    assert len(script.all(Perform)) == 1


def test_what_may_have_been_written_or_was_read_alike_twice_is_not_read_again() -> None:
    scripts = [
        carried_out(SEARCH, agreement=True),
        carried_out(CONFIRM),
        carried_out(SEARCH, policy=replace(TWO_TIERS, switch_on_failure=False)),
        carried_out(SEARCH, policy=replace(TWO_TIERS, budget=BudgetPolicy(money_per_turn=STRONG.most))),
    ]
    for script in scripts:
        script.performs(1.6, "That did not work.", kind=OutcomeKind.FAILED, problems=["it failed"])
        assert script.said() == ["That did not work."]


def test_trouble_that_is_not_of_the_arguments_is_told_at_once() -> None:
    script = carried_out(SEARCH)
    script.performs(1.6, "Our booking system is busy.", kind=OutcomeKind.FAILED)
    assert script.said() == ["Our booking system is busy."]


def test_a_deadline_that_passes_leaves_the_reading_by_rules() -> None:
    script = Script()
    script.hears(1.0, "Boston to Denver then Austin.")
    script.reads(1.0, actions=[SEARCH], legs=2)
    script.fires(16.0, "deadline")
    script.examines(16.0)
    script.drafts(16.1, error="cancelled")
    assert script.last(Perform).actions == (SEARCH,)
    script.performs(16.2, "I found one.")
    assert script.said() == ["I found one."]
