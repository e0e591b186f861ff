"""A caller is passed to a person once they heard so; after that the agent takes nothing in and says nothing."""

from __future__ import annotations

from dataclasses import replace

from tests.cascade.script import TWO_TIERS, Script
from voice.cascade.commands import HandOff, HangUp, Perform
from voice.cascade.events import Performed, SpeechDone
from voice.cascade.policy import HandOffPolicy
from voice.cascade.words import Action, Outcome, OutcomeKind

PERSON, POLICY = Action("handoff"), Action("policy")


def connecting(script: Script) -> Script:
    """The agent says that it connects the caller."""
    script.hears(1.0, "A person, please.")
    script.reads(1.0, actions=[PERSON], certain=True)
    script.performs(1.1, "I'll connect you.", kind=OutcomeKind.HANDOFF)
    return script


def test_the_call_ends_once_the_caller_has_heard_that_they_are_connected() -> None:
    script = connecting(Script())
    assert not script.all(HandOff)
    script.finishes_speaking(3.0)
    assert [type(command) for command in script.commands[-2:]] == [HandOff, HangUp]
    assert [record.data for record in script.recorded("hand_off")] == [{"then": "end"}]


def test_on_hold_the_line_stays_open() -> None:
    script = connecting(Script(replace(TWO_TIERS, hand_off=HandOffPolicy("hold"))))
    script.finishes_speaking(3.0)
    assert script.all(HandOff)
    assert not script.all(HangUp)


def test_after_a_hand_off_nothing_is_answered_and_nobody_is_asked_whether_they_are_there() -> None:
    script = connecting(Script(replace(TWO_TIERS, hand_off=HandOffPolicy("hold"))))
    script.finishes_speaking(3.0)
    before = len(script.commands)
    script.speaks(4.0)
    script.hears(5.0, "Hello? Is anybody there?")
    script.fires(30.0, "idle")
    assert script.commands[before:] == []
    script.hangs_up(60.0)
    assert script.recorded("outcome")[-1].data["task"] == "handed_off"


def test_a_cough_over_the_sentence_has_it_said_again_and_the_caller_connected_then() -> None:
    script = connecting(Script())
    script.speaks(1.5)
    script.hears(2.0, "")
    assert script.said() == ["I'll connect you.", "I'll connect you."]
    assert not script.all(HandOff)
    script.finishes_speaking(4.0)
    assert len(script.all(HandOff)) == 1


def test_who_thinks_better_of_it_before_the_sentence_is_over_is_answered() -> None:
    script = connecting(Script())
    script.speaks(1.5)
    script.hears(4.5, "No, wait, how many bags are free?", spoke_until=4.4)
    script.reads(4.5, actions=[POLICY], certain=True, asked=True)
    script.performs(4.6, "One bag is free.")
    script.finishes_speaking(6.0)
    assert not script.all(HandOff)


def test_a_voice_that_fails_to_say_so_connects_the_caller_all_the_same() -> None:
    script = connecting(Script())
    script.feed(SpeechDone(2.0, script.state.speaking[0].number, played=False))
    assert script.all(HandOff)


def test_a_desk_without_a_word_to_say_connects_the_caller_at_once() -> None:
    script = Script()
    script.hears(1.0, "A person, please.")
    script.reads(1.0, actions=[PERSON], certain=True)
    outcome = Outcome(OutcomeKind.HANDOFF, (), None)
    script.feed(Performed(1.1, script.last(Perform).generation, outcome))
    assert script.all(HandOff)
