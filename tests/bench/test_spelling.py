"""Codes between writing and speech."""

import pytest

from voice.bench.fixtures.spelling import aloud, written


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Bring up T V 3 6 C M, please.", "Bring up TV36CM, please."),
        ("It's M-4-V-B-6-T.", "It's M4VB6T."),
        ("Z, N, 8, 5, Q, K", "ZN85QK"),
        ("It's JB98DX.", "It's JB98DX."),
        ("I, 4 of us, go.", "I, 4 of us, go."),
        ("A B C D", "A B C D"),
        ("Y 6 G P 7 R, I pay", "Y6GP7R, I pay"),
        ("W-9-M-M-2-C, I want", "W9MM2C, I want"),
        ("R-4-T-D-9-M, D like dog", "R4TD9M, D like dog"),
        ("B. 5. N. Q. 6. Z.", "B5NQ6Z."),
        ("I want 2 A, B, C, D", "I want 2 A, B, C, D"),
    ],
)
def test_a_code_that_was_spelled_is_written_as_one_word(text: str, wanted: str):
    assert written(text) == wanted


def test_what_is_spelled_aloud_is_written_as_the_code_again():
    assert written(aloud("It's JB98DX.")) == "It's JB98DX."


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("It's QT44LZ.", "It's Q, T, 4, 4, L, Z."),
        ("It's F-7-D-5-L-S.", "It's F, 7, D, 5, L, S."),
        ("QT 44 LZ", "QT 44 LZ"),
        ("Under $1,100 at 9 AM on the 5th.", "Under 1100 dollars at 9 AM on the 5th."),
        ("Is there Wi-Fi?", "Is there Wi-Fi?"),
    ],
)
def test_codes_are_spelled_and_prices_have_their_unit_behind(text: str, spoken: str):
    assert aloud(text) == spoken
