"""Words heard with little confidence are asked about where they matter; they make no turn harder."""

from tests.cascade.script import Script
from voice.cascade.commands import Read, StartDraft
from voice.cascade.doubts import doubted, heard_with
from voice.cascade.events import Heard, WasRead
from voice.cascade.words import Entity, Reading

WORDS = (("To", 0.4), ("New", 0.9), ("York,", 0.25), ("on", 0.1), ("Friday.", 0.2))
NEW_YORK, FRIDAY = Entity("place", "New York", rivalry=0.9), Entity("date", "Friday", rivalry=0.5)


def test_the_least_certain_word_of_an_entity_counts_and_the_nearness_of_what_else_it_could_be() -> None:
    reading = Reading("To New York, on Friday.", entities=(NEW_YORK, FRIDAY))
    assert doubted(reading, WORDS, 0.3) == ("New York",)
    assert doubted(reading, WORDS, 0.5) == ("New York", "Friday")
    assert doubted(reading, WORDS, 0.0) == ()
    assert doubted(reading, (), 0.5) == ()


def test_what_could_be_nothing_else_is_not_doubted() -> None:
    assert doubted(Reading("", entities=(Entity("code", "York"),)), WORDS, 0.9) == ()


def test_an_answer_is_doubted_where_the_desk_wants_it() -> None:
    code = Entity("code", "QT44LZ", rivalry=1.0)
    assert doubted(Reading("", asked=True, entities=(code,)), (("Q-T-4-4-L-Z.", 0.3),), 0.4) == ("QT44LZ",)


def test_of_several_mentions_the_clearest_counts_and_one_that_is_written_otherwise_is_trusted() -> None:
    words = (*WORDS, ("New", 0.8), ("York", 0.7))
    assert heard_with("New York", words) == 0.7
    assert heard_with("Newark", words) == 1.0


def test_a_doubt_reaches_the_desk_and_not_the_larger_tier() -> None:
    script = Script()
    script.feed(Heard(1.0, "To New York.", True, 0.7, 0.25, WORDS))
    read = script.last(Read)
    script.feed(WasRead(1.0, read.generation, Reading(read.text, entities=(NEW_YORK,))))
    asked = script.last(StartDraft)
    assert (asked.tier, asked.reading.doubted) == ("fast", ("New York",))
    assert script.recorded("route")[0].data["doubted"] == ("New York",)
