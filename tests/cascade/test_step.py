from dataclasses import replace

import pytest

from tests.cascade.script import SEARCH, TWO_TIERS, Script, kinds
from voice.cascade.commands import (
    CancelDrafts,
    HandOff,
    Perform,
    Prepare,
    Read,
    Say,
    SetTimer,
    StartDraft,
    StopSpeaking,
)
from voice.cascade.policy import FillerPolicy, SpeculationPolicy
from voice.cascade.words import Action, OutcomeKind

YES = Action("confirm", {"answer": "yes"})
POLICY = Action("policy", {"topic": "baggage"})


def committed_on_the_larger_tier() -> Script:
    script = Script()
    script.hears(10.0, "Seattle to Tokyo, then Osaka, then home.")
    script.reads(10.0, legs=3, mention=("Seattle", "Tokyo", "Osaka"))
    return script


# ---- simple turns


def test_a_certain_reading_of_another_action_still_goes_to_the_smallest_tier() -> None:
    script = Script()
    script.hears(1.0, "How many bags are free?")
    script.reads(1.0, actions=[POLICY], certain=True)
    assert script.last(StartDraft).tier == "fast"


def test_a_turn_read_with_certainty_needs_no_model() -> None:
    script = Script()
    script.hears(1.0, "How many bags are free?")
    script.reads(1.0, actions=[POLICY], certain=True, asked=True)
    script.performs(1.1, "One carry-on is free.")
    assert script.said() == ["One carry-on is free."]
    assert not script.all(StartDraft)


def test_a_simple_turn_is_drafted_by_the_smallest_tier_checked_and_then_spoken() -> None:
    script = Script()
    script.hears(1.0, "Boston to Denver on Friday.")
    script.reads(1.0)
    assert script.last(StartDraft).tier == "fast"
    assert kinds(script.drafts(1.5, SEARCH)) == ["Examine"]
    assert kinds(script.examines(1.5)) == ["Perform"]
    assert kinds(script.performs(1.6, "I found one.", "Shall I book it?")) == ["Say", "Say"]
    assert script.state.dialogue == "dialogue-1"
    assert script.recorded("answer")[0].data["source"] == "fast"


@pytest.mark.parametrize(
    "findings",
    [{"completeness": 0.5}, {"correctness": 0.9}],
    ids=["incomplete", "incorrect"],
)
def test_a_draft_that_fails_a_check_goes_to_the_larger_tier_with_nothing_spoken(findings: dict[str, float]) -> None:
    script = Script()
    script.hears(1.0, "Boston to Denver and back.")
    script.reads(1.0)
    script.drafts(1.5, SEARCH)
    script.examines(1.5, **findings)
    assert [start.tier for start in script.all(StartDraft)] == ["fast", "strong"]
    assert not script.all(Say)


def test_an_unsure_draft_escalates_unless_the_rules_read_the_same() -> None:
    for agreement, tiers in ((None, ["fast", "strong"]), (True, ["fast"])):
        script = Script()
        script.hears(1.0, "Boston to Denver.")
        script.reads(1.0)
        script.drafts(1.5, SEARCH, logprob=-0.4)
        script.examines(1.5, agreement=agreement)
        assert [start.tier for start in script.all(StartDraft)] == tiers


def test_a_complex_turn_skips_the_smallest_tier() -> None:
    script = committed_on_the_larger_tier()
    assert [start.tier for start in script.all(StartDraft)] == ["strong"]


def test_misheard_words_are_asked_about_and_no_model_is_started() -> None:
    script = Script()
    script.hears(1.0, "From Bostwick to Denver.")
    script.reads(1.0, misheard=["Bostwick"])
    assert not script.all(StartDraft)
    assert script.last(Perform).actions[0].args["heard"] == "Bostwick"


def test_a_turn_is_escalated_at_most_once_then_the_caller_is_asked() -> None:
    script = Script()
    script.hears(1.0, "Something odd.")
    script.reads(1.0)
    script.drafts(1.5, SEARCH)
    script.examines(1.5, correctness=0.2)
    script.drafts(3.0, SEARCH)
    script.examines(3.0, correctness=0.2)
    assert len(script.all(StartDraft)) == 2
    assert script.last(Perform).actions == (Action("clarify", {"missing": "request"}),)


