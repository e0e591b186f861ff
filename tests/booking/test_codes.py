import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.booking.codes.locators import DIGITS, LETTERS, find_codes, is_code, spell
from voice.booking.codes.matching import match_code
from voice.booking.text.numerals import UNITS

KNOWN = ["QT44LZ", "ABC123", "WK7R2M", "HN5B8C"]

NATO = """Alpha Bravo Charlie Delta Echo Foxtrot Golf Hotel Juliet Kilo Lima Mike November Papa Quebec Romeo Sierra
Tango Uniform Victor Whiskey X-ray Yankee Zulu"""
WORDS = {word[0]: word for word in NATO.split()} | {str(value): word for word, value in UNITS.items() if value < 10}

codes = st.text(alphabet=LETTERS + DIGITS, min_size=6, max_size=6).filter(
    lambda code: any(c.isdigit() for c in code) and any(c.isalpha() for c in code)
)


@pytest.mark.parametrize(
    ("transcript", "code"),
    [
        ("It's A B C one two three", "ABC123"),
        ("It's a BC123", "ABC123"),
        ("QT 44 LZ", "QT44LZ"),
        ("Q T four four L Z.", "QT44LZ"),
        ("cutie 44 LZ", "QT44LZ"),
        ("A as in apple, B as in boy, C as in cat, one, two, three", "ABC123"),
        ("A for apple B for boy C for Charlie one two three", "ABC123"),
        ("Q as in queen, T as in Tom, double four, L as in Lima, Z as in zebra", "QT44LZ"),
        ("W as in whiskey K seven R two M", "WK7R2M"),
        ("B for bravo, 4, F for foxtrot, 6, M for mike, X for x-ray", "B4F6MX"),
        ("double you K seven R two M", "WK7R2M"),
        ("Quebec Tango four four Lima Zulu", "QT44LZ"),
        ("my reservation, QT forty-four LZ", "QT44LZ"),
        ("uh, it's Q, T, 4, 4, L, Z", "QT44LZ"),
        ("Q-T-4-4-L-Z", "QT44LZ"),
        ("queue tea forty four el zee", "QT44LZ"),
        ("It should be under 8LNK2V", "8LNK2V"),
        ("change QT44LZ to next Friday for two people", "QT44LZ"),
    ],
)
def test_a_spelled_code_is_joined(transcript: str, code: str) -> None:
    (span,) = find_codes(transcript)
    assert span.name == code
    assert transcript[span.start : span.end] == span.text


@pytest.mark.parametrize(
    "transcript",
    [
        "I need 2 tickets to Boston for 3 people on December 10",
        "flight LK123 at 9:15 AM",
        "under $1200",
        "anything under 300 would do",
        "I see you are to be there at 4",
        "from JFK to LAX on 12/10 for 2",
        "I have 2 bags and 3 kids",
        "Please book the 9 AM flight",
    ],
)
def test_numbers_and_words_of_other_kinds_are_no_codes(transcript: str) -> None:
    assert find_codes(transcript) == []


@given(code=codes)
def test_a_code_survives_being_spelled(code: str) -> None:
    assert is_code(code)
    assert match_code(spell(code), [code]).code == code
    spans = find_codes(f"It's {spell(code)}.")
    assert [span.name for span in spans] == [code]


@given(code=codes)
def test_a_code_survives_the_spelling_alphabet(code: str) -> None:
    assert match_code(" ".join(WORDS[symbol] for symbol in code), [code, *KNOWN]).code == code


@pytest.mark.parametrize(
    ("heard", "code"),
    [
        ("QT44LC", "QT44LZ"),
        ("HM5B8C", "HN5B8C"),
        ("H N five D eight C", "HN5B8C"),
        ("BC123", "ABC123"),
        ("ABC one two", "ABC123"),
    ],
)
def test_a_misheard_code_finds_the_booking_that_sounds_alike(heard: str, code: str) -> None:
    match = match_code(heard, KNOWN)
    assert match.code == code
    assert 0.6 <= match.confidence < 1


def test_two_bookings_that_sound_alike_are_both_named() -> None:
    match = match_code("QT44LC", [*KNOWN, "QD44LZ"])
    assert match.confidence < 0.6
    assert match.alternatives == ("QD44LZ",)


def test_a_code_like_no_booking_matches_none() -> None:
    assert match_code("XXXXXX", KNOWN).code == ""
    assert match_code("hello there", KNOWN).code == ""


def test_a_code_is_spoken_symbol_by_symbol() -> None:
    assert spell("QT44LZ") == "Q, T, 4, 4, L, Z"
