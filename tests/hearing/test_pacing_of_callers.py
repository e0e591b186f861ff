import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.hearing.end_of_turn import AT_ONCE, UNFINISHED, Asked, wait_for
from voice.hearing.pacing import LONGEST_PAUSE_SECONDS, MOST_SECONDS, Pacing


def test_who_was_cut_off_at_a_pause_is_not_cut_off_at_the_next_like_it() -> None:
    assert 0.55 < Pacing().cut_short(0.55).least_seconds < MOST_SECONDS


def test_nobody_is_learned_to_need_more_than_the_most_and_a_late_voice_is_no_pause() -> None:
    assert Pacing().cut_short(LONGEST_PAUSE_SECONDS).least_seconds == MOST_SECONDS
    assert Pacing().cut_short(LONGEST_PAUSE_SECONDS + 0.1) == Pacing()


@given(pauses=st.lists(st.floats(0, 5)), least=st.floats(0, 3))
def test_what_was_learned_is_never_unlearned(pauses: list[float], least: float) -> None:
    pacing = Pacing(least)
    for pause in pauses:
        longer = pacing.cut_short(pause)
        assert longer.least_seconds >= pacing.least_seconds
        pacing = longer
    assert pacing.least_seconds <= max(least, MOST_SECONDS)


def test_a_negative_pause_is_an_error() -> None:
    with pytest.raises(ValueError, match="0 s or more"):
        Pacing().cut_short(-0.1)


def test_the_least_silence_lengthens_short_waits_and_leaves_long_ones() -> None:
    assert wait_for("Yes.", asked=Asked.YES_NO).seconds == AT_ONCE
    raised = wait_for("Yes.", asked=Asked.YES_NO, least_seconds=0.8)
    assert raised.seconds == 0.8
    assert raised.reason == "answers the yes-or-no question; 0.8 s at least"
    assert wait_for("I fly to", least_seconds=0.8) == wait_for("I fly to")
    assert wait_for("I fly to", least_seconds=2.0).seconds == 2.0 > UNFINISHED


def test_a_negative_least_silence_is_an_error() -> None:
    with pytest.raises(ValueError, match="0 s or more"):
        wait_for("Yes", least_seconds=-1)
