"""Names in the place of what was written, where they fit the sound better."""

import math
import zlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.looking import known, rows, words
from voice.hearing.decoder import Abandoned
from voice.hearing.names import MOST_WORDS
from voice.hearing.second_look import BONUS, MOST_LOOKS, WORDS_AFTER, look_again
from voice.ports import Word

CITIES = ("Vancouver", "Seattle", "Rome", "New Orleans", "Oslo", "Zurich")
HEARD = -20.0


class Sound:
    """A model that likes texts for phrases in them, in nats beside what any other gets; keeps what it was asked."""

    def __init__(self, **liked: float) -> None:
        self.liked = {phrase.replace("_", " "): nats for phrase, nats in liked.items()}
        self.asked: list[list[str]] = []

    def __call__(self, texts: Sequence[str]) -> list[float]:
        self.asked.append([*texts])
        return [HEARD + sum(nats for phrase, nats in self.liked.items() if phrase in text) for text in texts]


def never(texts: Sequence[str]) -> Sequence[float]:
    raise AssertionError(f"the model is asked about {texts}")


def look(said: Sequence[Word], score: Sound, *names: str) -> tuple[Word, ...]:
    return look_again(said, rows(said), known(*(names or CITIES)), score)


def text(said: Sequence[Word]) -> str:
    return " ".join(word.text for word in said)


def test_a_name_that_fits_the_sound_better_is_put_in_with_its_punctuation() -> None:
    found = look(words("fly to Sietel, please", Sietel=0.3), Sound(fly_to_Seattle=10.0))
    assert text(found) == "fly to Seattle, please"
    assert found[2].confidence == pytest.approx(math.sqrt(0.3), abs=0.01)
    assert [word.confidence for word in found if word.text != "Seattle,"] == [0.95] * 3


def test_what_was_written_stays_where_no_name_fits_the_sound() -> None:
    said = words("fly to Sietel, please", Sietel=0.3)
    assert look(said, Sound(to_Sietel=10.0)) == tuple(said)


def test_a_name_may_be_a_little_less_likely_than_what_was_written() -> None:
    said = words("fly to Sietel", Sietel=0.3)
    assert text(look(said, Sound(fly_to_Sietel=BONUS - 0.1, fly_to_Se=0.01), "Seattle")) == "fly to Seattle"
    assert text(look(said, Sound(fly_to_Sietel=BONUS + 0.1), "Seattle")) == "fly to Sietel"


def test_a_name_is_as_sure_as_it_is_likely_and_as_what_was_written_was() -> None:
    said = words("fly to Merlin", Merlin=0.3)
    found = look(said, Sound(fly_to_Berlin=20.0, fly_to_Merlin=19.0), "Berlin")
    assert text(found) == "fly to Berlin"
    assert found[2].confidence == pytest.approx(math.sqrt(0.3 / (1 + math.exp(-1.0 - BONUS))))


def test_two_names_that_fit_alike_are_both_unsure() -> None:
    said = words("fly to Ferlin", Ferlin=0.3)
    found = look(said, Sound(fly_to_Berlin=30.0, fly_to_Merlin=30.0), "Berlin", "Merlin")
    assert found[2].text in ("Berlin", "Merlin")
    assert found[2].confidence == pytest.approx(math.sqrt(0.3 * 0.5))


def test_one_name_takes_the_place_and_the_time_of_two_words() -> None:
    said = words("nights in Van Cover, next week", Van=0.5, Cover=0.3)
    found = look(said, Sound(nights_in_Vancouver=10.0))
    assert text(found) == "nights in Vancouver, next week"
    assert (found[2].start, found[2].end) == (2.0, 4.0)


def test_a_name_of_two_words_shares_their_time() -> None:
    said = words("we fly Torome then", Torome=0.2)
    found = look(said, Sound(fly_to_Rome=10.0))
    assert text(found) == "we fly to Rome then"
    assert (found[2].start, found[2].end) == (2.0, pytest.approx(2 + 1 / 3))
    assert (found[3].start, found[3].end) == (pytest.approx(2 + 1 / 3), 3.0)
    assert found[2].confidence == found[3].confidence


