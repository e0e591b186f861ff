"""A caller without a code is told what finds a booking, and is offered a colleague the second time."""

import pytest

from tests.booking.callers import Caller, act, leg, text
from voice.cascade.words import Action, OutcomeKind

CONNECT = "Shall I connect you with a colleague?"
ONLY_BY_CODE = "I can only find a booking by its code."


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("I don't have my code with me but I booked a flight, can you find it under Reyes?", act("clarify")),
        ("I lost my confirmation email, what do I do?", act("policy", topic="other")),
        ("I have a booking already, I just don't have the number.", act("lookup")),
        ("I never got the confirmation, can you look me up by name?", act("chat")),
        ("I want to change my flight to the 12th but I forgot the code.", act("change", date="the 12th")),
    ],
)
async def test_it_is_said_at_once_what_finds_a_booking(caller: Caller, said: str, read: Action) -> None:
    outcome = await caller.does_in(said, read)
    assert outcome.say[0] == ONLY_BY_CODE
    assert "ticket" in outcome.say[1]
    assert "colleague" in outcome.say[1]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("I don't have the code.", act("repeat")),
        ("I said I don't have it. How can I find it?", act("policy", topic="other")),
        ("It's Maya Reyes, I'm flying on the eleventh.", act("search", legs=[leg(who="Maya Reyes")])),
        ("It's Maya Reyes, I'm flying on the eleventh.", act("clarify", missing="request")),
        ("Can you look me up by name?", act("lookup")),
        ("No.", act("clarify", missing="code")),
    ],
)
async def test_the_second_time_a_colleague_is_offered(caller: Caller, said: str, read: Action) -> None:
    await caller.says("I want to cancel my flight but I lost the code.")
    assert (await caller.does_in(said, read)).say[-1] == CONNECT
    assert (await caller.says("Yes, please.")).kind is OutcomeKind.HANDOFF


async def test_a_code_that_turns_up_still_does_what_was_wanted(caller: Caller) -> None:
    await caller.says("I want to cancel my flight but I lost the code.")
    assert (await caller.says("Oh wait, it's QT44LZ.")).say[-1] == "Shall I cancel it?"


@pytest.mark.parametrize(
    "said", ["What documents do I need? I have my passport.", "Boston to Denver on December 10th."]
)
async def test_who_needs_no_booking_hears_nothing_of_codes(caller: Caller, said: str) -> None:
    assert ONLY_BY_CODE not in text(await caller.says(said))
