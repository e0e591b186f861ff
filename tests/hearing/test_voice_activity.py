import pytest

from voice.hearing.activity import Activity


def edges(activity: Activity, voiced: str) -> list[tuple[int, bool]]:
    """Feed 20 ms for each character; ``x`` is a voice."""
    fed = [(at, activity.feed(letter == "x", 0.02)) for at, letter in enumerate(voiced, start=1)]
    return [(at, on) for at, on in fed if on is not None]


def test_a_voice_is_noticed_after_sixty_milliseconds_and_its_end_after_a_hundred() -> None:
    assert edges(Activity(), "..xxxxxx........") == [(5, True), (13, False)]


def test_a_click_is_no_voice_and_a_closed_mouth_is_no_pause() -> None:
    assert edges(Activity(), "..xx......") == []
    assert edges(Activity(), "xxxx....xxxx") == [(3, True)]


def test_a_length_of_nothing_is_an_error() -> None:
    with pytest.raises(ValueError, match="above 0 s"):
        Activity(on_seconds=0)


def test_how_long_a_voice_lasted_is_counted_in_audio_from_one_sign_to_the_next() -> None:
    activity = Activity()
    assert activity.lasted == 0.0
    assert edges(activity, "..xxxxxx..") == [(5, True)]
    edges(activity, "......")
    assert activity.lasted == pytest.approx((13 - 5) * 0.02)
