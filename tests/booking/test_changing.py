"""Changes as callers say them: a bare day, an earlier day, a flight by its cities, the hour alone, one flight only."""

import pytest

from tests.booking.callers import Caller, act, flight, text

LATE = "Friday, January 15th"


async def booked(caller: Caller, day: str = "January 15th") -> str:
    await caller.does(flight("Portland", "San Diego", day))
    (locator,) = (await caller.says_yes()).wrote
    return locator


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("Can we change it to the twentieth?", "Wednesday, January 20th"),
        ("Could you move that to the 18th, please?", "Monday, January 18th"),
        ("I'd rather fly on the 12th, can you change it?", "Tuesday, January 12th"),
        ("Move it to Thursday.", "Thursday, January 14th"),
        ("Please change my flight to Sunday.", "Sunday, January 17th"),
        ("Change it to the day after.", "Saturday, January 16th"),
        ("Move it to December 20th.", "Sunday, December 20th"),
        ("Change it to tomorrow.", "Wednesday, December 2nd"),
    ],
)
async def test_a_bare_day_is_the_one_nearest_to_the_flight(caller: Caller, said: str, day: str) -> None:
    await booked(caller)
    outcome = await caller.says(said)
    assert day in outcome.facts
    assert outcome.say[-1] == "Shall I change it?"


async def test_a_bare_day_is_never_before_today_nor_before_the_flight_out(caller: Caller) -> None:
    outcome = await caller.does(act("change", code="M2P6WD", date="Monday"))  # it leaves on Friday, December 4th
    assert "Monday, December 7th" in outcome.facts
    outcome = await caller.does(act("change", code="QT44LZ", leg="the return", date="the 10th"))
    assert "Thursday, December 10th" not in outcome.facts  # it is flown out on the 11th


async def test_a_weekday_of_another_leg_is_near_that_leg(caller: Caller) -> None:
    outcome = await caller.does(act("change", code="QT44LZ", leg="the one to Denver", date="the Friday", time="six am"))
    assert "Friday, December 11th" in outcome.facts


@pytest.mark.parametrize(
    "said",
    [
        "I'd like to change my booking to an earlier day, it's M2P6WD.",
        "Can you move M2P6WD to a later date?",
        "I need to change M2P6WD to another day.",
    ],
)
async def test_an_earlier_day_is_asked_for_and_is_no_hour(caller: Caller, said: str) -> None:
    outcome = await caller.says(said)
    assert outcome.say == ("What day would you like to fly from Seattle to San Francisco instead?",)
    assert "Thursday, December 3rd" in (await caller.says("Thursday the third.")).facts


@pytest.mark.parametrize("said", ["A day earlier.", "One day earlier, please.", "The day before."])
async def test_a_day_earlier_counts_from_the_flight(caller: Caller, said: str) -> None:
    await caller.says("I want to change M2P6WD to another day.")
    assert "Thursday, December 3rd" in (await caller.says(said)).facts


async def test_a_change_without_a_day_asks_for_one_and_keeps_the_leg(caller: Caller) -> None:
    outcome = await caller.says("I want to change the Osaka to Seoul bit, code WK7R2M.")
    assert outcome.say == ("What day would you like to fly from Osaka to Seoul instead?",)
    outcome = await caller.says("The nineteenth.")
    assert "Saturday, December 19th" in outcome.facts
    assert "Osaka to Seoul" in text(outcome)


@pytest.mark.parametrize(
    "args",
    [
        {"from": "Osaka", "to": "Seoul"},
        {"leg": "Osaka to Seoul"},
        {"leg": "Seoul bit", "from": "Osaka"},
        {"leg": "the third leg", "to": "Osaka"},
    ],
)
async def test_places_that_only_name_the_flight_change_nothing(caller: Caller, args: dict[str, str]) -> None:
    await caller.says("Look up WK7R2M.")
    outcome = await caller.does(act("change", **args))
    assert outcome.say == ("What day would you like to fly from Osaka to Seoul instead?",)


