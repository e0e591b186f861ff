"""Callers who want the agent to speak otherwise: what is understood, and what changes in the call."""

from __future__ import annotations

import pytest

from tests.cascade.script import FAST, SEARCH, STRONG, Script, kinds
from voice.cascade.commands import Deliver, Prepare, Read, Say
from voice.cascade.delivery import Delivery, DeliveryPolicy, Wish, delivered, wish
from voice.cascade.policy import Policy
from voice.cascade.words import Action

REPEAT = Action("policy")


@pytest.mark.parametrize(
    "text",
    [
        "Slower, please.",
        "Could you speak more slowly?",
        "Can you say that a bit slower?",
        "Please slow down a little.",
        "You're talking too fast.",
        "That was too fast for me.",
        "Sorry, too fast.",
        "Not so fast!",
        "More slowly please",
        "A little slower.",
        "Would you mind repeating that slowly, please?",
    ],
)
def test_a_caller_wants_it_slower(text: str) -> None:
    assert wish(text) == Wish(pace=-1, alone=True)


@pytest.mark.parametrize(
    ("text", "pace", "loudness"),
    [
        ("Could you speak up, please?", 0, 1),
        ("Louder, please.", 0, 1),
        ("I can hardly hear you.", 0, 1),
        ("You're too quiet.", 0, 1),
        ("A bit quieter, please.", 0, -1),
        ("You are too loud.", 0, -1),
        ("You can speak faster.", 1, 0),
        ("You can talk normally again.", 0, 0),
    ],
)
def test_a_caller_wants_another_voice(text: str, pace: int, loudness: int) -> None:
    assert wish(text) == Wish(pace, loudness, alone=True)


@pytest.mark.parametrize("text", ["Slower please, and add one bag.", "Slow down please, what time was the first one?"])
def test_a_wish_may_stand_beside_a_request(text: str) -> None:
    assert wish(text) == Wish(pace=-1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Is there a faster flight?",
        "I'd rather take the slower train.",
        "A quicker connection, please.",
        "That's too quick a change in Denver.",
        "Can you hear me?",
        "Can you look up my booking?",
        "I need a quiet seat.",
        "Which one gets me there faster?",
        "Could you say that again?",
    ],
)
def test_what_asks_nothing_of_the_voice(text: str) -> None:
    assert wish(text) is None


def test_a_wish_is_a_step_within_bounds_and_normal_is_where_it_began() -> None:
    policy = DeliveryPolicy(step=0.8, slowest=0.7, loudest_db=6.0)
    delivery = Delivery()
    rates: list[float] = []
    for pace in (-1, -1, -1, 1, 1):
        delivery = delivered(delivery, Wish(pace=pace), policy)
        rates.append(delivery.rate)
    assert rates == [0.8, 0.7, 0.7, 0.875, 1.094]
    louder = delivered(delivered(delivery, Wish(loudness=1), policy), Wish(loudness=1), policy)
    assert louder == Delivery(1.094, 6.0)
    assert delivered(louder, Wish(), policy) == Delivery()
    with pytest.raises(ValueError, match="must enclose 1"):
        DeliveryPolicy(slowest=1.2)


def test_the_voice_changes_before_the_repetition_and_only_once_the_caller_has_finished() -> None:
    script = Script()
    assert not [command for command in script.hears(1.0, "slower please", final=False) if isinstance(command, Deliver)]
    script.reads(1.0, actions=[REPEAT], certain=True, asked=True)
    script.performs(1.1, "One bag is free.")
    assert not script.all(Prepare)  # it would be rendered at the old rate
    script.hears(1.5, "slower please")
    order = [type(command).__name__ for command in script.commands if isinstance(command, Deliver | Say)]
    assert order == ["Deliver", "Say"]
    assert script.last(Deliver).delivery == Delivery(rate=0.75)
    assert script.recorded("delivery")[0].data == {"text": "slower please", "rate": 0.75, "gain_db": 0.0}


def test_a_wish_while_the_answer_is_being_made_amends_nothing() -> None:
    script = Script()
    script.hears(1.0, "Boston to Denver on Friday")
    script.reads(1.0, actions=[SEARCH])
    script.speaks(1.3)
    assert kinds(script.hears(1.8, "Slower, please.")) == ["Deliver"]
    assert len(script.all(Read)) == 1
    script.hears(2.5, "And speak slower, it is for two people.")
    assert script.last(Read).text == "Boston to Denver on Friday And speak slower, it is for two people."
    assert script.state.delivery.rate == pytest.approx(0.75**2, abs=0.001)


def test_where_it_is_switched_off_nothing_changes() -> None:
    script = Script(Policy((FAST, STRONG), delivery=DeliveryPolicy(enabled=False)))
    script.hears(1.0, "slower please")
    assert not script.all(Deliver)
