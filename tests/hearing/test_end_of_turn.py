import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.hearing import endings
from voice.hearing.end_of_turn import (
    ANSWER,
    AT_ONCE,
    CLOSED_JOURNEY,
    CODE,
    JOURNEY,
    PATIENT,
    SHORTEST,
    UNFINISHED,
    Asked,
    asked_by,
    wait_for,
)


@pytest.mark.parametrize(
    "text", ["Yes.", "Yes, please.", "No, thanks.", "That works for me.", "Okay, go ahead", "yeah, book it"]
)
def test_a_yes_or_no_to_a_yes_or_no_question_ends_at_once(text: str) -> None:
    assert wait_for(text, asked=Asked.YES_NO, probability=0.05).seconds == AT_ONCE


SYMBOLS = (
    "I have H, M. Is the second letter M as in Mike, or N as in November?",
    "Which one is it, M as in Mike or N as in November?",
    "I can't find H, M. Which character is wrong?",
)


@pytest.mark.parametrize("question", SYMBOLS)
@pytest.mark.parametrize("text", ["N.", "N as in November.", "P. Papa.", "The third is a B."])
def test_one_symbol_of_a_code_is_a_whole_answer_where_one_was_asked_for(question: str, text: str) -> None:
    assert asked_by(question) is Asked.SYMBOL
    assert wait_for(text, asked=asked_by(question)).seconds == ANSWER
    assert wait_for("H N 5 B", asked=asked_by(question)).seconds == UNFINISHED
    assert wait_for("N.", asked=Asked.CODE).seconds == UNFINISHED


def test_a_code_that_is_read_back_is_answered_by_yes_or_no() -> None:
    assert asked_by("Is the code Q, T, 4, 4, L, Z?") is Asked.YES_NO
    assert asked_by("Could you spell the code again, letter by letter?") is Asked.CODE


@pytest.mark.parametrize("text", ["Sure, it's", "Sure it.", "Let me see."])
def test_a_code_that_was_asked_for_is_still_to_come(text: str) -> None:
    assert wait_for(text, asked=Asked.CODE).seconds >= PATIENT


def test_an_okay_may_only_buy_time() -> None:
    assert wait_for("Okay.", asked=Asked.YES_NO).seconds == PATIENT


def test_a_refusal_leaves_time_for_the_wish_behind_it() -> None:
    assert wait_for("No, that's too early.", asked=Asked.YES_NO).seconds == PATIENT


@pytest.mark.parametrize(
    "text", ["Hi there.", "Two things.", "And for work", "Yeah, hi", "I have a couple of questions."]
)
def test_an_opening_is_not_taken_for_a_turn(text: str) -> None:
    assert wait_for(text, probability=0.99).seconds > 0.9


def test_a_yes_out_of_the_blue_is_waited_on() -> None:
    assert wait_for("Yes.").seconds >= PATIENT
    assert wait_for("Yes.", asked=Asked.ARGUMENT).seconds == PATIENT


@pytest.mark.parametrize(
    "text",
    [
        "I'd like to go to...",
        "I'd like to go to.",
        "and then from Portland to",
        "Um",
        "I'd like to.",
        "Yeah, hi, I want to.",
        "Uh, from",
        "from Boston to Denver on Friday and",
        "Change the second leg of my trip to",
        "My confirmation code is.",
        "Book me from Austin to Portland on Monday, uh",
        "I'm flying from Boston to Denver next Friday,",
        "If the morning flight to Philadelphia is full.",
        "The code is B as in bravo, K as in kilo",
        "My confirmation code is Q T four",
        "the code is ABC",
    ],
)
@pytest.mark.parametrize("asked", [Asked.OPEN, Asked.YES_NO])
@pytest.mark.parametrize("probability", [None, 0.02, 0.99])
def test_words_that_need_more_words_are_waited_on_whatever_the_voice_says(
    text: str, asked: Asked, probability: float | None
) -> None:
    assert wait_for(text, asked=asked, probability=probability).seconds == UNFINISHED


@pytest.mark.parametrize(
    "text",
    [
        "What does it cost to bring my dog along?",
        "Which airport in Washington do you fly to?",
        "How early do I have to check in at the airport?",
    ],
)
def test_a_question_with_everything_in_it_ends_sooner_than_its_beginning(text: str) -> None:
    beginning = " ".join(text.split()[:5])
    assert wait_for(text, probability=0.95).seconds < 0.6
    assert wait_for(text, probability=0.95).seconds < wait_for(beginning, probability=0.95).seconds


def test_who_agrees_to_something_has_said_all() -> None:
    assert wait_for("Yes, I'd like to.", asked=Asked.YES_NO).seconds < PATIENT
    assert wait_for("You can cancel it if you want to.").seconds < UNFINISHED


def test_a_goodbye_ends_soon() -> None:
    assert wait_for("Okay, great, thank you very much, goodbye.").seconds == ANSWER
    assert wait_for("No, that's everything, bye.").seconds == ANSWER


@pytest.mark.parametrize("text", ["Denver.", "Next Tuesday.", "The second one", "Around nine in the morning."])
def test_the_argument_that_was_asked_for_ends_the_turn(text: str) -> None:
    assert wait_for(text, asked=Asked.ARGUMENT, probability=0.9).seconds == ANSWER


