"""A code that no booking has: one symbol is asked about or put right, and nobody learns more than they say."""

import pytest

from tests.booking.callers import Caller, act, flight, text
from voice.booking.codes.locators import DIGITS, LETTERS
from voice.booking.codes.matching import cost
from voice.booking.codes.mending import Correction, corrected, correction_of, mends, near_miss, spoken, symbol_of
from voice.cascade.words import Outcome, OutcomeKind, Reading

WHICH = "Is the second letter M as in Mike, or N as in November?"


def test_every_symbol_is_spoken_so_that_it_can_be_told_from_the_others() -> None:
    said = [spoken(symbol) for symbol in LETTERS + DIGITS]
    assert len(set(said)) == len(said)
    assert [symbol_of(one) for one in said] == list(LETTERS + DIGITS)


@pytest.mark.parametrize(
    ("heard", "near"),
    [
        ("HM5B8C", ("HN5B8C", 2)),
        ("QT44LC", ("QT44LZ", 6)),
        ("QD44LC", ("QT44LZ", 2)),  # two symbols: the first of them
        ("HN5BHC", ("HN5B8C", 5)),
        ("QT94LZ", None),  # nine and four sound differently
        ("QD44MC", None),  # three symbols
        ("QT44L", None),
        ("", None),
    ],
)
def test_a_code_is_near_by_one_or_two_symbols_that_sound_alike(heard: str, near: tuple[str, int] | None) -> None:
    assert near_miss(heard, ["HN5B8C", "QT44LZ"]) == near


def test_between_two_codes_as_near_nothing_is_asked() -> None:
    assert near_miss("QT44LC", ["QT44LZ", "QT44LD"]) is None
    assert near_miss("QT44LC", ["QT44LZ", "QD44LD"]) == ("QT44LZ", 6)
    assert near_miss("QD44LC", ["QT44LZ", "QP44LD"]) is None


@pytest.mark.parametrize(
    "said",
    [
        "N as in November",
        "November.",
        "N",
        "n",
        "the second one",
        "Yes, N.",
        "No, N as in Nancy",
        "It's N, not M.",
        "N. N.",
        "I said N",
        "not M but N",
        "Um, the second",
        "it's the letter N",
        "M is wrong, it's N",
    ],
)
def test_an_answer_between_two_symbols_is_understood(said: str) -> None:
    found = correction_of(said, ("M", "N"))
    assert found
    assert found.new == "N"


@pytest.mark.parametrize(
    "said",
    [
        "Why?",
        "you",
        "one second",
        "Yes",
        "HN5B8C",
        "M or N",
        "that one",
        "I need a flight to Boston",
        "What's N?",
        "",
        "M, N",
    ],
)
def test_what_names_no_single_symbol_answers_nothing(said: str) -> None:
    assert correction_of(said, ("M", "N")) is None


@pytest.mark.parametrize(
    ("said", "correction"),
    [
        ("The third is a four.", Correction(3, "", "4")),
        ("it's four not nine", Correction(0, "9", "4")),
        ("No, four instead of nine", Correction(0, "9", "4")),
        ("the nine should be a four", Correction(0, "9", "4")),
        ("number three is a four", Correction(3, "", "4")),
        ("Last one's B as in boy", Correction(6, "", "B")),
        ("No, B as in boy.", Correction(0, "", "B")),
        ("the nine is wrong", Correction(0, "9", "")),
        ("It's the third", Correction(3, "", "")),
        ("Delta", Correction(0, "", "D")),
    ],
)
def test_a_correction_of_one_symbol_is_understood(said: str, correction: Correction) -> None:
    assert correction_of(said) == correction


def test_a_new_symbol_goes_where_it_was_told_or_where_it_sounds_alike() -> None:
    known = ["QT44LZ"]
    assert corrected("QT94LZ", Correction(3, "", "4"), known) == "QT44LZ"
    assert corrected("QT94LZ", Correction(0, "9", "4"), known) == "QT44LZ"
    assert corrected("QT44LC", Correction(0, "", "Z"), known) == "QT44LZ"  # T and C sound alike: one is a booking
    assert corrected("QB44LC", Correction(0, "", "V"), known) == ""
    assert corrected("QK44LK", Correction(0, "K", "A"), known) == ""
    assert corrected("QT94LZ", Correction(0, "9", ""), known) == ""
    assert corrected("QT94LZ", Correction(0, "", "R"), known) == ""


