"""Callers who could not follow: whatever they ask of the voice, they want the last words again."""

import pytest

from tests.booking.callers import Caller, act
from voice.booking.desk import BookingDesk
from voice.cascade.words import Action


@pytest.mark.parametrize(
    "text",
    [
        "Slower, please.",
        "You're talking too fast.",
        "Could you speak up, please?",
        "I can hardly hear you.",
        "A bit quieter, please.",
        "You can speak faster.",
        "You can talk normally again.",
    ],
)
def test_who_wants_another_voice_is_told_again(desk: BookingDesk, text: str) -> None:
    reading = desk.read(text, desk.open("call-1"))
    assert (reading.actions, reading.certain) == ((Action("repeat"),), True)


def test_a_faster_flight_is_no_faster_voice(desk: BookingDesk) -> None:
    reading = desk.read("Is there a faster flight from Boston to Denver on Friday?", desk.open("call-1"))
    assert [action.name for action in reading.actions or ()] == ["search"]


async def test_the_offer_is_what_is_repeated_after_words_that_answered_nothing(caller: Caller) -> None:
    offer = await caller.says("Boston to Denver on the 10th.")
    await caller.does(act("clarify", missing="request"))
    await caller.does(act("chat"))
    assert (await caller.says("What was it again?")).say == offer.say
