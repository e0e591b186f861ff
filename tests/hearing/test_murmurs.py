import pytest

from voice.hearing.murmurs import aside, murmur


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mhm.",
        "M.H.M.",
        "Ahmham.",
        "OIC.",
        "Mm-hmm.",
        "Uh-huh",
        "Um-ham.",
        "Um, hum.",
        "Yahoo!",
        "Okay.",
        "Yeah, okay.",
        "I see.",
        "Oh, right.",
        "So, I see.",
        "Lovely",
    ],
)
def test_a_listener_murmurs(text: str) -> None:
    assert murmur(text)


@pytest.mark.parametrize(
    "text", ["Stop.", "No.", "Yes please.", "Wait", "Okay, but not on Friday.", "How much?", "So", "But", "2"]
)
def test_who_says_something_does_not_murmur(text: str) -> None:
    assert not murmur(text)


def test_a_word_or_two_that_were_guessed_are_a_hum() -> None:
    assert murmur("Buntunt.", confidence=0.03)
    assert not murmur("Stop.", confidence=0.4)
    assert not murmur("I want to cancel.", confidence=0.03)


@pytest.mark.parametrize(
    ("text", "confidence", "seconds"),
    [
        ("White", 0.27, 0.3),
        ("Yahu", 0.1, 0.3),
        ("Amhand", 0.13, 0.4),
        ("I see you.", 0.19, 0.6),
        ("I'm going to talk to you tonight.", 0.07, 0.15),
    ],
)
def test_what_is_heard_briefly_and_unsurely_is_a_listeners_word_misheard(
    text: str, confidence: float, seconds: float
) -> None:
    assert murmur(text, confidence=confidence, seconds=seconds)
    assert not murmur(text, confidence=confidence)  # who knows how long it lasted?
    assert not murmur(text, confidence=0.9, seconds=seconds)


@pytest.mark.parametrize("text", ["Stop. Stop.", "No, Mandi.", "Wait", "2 bags", "Sorry", "What?"])
def test_what_claims_the_floor_does_so_however_briefly_and_unsurely_it_is_heard(text: str) -> None:
    assert not murmur(text, confidence=0.24, seconds=0.5)


def test_an_unsure_word_is_an_answer_where_something_was_asked() -> None:
    assert not murmur("Dustin", confidence=0.28, seconds=0.5, answers=True)


def test_an_okay_is_an_answer_where_something_was_asked_and_a_mhm_is_not() -> None:
    assert not murmur("Okay.", answers=True)
    assert murmur("Mhm.", answers=True)


STATEMENT = "There is one at nine."
YES_NO = "There is one at nine. Shall I book it?"
WHICH = "There are two. Which one would you like?"
VAGUE = "Tuesday, is that right?"
CODE = "And the rest of the code?"


@pytest.mark.parametrize("text", ["Mhm.", "Um-ham.", "Ahmham.", "Uh-huh.", "Oh, I see.", "Ah, I see.", "Aha."])
@pytest.mark.parametrize("question", ["", STATEMENT, WHICH, VAGUE, CODE])
def test_who_follows_a_silent_agent_answers_none_of_its_open_questions(text: str, question: str) -> None:
    assert aside(text, question)


@pytest.mark.parametrize("text", ["Mhm.", "Yes.", "Right.", "Okay.", "Um-ham.", "I see."])
def test_whatever_is_said_to_a_yes_or_no_question_may_answer_it(text: str) -> None:
    assert not aside(text, YES_NO)


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("Right, right.", {STATEMENT, WHICH, CODE}),
        ("Okay.", {WHICH, CODE}),  # to a statement it may say yes to what was asked before
        ("Yeah.", {WHICH, CODE}),
        ("Thank you.", {WHICH, CODE}),
        ("OIC.", {STATEMENT, WHICH}),
    ],
)
def test_what_a_listeners_word_is_worth_depends_on_what_was_asked(text: str, questions: set[str]) -> None:
    assert {question for question in (STATEMENT, YES_NO, WHICH, VAGUE, CODE) if aside(text, question)} == questions


@pytest.mark.parametrize(
    "text", ["", "No.", "Stop.", "2", "Boston.", "So.", "Right, but not on Friday.", "Hello?", "L, S.", "How much?"]
)
@pytest.mark.parametrize("question", [STATEMENT, YES_NO, WHICH, VAGUE, CODE])
def test_what_asks_or_answers_something_is_no_aside(text: str, question: str) -> None:
    assert not aside(text, question, confidence=0.2)


@pytest.mark.parametrize(
    ("question", "which"),
    [
        ("Where are you flying from?", True),
        ("Okay, and how many passengers are flying?", True),
        ("At what time?", True),
        ("What about Monday?", False),
        ("I can't say when. Is that all right?", False),
        ("Tell me when you want to fly, okay?", False),
        ("Anything else?", False),
    ],
)
def test_a_yeah_answers_no_question_for_a_place_or_a_number(question: str, which: bool) -> None:
    assert aside("Yeah.", question) is which


def test_a_guess_is_a_hum_where_nothing_was_asked_and_may_be_the_answer_where_something_was() -> None:
    assert aside("Bunch on.", STATEMENT, confidence=0.05)
    assert not aside("Bunch on.", STATEMENT, confidence=0.5)
    for question in (WHICH, VAGUE, CODE):
        assert not aside("Bunch on.", question, confidence=0.05)