def test_the_second_turn_in_a_row_that_nobody_can_answer_is_handed_off() -> None:
    script = Script()
    for at in (1.0, 20.0):
        script.hears(at, f"Something odd at {at}.")
        script.reads(at)
        script.drafts(at + 1, error="down")
        script.drafts(at + 2, error="down")
        script.performs(at + 2.1, "Sorry.", kind=OutcomeKind.HANDOFF if at > 10 else OutcomeKind.CLARIFY)
        script.finishes_speaking(at + 3)
    assert script.last(Perform).actions == (Action("handoff"),)
    assert script.all(HandOff)


def test_a_turn_that_the_ears_lost_is_asked_for_again_and_the_second_one_is_handed_off() -> None:
    script = Script()
    script.hears_nothing_for_deaf(1.0)
    assert script.last(Perform).actions == (Action("clarify", {"missing": "request"}),)
    script.performs(1.1, "Sorry, I didn't get that.", kind=OutcomeKind.CLARIFY)
    script.hears_nothing_for_deaf(9.0)
    assert script.last(Perform).actions == (Action("handoff"),)
    assert not script.all(StartDraft)


def test_the_largest_tier_may_be_unsure_but_not_incomplete() -> None:
    script = committed_on_the_larger_tier()
    script.drafts(12.0, SEARCH, logprob=-2.0)
    script.examines(12.0)
    assert script.last(Perform).actions == (SEARCH,)


# ---- before the caller has finished


def test_work_begins_on_a_pause_but_nothing_is_spoken_before_the_turn_is_over() -> None:
    script = Script()
    script.hears(1.0, "How many bags are free?", final=False)
    script.reads(1.0, actions=[POLICY], certain=True, asked=True)
    script.performs(1.1, "One is free.")
    assert not script.all(Say)
    script.hears(1.4, "How many bags are free?")
    assert script.said() == ["One is free."]


def test_a_write_waits_for_the_end_of_the_turn() -> None:
    script = Script()
    script.hears(1.0, "Yes.", final=False)
    script.reads(1.0, actions=[YES], certain=True)
    assert not script.all(Perform)
    script.hears(1.3, "Yes.")
    assert script.last(Perform).actions == (YES,)


def test_words_after_a_pause_make_the_work_on_the_first_words_stale() -> None:
    script = Script()
    script.hears(1.0, "Boston to Denver.", final=False)
    script.reads(1.0)
    first = script.last(StartDraft)
    script.hears(2.0, "Boston to Denver. On Friday.", final=False)
    assert script.all(CancelDrafts)
    script.reads(2.0)
    assert script.last(StartDraft).generation > first.generation


def test_the_larger_tier_is_not_started_for_half_an_itinerary_where_that_costs_too_much() -> None:
    script = Script(replace(TWO_TIERS, speculation=SpeculationPolicy(larger=False)))
    script.hears(1.0, "Seattle to Tokyo, then Osaka.", final=False)
    script.reads(1.0, legs=2)
    assert not script.all(StartDraft)
    script.hears(1.5, "Seattle to Tokyo, then Osaka.")
    assert script.last(StartDraft).tier == "strong"


def test_a_draft_that_fails_before_the_end_of_the_turn_waits_for_it_where_the_larger_tier_does() -> None:
    script = Script(replace(TWO_TIERS, speculation=SpeculationPolicy(larger=False)))
    script.hears(1.0, "Boston to Denver.", final=False)
    script.reads(1.0)
    script.drafts(1.4, SEARCH)
    script.examines(1.4, completeness=0.1)
    assert [start.tier for start in script.all(StartDraft)] == ["fast"]
    script.hears(1.6, "Boston to Denver.")
    assert [start.tier for start in script.all(StartDraft)] == ["fast", "strong"]


def test_drafts_are_thrown_away_only_so_often_while_a_caller_goes_on() -> None:
    script = Script(replace(TWO_TIERS, speculation=SpeculationPolicy(most_per_turn=2)))
    text = "Seattle"
    for number in range(4):
        text += f", then city {number}"
        script.hears(number + 1.0, text, final=False)
        script.reads(number + 1.0, legs=2)
    assert len(script.all(StartDraft)) == 2
    script.hears(6.0, text)
    assert len(script.all(StartDraft)) == 3
    assert script.recorded("turn")[0].data["thrown_away"] == 2


def test_what_will_be_said_is_rendered_while_the_caller_could_still_go_on() -> None:
    script = Script()
    script.hears(1.0, "Seattle, then Tokyo.", final=False)
    script.reads(1.0, legs=2, mention=["Seattle", "Tokyo"])
    assert [prepare.text for prepare in script.all(Prepare)] == ["Okay, Seattle, then Tokyo."]
    script.drafts(2.0, SEARCH)
    script.examines(2.0)
    script.performs(2.1, "I found one.")
    assert script.last(Prepare).text == "I found one."
    assert not script.said()


