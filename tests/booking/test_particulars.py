"""What is asked of a topic in particular is answered first, and what is said further about it too."""

import pytest

from tests.booking.callers import Caller, assert_speakable
from voice.booking.airline.policy import load_policy


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("How heavy can my suitcase be?", "Up to 50 pounds for each checked bag."),
        ("What if my bag is overweight?", "Over 50 pounds a bag costs $75 more each way."),
        ("Can I bring my golf clubs?", "They count as a checked bag"),
        ("How big can a carry-on be?", "A carry-on of up to 22 pounds"),
        ("Does my baby need a ticket?", "Under two, a child flies free on your lap"),
        ("Can my ten year old fly alone?", "Children from five to fourteen may fly alone for $90"),
        ("Can I take a stroller?", "Strollers and car seats are free"),
        ("Can my labrador fly?", "Up to 20 pounds with the carrier"),
        ("How early do I have to be at the airport?", "Bags must be checked 45 minutes before"),
        ("How long does a refund take?", "Within seven business days"),
        ("How late can I change my flight?", "Up to 2 hours before the flight."),
        ("What if I miss my connection?", "If you miss a connection"),
        ("Can I pay in euros?", "Only by credit or debit card"),
        ("Do you have wheelchairs?", "Wheelchairs and help through the airport are free."),
        ("Is my flight on time?", "I can't see live flight status, only the schedule."),
        ("Which seat do I have?", "You choose your seat at check-in"),
    ],
)
async def test_what_was_asked_for_comes_first(caller: Caller, said: str, answer: str) -> None:
    outcome = await caller.says(said)
    assert outcome.say[0].startswith(answer)
    assert_speakable(outcome)


@pytest.mark.parametrize(
    ("question", "further", "answer"),
    [
        ("Can I bring my dog?", "He's about 40 pounds.", "Up to 20 pounds with the carrier"),
        ("Can I bring my dog?", "How much is that?", "$110 each way"),
        ("I have a baby, does she need a ticket?", "She's eleven months old.", "Under two"),
        ("Can I change my flight?", "And in business?", "Premium and business change for free"),
        ("What if I cancel?", "Is there a fee?", "Cancelling economy costs $75"),
    ],
)
async def test_what_is_said_further_is_about_the_same_topic(
    caller: Caller, question: str, further: str, answer: str
) -> None:
    await caller.says(question)
    outcome = await caller.says(further)
    assert outcome.say[0].startswith(answer)
    assert_speakable(outcome)


async def test_a_topic_is_forgotten_once_something_else_was_spoken_of(caller: Caller) -> None:
    await caller.says("Can I bring my dog?")
    await caller.says("Look up QT44LZ.")
    assert "$110" not in (await caller.says("How much is that?")).facts


async def test_what_a_change_costs_is_told_before_there_is_a_code(caller: Caller) -> None:
    await caller.says("I want to change my flight.")
    outcome = await caller.says("What does it cost?")
    assert outcome.say[0].startswith("$50 per passenger")
    assert outcome.say[-1] == "What is your six-character confirmation code?"


@pytest.mark.parametrize("said", ["My bag didn't arrive.", "There's a typo in my name."])
async def test_what_needs_a_colleague_offers_one(caller: Caller, said: str) -> None:
    assert (await caller.says(said)).say[-1] == "Shall I connect you with a colleague?"


async def test_a_question_about_bags_in_the_middle_of_a_change_keeps_it(caller: Caller) -> None:
    await caller.says("Move the return of QT44LZ to the 16th.")
    outcome = await caller.says("How heavy can a bag be?")
    assert outcome.say[-1] == "Shall I change your flight?"
    assert (await caller.says("Yes.")).wrote == ("QT44LZ",)


def test_every_particular_is_short_and_speaks_only_fees() -> None:
    policy = load_policy()
    for one in policy.particulars:
        assert one.topic in policy.topics
        assert 1 <= len(one.say) <= 2
        assert all(len(sentence) < 140 and sentence.endswith(".") for sentence in one.say)


def test_words_of_no_particular_get_the_general_answer() -> None:
    policy = load_policy()
    assert policy.answer("pets", "Can I bring my cat?") == policy.answer("pets")
    assert policy.particular("pets", "") is None
