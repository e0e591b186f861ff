"""A write that ends when the call has moved on: what is talked of from then on knows of it."""

from __future__ import annotations

from tests.cascade.script import READ_ONLY, SEARCH, Script
from tests.cascade.test_unfinished import POLICY, YES, asks, ends, late, proposed_meanwhile, writing
from voice.cascade.commands import Perform, Read
from voice.cascade.events import CallStarted, Performed
from voice.cascade.words import Action, Outcome, OutcomeKind

CANCEL = Action("cancel")


def remember(dialogue: str, outcome: Outcome) -> str:
    known = f" + {', '.join(outcome.wrote)}"
    return dialogue if dialogue.endswith(known) else dialogue + known


def desk_that_remembers() -> Script:
    script = Script()
    script.feed(CallStarted(0.0, "call-1", "dialogue-0", read_only=READ_ONLY, remember=remember))
    return script


def test_what_is_asked_after_a_late_write_was_told_is_read_and_done_in_a_dialogue_that_knows_of_it() -> None:
    script = desk_that_remembers()
    write = proposed_meanwhile(script)
    ends(script, 23.0, write, "You are booked.")
    assert script.said()[-1] == "You are booked."
    script.finishes_speaking(25.0)
    script.hears(26.0, "Cancel it.")
    assert script.last(Read).dialogue == "proposal-2 + QT44LZ"
    script.reads(26.0, actions=[CANCEL], certain=True, asked=True)
    assert script.last(Perform).dialogue == "proposal-2 + QT44LZ"


def test_what_is_said_before_a_late_write_could_be_told_is_read_in_a_dialogue_that_knows_of_it() -> None:
    script = desk_that_remembers()
    write = proposed_meanwhile(script)
    script.speaks(22.5)
    ends(script, 22.6, write, "You are booked.")
    script.hears(23.0, "Cancel the first one.")
    assert script.last(Read).dialogue == "proposal-2 + QT44LZ"
    script.reads(23.0, actions=[POLICY], certain=True, asked=True)
    script.performs(23.1, "One bag is free.", dialogue="bags")
    script.finishes_speaking(25.0)
    assert script.said()[-2:] == ["One bag is free.", "You are booked."]
    assert script.state.dialogue == "bags + QT44LZ"


def test_a_yes_to_what_was_proposed_meanwhile_is_carried_out_in_a_dialogue_that_knows_of_the_late_write() -> None:
    script = desk_that_remembers()
    write = proposed_meanwhile(script)
    script.hears(23.0, "Yes.")
    ends(script, 23.1, write, "You are booked.")
    script.reads(23.2, actions=[YES], certain=True)
    assert script.last(Perform).dialogue == "proposal-2 + QT44LZ"


def test_an_answer_that_was_under_way_when_the_late_write_ended_forgets_nothing_of_it() -> None:
    script = desk_that_remembers()
    write = late(script)
    asks(script, 20.0, "How many bags are free?", POLICY)
    ends(script, 20.1, write, "You are booked.")
    script.performs(20.2, "One bag is free.", dialogue="bags")
    script.finishes_speaking(22.0)
    assert script.said()[-1] == "You are booked."
    assert script.state.dialogue == "bags + QT44LZ"


def test_a_late_write_that_ends_while_nothing_else_was_talked_of_gives_its_own_dialogue() -> None:
    script = desk_that_remembers()
    write = late(script)
    ends(script, 20.0, write, "You are booked.")
    assert script.state.dialogue == "booked"


def test_a_late_write_that_wrote_nothing_is_not_remembered() -> None:
    script = desk_that_remembers()
    write = proposed_meanwhile(script)
    ends(script, 23.0, write, "I could not book it.", wrote=())
    assert script.state.dialogue == "proposal-2"


def test_a_late_write_that_asks_for_the_next_yes_gives_its_own_dialogue() -> None:
    script = desk_that_remembers()
    write = proposed_meanwhile(script)
    say = "You are booked.", "Shall I add the bag?"
    outcome = Outcome(OutcomeKind.ANSWER, say, "bag-proposal", wrote=("QT44LZ",), unheard="bag-unheard")
    script.feed(Performed(23.0, write.generation, outcome))
    assert script.state.dialogue == "bag-proposal"


def test_a_cough_before_a_late_write_could_be_told_leaves_it_to_be_told() -> None:
    script = desk_that_remembers()
    write = proposed_meanwhile(script)
    script.speaks(22.5)
    ends(script, 22.6, write, "You are booked.")
    script.hears(22.8, "And a", final=False)
    script.hears(23.0, "")
    assert script.said()[-1] == "You are booked."
    assert script.state.dialogue == "proposal-2 + QT44LZ"


def test_a_desk_that_can_not_take_it_in_goes_on_as_it_was() -> None:
    script = Script()
    write = proposed_meanwhile(script)
    ends(script, 23.0, write, "You are booked.")
    assert script.state.dialogue == "proposal-2"


def test_a_late_write_behind_another_is_remembered_beside_it() -> None:
    script = desk_that_remembers()
    write = proposed_meanwhile(script)
    script.speaks(22.5)
    ends(script, 22.6, write, "You are booked.")
    second = writing(script, 23.0)
    assert second.dialogue == "proposal-2 + QT44LZ"
    script.fires(38.0, "deadline")
    script.finishes_speaking(40.0)
    asks(script, 42.0, "A flight to Oslo.", SEARCH)
    script.performs(42.1, "Oslo for $200.", dialogue="proposal-2 + QT44LZ + Oslo")
    ends(script, 42.2, second, "You are booked to Rome.", wrote=("RM0001",))
    while script.state.speaking:
        script.finishes_speaking(script.now + 1)
    assert script.state.dialogue == "proposal-2 + QT44LZ + Oslo + RM0001"


def test_what_was_written_is_not_forgotten_with_an_answer_that_was_broken_into_before_it() -> None:
    script = Script()
    asks(script, 1.0, "How many bags are free?", POLICY)
    script.performs(1.1, "One bag is free. Shall I book it?", dialogue="proposal", unheard="unheard")
    script.hears(1.2, "Yes.")  # typed: nobody broke in yet
    script.reads(1.2, actions=[YES], certain=True)
    script.hears(1.3, "And a window seat.")
    script.speaks(1.4)
    script.performs(1.5, "You are booked.", wrote=["QT44LZ"], dialogue="booked")
    assert script.last(Read).dialogue == "booked"
    script.hears(1.6, "Is there a seat", final=False)
    script.hears(2.0, "Is there a seat for my cat?")
    assert script.last(Read).dialogue == "booked"