def test_tiers_that_give_up_before_the_turn_is_over_ask_only_when_it_is() -> None:
    script = Script()
    script.hears(1.0, "Something odd.", final=False)
    script.reads(1.0)
    script.drafts(1.2, error="down")
    script.drafts(1.4, error="down")
    assert not script.all(Perform)
    script.hears(1.6, "Something odd.")
    assert script.last(Perform).actions == (Action("clarify", {"missing": "request", "because": "provider"}),)


def test_a_provider_that_refuses_every_request_is_told_apart_from_an_answer_that_can_not_be_used() -> None:
    script = Script()
    script.hears(1.0, "Something odd.")
    script.reads(1.0)
    script.drafts(1.2, error="refused")
    script.drafts(1.4, error="refused")
    assert script.last(Perform).actions == (Action("clarify", {"missing": "request", "because": "provider"}),)
    script = Script()
    script.hears(1.0, "Something odd.")
    script.reads(1.0)
    script.drafts(1.2, error="broken_json")
    script.drafts(1.4, error="declined")
    assert script.last(Perform).actions == (Action("clarify", {"missing": "request"}),)


# ---- filler


def test_filler_covers_a_wait_and_repeats_only_what_was_heard() -> None:
    script = committed_on_the_larger_tier()
    timer = next(timer for timer in script.all(SetTimer) if timer.name == "filler")
    assert timer.seconds == pytest.approx(0.15)
    script.fires(10.15, "filler")
    assert script.said("filler") == ["Okay, Seattle, Tokyo, then Osaka."]


def test_there_is_no_filler_when_the_answer_will_beat_it() -> None:
    script = Script()
    script.hears(1.0, "Boston to Denver.")
    script.reads(1.0)
    script.fires(1.6, "filler")
    assert script.said("filler") == []


def test_no_filler_is_said_twice_in_a_call() -> None:
    script = Script()
    for at in (10.0, 30.0, 50.0):
        script.hears(at, f"Hard request number {at}.")
        script.reads(at, legs=3)
        for later in (0.5, 1.5, 2.5):
            script.fires(at + later, "filler")
            if script.state.speaking:
                script.finishes_speaking(at + later + 0.5)
        script.drafts(at + 4, SEARCH)
        script.examines(at + 4)
        script.performs(at + 4.1)
        while script.state.speaking:
            script.finishes_speaking(at + 6)
    fillers = script.said("filler")
    assert len(fillers) > 3
    assert len(fillers) == len(set(fillers))


def test_the_answer_follows_a_filler_that_is_being_spoken() -> None:
    script = committed_on_the_larger_tier()
    script.fires(10.15, "filler")
    script.drafts(10.6, SEARCH)
    script.examines(10.6)
    commands = script.performs(10.7, "I found it.")
    assert kinds(commands) == ["Say"]
    assert not script.all(StopSpeaking)


def test_filler_can_be_switched_off() -> None:
    script = Script(replace(TWO_TIERS, filler=FillerPolicy(enabled=False)))
    script.hears(1.0, "Seattle to Tokyo then Osaka.")
    script.reads(1.0, legs=2)
    assert "filler" not in [timer.name for timer in script.all(SetTimer)]


# ---- interruptions


def test_the_agent_stops_when_the_caller_speaks() -> None:
    script = Script()
    script.hears(1.0, "How many bags are free?")
    script.reads(1.0, actions=[POLICY], certain=True, asked=True)
    script.performs(1.1, "One.", "The second costs forty dollars.")
    script.finishes_speaking(2.0)
    assert kinds(script.speaks(2.2)) == ["StopSpeaking"]
    assert script.recorded("barge_in")[0].data["unsaid"] == ["The second costs forty dollars."]


def test_an_answer_that_becomes_ready_while_the_caller_speaks_is_held_back() -> None:
    script = committed_on_the_larger_tier()
    script.speaks(11.0)
    script.drafts(11.5, SEARCH)
    script.examines(11.5)
    script.performs(11.6, "I found it.")
    assert script.said() == []


def test_after_a_cough_the_answer_that_was_held_back_is_spoken() -> None:
    script = committed_on_the_larger_tier()
    script.speaks(11.0)
    script.drafts(11.5, SEARCH)
    script.examines(11.5)
    script.performs(11.6, "I found it.")
    script.hears(12.0, "Mhm.")
    assert script.said() == ["I found it."]