async def test_the_day_is_kept_where_the_leg_is_asked_for(caller: Caller) -> None:
    await caller.says("Look up WK7R2M.")
    await caller.says("Move my flight to the nineteenth.")
    outcome = await caller.says("Osaka to Seoul.")
    assert "Saturday, December 19th" in outcome.facts


@pytest.mark.parametrize("said", ["Move my Osaka to Seoul flight to the nineteenth.", "Put the Seoul leg on the 19th."])
async def test_a_flight_is_named_by_its_cities(caller: Caller, said: str) -> None:
    await caller.says("Look up WK7R2M.")
    outcome = await caller.says(said)
    assert "Saturday, December 19th" in outcome.facts


async def test_the_day_that_it_is_on_changes_nothing(caller: Caller) -> None:
    outcome = await caller.does(act("change", code="M2P6WD", date="Friday"))
    assert outcome.say[0].startswith("That flight is on Friday, December 4th at ")
    assert outcome.say[-1] == "What day or time would you like instead?"
    assert caller.dialogue.pending is None
    assert "Friday, December 4th" in (await caller.says("In the afternoon.")).facts


@pytest.mark.parametrize(
    "said", ["I need to change the time on my flight, M2P6WD.", "Can you change its time? M2P6WD."]
)
async def test_the_hour_is_asked_for_where_it_is_to_change(caller: Caller, said: str) -> None:
    outcome = await caller.says(said)
    assert outcome.say == ("What time of day would you like to fly from Seattle to San Francisco instead?",)
    assert "Friday, December 4th" in (await caller.says("Same day, just later, like in the evening.")).facts


@pytest.mark.parametrize(
    "said", ["Is there something in the afternoon? I'd rather leave around two.", "Anything in the afternoon?"]
)
async def test_another_hour_is_of_the_flight_just_booked(caller: Caller, said: str) -> None:
    await booked(caller)
    outcome = await caller.says(said)
    assert LATE in outcome.facts
    assert outcome.say[-1] == "Shall I change it?"


@pytest.mark.parametrize(
    "said",
    [
        "I want to cancel just the return part, it's QT44LZ.",
        "Cancel only my flight back on booking QT44LZ.",
        "Please cancel the second flight only, code QT44LZ.",
    ],
)
async def test_one_flight_cannot_be_cancelled_and_nothing_is_proposed(caller: Caller, said: str) -> None:
    outcome = await caller.says(said)
    assert outcome.say[0] == "I can only cancel the whole trip, not one flight of it."
    assert outcome.say[1].startswith("The whole trip would give $")
    assert caller.dialogue.pending is None
    assert (await caller.says_yes()).wrote == ()
    outcome = await caller.says("Move it to the eighteenth.")
    assert "Friday, December 18th" in outcome.facts
    assert "Denver to Boston" in text(outcome)


async def test_the_whole_trip_is_cancelled_after_all(caller: Caller) -> None:
    await caller.says("Cancel only my flight back on booking QT44LZ.")
    assert (await caller.says("Then cancel the whole trip.")).say[-1] == "Shall I cancel it?"
    assert (await caller.says_yes()).wrote == ("QT44LZ",)


@pytest.mark.parametrize("said", ["No, only the return.", "No, just the flight home."])
async def test_a_cancellation_that_was_read_back_is_only_of_one_flight(caller: Caller, said: str) -> None:
    await caller.says("Cancel QT44LZ.")
    outcome = await caller.says(said)
    assert outcome.say[0] == "I can only cancel the whole trip, not one flight of it."
    assert caller.dialogue.pending is None


@pytest.mark.parametrize("leg", ["both flights", "flight to Denver"])
async def test_all_flights_are_cancelled_as_the_trip(caller: Caller, leg: str) -> None:
    outcome = await caller.does(act("cancel", code="QT44LZ", leg=leg))
    assert outcome.say[-1] == "Shall I cancel it?"


