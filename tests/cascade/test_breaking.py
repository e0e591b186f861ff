"""An event that can't be taken in costs the turn it was about, and leaves nobody waiting."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.cascade.script import FAST, SEARCH, STRONG, TWO_TIERS, Script
from voice.cascade.commands import CancelDrafts, Perform, Read, Record, Say, SetTimer, StartDraft, StopSpeaking
from voice.cascade.events import Broke, CallerSpoke, Drafted, Event, Heard, Performed, SpeechDone, TimerFired, WasRead
from voice.cascade.policy import RouterPolicy, ShadowPolicy
from voice.cascade.words import Action, Draft, Outcome, OutcomeKind, Reading

SORRY = "Something went wrong."


def broken(call: Script, lost: Event) -> list[str]:
    """Lose an event, and give what is said about it."""
    commands = call.feed(Broke(lost.at, lost, "KeyError: 'x'", SORRY))
    record = commands[0]
    assert isinstance(record, Record)
    assert (record.kind, record.data) == ("error", {"where": type(lost).__name__, "error": "KeyError: 'x'"})
    return [command.text for command in commands if isinstance(command, Say)]


def outcome(*, wrote: bool) -> Outcome:
    return Outcome(OutcomeKind.ANSWER, ("Booked.",), "dialogue-1", wrote=("T1",) if wrote else ())


def drafted(call: Script, at: float) -> Drafted:
    """What the tier asked last has answered."""
    asked = call.last(StartDraft)
    return Drafted(at, asked.generation, Draft(asked.tier, (SEARCH,), "{}", (), 1000, 50), asked.shadow)


def writing() -> Script:
    call = Script()
    call.hears(1.0, "yes")
    call.reads(1.0, actions=[Action("confirm")], certain=True)
    return call


def test_a_reading_that_is_lost_costs_the_turn_and_the_caller_is_told() -> None:
    call = Script()
    call.hears(1.0, "Boston to Denver")
    assert broken(call, WasRead(1.0, call.state.generation, Reading("Boston to Denver"))) == [SORRY]
    assert call.state.turn is None
    call.hears(5.0, "Boston to Denver")
    assert call.last(Read).generation == call.state.generation


def test_what_was_heard_and_lost_is_asked_for_again_though_the_caller_had_the_floor() -> None:
    call = Script()
    call.speaks(0.5)
    assert broken(call, Heard(1.0, "Boston", True, 0.7)) == [SORRY]


def test_nothing_is_said_into_what_the_caller_still_says() -> None:
    call = Script()
    call.speaks(0.5)
    assert broken(call, Heard(1.0, "Boston", False, 0.7)) == []
    call.hears(2.0, "Boston", final=False)
    assert broken(call, WasRead(2.0, call.state.generation, Reading("Boston"))) == []
    assert call.state.turn is None


def test_drafts_of_a_turn_that_is_given_up_are_cancelled() -> None:
    call = Script()
    call.hears(1.0, "Boston to Denver")
    call.reads(1.0)
    generation = call.last(StartDraft).generation
    broken(call, Heard(2.0, "and back", True, 1.7))
    assert call.last(CancelDrafts).generation == generation


def test_a_write_goes_on_whatever_else_is_lost_and_is_told() -> None:
    call = writing()
    assert broken(call, Heard(2.0, "hello?", True, 1.7)) == []
    assert broken(call, TimerFired(3.0, call.state.generation, "deadline")) == []
    done = call.feed(Performed(4.0, call.last(Perform).generation, outcome(wrote=True)))
    assert [command.text for command in done if isinstance(command, Say)] == ["Booked."]


def test_a_write_goes_on_though_the_bill_of_the_other_tiers_draft_is_lost() -> None:
    call = Script(replace(TWO_TIERS, router=RouterPolicy(both_from=0.0, straight_to_larger=9.0)))
    call.hears(1.0, "Yes, book it")
    call.reads(1.0)
    asked = {each.tier: each for each in call.all(StartDraft)}
    confirm = Action("confirm", {"answer": "yes"})
    call.feed(Drafted(1.5, asked["fast"].generation, Draft("fast", (confirm,), "{}", (-0.01,), 500, 100)))
    call.examines(1.5)
    assert call.state.writing
    cancelled = Draft("strong", (), error="cancelled")
    assert broken(call, Drafted(1.6, asked["strong"].generation, cancelled)) == []
    assert call.state.writing
    assert not call.state.budget.pending
    done = call.feed(Performed(4.0, call.last(Perform).generation, outcome(wrote=True)))
    assert [command.text for command in done if isinstance(command, Say)] == ["Booked."]


@pytest.mark.parametrize(("wrote", "said"), [(True, ["Booked."]), (False, [SORRY])])
def test_what_was_written_is_told_even_if_its_end_is_lost(wrote: bool, said: list[str]) -> None:
    call = writing()
    assert broken(call, Performed(2.0, call.state.generation, outcome(wrote=wrote))) == said
    assert call.state.wrote == (("T1",) if wrote else ())
    assert call.state.turn is None


@pytest.mark.parametrize("final", [True, False])
def test_a_write_that_waits_to_be_told_is_told_though_a_hearing_is_lost(final: bool) -> None:
    call = writing()
    call.speaks(1.5)
    call.feed(Performed(2.0, call.last(Perform).generation, outcome(wrote=True)))
    said = broken(call, Heard(3.0, "and", final, 2.7))
    said += [] if final else [each.text for each in call.hears(4.0, "") if isinstance(each, Say)]
    assert said == (["Booked.", SORRY] if final else ["Booked."])
    assert call.state.dialogue == "dialogue-1"


def test_a_late_write_whose_end_is_lost_stands_in_nobodys_way() -> None:
    call = writing()
    generation = call.state.generation
    call.feed(TimerFired(20.0, generation, "deadline"))
    call.finishes_speaking(22.0)
    assert broken(call, Performed(30.0, generation, outcome(wrote=False))) == ["Booked."]
    assert call.state.unfinished is None


def test_a_late_write_whose_end_is_lost_is_told_once_nobody_has_the_floor() -> None:
    call = writing()
    generation = call.state.generation
    call.feed(TimerFired(20.0, generation, "deadline"))
    call.finishes_speaking(22.0)
    call.speaks(29.0)
    assert broken(call, Performed(30.0, generation, outcome(wrote=True))) == []
    assert call.state.wrote == ("T1",)
    call.hears(31.0, "")
    assert call.said()[-1] == "Booked."
    assert call.state.dialogue == "dialogue-1"


def test_what_was_said_during_a_write_whose_end_is_lost_is_asked_for_again() -> None:
    call = writing()
    call.hears(2.0, "And how many bags are free?")
    assert broken(call, Performed(3.0, call.state.generation, outcome(wrote=True))) == ["Booked.", SORRY]


def test_a_cough_does_not_swallow_that_something_went_wrong() -> None:
    call = Script()
    call.hears(1.0, "Boston to Denver")
    call.reads(1.0)
    call.speaks(1.3)
    assert broken(call, drafted(call, 1.5)) == []
    call.hears(2.0, "")
    assert call.said() == [SORRY]


def test_a_cough_of_which_the_beginning_was_lost_leaves_the_line_not_mute() -> None:
    call = Script()
    call.speaks(1.0)
    broken(call, Heard(1.5, "uh", False, 1.4))
    call.hears(2.0, "")
    assert call.last(SetTimer).generation == call.state.generation


def test_words_after_something_went_wrong_are_a_turn_of_their_own() -> None:
    call = Script()
    call.hears(1.0, "Boston to Denver")
    call.reads(1.0)
    call.speaks(1.3)
    broken(call, drafted(call, 1.5))
    call.hears(2.0, "And how many bags are free?")
    assert call.last(Read).text == "And how many bags are free?"
    assert call.said() == []


def test_a_write_whose_end_is_lost_while_the_caller_speaks_is_told_after_a_cough_and_before_the_next_answer() -> None:
    for heard, said in (("", ["Booked."]), ("How many bags are free?", ["Booked.", "One."])):
        call = writing()
        call.speaks(1.5)
        assert broken(call, Performed(2.0, call.state.generation, outcome(wrote=True))) == []
        call.hears(3.0, heard)
        if heard:
            call.reads(3.0, actions=[SEARCH], certain=True, asked=True)
            call.performs(3.1, "One.")
        assert call.said() == said


def test_a_draft_that_is_lost_is_settled() -> None:
    for hung_up in (False, True):
        call = Script()
        call.hears(1.0, "Boston to Denver")
        call.reads(1.0)
        lost = drafted(call, 1.5)
        if hung_up:
            call.hangs_up(1.4)
        assert broken(call, lost) == ([] if hung_up else [SORRY])
        assert call.state.budget.pending == ()
        assert call.state.budget.spent == FAST.price(1000, 50)


def test_a_second_opinion_that_is_lost_is_settled_and_stands_in_the_way_of_no_other() -> None:
    call = Script(replace(TWO_TIERS, shadow=ShadowPolicy(share=1.0)))
    call.hears(1.0, "Boston to Denver")
    call.reads(1.0)
    call.drafts(1.5, SEARCH)
    call.examines(1.5, agreement=True)
    call.performs(1.6, "Here.")
    call.finishes_speaking(3.0)
    assert call.last(StartDraft).shadow == 1
    generation = call.state.generation
    assert broken(call, drafted(call, 4.0)) == []
    assert (call.state.shadow, call.state.budget.pending) == (None, ())
    assert call.state.shadow_spent == STRONG.price(1000, 50)
    assert call.state.generation == generation, "the timer of a silent caller would be stale"


def test_a_draft_that_nobody_asked_for_is_lost_without_a_bill_and_costs_no_turn() -> None:
    call = Script()
    call.hears(1.0, "Boston to Denver")
    call.reads(1.0)
    assert broken(call, Drafted(1.5, call.state.generation, Draft("unknown", ()))) == []
    call.drafts(1.6, SEARCH)
    call.examines(1.6)
    assert call.last(Perform).actions == (SEARCH,)


def test_the_agent_is_silent_where_it_is_lost_that_the_caller_spoke() -> None:
    call = Script()
    call.hears(1.0, "bags")
    call.reads(1.0, actions=[SEARCH], certain=True, asked=True)
    call.performs(1.1, "Shall I book it?", dialogue="proposal", unheard="nothing asked")
    broken(call, CallerSpoke(1.5))
    assert call.all(StopSpeaking)
    assert (call.state.speaking, call.state.dialogue) == ((), "nothing asked")
    call.hears(2.0, "")
    assert call.said() == ["Shall I book it?", "Shall I book it?"]
    assert call.state.dialogue == "proposal"


def test_a_caller_who_is_silent_after_something_was_lost_is_spoken_to() -> None:
    call = Script()
    call.hears(1.0, "bags")
    call.reads(1.0, actions=[SEARCH], certain=True, asked=True)
    call.performs(1.1, "Here.")
    broken(call, SpeechDone(2.0, call.last(Say).utterance))
    assert call.last(SetTimer) == SetTimer(call.state.generation, "idle", call.state.policy.idle.seconds)
    broken(call, TimerFired(10.0, call.state.generation, "idle"))
    assert call.all(SetTimer)[-2:] == [call.last(SetTimer)] * 2


def test_what_is_stale_or_only_a_filler_costs_nothing_more() -> None:
    call = Script()
    call.hears(1.0, "Boston to Denver")
    call.reads(1.0)
    turn, generation = call.state.turn, call.state.generation
    for lost in (
        WasRead(2.0, generation - 1, Reading("old")),
        Performed(2.0, generation - 1, outcome(wrote=False)),
        TimerFired(2.0, generation, "filler"),
    ):
        assert broken(call, lost) == []
        assert call.state.turn is turn


def test_who_speaks_is_known_whatever_is_lost() -> None:
    call = Script()
    broken(call, CallerSpoke(1.0))
    assert call.state.caller_speaking
    call = Script()
    call.hears(1.0, "bags")
    call.reads(1.0, actions=[SEARCH], certain=True, asked=True)
    call.performs(1.1, "Here.")
    broken(call, SpeechDone(2.0, call.last(Say).utterance))
    assert call.state.speaking == ()
