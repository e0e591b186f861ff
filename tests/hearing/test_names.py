"""Which words are in doubt, and which names may stand behind them."""

import numpy as np
import pytest

from tests.looking import VOCABULARY, encode, known, row, rows, words
from voice.hearing.names import MOST_BY_EAR, MOST_BY_LETTERS, Alternative, Names

CITIES = ("Vancouver", "Seattle", "Rome", "New Orleans", "Oslo", "St. Louis", "Zurich")


@pytest.mark.parametrize(
    ("text", "doubts", "suspects"),
    [
        ("I want to fly to Sietl please", {"Sietl": 0.5}, ["Sietl"]),
        ("I want to fly to Sietl please", {"Sietl": 0.7}, []),
        ("I want to fly to sietl please", {"sietl": 0.5}, []),
        ("I want to fly to sietl please", {"sietl": 0.2}, ["sietl"]),
        ("Please go. Sietl then", {"Sietl": 0.5, "Please": 0.5}, []),
        ("Please go. Sietl then", {"Sietl": 0.3, "Please": 0.3}, ["Please", "Sietl"]),
        ("Please go, Sietl then", {"Sietl": 0.5}, ["Sietl"]),
    ],
    ids=["capital", "sure", "small letter", "small and unsure", "beginning", "unsure beginning", "comma"],
)
def test_how_unsure_a_word_must_be_depends_on_its_capital(
    text: str, doubts: dict[str, float], suspects: list[str]
) -> None:
    said = words(text, **doubts)
    assert [said[at].text.strip(".") for at in known(*CITIES).suspects(said)] == suspects


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        ("to Seattle.", "Seattle"),
        ("to seattle", "seattle"),
        ("to New Orleans, please", "Orleans"),
        ("to New Orleans, please", "New"),
        ("to St. Louis", "Louis"),
        ("flight F7D5LS", "F7D5LS"),
        ("on the 23rd", "23rd"),
        ("at 10:30", "10:30"),
        ("it is no", "no"),
        ("to LA", "LA"),
        ("well ... yes", "..."),
    ],
)
def test_names_numbers_codes_and_short_words_are_never_in_doubt(text: str, doubt: str) -> None:
    assert known(*CITIES).suspects(words(text, **{doubt.strip(".,:"): 0.01, doubt: 0.01})) == []


def test_names_with_accents_are_known_without_them() -> None:
    names = known("São Paulo", "Zürich")
    assert names.suspects(words("to Sao Paulo or Zurich", Sao=0.1, Paulo=0.1, Zurich=0.1)) == []
    said = words("to Suric please", Suric=0.1)
    assert Alternative(1, 2, "Zurich") in names.alternatives(said, 1, rows(said))


def test_a_word_may_be_a_name_with_letters_like_it_and_keeps_its_punctuation() -> None:
    said = words("to Sietel, please", Sietel=0.3)
    said_rows = [row(), row({"Seattle": 0.1}), row()]
    found = known(*CITIES).alternatives(said, 1, said_rows)
    assert found[0] == Alternative(1, 2, "Seattle,")
    assert Alternative(1, 2, "Zurich,") not in found


def test_of_names_that_are_as_alike_the_one_that_the_model_thought_of_comes_first() -> None:
    names = known("Berlin", "Merlin")
    said = words("to Perlin", Perlin=0.3)
    for thought in ("Berlin", "Merlin"):
        found = names.alternatives(said, 1, [row(), row({thought: 0.6})])
        assert found[0] == Alternative(1, 2, thought)


def test_a_name_that_is_neither_alike_nor_thought_of_is_not_tried() -> None:
    said = words("to Sietel", Sietel=0.3)
    assert known("Oslo", "Lima").alternatives(said, 1, [row(), row({"Oslo": 1e-9, "Lima": 1e-9})]) == []


def test_scores_count_relative_to_those_of_all_tokens() -> None:
    said, names = words("to Perlin", Perlin=0.3), known("Berlin", "Merlin", "Oslo")
    thought = row({"Berlin": 0.6})
    assert names.alternatives(said, 1, [thought, thought + 400]) == names.alternatives(said, 1, [thought, thought])


