"""What nobody but the largest tier read is said back, and done after a yes."""

import pytest

from tests.booking.callers import Caller, act, assert_speakable, flight, legs, text
from voice.booking.offers.speech import Teller
from voice.booking.offers.understood import said_back
from voice.cascade.words import Action, Outcome, OutcomeKind


def said(*actions: Action) -> str:
    return said_back(actions, Teller())


async def read_back(caller: Caller, *actions: Action) -> Outcome:
    return await caller.does(act("clarify", missing="confirmation", actions=[action.as_dict() for action in actions]))


@pytest.mark.parametrize(
    ("action", "spoken"),
    [
        (flight("Boston", "Denver", "Friday"), "flying from Boston to Denver, on Friday"),
        (
            flight("Boston", "Denver", "tomorrow", time="in the morning"),
            "flying from Boston to Denver, tomorrow, in the morning",
        ),
        (
            legs(("Boston", "Rome", "the 3rd"), ("Rome", "Boston", "the 9th"), pax="two of us", max_price="under $900"),
            "flying from Boston to Rome, on the 3rd, then from Rome to Boston, on the 9th, for two passengers, "
            "for 900 dollars at most",
        ),
        (
            act("search", legs=[{"to": "Rome", "who": "my wife"}], nonstop=True, cabin="business class"),
            "flying to Rome, for your wife, nonstop, in business class",
        ),
        (act("search", legs=[{"to": "Turku"}], fallback="Helsinki"), "flying to Turku, or else Helsinki"),
        (act("lookup", code="QT44LZ"), "looking up booking Q, T, 4, 4, L, Z"),
        (act("search", legs=[{"to": "Rome", "who": "three of us"}]), "flying to Rome, for three of you"),
        (act("lookup"), "looking up your booking"),
        (act("cancel", code="QT44LZ"), "cancelling booking Q, T, 4, 4, L, Z"),
        (act("change", leg="the way back", date="the 9th"), "changing the way back on your booking, on the 9th"),
        (act("bags", count="two"), "two bags for your booking"),
        (act("policy", topic="check_in"), "telling you our rules on check-in"),
        (act("confirm", answer="yes"), ""),
        (act("search"), ""),
    ],
)
def test_an_action_is_said_back_in_the_callers_words(action: Action, spoken: str) -> None:
    assert said(action) == spoken


def test_several_wishes_are_said_in_their_order_or_not_at_all() -> None:
    assert (
        said(act("lookup"), act("policy", topic="pets")) == "looking up your booking; and telling you our rules on pets"
    )
    assert said(act("lookup"), act("confirm", answer="no")) == ""
    assert said() == ""


async def test_a_yes_carries_out_what_was_said_back(caller: Caller) -> None:
    asked = await read_back(caller, flight("Boston", "Denver", "December 11"))
    assert asked.kind is OutcomeKind.CLARIFY
    assert text(asked).startswith("Let me see if I have that right: flying from Boston to Denver")
    assert text(asked).endswith("Is that right?")
    assert_speakable(asked)
    found = await caller.says("Yes.")
    assert "Boston to Denver" in text(found)
    assert caller.dialogue.pending


async def test_all_wishes_are_carried_out_one_after_the_other(caller: Caller) -> None:
    await read_back(caller, act("policy", topic="pets"), flight("Boston", "Denver", "December 11"))
    done = await caller.says("That's right, yes.")
    assert "dog" in text(done)
    assert "Denver" in text(done)


async def test_after_a_no_it_is_asked_for_once_more_and_nothing_waits(caller: Caller) -> None:
    await read_back(caller, flight("Boston", "Denver", "December 11"))
    asked = await caller.says("No.")
    assert text(asked) == "Sorry. What should be different?"
    assert caller.dialogue.later == ()
    assert "Denver" not in text(await caller.says("A flight from Boston to Rome on December 12."))


async def test_a_correction_changes_what_was_said_back(caller: Caller) -> None:
    await read_back(caller, flight("Boston", "Denver", "December 11"))
    found = await caller.does(act("confirm", answer="no"), act("search", legs=[{"date": "December 12"}]))
    assert "Boston to Denver" in text(found)
    assert "December 12" in text(found)