@pytest.mark.parametrize("count", ["the bag", "a bag", "one", ""])
async def test_a_bag_that_waits_is_added_once(caller: Caller, count: str) -> None:
    change = act("change", code="QT44LZ", leg="return", date="a day later")
    await caller.does(change, act("bags", count="a"))
    bag = act("bags", count=count) if count else act("bags")
    outcome = await caller.does(act("confirm", answer="yes"), bag)
    assert "It's $70 for one checked bag" in text(outcome)
    await caller.says_yes()
    assert caller.dialogue.pending is None


async def test_a_bag_for_an_offer_waits_once(caller: Caller) -> None:
    await caller.does(flight("Boston", "Denver", "next Friday"))
    await caller.does(act("bags", count="a"))
    await caller.does(act("bags", count="one"))
    assert [action.args["count"] for action in caller.dialogue.later] == ["one"]


@pytest.mark.parametrize("answer", ["no", "yes"])
async def test_an_answer_to_nothing_is_dropped_and_the_wish_carried_out(caller: Caller, answer: str) -> None:
    await booked(caller)
    outcome = await caller.does(act("confirm", answer=answer), act("change", date="the eighteenth"))
    assert "Monday, January 18th" in outcome.facts
    assert outcome.say[-1] == "Shall I change it?"


async def test_earlier_on_the_own_day_is_earlier_than_the_flight(caller: Caller) -> None:
    await caller.does(act("change", code="QT44LZ", leg="the one to Denver", date="December 4th", time="six am"))
    outcome = await caller.says("No, the Friday I'm already flying, the eleventh, just earlier.")
    assert {"Friday, December 11th", "8:20 AM"} <= set(outcome.facts)  # it leaves at 8:40


@pytest.mark.parametrize(
    "said",
    ["Can I come back in the afternoon or evening on the nineteenth?", "Back in the evening or at night, please."],
)
async def test_either_part_of_the_day_will_do_on_the_way_back(caller: Caller, said: str) -> None:
    legs = [
        {"from": "New York", "to": "Miami", "date": "December 12th"},
        {"from": "Miami", "to": "New York", "date": "the 19th"},
    ]
    first = await caller.does(act("search", legs=legs, pax="two"))
    outcome = await caller.says(said)
    assert {"Saturday, December 12th", "Saturday, December 19th"} <= set(outcome.facts)
    assert first.say[0] != outcome.say[0]


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("Put the London flight two days earlier.", "Wednesday, December 16th"),
        ("The one home a day later, please.", "Saturday, December 26th"),
        ("Move the flight to London to the 17th.", "Thursday, December 17th"),
    ],
)
async def test_a_booked_flight_is_named_by_where_it_goes(caller: Caller, said: str, day: str) -> None:
    await caller.says("Look up ABC123.")
    assert day in (await caller.says(said)).facts


@pytest.mark.parametrize(
    "said", ["And a flight to London two days later.", "I also need to go to London a week later."]
)
async def test_a_new_flight_is_no_change(caller: Caller, said: str) -> None:
    await caller.says("Look up ABC123.")
    assert (await caller.says(said)).say == ("Where are you flying from?",)


@pytest.mark.parametrize("said", ["I only want to cancel QT44LZ.", "I just want to cancel one booking, QT44LZ."])
async def test_a_whole_booking_is_cancelled_as_asked(caller: Caller, said: str) -> None:
    assert (await caller.says(said)).say[-1] == "Shall I cancel it?"


async def test_a_booking_that_was_said_back_wrongly_is_still_known(caller: Caller) -> None:
    wrong = {"action": "change", "code": "ABC123", "leg": "home", "time": "afternoon"}
    outcome = await caller.does(act("clarify", missing="confirmation", actions=[wrong]))
    assert "on booking A, B, C, 1, 2, 3" in outcome.say[0]
    await caller.says("No.")
    assert (await caller.says("I want to cancel it.")).say[-1] == "Shall I cancel it?"
