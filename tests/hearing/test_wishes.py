import pytest

from voice.hearing import wishes
from voice.hearing.end_of_turn import (
    ANSWER,
    AT_ONCE,
    CLOSED_JOURNEY,
    CODE,
    JOURNEY,
    PATIENT,
    UNFINISHED,
    Asked,
    wait_for,
)


@pytest.mark.parametrize(
    "text",
    [
        "Excuse me, I've got a cold.",
        "Good evening, my daughter turns six tomorrow.",
        "Our hotel is near the station.",
        "Hi, my code is ABC123.",
        "The reference is QT44LZ.",
    ],
)
def test_a_statement_that_wants_nothing_is_an_opening_and_its_wish_is_waited_for(text: str) -> None:
    wait = wait_for(text, probability=0.99)
    assert (wait.seconds, wait.lacking) == (UNFINISHED, True)


@pytest.mark.parametrize(
    "text",
    [
        "I've got a cold, could you speak up?",
        "My code is ABC123, please cancel it.",
        "I'd like a window seat.",
        "I didn't catch that.",
        "My daughter turns six, so two tickets.",
        "The second one.",
        "How are you doing today?",
        "Hi there, how are you doing today?",
        "Thank you.",
    ],
)
def test_a_wish_a_question_a_conclusion_or_a_choice_is_no_opening(text: str) -> None:
    assert not wishes.only_tells(text)
    assert wait_for(text, probability=0.99).seconds < UNFINISHED


def test_what_answers_a_question_needs_no_wish() -> None:
    assert wait_for("My code is ABC123.", asked=Asked.CODE).seconds == CODE
    assert wait_for("We're four.", asked=Asked.ARGUMENT).seconds == ANSWER


@pytest.mark.parametrize(
    "text",
    [
        "Then please move the last flight.",
        "I need to change my booking.",
        "Could you move our return to London?",
        "Please push my second leg",
    ],
)
def test_a_change_without_its_new_date_waits_for_it(text: str) -> None:
    assert wait_for(text).reason == "a change without its date"
    assert wait_for(text).lacking


@pytest.mark.parametrize(
    "text",
    [
        "Please move my return to the 26th",
        "Then move the last flight to the thirtieth.",
        "Could you push my flight to tomorrow?",
        "I want to change my flight to one day earlier",
        "I'd like to change the name on my ticket.",
    ],
)
def test_a_change_with_its_date_lacks_nothing(text: str) -> None:
    assert wishes.lacking(text) is None


def test_a_change_with_its_date_is_a_closed_journey() -> None:
    assert wait_for("I need to move my return flight to the day after.").seconds == CLOSED_JOURNEY


@pytest.mark.parametrize("text", ["Can I change my flight?", "What does it cost to change my booking?"])
def test_a_question_about_changes_is_no_change(text: str) -> None:
    assert wishes.change(text) is None


def test_a_flight_from_somewhere_waits_for_where_it_goes() -> None:
    assert wait_for("How much is a ticket from Houston?").lacking
    assert wait_for("I'm looking for flights out of San Jose").lacking
    assert wishes.lacking("How much is a ticket to Houston from San Jose?") is None
    assert not wait_for("From Houston.", asked=Asked.ARGUMENT).lacking


def test_a_condition_behind_a_wish_waits_for_its_consequence() -> None:
    assert wishes.late_condition("Could you check Detroit on the 18th? If there's nothing under $150.")
    assert wishes.late_condition("I want to fly on Friday, but if that's more than $200")
    assert not wishes.late_condition("I want to fly on Friday. If that's more than $200, then Saturday.")
    assert not wishes.late_condition("A window seat for me. And if possible, near the front.")
    assert not wishes.late_condition("If you can.")


def test_who_announced_several_things_is_waited_for_until_the_second() -> None:
    assert wait_for("Two things. Is there Wi-Fi on board?").seconds == PATIENT
    assert wait_for("I have a few questions. Can I choose my seat?").seconds == PATIENT
    both = "Two things. Is there Wi-Fi on board? And can I still check in at the airport?"
    assert wait_for(both).seconds < PATIENT


def test_an_offer_that_is_judged_and_neither_taken_nor_refused_leaves_time_for_the_answer() -> None:
    assert wait_for("That's above our budget.", asked=Asked.YES_NO).seconds == PATIENT
    assert wait_for("That's fine.", asked=Asked.YES_NO).seconds == AT_ONCE
    assert wait_for("It's okay, I'll take it.", asked=Asked.YES_NO).seconds < PATIENT


def test_who_asks_for_a_moment_has_it() -> None:
    for text in ("Wait.", "Um, hold on", "From Boston, let me see"):
        assert wait_for(text).seconds == UNFINISHED


def test_two_places_without_a_verb_are_a_journey() -> None:
    assert wait_for("Sydney to Singapore on January 20th.").seconds == JOURNEY
    assert wait_for("The outbound on the 10th.").seconds != JOURNEY


def test_a_code_behind_its_wish_is_not_waited_on() -> None:
    assert wait_for("Look up my booking, the code is ABC123").seconds == CODE


@pytest.mark.parametrize("text", ["", "?", "I", "...", "if", "so"])
def test_a_fragment_lacks_nothing_that_can_be_told(text: str) -> None:
    assert wishes.lacking(text) is None
    assert not wishes.only_judges(text) or text == "I"