@pytest.mark.parametrize("said", ["Hello", "What is your pet policy?", "See.", "Okay", "I don't know, is it urgent?"])
def test_other_words_mend_no_code(said: str) -> None:
    assert not mends(said)


async def test_an_answer_goes_on_with_what_waited_and_is_read_with_certainty(caller: Caller) -> None:
    await caller.says("Cancel HM5B8C.")
    reading = caller.desk.read("November", caller.dialogue)
    assert (reading.certain, reading.asked, reading.actions and reading.actions[0].name) == (True, True, "cancel")
    assert (await caller.says("November")).say[-1] == "Shall I cancel it?"
    assert (await caller.says_yes()).wrote == ("HN5B8C",)


async def test_a_change_keeps_its_day_while_two_symbols_are_asked_about(caller: Caller) -> None:
    outcome = await caller.says("Change QD44LC to the 20th.")
    assert outcome.say[-1] == "Is the second letter D as in Delta, or T as in Tango?"
    outcome = await caller.says("T as in Tango.")
    assert outcome.say[-1] == "Is the last letter C as in Charlie, or Z as in Zulu?"
    await caller.says("Zulu")
    assert "Sunday, December 20th" in (await caller.says("The return.")).facts


async def test_until_the_answer_nothing_of_the_booking_is_told(caller: Caller) -> None:
    outcome = await caller.says("Look up HM5B8C.")
    assert outcome.say == ("I have H, M, 5, B, 8, C.", WHICH)
    assert (outcome.kind, caller.dialogue.bookings, caller.dialogue.pending) == (OutcomeKind.CLARIFY, (), None)
    assert "Chicago" not in text(await caller.says("Yes."))
    assert text(await caller.says("Yes, sure.")) == "Which one is it, M as in Mike or N as in November?"


async def test_who_holds_on_to_what_was_heard_is_told_that_there_is_no_such_code(caller: Caller) -> None:
    await caller.says("Look up HM5B8C.")
    outcome = await caller.says("M as in Mike.")
    assert outcome.say == ("I can't find H, M, 5, B, 8, C.", "Which character is wrong?")
    outcome = await caller.says("None, that's right.")
    assert outcome.say[-1] == "Shall I connect you with a colleague?"
    assert (await caller.says("Yes.")).kind is OutcomeKind.HANDOFF


@pytest.mark.parametrize("said", ["Neither.", "No.", "None of them."])
async def test_neither_asks_for_the_whole_code(caller: Caller, said: str) -> None:
    await caller.says("Cancel HM5B8C.")
    assert text(await caller.says(said)) == "Then please spell the whole code again."
    assert (await caller.says("H N 5 B 8 C")).say[-1] == "Shall I cancel it?"


async def test_who_cannot_tell_is_offered_a_colleague_the_second_time(caller: Caller) -> None:
    await caller.says("Look up HM5B8C.")
    assert text(await caller.says("I don't know.")) == "Please spell the whole code once more, letter by letter."
    assert (await caller.says("I don't know.")).say[-1] == "Shall I connect you with a colleague?"


async def test_only_two_symbols_are_asked_about_in_a_call(caller: Caller) -> None:
    near = ["HM5B8C", "QT44LC", "WK7R2N"]
    for code in near[:2]:
        assert (await caller.does(act("lookup", code=code))).say[-1].startswith("Is the ")
        assert (await caller.does(act("search", legs=[]))).say
    outcome = await caller.does(act("lookup", code=near[2]))
    assert outcome.say == ("I can't find W, K, 7, R, 2, N.", "Which character is wrong?")


async def test_the_same_symbol_is_not_asked_about_twice(caller: Caller) -> None:
    await caller.does(act("lookup", code="HM5B8C"))
    outcome = await caller.does(act("lookup", code="HM5B8C"))
    assert outcome.say[-1] == "Which character is wrong?"


async def test_whoever_tries_code_after_code_is_offered_a_colleague(caller: Caller) -> None:
    for code in ("XK9ZZ2", "XK9ZZ3"):
        assert (await caller.does(act("lookup", code=code))).say[-1] == "Which character is wrong?"
    for code in ("XK9ZZ4", "HM5B8C", "HV5B8C"):
        outcome = await caller.does(act("lookup", code=code))
        assert "Chicago" not in text(outcome)
    assert outcome.say[-1] == "Shall I connect you with a colleague?"