async def test_a_yes_that_adds_something_does_both(caller: Caller) -> None:
    await read_back(caller, flight("Boston", "Denver", "December 11"))
    done = await caller.does(act("confirm", answer="yes"), act("policy", topic="pets"))
    assert "Denver" in text(done)
    assert "dog" in text(done)


async def test_an_aside_leaves_the_question_open(caller: Caller) -> None:
    await read_back(caller, flight("Boston", "Denver", "December 11"))
    told = await caller.does(act("policy", topic="pets"))
    assert text(told).endswith("Is that right?")
    assert "Denver" in text(await caller.says("Yes."))


async def test_what_changes_an_offer_is_said_back_and_still_changes_it(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "December 11"))
    asked = await read_back(caller, act("search", legs=[{"time": "in the evening"}]))
    assert "in the evening. Is that right?" in text(asked)
    changed = await caller.says("Yes.")
    assert "Denver" in text(changed)
    assert caller.dialogue.asked is None


async def test_what_answers_a_question_is_said_back_and_still_answers_it(caller: Caller) -> None:
    assert "What day" in text(await caller.does(flight("Boston", "Denver")))
    await read_back(caller, act("search", legs=[{"date": "December 11", "time": "in the afternoon"}]))
    assert "Denver" in text(await caller.says("Yes."))


async def test_after_a_no_the_question_before_is_asked_again(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver"))
    await read_back(caller, act("search", legs=[{"date": "December 11"}]))
    assert "What day" in text(await caller.says("No."))
    assert "Denver" in text(await caller.says("December 12."))


async def test_a_part_of_a_search_is_corrected_where_it_stands(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "December 11"))
    await read_back(caller, act("search", legs=[{"time": "in the afternoon"}]))
    found = await caller.does(act("confirm", answer="no"), act("search", legs=[{"date": "December 12"}]))
    assert "December 12" in text(found)
    assert "Denver" in text(found)


async def test_a_correction_finds_its_wish_among_several(caller: Caller) -> None:
    await read_back(caller, act("policy", topic="pets"), flight("Boston", "Denver", "December 11"))
    found = await caller.does(act("confirm", answer="no"), act("search", legs=[{"date": "December 12"}]))
    assert "dog" in text(found)
    assert "December 12" in text(found)


async def test_what_waited_before_still_waits(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver"), act("cancel", code="QT44LZ"))
    assert [action.name for action in caller.dialogue.later] == ["cancel"]
    await read_back(caller, act("search", legs=[{"date": "December 11"}]))
    found = await caller.says("Yes.")
    assert "Denver" in text(found)
    assert [action.name for action in caller.dialogue.later] == ["cancel"]


async def test_a_turn_that_nobody_understood_leaves_the_question_open(caller: Caller) -> None:
    await read_back(caller, flight("Boston", "Denver", "December 11"))
    assert text(await caller.does(act("clarify", missing="request"))).endswith("Is that right?")
    assert "Denver" in text(await caller.says("Yes."))


async def test_a_yes_before_it_was_said_approves_nothing(caller: Caller) -> None:
    asked = await read_back(caller, flight("Boston", "Denver", "December 11"))
    assert asked.unheard
    caller.dialogue = asked.unheard
    again = await caller.says("Yes.")
    assert text(again) == text(asked)
    assert "nonstop" in text(await caller.says("Yes."))


async def test_a_yes_and_a_no_at_once_leave_the_question_open(caller: Caller) -> None:
    await read_back(caller, flight("Boston", "Denver", "December 11"))
    await caller.does(act("confirm", answer="yes"), act("confirm", answer="no"))
    await caller.says("Yes, on December 12.")
    assert caller.dialogue.pending


async def test_something_else_takes_its_place(caller: Caller) -> None:
    await read_back(caller, flight("Boston", "Denver", "December 11"))
    await caller.does(act("lookup", code="QT44LZ"))
    await caller.does(act("cancel", code="QT44LZ"))
    assert not any(action.name == "search" for action in caller.dialogue.later)


async def test_what_can_not_be_said_back_is_asked_for_again(caller: Caller) -> None:
    asked = await read_back(caller, act("confirm", answer="yes"))
    assert asked.kind is OutcomeKind.CLARIFY
    assert "Is that right?" not in text(asked)
