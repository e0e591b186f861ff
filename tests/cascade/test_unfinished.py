"""A write that outlasts the deadline: it goes on, the caller is answered meanwhile, and hears what came of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.cascade.script import SEARCH, TWO_TIERS, Script
from voice.cascade.commands import CancelDrafts, HandOff, Perform, Read, SetTimer
from voice.cascade.events import Performed
from voice.cascade.policy import FillerPolicy, IdlePolicy
from voice.cascade.words import Action, Outcome, OutcomeKind

YES, POLICY, PERSON = Action("confirm", {"answer": "yes"}), Action("policy"), Action("handoff")
LATE = FillerPolicy().unfinished


def writing(script: Script, at: float = 1.0) -> Perform:
    script.hears(at, "Yes.")
    script.reads(at, actions=[YES], certain=True)
    return script.last(Perform)


def late(script: Script, at: float = 1.0) -> Perform:
    """A write that the deadline found under way, of which the caller was told."""
    write = writing(script, at)
    script.fires(at + 15, "deadline")
    script.finishes_speaking(at + 17)
    return write


def ends(script: Script, at: float, write: Perform, *say: str, wrote: tuple[str, ...] = ("QT44LZ",)) -> None:
    kind = OutcomeKind.ANSWER if wrote else OutcomeKind.FAILED
    script.feed(Performed(at, write.generation, Outcome(kind, say, "booked", wrote=wrote)))


def asks(script: Script, at: float, text: str, action: Action) -> None:
    script.hears(at, text)
    script.reads(at, actions=[action], certain=True, asked=True)


def test_at_the_deadline_the_caller_hears_that_it_is_being_worked_on_and_then_what_came_of_it() -> None:
    script = Script()
    write = late(script)
    assert script.said() == [LATE]
    assert [record.turn for record in script.recorded("unfinished")] == [1]
    ends(script, 40.0, write, "You are booked.")
    assert script.said() == [LATE, "You are booked."]
    assert script.state.dialogue == "booked"
    assert [record.turn for record in script.recorded("performed")] == [1]
    assert len(script.all(Perform)) == 1
    assert not script.all(CancelDrafts)


def test_the_deadline_of_a_write_counts_from_its_beginning() -> None:
    script = Script()
    writing(script)
    assert script.all(SetTimer)[-1].seconds == script.state.policy.deadline_seconds


def test_what_was_said_during_the_write_is_taken_up_at_the_deadline_as_a_turn_of_its_own() -> None:
    script = Script()
    writing(script)
    script.hears(5.0, "How many bags are free?")
    script.fires(16.0, "deadline")
    assert script.last(Read).text == "How many bags are free?"


def test_a_question_asked_meanwhile_is_answered_and_what_was_written_is_told_after_that() -> None:
    script = Script()
    write = late(script)
    asks(script, 20.0, "How many bags are free?", POLICY)
    ends(script, 20.1, write, "You are booked.")
    assert script.said() == [LATE], "two answers at once"
    script.performs(20.2, "One bag is free.", dialogue="bags")
    script.finishes_speaking(22.0)
    assert script.said() == [LATE, "One bag is free.", "You are booked."]
    assert script.state.dialogue == "bags"


def proposed_meanwhile(script: Script) -> Perform:
    """Give the late write, during which another flight was asked for and offered."""
    write = late(script)
    asks(script, 20.0, "A flight to Rome.", SEARCH)
    script.performs(20.1, "Rome for $300. Shall I book it?", dialogue="proposal-2", unheard="offer-2")
    script.finishes_speaking(22.0)
    return write


def test_a_yes_to_what_was_proposed_meanwhile_counts_though_the_late_write_ends_as_it_is_said() -> None:
    script = Script()
    write = proposed_meanwhile(script)
    script.speaks(22.5)
    ends(script, 22.6, write, "You are booked.")
    asks(script, 23.0, "Yes.", YES)
    assert script.last(Perform).dialogue == "proposal-2"
    script.performs(24.0, "You are booked to Rome.", wrote=["RM0001"], dialogue="both")
    assert script.said()[-2:] == ["You are booked.", "You are booked to Rome."]
    assert script.state.dialogue == "both"
    script.finishes_speaking(26.0)
    script.finishes_speaking(28.0)
    assert script.said().count("You are booked.") == 1


def test_a_write_that_is_late_behind_another_late_one_hides_nothing_of_what_that_came_to() -> None:
    script = Script()
    write = proposed_meanwhile(script)
    script.speaks(22.5)
    ends(script, 22.6, write, "You are booked.")
    second = writing(script, 23.0)
    script.fires(38.0, "deadline")
    script.finishes_speaking(40.0)
    ends(script, 41.0, second, "You are booked to Rome.")
    assert script.said()[-3:] == [LATE, "You are booked.", "You are booked to Rome."]


@pytest.mark.parametrize("wrote", [("QT44LZ",), ()])
def test_what_was_proposed_meanwhile_still_stands_when_the_late_write_is_told(wrote: tuple[str, ...]) -> None:
    script = Script()
    write = proposed_meanwhile(script)
    ends(script, 23.0, write, "That is how it ended.", wrote=wrote)
    assert script.said()[-1] == "That is how it ended."
    assert script.state.dialogue == "proposal-2"


def test_a_yes_to_try_a_late_write_again_approves_that_and_not_what_was_proposed_meanwhile() -> None:
    script = Script()
    write = proposed_meanwhile(script)
    say = "Nothing was changed.", "Shall I try it again?"
    failed = Outcome(OutcomeKind.FAILED, say, "proposal-1", unheard="unheard-1")
    script.feed(Performed(23.0, write.generation, failed))
    assert script.said()[-2:] == [*say]
    assert script.state.dialogue == "proposal-1"


def test_a_yes_to_what_was_proposed_meanwhile_writes_nothing_while_the_late_write_is_under_way() -> None:
    script = Script()
    write = proposed_meanwhile(script)
    asks(script, 23.0, "Yes.", YES)
    assert script.said()[-1] == LATE
    assert write in script.all(Perform)
    assert not [each for each in script.all(Perform) if each.dialogue == "proposal-2"]
    assert script.state.dialogue == "proposal-2"


def test_what_a_late_write_came_to_is_told_before_the_caller_is_passed_to_a_person() -> None:
    script = Script()
    write = late(script)
    asks(script, 20.0, "I want a person.", PERSON)
    script.performs(20.1, "I'll connect you.", kind=OutcomeKind.HANDOFF)
    ends(script, 20.5, write, "You are booked.")
    script.finishes_speaking(22.0)
    assert script.said()[-2:] == ["I'll connect you.", "You are booked."]
    assert not script.all(HandOff)
    script.finishes_speaking(24.0)
    assert script.all(HandOff)


def test_a_late_write_that_has_nothing_to_say_keeps_no_caller_from_a_person() -> None:
    script = Script()
    write = late(script)
    asks(script, 20.0, "I want a person.", PERSON)
    script.performs(20.1, "I'll connect you.", kind=OutcomeKind.HANDOFF)
    ends(script, 20.5, write)
    script.finishes_speaking(22.0)
    assert script.all(HandOff)


def test_who_asks_for_a_person_instead_is_not_told_once_more_that_the_write_is_late() -> None:
    script = Script()
    writing(script)
    script.hears(5.0, "I want a person.")
    script.fires(16.0, "deadline")
    script.reads(16.1, actions=[PERSON], certain=True, asked=True)
    script.performs(16.2, "I'll connect you.", kind=OutcomeKind.HANDOFF)
    script.finishes_speaking(18.0)
    assert script.said() == ["I'll connect you."]
    assert script.all(HandOff)


def test_a_person_who_is_asked_for_meanwhile_is_got() -> None:
    script = Script()
    late(script)
    asks(script, 20.0, "I want a person.", PERSON)
    script.performs(20.1, "I'll connect you.", kind=OutcomeKind.HANDOFF)
    script.finishes_speaking(22.0)
    assert script.all(HandOff)


def test_a_second_yes_writes_nothing_while_the_first_is_under_way() -> None:
    script = Script()
    write = late(script)
    asks(script, 20.0, "Yes!", YES)
    assert script.said() == [LATE, LATE]
    assert script.all(Perform) == [write]
    script.finishes_speaking(22.0)
    ends(script, 40.0, write, "You are booked.")
    assert script.said() == [LATE, LATE, "You are booked."]


def test_a_second_yes_that_comes_as_the_first_has_ended_is_told_what_came_of_that() -> None:
    script = Script()
    write = late(script)
    script.speaks(20.0)
    ends(script, 20.1, write, "You are booked.")
    asks(script, 20.5, "Yes!", YES)
    assert script.said() == [LATE, "You are booked."]
    assert script.all(Perform) == [write]


def test_a_late_write_that_failed_is_told_too() -> None:
    script = Script()
    write = late(script)
    ends(script, 40.0, write, "I could not book it.", wrote=())
    assert script.said() == [LATE, "I could not book it."]


def test_nothing_is_told_while_the_caller_speaks_and_a_cough_only_puts_it_off() -> None:
    script = Script()
    write = writing(script)
    script.speaks(15.5)
    script.fires(16.0, "deadline")
    assert script.said() == []
    script.hears(16.5, "")
    assert script.said() == [LATE]
    script.finishes_speaking(18.0)
    script.speaks(39.0)
    ends(script, 40.0, write, "You are booked.")
    assert script.said() == [LATE]
    script.hears(41.0, "")
    assert script.said() == [LATE, "You are booked."]


def test_what_a_late_write_came_to_is_told_again_if_the_caller_did_not_hear_it() -> None:
    script = Script()
    write = late(script)
    ends(script, 40.0, write, "You are booked.")
    script.speaks(40.2)
    asks(script, 41.0, "How many bags are free?", POLICY)
    script.performs(41.1, "One bag is free.")
    assert script.said() == [LATE, "You are booked.", "You are booked.", "One bag is free."]


def test_who_waits_silently_for_a_write_hears_of_it_and_not_whether_they_are_there() -> None:
    script = Script(replace(TWO_TIERS, idle=IdlePolicy(seconds=5.0, prompts=("Hello?",))))
    late(script)
    script.fires(30.0, "idle")
    assert script.said() == [LATE, LATE]


def test_the_end_of_a_late_write_is_in_the_trace_also_after_the_call() -> None:
    script = Script()
    write = late(script)
    script.hangs_up(20.0)
    ends(script, 40.0, write, "You are booked.")
    assert script.said() == [LATE]
    assert script.recorded("performed")[-1].data["wrote"] == ("QT44LZ",)


def test_without_a_sentence_for_it_a_late_write_is_silent_until_it_is_known() -> None:
    script = Script(replace(TWO_TIERS, filler=FillerPolicy(unfinished="")))
    write = writing(script)
    script.fires(16.0, "deadline")
    assert script.said() == []
    ends(script, 40.0, write, "You are booked.")
    assert script.said() == ["You are booked."]


def test_the_way_out_is_not_offered_while_a_write_keeps_it_closed_and_fillers_are() -> None:
    script = Script()
    writing(script)
    for at in (1.5, 2.0, 10.5):
        script.fires(at, "filler")
        if script.state.speaking:
            script.finishes_speaking(at + 0.3)
    assert script.said() == ["Okay.", "Let me look at that."]


def test_the_way_out_of_a_look_up_that_hangs_leads_out() -> None:
    script = Script()
    asks(script, 1.0, "How many bags are free?", POLICY)
    script.fires(10.5, "filler")
    assert script.said() == [script.state.policy.filler.way_out]
    script.hears(12.0, "I want a person.")
    assert script.last(Read).text.endswith("I want a person.")


def test_a_desk_that_answers_at_once_gets_no_filler() -> None:
    script = Script()
    asks(script, 1.0, "How many bags are free?", POLICY)
    script.fires(1.5, "filler")
    assert script.said() == []


@pytest.mark.parametrize("action", [SEARCH, PERSON])
def test_the_deadline_gives_no_look_up_and_no_hand_off_away(action: Action) -> None:
    script = Script()
    asks(script, 1.0, "Find it.", action)
    script.fires(16.0, "deadline")
    assert not script.recorded("unfinished")
    script.performs(16.1, "Here you are.")
    assert script.said() == ["Here you are."]
