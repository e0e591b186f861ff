from dataclasses import replace

from tests.cascade.script import SEARCH, TWO_TIERS, Script
from voice.cascade.commands import CancelDrafts, Read
from voice.cascade.events import SpeechDone
from voice.cascade.policy import SpeculationPolicy
from voice.cascade.words import Action

YES = Action("confirm", {"answer": "yes"})


def test_a_question_that_the_caller_broke_in_on_was_never_asked() -> None:
    script = Script()
    script.hears(1.0, "Boston to Denver.")
    script.reads(1.0, actions=[SEARCH], certain=True, asked=True)
    script.performs(1.1, "It is ninety-nine dollars.", "Shall I book it?", unheard="nothing proposed")
    script.finishes_speaking(4.0)
    script.speaks(4.2)
    assert script.state.dialogue == "nothing proposed"


def test_an_answer_that_was_heard_to_its_end_counts() -> None:
    script = Script()
    script.hears(1.0, "Boston to Denver.")
    script.reads(1.0, actions=[SEARCH], certain=True, asked=True)
    script.performs(1.1, "Shall I book it?", unheard="nothing proposed")
    script.finishes_speaking(3.0)
    script.speaks(3.2)
    assert script.state.dialogue == "dialogue-1"


def test_a_caller_who_goes_on_as_the_answer_begins_is_heard_whole() -> None:
    script = Script()
    script.hears(1.0, "Boston to Denver on Friday.", spoke_until=0.6)
    script.reads(1.0, actions=[SEARCH], certain=True, asked=True)
    script.performs(1.1, "It is ninety-nine dollars.", unheard="nothing proposed")
    script.speaks(2.0)
    script.hears(3.0, "And back on Monday.", final=False)
    assert script.last(Read).dialogue == "dialogue-0"
    assert script.last(Read).text == "Boston to Denver on Friday. And back on Monday."
    script.hears(3.4, "And back on Monday.", spoke_until=2.9)
    script.reads(3.4, actions=[SEARCH], certain=True, asked=True)
    script.performs(3.5, "It is two hundred dollars.")
    assert script.said()[-1] == "It is two hundred dollars."
    script.speaks(9.0)
    script.hears(9.5, "Thanks.")
    assert script.last(Read).text == "Thanks."


def broke_in_as_the_answer_began() -> Script:
    script = Script()
    script.hears(1.0, "Boston to Denver on Friday.", spoke_until=0.6)
    script.reads(1.0, actions=[SEARCH], certain=True, asked=True)
    script.performs(1.1, "It is ninety-nine dollars.", unheard="nothing proposed")
    script.speaks(2.0)
    return script


def test_a_short_answer_is_no_second_half_even_if_it_was_first_heard_as_one() -> None:
    script = broke_in_as_the_answer_began()
    script.hears(2.6, "Yes book it then.", final=False)
    assert script.last(Read).dialogue == "dialogue-0"
    script.hears(2.9, "Yes.")
    assert (script.last(Read).text, script.last(Read).dialogue) == ("Yes.", "nothing proposed")


def test_a_cough_as_the_answer_begins_leaves_the_next_turn_alone() -> None:
    script = broke_in_as_the_answer_began()
    script.hears(2.6, "")
    script.hears(20.0, "How many bags are free?")
    assert script.last(Read).text == "How many bags are free?"


def test_what_was_written_for_half_a_turn_stands() -> None:
    script = Script()
    script.hears(1.0, "Yes.", spoke_until=0.6)
    script.reads(1.0, actions=[YES], certain=True)
    script.performs(1.1, "You're booked.", wrote=["QT44LZ"])
    script.speaks(2.0)
    script.hears(3.0, "And add a bag.")
    assert script.last(Read).text == "And add a bag."


def test_never_mind_drops_what_was_asked_for() -> None:
    script = Script()
    script.hears(10.0, "Seattle to Tokyo, then Osaka, then home.")
    script.reads(10.0, legs=3)
    script.speaks(11.0)
    script.hears(11.8, "Never mind.")
    assert script.last(Read).text == "Never mind."
    assert script.last(CancelDrafts)


def test_nothing_is_speculated_when_that_is_switched_off() -> None:
    script = Script(replace(TWO_TIERS, speculation=SpeculationPolicy(enabled=False)))
    assert script.hears(1.0, "Boston to Denver.", final=False) == []


def test_what_the_voice_failed_to_say_is_approved_by_no_yes() -> None:
    script = Script()
    script.hears(1.0, "Boston to Denver.")
    script.reads(1.0, actions=[SEARCH], certain=True, asked=True)
    script.performs(1.1, "It is ninety-nine dollars.", "Shall I book it?", unheard="nothing proposed")
    script.feed(SpeechDone(2.0, script.state.speaking[0].number, played=False))
    script.finishes_speaking(4.0)
    script.hears(5.0, "Yes.")
    assert script.last(Read).dialogue == "nothing proposed"


def booked() -> Script:
    script = Script()
    script.hears(1.0, "Yes.")
    script.reads(1.0, actions=[YES], certain=True)
    script.performs(1.1, "You're booked.", "Your code is Q, T, 4.", wrote=["QT44LZ"])
    return script


def asks_more(script: Script) -> list[str]:
    """Let the caller ask for something else, and give what is said to it."""
    before = len(script.said())
    script.hears(3.0, "And what about bags?")
    script.reads(3.0, actions=[Action("policy", {"topic": "baggage"})], certain=True, asked=True)
    script.performs(3.1, "Bags are extra.")
    return script.said()[before:]


def test_what_was_written_is_told_again_if_the_caller_went_on_before_a_word_of_it_was_heard_to_its_end() -> None:
    script = booked()
    script.speaks(2.0)
    assert asks_more(script) == ["You're booked.", "Your code is Q, T, 4.", "Bags are extra."]
    script.speaks(5.0)
    script.hears(5.5, "Thanks.")
    script.reads(5.5, actions=[Action("chat")], certain=True, asked=True)
    script.performs(5.6, "You're welcome.")
    assert script.said()[-1:] == ["You're welcome."]
    assert script.said().count("You're booked.") == 2


def test_what_the_caller_heard_of_a_write_is_not_told_again() -> None:
    script = booked()
    script.finishes_speaking(2.0)
    script.speaks(2.5)
    assert asks_more(script) == ["Bags are extra."]


def test_a_cough_over_the_news_of_a_write_has_it_said_on_and_not_twice() -> None:
    script = booked()
    script.speaks(2.0)
    script.hears(2.5, "")
    assert script.said()[-2:] == ["You're booked.", "Your code is Q, T, 4."]
    script.finishes_speaking(2.8)
    script.speaks(2.9)
    assert asks_more(script) == ["Bags are extra."]
