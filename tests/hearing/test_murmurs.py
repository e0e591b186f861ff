import pytest

from voice.hearing.murmurs import murmur


@pytest.mark.parametrize(
    "text",
    ["", "Mhm.", "M.H.M.", "Mm-hmm.", "Uh-huh", "Okay.", "Yeah, okay.", "I see.", "Oh, right.", "So, I see.", "Lovely"],
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
        ("OIC", 0.39, 0.4),
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