def test_a_complete_code_ends_the_turn_and_half_of_one_does_not() -> None:
    assert wait_for("A, B, C, 1, 2, 3", asked=Asked.CODE).seconds == CODE
    assert wait_for("Can you look up my booking? It's ABC123", pauses=1).seconds == CODE
    assert wait_for("Can you look up my booking? It's F7D5 Ls.", pauses=1).seconds == CODE
    assert wait_for("Hi, my code is ABC123", pauses=1).seconds > CODE
    assert wait_for("A, B, C", asked=Asked.CODE).reason == "3 of 6 characters spelled"
    assert wait_for("Please add one checked bag to A49X.").reason == "4 of 6 characters spelled"


@pytest.mark.parametrize("text", ["I'd like seat 12A.", "Is it at gate B22?", "It's flight LK204.", "Around 7AM."])
def test_a_seat_a_gate_a_flight_or_an_hour_is_no_half_of_a_code(text: str) -> None:
    assert "spelled" not in wait_for(text).reason
    assert wait_for("A B C one", asked=Asked.CODE, code_length=4).seconds == CODE


def test_a_booking_without_its_code_waits_for_the_code() -> None:
    asks = wait_for("Can you look up my booking?", probability=0.99)
    assert asks.seconds > 0.7
    assert asks.reason.endswith("its code may follow")


JOURNEYS = [
    "I'm flying from Boston to Denver next Friday.",
    "I need to go from New York to London on the 3rd of December. Stay for four nights.",
    "There will be two adults and one child.",
    "I need three flights.",
    "We're flying to Orlando on December 20th and my wife continues to Tampa two days later.",
]


@pytest.mark.parametrize("text", JOURNEYS)
@pytest.mark.parametrize("pauses", [0, 1, 3])
def test_an_itinerary_outlasts_most_pauses(text: str, pauses: int) -> None:
    assert wait_for(text, probability=0.99, pauses=pauses).seconds >= 0.8


@pytest.mark.parametrize(
    "ending",
    ["for less than $900.", "and back to Chicago on the 19th.", "two adults and one child", "please", "business class"],
)
def test_a_journey_that_closes_is_waited_on_less(ending: str) -> None:
    told = "I need to fly from Chicago to Seattle on December 14"
    assert wait_for(told).seconds == JOURNEY > 1.5
    assert wait_for(f"{told} {ending}").seconds == CLOSED_JOURNEY


def test_a_single_flight_is_waited_on_less_than_an_itinerary() -> None:
    one, journey = "I need a flight from Boston to Denver next Friday.", "I'm flying from Boston to Denver next Friday."
    assert wait_for(one).seconds < 0.6 < wait_for(journey).seconds


def test_a_refusal_that_asks_nothing_is_waited_on_longer_than_one_that_does() -> None:
    assert wait_for("No, that's too early.", asked=Asked.YES_NO).seconds == PATIENT
    question = "No, that's too early. Do you have one after five PM?"
    assert wait_for(question, asked=Asked.YES_NO).seconds < PATIENT


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("A B C one two three", 6),
        ("It's a BC123", 6),
        ("A-B-C-1-2-3", 6),
        ("My code is QT44LZ.", 6),
        ("It's F7D5 Ls.", 6),
        ("It is", 0),
        ("B as in bravo, K as in kilo, seven, two", 4),
        ("Denver", 0),
        ("my code is", 0),
    ],
)
def test_spelled_characters_are_counted_however_they_are_written(text: str, count: int) -> None:
    assert endings.spelled(text) == count


@pytest.mark.parametrize("probability", [-0.1, 1.1])
def test_a_probability_outside_of_its_range_is_an_error(probability: float) -> None:
    with pytest.raises(ValueError, match="0…1"):
        wait_for("Yes", probability=probability)


@given(
    text=st.one_of(
        st.text(max_size=80),
        st.lists(st.sampled_from(["yes", "to", "um", "A", "7", "flight,", "if", ".", "?", "…", "my", "code"])).map(
            " ".join
        ),
    ),
    probability=st.none() | st.floats(0, 1),
    asked=st.sampled_from(list(Asked)),
    pauses=st.integers(0, 9),
)
def test_any_words_at_all_give_a_wait_within_bounds_and_a_reason(
    text: str, probability: float | None, asked: Asked, pauses: int
) -> None:
    wait = wait_for(text, probability=probability, asked=asked, pauses=pauses)
    assert AT_ONCE <= wait.seconds <= UNFINISHED
    assert SHORTEST > AT_ONCE
    assert wait.reason


@given(
    st.lists(
        st.sampled_from(["yes", "please", "I", "need", "a", "flight", "from", "Boston", "to", "code", "is", "A", "7"]),
        min_size=1,
    )
)
def test_a_surer_voice_never_lengthens_the_wait(said: list[str]) -> None:
    text = " ".join(said)
    waits = [wait_for(text, probability=p).seconds for p in (0.0, 0.3, 0.6, 1.0)]
    assert waits == sorted(waits, reverse=True)


def test_a_word_that_was_hardly_understood_may_be_a_hesitation_and_more_is_waited_for() -> None:
    assert wait_for("What?", asked=Asked.ARGUMENT, confidence=0.16).seconds == PATIENT
    assert wait_for("What?", asked=Asked.ARGUMENT, confidence=0.6).seconds < PATIENT
    assert wait_for("And then to", confidence=0.1).seconds == UNFINISHED
    sure = wait_for("How many bags may I take?", confidence=1.0)
    assert wait_for("How many bags may I take?", confidence=0.1) == sure
