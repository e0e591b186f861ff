"""What models add that nobody said, and what ears make of letters."""

import pytest

from voice.booking.codes.locators import find_codes
from voice.booking.context import context_of_words
from voice.booking.drafting.grammar import parse
from voice.booking.drafting.unsaid import without_unsaid_answer
from voice.booking.reading.reader import read
from voice.booking.talk.courtesies import announces, is_courtesy

OFFER = "At 1 PM there's a nonstop for $214. Shall I book it?"


@pytest.mark.parametrize(
    ("text", "draft", "kept"),
    [
        ("And after 3 PM, please.", "confirm no\nsearch/time after 3 PM", ["search"]),
        ("And after 3 PM, please.", "confirm yes\nsearch/time after 3 PM", ["search"]),
        ("No, after 3 PM, please.", "confirm no\nsearch/time after 3 PM", ["confirm", "search"]),
        ("Perfect, and add a bag.", "confirm yes\nbags a", ["confirm", "bags"]),
        ("Not that one, something after 3 PM.", "confirm no\nsearch/time after 3 PM", ["confirm", "search"]),
        ("The one after that.", "confirm no", ["confirm"]),
    ],
)
def test_a_yes_or_no_beside_a_wish_needs_a_word_that_says_it(text: str, draft: str, kept: list[str]):
    reading = read(text, context_of_words(OFFER, ()))
    assert [action.name for action in without_unsaid_answer(parse(draft, reading), reading)] == kept


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_where_nothing_was_proposed_a_wish_stands_alone(answer: str):
    reading = read("Okay then, on the 23rd.", context_of_words("What day would you like to fly?", ()))
    kept = without_unsaid_answer(parse(f"confirm {answer}\nsearch/date the 23rd", reading), reading)
    assert [action.name for action in kept] == ["search"]


@pytest.mark.parametrize(
    "text", ["Two things.", "I have a couple of quick questions for you.", "Okay, just one more thing."]
)
def test_who_says_that_wishes_follow_has_asked_nothing_yet(text: str):
    assert announces(text)
    assert is_courtesy(text)
    assert [action.name for action in read(text, context_of_words("", ())).actions or ()] == ["chat"]


@pytest.mark.parametrize("text", ["Two things, wifi and bags.", "Two people.", "One question, is there wifi?"])
def test_wishes_themselves_are_no_announcement(text: str):
    assert not announces(text)


def test_a_letter_that_was_heard_as_a_question_is_a_letter():
    (code,) = find_codes("Sure, it's T like tango, 5, S like Sierra, 8. Do you like golf? Or like Romeo?")
    assert code.name == "T5S8GR"
    assert not find_codes("Do you like golf?")
    (code,) = find_codes("Sure it. She like tango, 5, S like Sierra, 8. She like golf, R like Romeo.")
    assert code.name == "T5S8GR"
    assert not find_codes("She likes golf, and we like November.")


@pytest.mark.parametrize("pause", ["Ua. ", "Uh, ", "ah, ", "A. "])
def test_a_hesitation_before_a_city_is_no_city(pause: str):
    reading = read(f"I fly from Seattle to {pause}Portland to, I mean San Francisco.", context_of_words("", ()))
    assert not reading.misheard
    assert [action.as_dict()["legs"] for action in reading.actions or ()] == [
        [{"from": "Seattle", "to": "San Francisco"}]
    ]
