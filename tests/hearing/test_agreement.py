from voice.hearing.agreement import Agreement
from voice.ports import Transcript, Word


def transcript(text: str) -> Transcript:
    return Transcript(text, tuple(Word(word, 0, 0, 1) for word in text.split()))


def test_words_are_stable_once_two_decodes_agree_on_them_whatever_their_punctuation() -> None:
    agreement = Agreement()
    assert agreement.of(transcript("I fly from Boston.")) == ()
    agreed = agreement.of(transcript("I fly from Boston, to Ten"))
    assert [word.text for word in agreed] == ["I", "fly", "from", "Boston,"]
    agreed = agreement.of(transcript("I fly from Austin to Denver"))
    assert [word.text for word in agreed] == ["I", "fly", "from"]


def test_a_new_stretch_of_speech_agrees_with_nothing() -> None:
    agreement = Agreement()
    agreement.of(transcript("I fly"))
    agreement.reset()
    assert agreement.of(transcript("I fly")) == ()