async def test_a_code_that_is_said_again_as_it_was_is_not_asked_about_over_and_over(caller: Caller) -> None:
    await caller.does(act("lookup", code="XK9ZZ2"))
    outcome = await caller.does(act("lookup", code="XK9ZZ2"))
    assert outcome.say == ("I can't find X, K, 9, Z, Z, 2.", "Shall I connect you with a colleague?")
    assert "confirmed" in text(await caller.says("It's QT44LZ."))


@pytest.mark.parametrize(
    "said",
    [("the third is a four",), ("it's four, not nine",), ("the nine is wrong", "four"), ("the third one", "four")],
)
async def test_a_code_that_is_not_there_is_put_right(caller: Caller, said: tuple[str, ...]) -> None:
    outcome = await caller.says("Look up QT94LZ.")
    assert outcome.say == ("I can't find Q, T, 9, 4, L, Z.", "Which character is wrong?")
    for words in said:
        outcome = await caller.says(words)
    assert "Booking Q, T, 4, 4, L, Z is confirmed" in text(outcome)


async def test_something_else_leaves_the_question_or_drops_it(caller: Caller) -> None:
    await caller.says("Look up HM5B8C.")
    outcome = await caller.says("What is your pet policy?")
    assert outcome.say[-1] == "Which one is it, M as in Mike or N as in November?"
    outcome = await caller.does(flight("Boston", "Denver", "Friday"))
    assert outcome.say[-1] == "Shall I book it?"


async def test_a_code_of_another_length_is_said_back(caller: Caller) -> None:
    outcome = await caller.does(act("lookup", code="QT444LZ"))
    assert outcome.say[0] == "I have Q, T, 4, 4, 4, L, Z, and a code has six characters."
    await caller.says("Look up QT44L.")
    assert "Booking Q, T, 4, 4, L, Z is confirmed" in text(await caller.says("Z."))


async def doubted(caller: Caller, said: str, *words: str) -> Outcome:
    reading = caller.desk.read(said, caller.dialogue)
    reading = Reading(reading.text, reading.actions, entities=reading.entities, doubted=words)
    outcome = await caller.desk.perform(reading.actions or (), reading, caller.dialogue, key=f"call-1/{said}")
    caller.dialogue = outcome.dialogue
    return outcome


@pytest.mark.parametrize("request_", ["Look up QT44LZ.", "Cancel QT44LZ.", "Move QT44LZ to the 20th."])
async def test_a_code_that_exists_and_was_heard_with_doubt_is_read_back_first(caller: Caller, request_: str) -> None:
    outcome = await doubted(caller, request_, "QT44LZ")
    assert (outcome.kind, outcome.say) == (OutcomeKind.CLARIFY, ("Is the code Q, T, 4, 4, L, Z?",))
    outcome = await caller.says("Yes.")
    assert "Denver" in text(outcome)


async def test_a_no_to_the_code_that_was_read_back_puts_it_right(caller: Caller) -> None:
    await doubted(caller, "Look up QT44LZ.", "QT44LZ")
    assert text(await caller.says("No.")) == "Which character is wrong?"
    outcome = await caller.says("The second is a D.")
    assert outcome.say[-1] == "Is the second letter D as in Delta, or T as in Tango?"
    assert caller.dialogue.bookings == ()


async def test_an_answer_that_was_heard_with_doubt_and_a_code_that_is_known_to_the_call(caller: Caller) -> None:
    await caller.says("Cancel my booking.")
    assert text(await doubted(caller, "QT44LZ", "QT44LZ")) == "Is the code Q, T, 4, 4, L, Z?"
    await caller.says("Yes.")
    assert "Is the code" not in text(await doubted(caller, "Look up QT44LZ.", "QT44LZ"))


AGAIN_ASKED = ("Is the code Q, T, 4, 4, L, Z?",)


