"""Bookings that exist: found by their code, changed, cancelled."""

import pytest

from tests.booking.callers import Caller, act, flight, text
from voice.cascade.words import OutcomeKind


async def test_a_spelled_code_that_is_nearly_right_is_asked_about_first(caller: Caller) -> None:
    outcome = await caller.does(act("lookup", code="HM5B8C"))
    assert (outcome.kind, outcome.say) == (
        OutcomeKind.CLARIFY,
        ("I have H, M, 5, B, 8, C.", "Is the second letter M as in Mike, or N as in November?"),
    )
    outcome = await caller.says("N as in November.")
    assert "Booking H, N, 5, B, 8, C is confirmed for three passengers." in outcome.say


async def test_an_unknown_code_is_asked_for_again(caller: Caller) -> None:
    outcome = await caller.does(act("cancel", code="XXXXXX"))
    assert outcome.kind is OutcomeKind.CLARIFY
    outcome = await caller.does(act("lookup", code="QT44LZ"))  # the answer to what the cancellation lacked
    assert outcome.say[-1] == "Shall I cancel it?"


WITHOUT_CODE = ("I can't find it without the code.", "Shall I connect you with a colleague?")


@pytest.mark.parametrize("said", ["I don't have it.", "I lost it.", "I don't know."])
async def test_a_caller_without_a_code_is_offered_a_colleague(caller: Caller, said: str) -> None:
    await caller.says("I want to cancel my booking.")
    outcome = await caller.says(said)
    assert outcome.say[0] == "I can only find a booking by its code."
    outcome = await caller.says(said)
    assert (outcome.kind, outcome.say) == (OutcomeKind.CLARIFY, WITHOUT_CODE)
    assert (await caller.says("Yes, please.")).kind is OutcomeKind.HANDOFF


@pytest.mark.parametrize("said", ["It's QT44LZ.", "No, it's QT44LZ.", "Oh wait, here it is, Q T 4 4 L Z."])
async def test_a_code_that_is_found_after_all_still_answers(caller: Caller, said: str) -> None:
    await caller.says("I want to cancel my booking.")
    for _ in range(2):
        await caller.says("I don't have it.")
    outcome = await caller.says(said)
    assert outcome.say[-1] == "Shall I cancel it?"


async def test_no_colleague_is_wanted(caller: Caller) -> None:
    await caller.says("I want to cancel my booking.")
    for _ in range(2):
        await caller.says("I don't have it.")
    outcome = await caller.says("No.")
    assert outcome.kind is OutcomeKind.ANSWER
    assert outcome.say[-1] == "What else can I do for you?"


async def test_a_code_in_between_is_no_turn_without_one(caller: Caller) -> None:
    await caller.says("I want to cancel my booking.")
    await caller.says("I don't have it.")
    await caller.does(act("cancel", code="XXXXXX"))
    outcome = await caller.says("I don't have it.")
    assert outcome.say[0] == "I can only find a booking by its code."


async def test_the_code_is_asked_for_once_a_call(caller: Caller) -> None:
    outcome = await caller.does(act("bags", count="two"))
    assert outcome.say == ("What is your six-character confirmation code?",)
    outcome = await caller.does(act("bags", code="QT44LZ"))
    assert outcome.say == (
        "It's $160 for two checked bags, on both flights of booking Q, T, 4, 4, L, Z.",
        "Shall I add them?",
    )
    await caller.says_yes()
    outcome = await caller.does(act("lookup"))
    assert "It includes two checked bags." in outcome.say


@pytest.mark.parametrize(
    ("leg", "way"),
    [
        ("the return", "from Seoul to Boston"),
        ("the first leg", "from Boston to Tokyo"),
        ("second", "from Tokyo to Osaka"),
        ("the flight to Seoul", "from Osaka to Seoul"),
        ("Tokyo to Osaka", "from Tokyo to Osaka"),
        ("from Osaka", "from Osaka to Seoul"),
    ],
)
async def test_the_leg_to_change_is_named_in_many_ways(caller: Caller, leg: str, way: str) -> None:
    outcome = await caller.does(act("change", code="WK7R2M", leg=leg))
    assert outcome.say == (f"What day would you like to fly {way} instead?",)


async def test_which_leg_is_asked_where_it_is_not_clear(caller: Caller) -> None:
    outcome = await caller.does(act("change", code="QT44LZ", date="the 20th"))
    assert outcome.say == ("Which flight do you mean, Boston to Denver or Denver to Boston?",)
    outcome = await caller.does(act("change", leg="the way back"))
    assert "Sunday, December 20th" in outcome.facts


@pytest.mark.parametrize("said", ["Denver to Boston.", "The one from Denver.", "The return.", "The second one."])
async def test_the_answer_to_which_leg_keeps_the_day(caller: Caller, said: str) -> None:
    await caller.says("Change QT44LZ to the 20th.")
    outcome = await caller.says(said)
    assert "Sunday, December 20th" in outcome.facts
    assert outcome.say[-1] == "Shall I change it?"


async def test_a_change_to_another_airport_names_it(caller: Caller) -> None:
    await caller.does(flight("Boston", "LaGuardia", "next Friday"))
    (locator,) = (await caller.says_yes()).wrote
    outcome = await caller.does(act("change", code=locator, to="JFK"))
    assert "you can fly from Boston to New York JFK instead, on " in outcome.say[0]
    assert "Your flight from Boston to New York JFK now leaves on " in text(await caller.says_yes())


async def test_a_change_that_misses_the_next_flight_is_not_offered(caller: Caller) -> None:
    outcome = await caller.does(act("change", code="QT44LZ", leg="first", date="the 16th"))
    assert "You would miss your flight from Denver to Boston" in text(outcome)
    assert caller.dialogue.pending is None


async def test_a_cabin_is_changed_on_the_same_flight(caller: Caller) -> None:
    looked = await caller.does(act("lookup", code="QT44LZ"))
    outcome = await caller.does(act("change", leg="first", cabin="business"))
    assert "I can put you in business class" in outcome.say[0]
    time = next(fact for fact in outcome.facts if fact.endswith("M"))
    assert f"Friday, December 11th at {time}" in looked.say[0]
    assert f"Boston to Denver on Friday, December 11th at {time}" in outcome.say[1]


async def test_of_both_flights_one_is_changed_at_a_time(caller: Caller) -> None:
    await caller.says("Look up QT44LZ.")
    await caller.says("Move it to the 20th.")
    outcome = await caller.says("Both.")
    question = "I can change one flight at a time. Which one first, Boston to Denver or Denver to Boston?"
    assert text(outcome) == question
    outcome = await caller.says("The flight back.")
    assert "Sunday, December 20th" in outcome.facts
    assert outcome.say[-1] == "Shall I change it?"


@pytest.mark.parametrize("wish", ["Add a bag for each of us.", "Add one bag per person.", "Please add a bag each."])
async def test_a_bag_for_each_is_counted_once_the_booking_is_known(caller: Caller, wish: str) -> None:
    assert (await caller.says(wish)).say[-1] == "What is your six-character confirmation code?"
    assert "three more checked bags" in text(await caller.says("HN5B8C."))


async def test_a_bag_for_each_that_waits_for_another_question_is_counted_too(caller: Caller) -> None:
    await caller.says("Look up HN5B8C.")
    await caller.says("Move the return a day later and add a bag for each of us.")
    assert "three more checked bags" in text(await caller.says("Yes."))
