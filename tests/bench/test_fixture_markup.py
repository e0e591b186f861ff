import pytest

from voice.bench.fixtures.markup import MarkupError, Pause, Phrase, parse, transcript


def test_words_and_pauses_are_told_apart() -> None:
    assert parse("Well, [0.4] to Boston.") == (
        Phrase("Well,", "Well,"),
        Pause(0.4),
        Phrase("to Boston.", "to Boston."),
    )


def test_a_broken_off_word_is_said_whole_and_written_as_far_as_it_is_heard() -> None:
    parts = parse("I want to ca(ncel -0.25) [0.2] to change it.")

    assert parts[0] == Phrase("I want to ca-", "I want to cancel", cut_seconds=0.25)
    assert transcript(parts) == "I want to ca- to change it."


def test_a_pronunciation_is_for_the_voice_only() -> None:
    (phrase,) = parse("to {Des Moines|de moyn}, please")

    assert phrase == Phrase("to Des Moines, please", "to de moyn, please")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "nothing is said"),
        ("[0.5]", "nothing is said"),
        ("to [long] Boston", "no pause in seconds"),
        ("to [0] Boston", "at most 10 seconds"),
        ("to [99] Boston", "at most 10 seconds"),
        ("to [0.5 Boston", "left over"),
        ("to {Boston", "left over"),
        ("to Bos(ton", "left over"),
    ],
)
def test_markup_that_cannot_be_read_is_refused(text: str, message: str) -> None:
    with pytest.raises(MarkupError, match=message):
        parse(text)
