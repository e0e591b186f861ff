"""Cities and days that were heard with little confidence are asked about by name."""

from tests.booking.callers import Caller, act, flight, text
from voice.booking.context import TurnContext
from voice.booking.reading import read
from voice.cascade.words import Action, Outcome, Reading


async def does(caller: Caller, action: Action, *doubted: str) -> Outcome:
    reading = Reading("", (action,), doubted=doubted)
    outcome = await caller.desk.perform((action,), reading, caller.dialogue, key="call-1/9")
    caller.dialogue = outcome.dialogue
    return outcome


def test_a_city_that_sounds_like_another_and_a_day_can_be_doubted_and_others_not() -> None:
    reading = read("From Singapore to New York on Friday, code QT44LZ", TurnContext())
    rivalry = {entity.text: entity.rivalry for entity in reading.entities}
    assert rivalry["New York"] >= 0.7
    assert rivalry["Friday"] == 0.5
    assert rivalry["Singapore"] == rivalry["QT44LZ"] == 0.0


async def test_a_city_in_doubt_is_asked_about_beside_its_rival_and_the_rest_is_kept(caller: Caller) -> None:
    asked = await does(caller, flight("Boston", "New York", "December 11"), "New York")
    assert text(asked) == "Did you say New York, or Newark?"
    answered = await caller.does(flight("Boston", "Newark", "December 11"))
    assert "Newark" in text(answered)


async def test_a_day_in_doubt_is_settled_by_a_yes(caller: Caller) -> None:
    asked = await does(caller, flight("Boston", "Denver", "December 11"), "December 11")
    assert text(asked) == "Did you say December 11?"
    assert "Denver" in text(await caller.does(act("confirm", answer="yes")))


async def test_a_doubt_about_words_that_are_not_used_asks_nothing(caller: Caller) -> None:
    outcome = await does(caller, flight("Boston", "Denver", "December 11"), "New York")
    assert "Did you say" not in text(outcome)
