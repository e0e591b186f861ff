"""Places that only point: what was told already, "there", where the line was lost; greetings that are no places."""

import pytest

from tests.booking.callers import Caller, act, flight, leg, proposed, text
from voice.booking.context import TurnContext
from voice.booking.corrections.afterwards import located
from voice.booking.corrections.greetings import in_english
from voice.booking.reading.reader import read

OFFER = TurnContext("It goes from Denver to Austin on Saturday. Shall I book it?", proposal=True, searching=True)


@pytest.mark.parametrize("said", ["No, I said Austin, not Boston.", "I meant Austin.", "No no, I said to Austin."])
def test_a_place_that_was_told_already_is_read_for_certain(said: str) -> None:
    reading = read(said, OFFER)
    assert reading.certain
    assert reading.actions == (act("search", legs=[leg(to="Austin")]),)


@pytest.mark.parametrize("said", ["No, I said Houston, not Boston.", "I said Austin on Friday."])
def test_a_place_that_is_new_or_not_alone_is_left_to_the_rest(said: str) -> None:
    assert not read(said, OFFER).certain


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("My office is near Dulles, could I land there?", leg(to="Dulles")),
        ("My hotel is close to Midway. Can we fly in there?", leg(to="Midway")),
        ("I live next to Oakland, could I leave from there?", leg(from_="Oakland")),
    ],
)
def test_there_is_the_place_that_somebody_is_near(said: str, wanted: dict[str, str]) -> None:
    reading = read(said, OFFER)
    assert reading.certain
    assert reading.actions == (act("search", legs=[wanted]),)


@pytest.mark.parametrize("said", ["Is there a hotel near Dulles?", "Do I land near Dulles?"])
def test_a_question_near_a_place_moves_no_flight(said: str) -> None:
    reading = read(said, OFFER)
    assert not (reading.certain and reading.actions == (act("search", legs=[leg(to="Dulles")]),))


@pytest.mark.parametrize(
    "said",
    [
        "Sorry, I lost you at Berlin. Once more?",
        "You cut out after Berlin, could you say that again?",
        "I missed everything after Denver, say it again please.",
    ],
)
def test_the_place_where_the_line_was_lost_is_sought_by_nobody(said: str) -> None:
    reading = read(said, OFFER)
    assert reading.certain
    assert reading.actions == (act("repeat"),)


async def test_which_airport_it_is_moves_no_flight(caller: Caller) -> None:
    await caller.does(flight("Charlotte", "Washington", "December 3rd"))
    before = proposed(caller)
    outcome = await caller.says("Which airport is that, Reagan or Dulles?")
    assert "Washington Reagan National" in text(outcome)
    assert proposed(caller) == before


@pytest.mark.parametrize("said", ["All right, yes, add the suitcase.", "Yes please, add it."])
async def test_a_yes_that_names_the_bag_adds_it_once(caller: Caller, said: str) -> None:
    await caller.does(act("bags", code="HN5B8C", count="one"))
    reading = caller.desk.read(said, caller.dialogue)
    assert reading.actions == (act("confirm", answer="yes"),)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Do you fly to Portland? The one in Maine, I mean.", "Do you fly to Portland, Maine?"),
        ("I need to get to Portland. That's the one in Maine.", "I need to get to Portland, Maine."),
        ("To Portland? I like the one in blue.", "To Portland? I like the one in blue."),
        ("Do you fly to Portland? I was born in Maine.", "Do you fly to Portland? I was born in Maine."),
    ],
)
def test_where_a_city_lies_may_be_told_afterwards(said: str, meant: str) -> None:
    assert located(said) == meant


async def test_a_namesake_told_afterwards_is_flown_to(caller: Caller) -> None:
    await caller.says("Do you fly to Portland? The one in Maine, I mean.")
    await caller.does(act("search", legs=[leg(from_="Tampa", date="Saturday the nineteenth")]))
    assert "to Portland, Maine" in " ".join(caller.dialogue.said)
    assert proposed(caller).legs[0].destination == "PWM"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Buenos dias, I need a flight.", "Hello, I need a flight."),
        ("Bonjour! Can I add a bag?", "Hello! Can I add a bag?"),
        ("Guten Tag, my code is ABC123.", "Hello, my code is ABC123."),
        ("Buenos Aires to Lima, please.", "Buenos Aires to Lima, please."),
        ("Ciao", "Ciao"),
        ("Salvador to Lima", "Salvador to Lima"),
    ],
)
def test_greetings_of_other_languages_are_greetings(said: str, meant: str) -> None:
    assert in_english(said) == meant


@pytest.mark.parametrize(
    ("said", "action"),
    [
        ("My husband and I are booked to London. It's ABC123.", act("change", code="ABC123", leg="London")),
        ("I have a trip with four legs, the reference is WK7R2M.", act("change", code="WK7R2M", leg="four")),
        ("This is about our Orlando trip, the three of us. HN5B8C.", act("clarify", missing="request")),
    ],
)
async def test_a_booking_that_is_only_told_of_is_looked_up(caller: Caller, said: str, action: object) -> None:
    reading = caller.desk.read(said, caller.dialogue)
    outcome = await caller.desk.perform((action,), reading, caller.dialogue, key="k")  # pyright: ignore[reportArgumentType]
    assert "is confirmed" in text(outcome)


async def test_a_booking_that_is_to_be_changed_is_not_only_told(caller: Caller) -> None:
    reading = caller.desk.read("I need to change ABC123.", caller.dialogue)
    outcome = await caller.desk.perform((act("change", code="ABC123"),), reading, caller.dialogue, key="k")
    assert "is confirmed" not in text(outcome)


@pytest.mark.parametrize(
    ("action", "told"), [(act("policy", topic="pets"), "$110"), (act("repeat"), "$100"), (act("chat"), "")]
)
async def test_what_only_tells_is_not_read_back_first(caller: Caller, action: object, told: str) -> None:
    await caller.does(flight("Denver", "Austin", "December 12th"))
    check = act("clarify", missing="confirmation", actions=[action.as_dict()])  # pyright: ignore
    outcome = await caller.does(check)
    assert told in text(outcome)
    assert "Let me see" not in text(outcome)
    assert caller.dialogue.pending


@pytest.mark.parametrize(
    ("said", "topic", "told"),
    [
        ("What's the latest I can drop off a suitcase?", "baggage", "45 minutes"),
        ("How late can I hand in my luggage?", "baggage", "60 minutes"),
        ("Can a twelve year old travel without a parent?", "children", "$90"),
        ("May my son fly without an adult?", "children", "$90"),
        ("How are skis charged?", "baggage", "$45"),
        ("Can I travel if I'm ill, do I get a refund?", "refunds", "$75"),
        ("What if I have the flu?", "other", "$75"),
    ],
)
async def test_the_rules_answer_what_is_asked(caller: Caller, said: str, topic: str, told: str) -> None:
    reading = caller.desk.read(said, caller.dialogue)
    outcome = await caller.desk.perform((act("policy", topic=topic),), reading, caller.dialogue, key="k")
    assert told in text(outcome)
