"""How alike names sound."""

import numpy as np
import pytest

from voice.sounds import likeness, sound_key, squeeze


@pytest.mark.parametrize(
    ("name", "bare"), [("St. Louis", "stlouis"), ("São Paulo", "saopaulo"), ("O'Hare", "ohare"), ("...", ""), ("", "")]
)
def test_a_name_is_squeezed_to_its_letters(name: str, bare: str) -> None:
    assert squeeze(name) == bare


def test_what_sounds_the_same_shares_a_key() -> None:
    assert sound_key("Den for") == sound_key("Denver")
    assert sound_key("Philadelphia") == sound_key("Filadelfia")
    assert sound_key("Oslo") != sound_key("Lima")


def test_only_the_same_spelling_is_wholly_alike() -> None:
    names = ("denver", "denverr", "oslo")
    same, near, far = likeness("Denver", names)
    assert same == 1.0
    assert 0.9 < near < 1.0
    assert far < 0.4


def test_a_misheard_name_is_most_like_what_was_said() -> None:
    names = ("vancouver", "hannover", "denver", "seattle")
    assert names[int(np.argmax(likeness("Invent Hoover", names)))] in ("vancouver", "hannover")
    assert names[int(np.argmax(likeness("Sietl", names)))] == "seattle"


def test_there_may_be_no_names_and_no_letters() -> None:
    assert likeness("Denver", ()).shape == (0,)
    assert likeness("", ("denver",)).tolist() == pytest.approx([0.0], abs=0.2)