def test_names_of_one_turn_stand_in_their_places_though_lengths_change() -> None:
    said = words("fly Torome, then Van Cover, then Sietel, then home", Torome=0.2, Van=0.5, Cover=0.3, Sietel=0.2)
    found = look(said, Sound(fly_to_Rome=10.0, then_Vancouver=10.0, then_Seattle=10.0))
    assert text(found) == "fly to Rome, then Vancouver, then Seattle, then home"
    times = [time for word in found for time in (word.start, word.end)]
    assert times == sorted(times)


def test_words_that_a_name_took_the_place_of_are_not_looked_at_again() -> None:
    sound = Sound(nights_in_Vancouver=10.0)
    found = look(words("nights in Van Cover", Van=0.3, Cover=0.3), sound, "Vancouver")
    assert text(found) == "nights in Vancouver"
    assert len(sound.asked) == 1


def test_no_more_words_are_looked_at_than_a_turn_has_time_for_and_the_least_sure_first() -> None:
    said = words("Sieta Sietb Sietc Sietd Siete", Sieta=0.3, Sietb=0.1, Sietc=0.2, Sietd=0.35, Siete=0.15)
    sound = Sound()
    look(said, sound, "Sietz")
    assert len(sound.asked) == MOST_LOOKS
    assert "Sieta" in sound.asked[0][0]
    assert "Sietd" in sound.asked[0][0]


def test_only_so_many_words_behind_a_name_are_asked_about() -> None:
    said = words("to Sietel one two three four five six seven eight nine", Sietel=0.2)
    sound = Sound()
    look(said, sound, "Seattle")
    ((*options, heard),) = sound.asked
    furthest = 2 + MOST_WORDS - 1
    assert text(said).startswith(heard)
    assert 2 + WORDS_AFTER <= len(heard.split()) <= furthest + WORDS_AFTER
    assert all(option.split()[-WORDS_AFTER:] == heard.split()[-WORDS_AFTER:] for option in options)


@pytest.mark.parametrize(
    "said",
    [
        [],
        words("I want to fly to Sietel"),
        words("fly to Seattle", Seattle=0.1),
        words("flight F7D5LS at 10", F7D5LS=0.1),
    ],
    ids=["no words", "sure words", "a known name", "a code"],
)
def test_the_model_is_not_asked_where_nothing_is_in_doubt(said: list[Word]) -> None:
    assert look_again(said, rows(said), known(*CITIES), never) == tuple(said)


@pytest.mark.parametrize("names", [(), ("A", "Bo"), ("Xx",)])
def test_the_model_is_not_asked_without_names(names: tuple[str, ...]) -> None:
    said = words("fly to Sietel", Sietel=0.2)
    assert look_again(said, rows(said), known(*names), never) == tuple(said)


def test_who_no_longer_waits_is_left_with_the_first_look() -> None:
    asked = 0

    def score(texts: Sequence[str]) -> Sequence[float]:
        nonlocal asked
        asked += 1
        raise Abandoned

    said = words("to Sietel and Sietl", Sietel=0.2, Sietl=0.2)
    with pytest.raises(Abandoned):
        look_again(said, rows(said), known("Seattle"), score)
    assert asked == 1


SAID = st.lists(
    st.tuples(
        st.sampled_from(["to", "Sietel", "Van", "Cover,", "Torome.", "Rome", "in", "New", "7", "no"]), st.floats(0, 1)
    ),
    max_size=9,
)


@given(SAID, st.integers(0, 2**31))
def test_whatever_is_heard_words_keep_their_order_and_their_time(said: list[tuple[str, float]], seed: int) -> None:
    heard = [Word(text, at, at + 1.0, sure) for at, (text, sure) in enumerate(said)]

    def score(texts: Sequence[str]) -> list[float]:
        return [-float(zlib.crc32(f"{text} {seed}".encode()) % 40) for text in texts]

    found = look_again(heard, rows(heard), known(*CITIES), score)
    times = [time for word in found for time in (word.start, word.end)]
    assert times == sorted(times)
    assert times[:1] + times[-1:] == pytest.approx([heard[0].start, heard[-1].end] if heard else [])
    assert all(0 <= word.confidence <= 1 for word in found if word not in heard)
    assert all(word.text.strip() for word in found)
