import pytest

from voice.hearing.murmurs import murmur


@pytest.mark.parametrize("text", ["", "Mhm.", "Mm-hmm.", "Uh-huh", "Okay.", "Yeah, okay.", "I see.", "Oh, right."])
def test_a_listener_murmurs(text: str) -> None:
    assert murmur(text)


@pytest.mark.parametrize("text", ["Stop.", "No.", "Yes please.", "Wait", "Okay, but not on Friday.", "How much?"])
def test_who_says_something_does_not_murmur(text: str) -> None:
    assert not murmur(text)


def test_a_word_or_two_that_were_guessed_are_a_hum() -> None:
    assert murmur("Buntunt.", confidence=0.03)
    assert not murmur("Stop.", confidence=0.4)
    assert not murmur("I want to cancel.", confidence=0.03)


def test_an_okay_is_an_answer_where_something_was_asked_and_a_mhm_is_not() -> None:
    assert not murmur("Okay.", answers=True)
    assert murmur("Mhm.", answers=True)