def test_what_the_caller_adds_before_the_answer_amends_the_request() -> None:
    script = committed_on_the_larger_tier()
    script.speaks(11.0)
    commands = script.hears(12.0, "Only nonstop.")
    assert "CancelDrafts" in kinds(commands)
    script.reads(12.0, legs=3)
    assert script.last(StartDraft).reading.text == "Seattle to Tokyo, then Osaka, then home. Only nonstop."


def test_a_stale_draft_changes_nothing_but_is_billed() -> None:
    script = committed_on_the_larger_tier()
    stale = script.last(StartDraft).generation
    script.hears(12.0, "Only nonstop.")
    before = script.state
    script.drafts(12.5, SEARCH)
    assert script.last(StartDraft).generation == stale
    assert script.state.turn == before.turn
    assert script.state.budget.spent > before.budget.spent
    assert script.state.budget.reserved < before.budget.reserved


def test_a_write_during_which_the_caller_speaks_is_told_and_not_repeated() -> None:
    script = Script()
    script.hears(1.0, "Yes.")
    script.reads(1.0, actions=[YES], certain=True)
    script.speaks(1.05)
    script.hears(2.0, "And how many bags are free?")
    script.performs(2.1, "You are booked.", wrote=["QT44LZ"], dialogue="booked")
    assert script.state.dialogue == "booked"
    script.reads(2.1, actions=[POLICY], certain=True, asked=True)
    script.performs(2.2, "One bag is free.", dialogue="booked-2")
    assert script.said() == ["You are booked.", "One bag is free."]
    assert sum(YES in perform.actions for perform in script.all(Perform)) == 1


def test_all_that_is_said_during_a_write_is_taken_up_after_it() -> None:
    script = Script()
    script.hears(1.0, "Yes.")
    script.reads(1.0, actions=[YES], certain=True)
    script.hears(2.0, "No wait, make it Saturday.")
    script.hears(3.0, "Hello?")
    script.performs(3.5, "You are booked.", wrote=["QT44LZ"], dialogue="booked")
    assert script.last(Read).text == "No wait, make it Saturday. Hello?"


def test_only_turns_in_a_row_that_nobody_could_answer_are_handed_off() -> None:
    script = Script()
    for start in (0.0, 20.0, 40.0):
        script.hears(start + 1.0, "Boston to Denver and back.")
        script.reads(start + 1.0)
        script.drafts(start + 1.5, SEARCH)
        script.examines(start + 1.5, correctness=0.0)
        script.drafts(start + 2.0, SEARCH)
        script.examines(start + 2.0, correctness=0.0)
        assert script.last(Perform).actions[0].name == "clarify"
        script.performs(start + 2.1, "Could you say that again?")
        script.hears(start + 5.0, "How many bags are free?")
        script.reads(start + 5.0, actions=[POLICY], certain=True, asked=True)
        script.performs(start + 5.1, "One.")


def test_after_the_caller_hung_up_nothing_is_spoken_and_drafts_are_cancelled() -> None:
    script = committed_on_the_larger_tier()
    assert "CancelDrafts" in kinds(script.hangs_up(11.0))
    script.drafts(11.1, error="cancelled")
    assert script.said() == []
    assert script.state.budget.reserved == 0
    assert script.hears(12.0, "Hello?") == []


# ---- limits


def test_the_deadline_cancels_the_draft_and_asks_the_caller() -> None:
    script = committed_on_the_larger_tier()
    commands = script.fires(25.0, "deadline")
    assert kinds(commands) == ["CancelDrafts", "Perform"]
    assert script.last(Perform).actions[0].name == "clarify"


def test_a_tier_that_is_down_is_passed_over() -> None:
    script = Script()
    script.hears(1.0, "Boston to Denver.")
    script.reads(1.0)
    script.drafts(1.2, error="down")
    assert script.last(StartDraft).tier == "strong"


def test_where_the_larger_tier_is_unavailable_the_smaller_one_is_asked_then_the_rules() -> None:
    script = committed_on_the_larger_tier()
    script.drafts(10.0, error="unavailable", tokens=(0, 0))
    assert script.last(StartDraft).tier == "fast"
    assert script.recorded("narrow")[0].data["lack"] == "provider"
    script.drafts(10.0, error="unavailable", tokens=(0, 0))
    assert len(script.all(StartDraft)) == 2
    assert script.last(Perform).actions[0].args["because"] == "provider"
