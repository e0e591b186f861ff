"""Another trade on the unchanged core: nothing of the cascade knows what is asked for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.restaurant.desk import TableDesk, Talk
from tests.restaurant.evening import POLICY, SUNDAY, Evening
from tests.restaurant.store import Book, Booking
from voice.cascade.words import Action, OutcomeKind, Reading
from voice.testing import Reply, ScriptedModel, in_virtual_time

SIMPLE = "A table for two on Friday at eight, please."
HARD = "A table for six on Friday at eight, two of them children, and move my Sunday booking to nine."


def meant(*actions: dict[str, str]) -> str:
    return json.dumps({"actions": actions})


RESERVE = {"action": "reserve", "party": "two", "day": "Friday", "time": "eight"}
SIX = {"action": "reserve", "party": "six", "children": "two", "day": "Friday", "time": "eight"}
MOVE = {"action": "move", "booking": "Sunday", "time": "nine"}
PROPOSED = ["A table for 2 on Friday at 8 PM.", "Shall I write that down?"]


@in_virtual_time
async def test_a_plain_request_is_answered_by_the_fast_tier_and_changes_nothing() -> None:
    with ScriptedModel("fast", meant(RESERVE)) as fast, ScriptedModel("strong") as strong:
        evening = Evening(fast, strong)
        assert await evening.hear(SIMPLE) == PROPOSED
        assert evening.book.bookings == {"T1": SUNDAY}


@in_virtual_time
async def test_a_hard_turn_goes_straight_to_the_larger_tier_and_its_wait_is_covered() -> None:
    with ScriptedModel("fast") as fast, ScriptedModel("strong", Reply(meant(SIX, MOVE), 2.5)) as strong:
        evening = Evening(fast, strong, POLICY)
        assert await evening.hear(HARD) == [
            "Okay, Friday, then Sunday.",
            "Let me look at that.",
            "A table for 6, 2 of them children, on Friday at 8 PM.",
            "Your table for 2 on Sunday at 9 PM.",
            "Shall I write that down?",
        ]
        assert [line["route"] for line in evening.traced("route")] == ["larger"]
        await evening.hear("Yes, please.")
        assert evening.book.bookings == {
            "T1": Booking(2, "Sunday", 21, code="T1"),
            "T2": Booking(6, "Friday", 20, 2, "T2"),
        }


@in_virtual_time
async def test_a_draft_that_leaves_somebody_out_is_escalated_with_the_reason() -> None:
    without = {key: value for key, value in SIX.items() if key != "children"}
    with ScriptedModel("fast", meant(without)) as fast, ScriptedModel("strong", meant(SIX)) as strong:
        evening = Evening(fast, strong)
        said = await evening.hear("A table for six on Friday at eight, two of them children.")
        assert said[0] == "A table for 6, 2 of them children, on Friday at 8 PM."
        assert [line["because"] for line in evening.traced("escalate")] == [("two was not used",)]
        assert "two was not used" in strong.asked[0][-1].content


@in_virtual_time
async def test_what_was_never_heard_is_refused_and_the_caller_is_asked() -> None:
    invented = meant({**RESERVE, "time": "ten"})
    with ScriptedModel("fast", invented) as fast, ScriptedModel("strong", invented) as strong:
        evening = Evening(fast, strong)
        assert await evening.hear("A table for two on Friday.") == ["Sorry, I didn't get that. What can I do for you?"]


@in_virtual_time
async def test_what_is_missing_is_asked_for_and_its_answer_needs_no_model() -> None:
    first = meant({"action": "reserve", "day": "Friday"})
    with ScriptedModel("fast", first) as fast, ScriptedModel("strong") as strong:
        evening = Evening(fast, strong)
        assert await evening.hear("I'd like a table on Friday.") == ["For how many?"]
        assert await evening.hear("Two of us.") == ["At what time?"]
        assert await evening.hear("At eight.") == PROPOSED
        assert [line["route"] for line in evening.traced("route")] == ["draft", "code", "code"]


@in_virtual_time
async def test_a_full_hour_is_told_and_another_one_asked_for() -> None:
    with ScriptedModel("fast", meant({**RESERVE, "time": "nine"})) as fast, ScriptedModel("strong") as strong:
        evening = Evening(fast, strong)
        said = await evening.hear("A table for two on Friday at nine.")
        assert said == ["I'm sorry, Friday at 9 PM is full. At what time?"]
        assert await evening.hear("Eight, then.") == PROPOSED


@in_virtual_time
async def test_it_is_written_after_a_yes_and_not_after_a_no() -> None:
    with ScriptedModel("fast", meant(RESERVE), meant(RESERVE)) as fast, ScriptedModel("strong") as strong:
        evening = Evening(fast, strong)
        await evening.hear(SIMPLE)
        assert await evening.hear("No.") == ["Okay, nothing has changed. What would you like instead?"]
        assert await evening.hear("Yes.") == ["What can I do for you?"]
        assert evening.book.bookings == {"T1": SUNDAY}
        await evening.hear(SIMPLE)
        assert await evening.hear("Yes.") == ["Your table for 2 on Friday at 8 PM is booked, under T2."]
        assert [line["wrote"] for line in evening.traced("performed") if line["wrote"]] == [("T2",)]


@in_virtual_time
async def test_a_yes_of_a_tier_counts_for_nothing() -> None:
    yes = meant({"action": "confirm", "answer": "yes"})
    with ScriptedModel("fast", meant(RESERVE), yes) as fast, ScriptedModel("strong", yes) as strong:
        evening = Evening(fast, strong)
        await evening.hear(SIMPLE)
        await evening.hear("Hm, I wonder about the menu.")
        assert evening.book.bookings == {"T1": SUNDAY}


async def test_the_same_key_writes_once() -> None:
    desk = TableDesk(Book())
    talk = Talk((Booking(2, "Friday", 20),))
    yes, reading = (Action("confirm", {"answer": "yes"}),), desk.read("yes", talk)
    outcomes = [await desk.perform(yes, reading, talk, key="evening/2") for _ in range(2)]
    assert outcomes[0] == outcomes[1]
    assert [*desk.book.bookings] == ["T1"]


@in_virtual_time
async def test_a_yes_to_what_was_not_heard_is_asked_again() -> None:
    with ScriptedModel("fast", meant(RESERVE)) as fast, ScriptedModel("strong") as strong:
        evening = Evening(fast, strong)
        assert await evening.hear(SIMPLE, seconds=0.5) == PROPOSED[:1]
        evening.runtime.caller_spoke()
        assert await evening.hear("Yes.") == PROPOSED
        assert evening.book.bookings == {"T1": SUNDAY}
        await evening.hear("Yes.")
        assert "T2" in evening.book.bookings


@in_virtual_time
async def test_a_caller_who_goes_on_while_the_tier_thinks_is_answered_once_for_all_of_it() -> None:
    both = Reply(meant(SIX, MOVE), 2.0)
    with ScriptedModel("fast", Reply(meant(RESERVE), 5.0)) as fast, ScriptedModel("strong", both) as strong:
        evening = Evening(fast, strong)
        start, rest = HARD.split(", two")
        assert await evening.hear(start + ".", seconds=1.0) == []
        evening.runtime.caller_spoke()
        said = await evening.hear(f"two{rest}")
        assert said[-1] == "Shall I write that down?"
        assert evening.traced("drafted")[0]["error"] == "cancelled"


@in_virtual_time
@pytest.mark.parametrize("because", ["provider", "deadline", "budget", "gate"])
async def test_a_request_that_nobody_may_be_asked_about_is_not_asked_for_in_other_words(because: str) -> None:
    clarify, talk = (Action("clarify", {"missing": "request", "because": because}),), Talk((Booking(2, "Friday", 20),))
    outcome = await TableDesk(Book()).perform(clarify, Reading(SIMPLE), talk, key="evening/1")
    assert outcome.say == ("I can't work that out right now.", "Ask me for something simpler, or for the host.")
    assert outcome.kind is OutcomeKind.CLARIFY


@in_virtual_time
async def test_a_caller_whose_tiers_are_all_down_is_told_so_and_the_second_time_put_through() -> None:
    down = [Reply(error="down")] * 2
    with ScriptedModel("fast", *down) as fast, ScriptedModel("strong", *down) as strong:
        evening = Evening(fast, strong)
        assert (await evening.hear(SIMPLE))[0] == "I can't work that out right now."
        assert await evening.hear(SIMPLE) == ["I'll put you through to the host."]


@in_virtual_time
async def test_what_is_to_be_confirmed_is_read_back_and_written_after_a_yes() -> None:
    clarify, desk = (Action("clarify", {"missing": "confirmation", "actions": [RESERVE]}),), TableDesk(Book())
    outcome = await desk.perform(clarify, Reading(SIMPLE), Talk(), key="evening/1")
    assert [*outcome.say] == PROPOSED
    assert desk.book.bookings == {}
    yes = desk.read("yes", outcome.dialogue)
    await desk.perform(yes.actions or (), yes, outcome.dialogue, key="evening/2")
    assert [*desk.book.bookings] == ["T1"]


@in_virtual_time
async def test_a_yes_after_another_question_approves_nothing() -> None:
    nothing = meant({"action": "reserve", "party": "nine"})
    with ScriptedModel("fast", meant(RESERVE), nothing) as fast, ScriptedModel("strong", nothing) as strong:
        evening = Evening(fast, strong)
        await evening.hear(SIMPLE)
        assert await evening.hear("I wonder about the menu.") == ["Sorry, I didn't get that. What can I do for you?"]
        assert await evening.hear("Yes.") == ["What can I do for you?"]
        assert evening.book.bookings == {"T1": SUNDAY}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HARD, {"party": ["six"], "day": ["Friday", "Sunday"], "time": ["eight", "nine"], "children": ["two"]}),
        ("When do you open?", {}),
    ],
)
def test_a_tier_can_only_say_what_was_heard(text: str, said: dict[str, Any]) -> None:
    desk = TableDesk(Book())
    schema = desk.schema(desk.read(text, Talk()), Talk())
    options = schema["properties"]["actions"]["items"]["anyOf"]
    reserve = next(one for one in options if one["properties"]["action"]["const"] == "reserve")
    allowed = {name: value["enum"] for name, value in reserve["properties"].items() if name != "action"}
    assert allowed == said
