"""Facts are found in transcripts, however either of them is written."""

from __future__ import annotations

import pytest

from voice.bench.measured.spoken import atoms, find, normal


def said(fact: str, text: str) -> bool:
    return find(fact, atoms(text.split())) is not None


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        # case and punctuation
        ("Osaka", "you land in osaka, at last."),
        ("nonstop", "There is a non-stop flight."),
        ("O'Hare", "from O’Hare to Logan"),
        ("one-way", "a one way ticket"),
        # counts and amounts
        ("2", "You can take two bags."),
        ("two", "You can take 2 bags."),
        ("$214", "It costs two hundred fourteen dollars."),
        ("$214", "It costs two hundred and fourteen dollars."),
        ("$214", "It costs two fourteen."),
        ("$214", "It costs $214."),
        ("$214", "It costs $214.00 in all."),
        ("two hundred fourteen dollars", "It costs $214."),
        ("$1,214", "one thousand two hundred and fourteen dollars"),
        ("$1,214", "1214 dollars"),
        ("$1,200", "twelve hundred dollars"),
        ("$35.50", "thirty-five dollars and fifty cents"),
        ("50 pounds", "up to fifty pounds each"),
        ("412", "flight LK 412"),
        ("412", "flight LK412"),
        ("LK 412", "flight L K four twelve"),
        ("LK 412", "flight LK, four one two"),
        ("LK412", "flight LK four hundred twelve"),
        ("Flight 36", "on flight thirty-six"),
        # times
        ("9:15 AM", "at nine fifteen a.m."),
        ("9:15 AM", "at 9.15 am"),
        ("9:15 AM", "at 9:15 A.M. sharp"),
        ("9:15 AM", "at 915AM"),
        ("9:05 AM", "at nine oh five a.m."),
        ("nine oh five a.m.", "at 9:05 AM"),
        ("7:00 PM", "at seven p.m."),
        ("7 PM", "at 7:00 p.m."),
        ("7:00 PM", "seven o'clock p.m."),
        ("12:00 PM", "at noon"),
        ("noon", "at 12 PM"),
        ("10:30 PM", "ten thirty PM"),
        # dates
        ("December 4", "on Friday, December 4th"),
        ("December 4", "on December fourth"),
        ("December 4", "on December the fourth"),
        ("December fourth", "on the fourth of December"),
        ("Dec. 4", "December 4"),
        ("December 21", "on December twenty-first"),
        ("Friday, December 4", "Friday December fourth"),
        ("December 4, 2026", "December fourth twenty twenty-six"),
        # codes
        ("QT44LZ", "your code is Q T 4 4 L Z"),
        ("QT44LZ", "your code is Q, T, four, four, L, Z."),
        ("QT44LZ", "your code is QT-44-LZ."),
        ("Q, T, 4, 4, L, Z", "your code is QT44LZ."),
        ("Q T 4 4 L Z", "It's Qt 44 lz, thank you."),
        # codes of which a transcriber takes symbols for others that sound alike
        ("QT44LZ", "Your booking is Q-T-4-4-L-C, Boston to Denver"),
        ("V, Y, V, 6, W, M", "Buck, your code is V, Y, D, 6, W, M."),
        ("T5S8GR", "your code is T-5-S-A-G-R."),
        ("88ZEYC", "Booking 8-8-Z-E-Y-C."),
        # names that a transcriber writes its own way
        ("Seattle", "a flight to Seatle"),
        ("Albuquerque", "via Albuquerqui at noon"),
        ("Philadelphia", "Filadelphia it is"),
        ("San Francisco", "into SanFrancisco"),
        # alternatives
        ("refund|money back", "you get your money back"),
        ("refund|money back", "a full refund"),
    ],
)
def test_a_fact_is_found_in_another_spelling(fact: str, text: str):
    assert said(fact, text)


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("412", "flight 1412"),
        ("412", "flight 4125"),
        ("12", "four hundred twelve dollars"),
        ("$214", "$241"),
        ("$214", "two hundred fifteen dollars"),
        ("$200", "two hundred fourteen dollars"),
        ("9:15 AM", "9:15 PM"),
        ("9:15 AM", "9:50 AM"),
        ("9:05 AM", "9:50 AM"),
        ("7:00 PM", "7:30 PM"),
        ("December 4", "December 14"),
        ("December 4", "November 4"),
        ("QT44LZ", "QT45LZ"),
        ("QT44LZ", "RT44LM"),
        ("QT44LZ", "your code is B4F6MX"),
        ("12:15 PM", "12:19 PM"),
        ("LK 384", "LK 389"),
        ("Boston", "Austin"),
        ("Denver", "Dover"),
        ("Rome", "home"),
        ("Osaka", ""),
        ("", "anything"),
        ("refund|money back", "no refuelling"),
    ],
)
def test_another_fact_is_not_taken_for_it(fact: str, text: str):
    assert not said(fact, text)


@pytest.mark.parametrize(
    ("fact", "text", "word"),
    [
        ("$214", "That one is two hundred fourteen dollars.", 3),
        ("9:15 AM", "It leaves at nine fifteen a.m. from gate nine.", 3),
        ("Seattle", "You fly to Seattle at noon.", 3),
        ("Seattle", "You fly to Seatle at noon.", 3),
        ("December 4", "Leaving on the fourth of December, then.", 3),
        ("QT44LZ", "It is Q T 4 4 L Z.", 2),
        ("QT44LZ", "It is Q, T, 4, 4, L, C, thank you.", 2),
        ("Denver|Boston", "Boston first, then Denver", 0),
        ("nine", "nine and nine again", 0),
    ],
)
def test_the_first_word_of_the_fact_is_told(fact: str, text: str, word: int):
    assert find(fact, atoms(text.split())) == word


def test_words_may_carry_the_spaces_and_hyphens_that_a_transcriber_gives_them():
    words = [" It", " leaves", " at", " 9", ":00", " AM", ",", " non", "-stop."]
    assert find("9 AM", atoms(words)) == 3
    assert find("nonstop", atoms(words)) == 7


def test_texts_that_sound_alike_have_one_normal_form():
    assert normal("I'd like two, on December 4th at 9:00 AM.") == normal("i'd like 2 on december fourth at nine a.m.")