@pytest.mark.parametrize(
    "turns", [("No.", "It's QT44LZ."), ("No, it's QT44LZ.",), ("No, it's QT44LZ.", "No, it's QT44LZ!")], ids=str
)
@pytest.mark.parametrize("request_", ["Look up QT44LZ.", "Cancel QT44LZ.", "Move QT44LZ to the 20th."])
async def test_a_code_that_was_denied_is_not_believed_when_it_is_misheard_again(
    caller: Caller, request_: str, turns: tuple[str, ...]
) -> None:
    await doubted(caller, request_, "QT44LZ")
    outcomes = [await doubted(caller, said, *(["QT44LZ"] if "QT44LZ" in said else [])) for said in turns]
    assert outcomes[-1].say == AGAIN_ASKED
    assert (caller.dialogue.bookings, caller.dialogue.pending) == ((), None)


@pytest.mark.parametrize("request_", ["Look up QT44LZ.", "Cancel QT44LZ.", "Move QT44LZ to the 20th."])
async def test_a_code_that_is_approved_with_doubt_is_not_asked_about_again(caller: Caller, request_: str) -> None:
    await doubted(caller, request_, "QT44LZ")
    outcome = await doubted(caller, "Yes, QT44LZ.", "QT44LZ")
    assert "Denver" in text(outcome)
    assert caller.dialogue.bookings == ("QT44LZ",)


@pytest.mark.parametrize(
    ("said", "denied"),
    [("Cancel it.", True), ("I want to cancel my booking.", True), ("Please cancel my trip.", False)],
)
async def test_a_wish_that_is_said_again_approves_no_code(caller: Caller, said: str, denied: bool) -> None:
    await doubted(caller, "Cancel QT44LZ.", "QT44LZ")
    if denied:
        await caller.says("No.")
    await caller.says(said)
    assert (caller.dialogue.bookings, caller.dialogue.pending) == ((), None)


@pytest.mark.parametrize("turns", [("No, it's B4F6MX.",), ("No.", "It's B4F6MX.")], ids=str)
async def test_what_waits_behind_a_denied_code_goes_with_the_right_booking(
    caller: Caller, turns: tuple[str, ...]
) -> None:
    await doubted(caller, "Move the return of QT44LZ to the 24th and add a bag.", "QT44LZ")
    outcomes = [await caller.says(said) for said in turns]
    assert outcomes[-1].say[-1] == "Shall I change it?"
    outcome = await caller.says("Yes.")
    assert (outcome.wrote, outcome.say[-1]) == (("B4F6MX",), "Shall I add it?")
    assert "B, 4, F, 6, M, X" in outcome.facts
    assert (await caller.says("Yes.")).wrote == ("B4F6MX",)


async def test_all_flights_of_a_denied_code_become_those_of_the_right_booking(caller: Caller) -> None:
    await doubted(caller, "Move both flights of QT44LZ a day later.", "QT44LZ")
    await caller.says("No, it's B4F6MX.")
    assert (await caller.says("Yes.")).wrote == ("B4F6MX",)
    assert (await caller.says("Yes.")).wrote == ("B4F6MX",)


async def test_a_no_to_the_first_flight_of_the_right_booking_drops_the_others(caller: Caller) -> None:
    await doubted(caller, "Move both flights of QT44LZ a day later.", "QT44LZ")
    await caller.says("No, it's B4F6MX.")
    await caller.says("No.")
    assert caller.dialogue.later == ()


@pytest.mark.parametrize(
    "codes", [("QT444LZ", "QT4444LZ", "QTT44LZ"), ("QT444LZ", "QT444LZ"), ("my usual one", "my usual one")], ids=str
)
async def test_what_has_not_the_form_of_a_code_leads_to_a_colleague(caller: Caller, codes: tuple[str, ...]) -> None:
    for code in codes[:-1]:
        outcome = await caller.does(act("lookup", code=code))
        assert outcome.say[-1] == "Could you spell the code again, letter by letter?"
    outcome = await caller.does(act("lookup", code=codes[-1]))
    assert outcome.say == ("I can't find that booking.", "Shall I connect you with a colleague?")
    assert "confirmed" in text(await caller.says("It's QT44LZ."))


async def test_a_number_is_told_to_be_no_code(caller: Caller) -> None:
    outcome = await caller.does(act("lookup", code="123456"))
    assert outcome.say[0] == "I have 1, 2, 3, 4, 5, 6, and a code has letters too."


def test_the_costs_of_symbols_that_sound_alike_are_the_same_both_ways() -> None:
    assert all(cost(a, b) == cost(b, a) for a in LETTERS for b in DIGITS)
