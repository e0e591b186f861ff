"""What callers say while they wait, and when their voice began."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.cascade.script import SEARCH, Script, SetTimer, StopSpeaking, kinds
from voice.cascade.commands import Perform, Read
from voice.cascade.events import CallerSpoke, Performed
from voice.cascade.words import Action, Outcome, OutcomeKind


def waiting() -> Script:
    """A caller who has asked for a flight, and waits."""
    script = Script()
    script.speaks(0.0)
    script.hears(1.0, "Boston to Denver on Friday")
    script.reads(1.0, actions=[SEARCH])
    return script


@pytest.mark.parametrize("text", ["Okay.", "All right.", "Sure, thanks.", "Take your time."])
def test_an_okay_while_the_answer_is_being_made_amends_nothing(text: str) -> None:
    script = waiting()
    script.speaks(1.3)
    assert kinds(script.hears(1.8, text)) == []
    script.drafts(2.0, SEARCH)
    script.examines(2.0)
    script.performs(2.0)
    assert script.said("answer") == ["It is ninety-nine dollars."]


def test_an_okay_is_an_amendment_where_a_yes_would_have_approved_something() -> None:
    script = waiting()
    assert script.state.turn
    assert script.state.turn.reading
    reading = replace(script.state.turn.reading, approves=True)
    script.state = script.state.with_turn(replace(script.state.turn, reading=reading))
    script.speaks(1.3)
    script.hears(1.8, "Sure.")
    assert script.last(Read).text == "Boston to Denver on Friday Sure."


def test_who_went_on_as_the_answer_began_had_only_paused_however_late_that_became_clear() -> None:
    script = waiting()
    script.drafts(1.2, SEARCH)
    script.examines(1.2)
    script.performs(1.2)
    assert kinds(script.feed(CallerSpoke(4.0, since=2.5)))[:1] == ["StopSpeaking"]
    script.hears(5.0, "and back on Sunday evening")
    assert script.last(Read).text == "Boston to Denver on Friday and back on Sunday evening"
    assert len(script.all(StopSpeaking)) == 1


def answering() -> Script:
    """An agent that is in the second sentence of its answer, which asks for a yes."""
    script = waiting()
    script.drafts(1.2, SEARCH)
    script.examines(1.2)
    script.performs(1.2, "It is ninety-nine dollars.", "Shall I book it?", unheard="never asked")
    script.finishes_speaking(3.0)
    return script


@pytest.mark.parametrize("text", ["", "Mhm."])
def test_an_answer_that_a_cough_cut_short_goes_on_with_the_sentence_it_stopped_in(text: str) -> None:
    script = answering()
    script.speaks(5.0)
    assert script.state.dialogue == "never asked"
    script.hears(6.0, text)
    assert script.said("answer") == ["It is ninety-nine dollars.", "Shall I book it?", "Shall I book it?"]
    assert script.state.dialogue == "dialogue-1"
    script.finishes_speaking(7.0)
    assert script.state.unheard is None


def test_an_answer_that_words_cut_short_stays_so() -> None:
    script = answering()
    script.speaks(5.0)
    script.hears(6.0, "no wait, on Monday")
    script.hears(9.0, "")
    assert script.said("answer") == ["It is ninety-nine dollars.", "Shall I book it?"]


def test_a_noise_that_was_first_taken_for_words_ends_as_if_it_had_not_been() -> None:
    script = answering()
    script.speaks(5.0)
    script.hears(5.5, "What?", final=False)
    script.reads(5.5)
    script.hears(6.0, "")
    assert script.state.turn is None
    assert script.said("answer")[-1] == "Shall I book it?"
    assert script.state.dialogue == "dialogue-1"


def test_after_a_noise_that_was_first_taken_for_words_a_silent_caller_is_asked() -> None:
    script = Script()
    script.speaks(1.0)
    script.hears(1.5, "What?", final=False)
    script.reads(1.5)
    assert kinds(script.hears(2.0, "")) == ["CancelDrafts", "SetTimer"]
    script.drafts(2.1, error="cancelled")
    assert kinds(script.fires(20.0, "idle")) == ["Say"]


def test_a_desk_without_a_word_to_say_leaves_the_line_not_mute() -> None:
    script = Script()
    script.hears(1.0, "Hm, well.")
    script.reads(1.0, actions=[Action("chat")], certain=True, asked=True)
    script.feed(Performed(1.1, script.last(Perform).generation, Outcome(OutcomeKind.ANSWER, (), None)))
    assert script.last(SetTimer) == SetTimer(script.state.generation, "idle", script.state.policy.idle.seconds)
    assert kinds(script.fires(20.0, "idle")) == ["Say"]
