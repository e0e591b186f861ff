"""Questions on the way: about layovers, bags and children, and beside a yes or another wish."""

import pytest

from tests.booking.callers import Caller, act, proposed, text
from voice.booking.dialogue import CancelBooking
from voice.booking.talk.beside import question_beside
from voice.cascade.words import Reading

ONE_WAY = "Boston to Denver on December 10th."
ROUND_TRIP = "New York to London on Saturday and back on December 12th."


@pytest.mark.parametrize(
    "said",
    [
        "how long is the layover",
        "How much time do I have between the flights?",
        "How long do we wait there?",
        "What's the layover time?",
    ],
)
async def test_a_layover_is_told_and_the_offer_stays(caller: Caller, said: str) -> None:
    await caller.says("from Boston to Washington on Thursday, be there by noon")
    before = caller.dialogue.pending
    outcome = await caller.says(said)
    assert outcome.say[0].startswith("You have ")
    assert "in New York." in outcome.say[0]
    assert caller.dialogue.pending == before


async def test_a_layover_of_one_way_is_told_by_its_city(caller: Caller) -> None:
    out = {"from": "Boston", "to": "Washington", "date": "Thursday", "time": "be there by noon"}
    await caller.does(act("search", legs=[out, {"from": "Washington", "to": "Boston", "date": "the 8th"}]))
    outcome = await caller.says("How long is the layover in New York on the way out?")
    assert outcome.say[0].startswith("You have ")
    assert outcome.say[0].endswith("in New York.")


async def test_a_nonstop_has_no_layover(caller: Caller) -> None:
    await caller.says(ONE_WAY)
    assert text(await caller.says("How long is the layover?")).startswith("It's nonstop. There is no layover.")


async def test_an_arrival_is_told_beside_a_nonstop_that_is_asked_for_and_the_limit_holds(caller: Caller) -> None:
    await caller.says("from Boston to Washington on Thursday, be there by noon")
    outcome = await caller.says("what time does it get in and do you have a nonstop")
    assert outcome.say[0] == "You arrive in Washington Dulles at 11:25 AM."
    assert "There is no nonstop from Boston to Washington at that time." in outcome.say
    assert proposed(caller).legs[0].arrives.hour < 12


@pytest.mark.parametrize(
    "said",
    [
        "are both nonstop and what if two of us go",
        "Are both flights nonstop? And make it two people.",
        "For two people please, and are they nonstop?",
    ],
)
async def test_a_question_beside_more_people_is_answered_too(caller: Caller, said: str) -> None:
    await caller.says(ROUND_TRIP)
    outcome = await caller.says(said)
    assert outcome.say[0] in ("All of the flights are nonstop.", "It's nonstop.")
    assert proposed(caller).passengers == 2


@pytest.mark.parametrize(
    "said",
    [
        "yes and how much is that in total now",
        "Yes please, and what's the total?",
        "Go ahead. How much is it altogether?",
    ],
)
async def test_a_total_beside_a_yes_is_that_after_it(caller: Caller, said: str) -> None:
    await caller.says(ONE_WAY)
    await caller.says_yes()
    await caller.says("Add a checked bag.")
    outcome = await caller.says(said)
    assert outcome.wrote
    assert "You paid $210 in total." in outcome.say


@pytest.mark.parametrize("said", ["okay, and when do we land?", "Okay, what time does it arrive?"])
async def test_a_word_that_takes_note_before_a_question_approves_nothing(caller: Caller, said: str) -> None:
    await caller.says(ONE_WAY)
    outcome = await caller.says(said)
    assert not outcome.wrote
    assert outcome.say[0] == "You arrive in Denver at 5:45 PM."
    assert caller.dialogue.pending


@pytest.mark.parametrize(
    "said",
    [
        "do we get a checked bag with that",
        "Does it include a bag?",
        "And do I get a suitcase?",
        "Is there a checked bag included?",
    ],
)
async def test_asking_whether_a_bag_comes_with_it_adds_none(caller: Caller, said: str) -> None:
    await caller.says(ONE_WAY)
    outcome = await caller.says(said)
    assert "$35 each way" in text(outcome)
    assert outcome.say[-1] == "Shall I book that flight?"
    assert not caller.dialogue.later


@pytest.mark.parametrize("said", ["Can I add a bag?", "I need to get a checked bag.", "Add a bag to that."])
async def test_a_bag_that_is_wished_for_is_no_question_on_the_rules(caller: Caller, said: str) -> None:
    await caller.says(ONE_WAY)
    assert [action.name for action in caller.desk.read(said, caller.dialogue).actions or ()] == ["bags"]


@pytest.mark.parametrize(
    "said",
    [
        "how much is it with my two kids",
        "What would it cost with my two children?",
        "How much would that be if I bring my two kids?",
    ],
)
async def test_a_price_with_children_is_one_for_all_of_them(caller: Caller, said: str) -> None:
    await caller.says(ONE_WAY)
    outcome = await caller.says(said)
    assert proposed(caller).passengers == 3
    assert "$525 in total" in text(outcome)


@pytest.mark.parametrize(
    "said", ["ok do it", "Yes, cancel it please.", "Go ahead", "ok do it, and how long does that take"]
)
async def test_a_yes_behind_a_refund_that_was_told_asks_for_the_cancellation(caller: Caller, said: str) -> None:
    await caller.says("Look up HN5B8C.")
    outcome = await caller.says("What would I get back if I cancel it?")
    assert outcome.say[0] == "You get $965 back, after a $225 fee."
    outcome = await caller.says(said)
    assert not outcome.wrote
    assert outcome.say[-1] == "Shall I cancel it?"
    assert caller.dialogue.pending
    assert isinstance(caller.dialogue.pending.write, CancelBooking)
    assert "Chicago to Orlando takes" not in text(outcome)
    assert ("seven business days" in text(outcome)) == ("how long" in said)
    assert (await caller.says_yes()).wrote


async def test_a_no_behind_a_refund_that_was_told_cancels_nothing(caller: Caller) -> None:
    await caller.says("Look up HN5B8C.")
    await caller.says("What would I get back if I cancel it?")
    await caller.says("No, thanks.")
    assert not caller.dialogue.pending
    assert not (await caller.says("Yes.")).wrote


@pytest.mark.parametrize(
    "said", ["can I use it as a credit instead", "Do I get a voucher?", "Could I have a travel credit?"]
)
async def test_a_question_on_the_rules_is_answered_and_the_offer_stays(caller: Caller, said: str) -> None:
    await caller.does(act("cancel", code="R4T9XK"))
    before = caller.dialogue.pending
    unread = (act("clarify", missing="request"),)
    outcome = await caller.desk.perform(unread, Reading(said, unread), caller.dialogue, key="k")
    assert "didn't get" not in text(outcome)
    assert outcome.say[-1] == "Shall I cancel your booking?"
    assert caller.dialogue.pending == before


@pytest.mark.parametrize("said", ["no leave it then, thanks. can I bring skis", "No. Can I bring skis?"])
async def test_nothing_instead_is_asked_for_behind_the_answer_to_a_question(caller: Caller, said: str) -> None:
    await caller.does(act("cancel", code="R4T9XK"))
    outcome = await caller.does(act("confirm", answer="no"), act("policy", topic="baggage"))
    assert outcome.say[-1] == "Is there anything else?"


def test_no_question_is_found_where_none_stands_beside_anything() -> None:
    for said in ("What time does it arrive?", "Yes.", "Boston to Denver, and back on Friday.", "Make it two people."):
        assert question_beside(said) is None
