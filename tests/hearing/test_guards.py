import pytest

from voice.hearing import guards
from voice.ports import Word


def words(text: str) -> tuple[Word, ...]:
    return tuple(Word(word, at, at + 1.0, 0.9) for at, word in enumerate(text.split()))


@pytest.mark.parametrize(
    "text",
    [
        "Denver.",
        "No, no, I said Denver.",
        "From Boston to Denver on Friday, from Denver to Seattle on Sunday, from Seattle to Boston on the tenth.",
        "A B C one two three",
        "double two, double seven",
        "",
    ],
)
def test_what_callers_say_is_no_loop(text: str) -> None:
    assert not guards.looped(text)


@pytest.mark.parametrize(
    "text",
    [
        "Yes. Yes. Yes. Yes. Yes. Yes.",
        "The second one. The second one.",
        "I want to go to Denver. I want to go. I want to go. I want to go.",
        "10 of clubs 10 of clubs 10 of clubs",
        "7, 2, X X X X",
    ],
)
def test_a_phrase_said_over_and_over_is_a_loop(text: str) -> None:
    assert guards.looped(text)


def test_one_repetition_of_a_loop_is_kept() -> None:
    kept = guards.without_loop(words("to Denver on Friday, on Friday, on friday"))
    assert [word.text for word in kept] == ["to", "Denver", "on", "Friday,"]


def test_words_without_a_loop_are_kept_as_they_are() -> None:
    assert guards.without_loop(words("two nights, two seats")) == words("two nights, two seats")


@pytest.mark.parametrize(
    ("text", "confidence", "no_speech"),
    [
        ("I'm not sure if I can do it.", 0.2, 0.8),
        ("Beep Beep Beep", 0.8, 0.94),
        ("Thank you.", 0.9, 0.45),
        (". . .", 0.9, 0.0),
    ],
)
def test_words_written_for_noise_are_made_up(text: str, confidence: float, no_speech: float) -> None:
    assert guards.made_up(text, confidence, no_speech)


@pytest.mark.parametrize(
    ("text", "confidence", "no_speech"),
    [
        ("Thank you.", 0.6, 0.1),
        ("Yes", 0.2, 0.3),
        ("next Tuesday", 0.5, 0.42),
        ("I need a flight to Denver.", 0.9, 0.6),
    ],
)
def test_words_of_a_caller_are_believed(text: str, confidence: float, no_speech: float) -> None:
    assert not guards.made_up(text, confidence, no_speech)


def test_longer_audio_may_hold_more_tokens() -> None:
    assert guards.token_limit(0.0) < guards.token_limit(1.0) < guards.token_limit(20.0) < 200
