"""Second opinions off the call's path, and what callers and calls make of the answers."""

from dataclasses import replace

import pytest

from tests.cascade.script import SEARCH, TWO_TIERS, Script
from voice.cascade.afterwards import is_repair
from voice.cascade.commands import CancelDrafts, Perform, Say, StartDraft
from voice.cascade.policy import BudgetPolicy, ShadowPolicy
from voice.cascade.shadowing import sampled
from voice.cascade.words import Action, OutcomeKind

OTHER = Action("search", {"legs": [{"from": "Boston", "to": "Dover"}]})
ALL = replace(TWO_TIERS, shadow=ShadowPolicy(share=1.0))


def answered(script: Script, text: str = "Boston to Denver.", kind: OutcomeKind = OutcomeKind.ANSWER) -> Script:
    at = script.now + 5.0
    script.speaks(at - 1)
    script.hears(at, text)
    script.reads(at)
    script.drafts(at + 0.5, SEARCH)
    script.examines(at + 0.5)
    script.performs(at + 0.6, f"Answer to {text}", kind=kind)
    return script


def test_a_second_opinion_is_asked_for_once_the_answer_was_heard_and_only_recorded() -> None:
    script = answered(Script(ALL))
    assert not script.last(StartDraft).shadow
    script.finishes_speaking(8.0)
    asked = script.last(StartDraft)
    assert (asked.tier, asked.shadow, asked.dialogue) == ("strong", 1, "dialogue-0")
    script.drafts(10.0, OTHER)
    record = script.recorded("shadow")[0]
    assert (record.turn, record.data["agrees"], record.data["source"]) == (1, False, "fast")
    assert record.data["accepted"] == [SEARCH.as_dict()]
    assert (record.data["seconds"], record.data["share"], len(record.data["logprobs"])) == (2.0, 1.0, 10)
    script.examines(10.0, correctness=0.5)
    (checked,) = script.recorded("shadow_checked")
    assert (checked.turn, checked.data["tier"], checked.data["scores"]["correctness"]) == (1, "strong", 0.5)
    assert len(script.all(Say)) == len(script.all(Perform)) == 1
    assert script.state.budget.reserved == 0


def test_a_second_opinion_makes_way_for_the_caller_and_is_asked_for_once_more() -> None:
    script = answered(Script(ALL))
    script.finishes_speaking(8.0)
    assert script.speaks(9.0) == [CancelDrafts(script.state.generation, shadow=True)]
    script.drafts(9.0, error="cancelled")
    assert script.recorded("shadow")[0].data["agrees"] is None
    answered(script, "And back.")
    script.finishes_speaking(30.0)
    assert script.last(StartDraft).shadow == 1
    script.drafts(32.0, SEARCH)
    assert script.recorded("shadow")[1].data["agrees"]
    assert script.last(StartDraft).shadow == 2


def test_a_second_opinion_needs_a_budget_and_is_cancelled_with_the_call() -> None:
    script = answered(Script(replace(ALL, budget=BudgetPolicy(model_calls_per_call=1))))
    script.finishes_speaking(8.0)
    assert script.recorded("shadow")[0].data["refused"] == "needs 1 model call, 1 allowed in this call, 0 left"
    script = answered(Script(ALL))
    script.finishes_speaking(8.0)
    assert CancelDrafts(script.state.generation, shadow=True) in script.hangs_up(9.0)
    script.drafts(9.1, error="cancelled")
    assert script.state.budget.reserved == 0


def test_the_sample_is_the_same_every_time_and_of_its_size() -> None:
    taken = [sampled("call", turn, 0.1) for turn in range(10_000)]
    assert 900 < sum(taken) < 1100
    assert taken == [sampled("call", turn, 0.1) for turn in range(10_000)]
    assert not any(sampled("call", turn, 0.0) for turn in range(1000))
    assert all(sampled("call", turn, 1.0) for turn in range(1000))


# ---- what callers make of it


@pytest.mark.parametrize(
    "text",
    [
        "No, I said Austin.",
        "I meant Friday.",
        "No no, that's not what I asked for.",
        "Sorry, that is wrong.",
        "no not Denver, Dulles",
        "Wait, you misunderstood me.",
    ],
)
def test_an_objection_to_what_was_understood_is_a_repair(text: str) -> None:
    assert is_repair(text)


@pytest.mark.parametrize(
    "text", ["No.", "No thanks.", "Yes, I said so many things.", "That's not a problem.", "No, that's all."]
)
def test_a_mere_no_is_none(text: str) -> None:
    assert not is_repair(text)


def test_a_repair_is_held_against_the_last_answer_and_not_against_the_question_after_it() -> None:
    script = answered(Script())
    answered(script, "Hm, that one.", OutcomeKind.CLARIFY)
    answered(script, "No, I said Austin.")
    (repaired,) = [record for record in script.recorded("outcome") if record.data["repaired"]]
    assert (repaired.turn, repaired.data["by"], repaired.data["source"]) == (1, 3, "fast")


def test_an_answer_that_nobody_repaired_within_two_turns_or_the_call_was_understood() -> None:
    script = Script()
    for text in ("Boston to Denver.", "And back.", "On Friday."):
        answered(script, text)
    assert [(record.turn, record.data["repaired"]) for record in script.recorded("outcome")] == [(1, False)]
    script.hangs_up(60.0)
    *turns, call = script.recorded("outcome")
    assert [record.turn for record in turns] == [1, 2, 3]
    assert call.data == {"task": "answered", "wrote": (), "turns": 3, "repairs": 0}


@pytest.mark.parametrize(
    ("kind", "wrote", "task"),
    [
        (OutcomeKind.ANSWER, ("QT44LZ",), "written"),
        (OutcomeKind.HANDOFF, (), "handed_off"),
        (OutcomeKind.CLARIFY, (), "unanswered"),
    ],
)
def test_a_call_ends_with_what_became_of_its_task(kind: OutcomeKind, wrote: tuple[str, ...], task: str) -> None:
    script = Script()
    script.hears(1.0, "Yes.")
    script.reads(1.0, actions=[SEARCH], certain=True, asked=True)
    script.performs(1.1, "So be it.", kind=kind, wrote=wrote)
    script.hangs_up(5.0)
    assert script.recorded("outcome")[-1].data["task"] == task