def test_tokens_that_the_model_may_not_write_are_no_thought() -> None:
    said, never = words("to Sietel", Sietel=0.3), row()
    never[encode(" Oslo")[0]] = -np.inf
    found = known(*CITIES).alternatives(said, 1, [row(), never])
    assert found
    assert all(alternative.text != "Oslo" for alternative in found)


def test_two_words_may_have_been_one_name() -> None:
    said = words("some nights in Van Cover, next week", Van=0.5, Cover=0.3)
    names = known(*CITIES)
    assert Alternative(3, 5, "Vancouver,") in names.alternatives(said, 4, rows(said))
    assert Alternative(3, 5, "Vancouver,") in names.alternatives(said, 3, rows(said))


def test_one_name_may_have_grown_together_with_the_word_before_it() -> None:
    said = words("we fly Torome. Then home", Torome=0.2)
    assert Alternative(2, 3, "to Rome.") in known(*CITIES).alternatives(said, 2, rows(said))
    said = words("nights Invent Hoover next week", Invent=0.3, Hoover=0.3)
    assert Alternative(1, 3, "in Vancouver") in known(*CITIES).alternatives(said, 1, rows(said))


def test_a_word_before_a_name_that_was_written_as_one_stays_and_gets_no_second() -> None:
    said = words("in Vancofer", Vancofer=0.2)
    found = known(*CITIES).alternatives(said, 1, rows(said))
    assert found
    assert all((alternative.start, alternative.text.split()[0]) == (1, alternative.text) for alternative in found)


def test_words_of_two_sentences_are_never_one_name() -> None:
    said = words("take the Van. Cover me", Cover=0.2)
    found = known(*CITIES).alternatives(said, 3, rows(said))
    assert all(alternative.start == 3 for alternative in found)


def test_a_name_that_ends_in_a_full_stop_gets_no_second_one() -> None:
    said = words("to Washingtondeecy.", Washingtondeecy=0.2)
    found = known("Washington D.C.").alternatives(said, 1, [row({"Wa": 0.9})] * 2)
    assert Alternative(1, 2, "Washington D.C.") in found
    assert all(".." not in alternative.text for alternative in found)


@pytest.mark.parametrize("at", [0, 1])
def test_the_ends_of_a_turn_are_no_obstacle(at: int) -> None:
    said = words("Van Cover", Van=0.1, Cover=0.1)
    assert Alternative(0, 2, "Vancouver") in known(*CITIES).alternatives(said, at, rows(said))


def test_few_of_many_names_are_tried_and_each_once() -> None:
    names = known(*(f"Sieta{letter}" for letter in "bcdefghijklmnopqrst"))
    said = words("to Sietl", Sietl=0.2)
    found = names.alternatives(said, 1, rows(said))
    assert len(found) == len(set(found))
    assert len(found) <= MOST_BY_EAR + 2 * MOST_BY_LETTERS


@pytest.mark.parametrize("names", [(), ("A",), ("LA", "Å", "—", "")], ids=["none", "a letter", "too short"])
def test_without_names_nothing_may_stand_behind_a_word(names: tuple[str, ...]) -> None:
    said = words("to Sietl", Sietl=0.2)
    searched = Names(names, encode)
    assert searched.suspects(said) == [1]
    assert searched.alternatives(said, 1, rows(said)) == []


def test_without_words_nothing_is_in_doubt() -> None:
    assert known(*CITIES).suspects([]) == []


def test_a_name_is_kept_once_however_it_is_written() -> None:
    asked: list[str] = []

    def counted(text: str) -> list[int]:
        asked.append(text)
        return encode(text)

    Names(("São Paulo", "Sao Paulo", "Sao Paulo"), counted)
    assert asked == [" Sao Paulo"]


def test_rows_of_a_model_that_lacks_the_tokens_are_an_error() -> None:
    said = words("to Sietl", Sietl=0.2)
    names = Names(("Seattle",), lambda _: [VOCABULARY + 5])
    with pytest.raises(IndexError):
        names.alternatives(said, 1, rows(said))
