import numpy as np
import pytest

from voice.hearing.segments import TurnAudio
from voice.ports import Transcript, Word

RATE = 1_000


def audio(**settings: float) -> TurnAudio:
    return TurnAudio(RATE, **{"whole_seconds": 8.0, "longest_seconds": 12.0, "before_seconds": 0.5} | settings)


def speak(turn: TurnAudio, seconds: float, level: float = 0.5) -> None:
    for _ in range(round(seconds * 50)):
        turn.feed(np.full(RATE // 50, level, np.float32))


def text(words: str) -> Transcript:
    return Transcript(words, tuple(Word(word, at, at + 1.0, 0.9) for at, word in enumerate(words.split())))


def test_outside_of_a_turn_there_is_nothing_to_decode() -> None:
    turn = audio()
    speak(turn, 3)
    assert turn.paused() is None
    assert turn.overdue() is None
    assert turn.seconds == 0.0


def test_a_turn_begins_with_what_was_heard_just_before_the_detector_noticed() -> None:
    turn = audio()
    speak(turn, 3, level=0.1)
    turn.started()
    speak(turn, 1)
    stretch = turn.paused()
    assert stretch is not None
    assert len(stretch.audio) == 1.5 * RATE
    assert stretch.audio[: RATE // 2] == pytest.approx(0.1)


def test_a_short_turn_is_decoded_whole_at_each_pause() -> None:
    turn = audio()
    turn.started()
    speak(turn, 2)
    first = turn.paused()
    assert first is not None
    turn.heard(first, text("to Denver"))
    speak(turn, 1, level=0.0)
    turn.started()
    speak(turn, 2)
    second = turn.paused()
    assert second is not None
    assert (second.start, second.end, second.context) == (0, 5 * RATE, "")
    turn.heard(second, text("to Denver and back"))
    assert turn.transcript.text == "to Denver and back"
    assert turn.pauses == 1


def long_turn(turn: TurnAudio) -> None:
    turn.started()
    speak(turn, 9)
    first = turn.paused()
    assert first is not None
    turn.heard(first, text("a long first part"))
    speak(turn, 2, level=0.0)
    turn.started()
    speak(turn, 1)


def test_a_long_turn_goes_on_with_the_new_words_and_the_old_ones_as_context() -> None:
    turn = audio()
    long_turn(turn)
    stretch = turn.paused()
    assert stretch is not None
    assert stretch.start == 10.5 * RATE
    assert len(stretch.audio) == 1.5 * RATE
    assert stretch.context == "a long first part"
    turn.heard(stretch, text("and more"))
    assert turn.transcript.text == "a long first part and more"
    assert [word.start for word in turn.transcript.words] == [0.0, 1.0, 2.0, 3.0, 10.5, 11.5]


def test_a_text_that_comes_after_the_caller_went_on_is_settled_too() -> None:
    turn = audio()
    turn.started()
    speak(turn, 9)
    first = turn.paused()
    assert first is not None
    speak(turn, 2, level=0.0)
    turn.started()
    speak(turn, 0.5)
    turn.heard(first, text("late"))
    speak(turn, 0.5)
    stretch = turn.paused()
    assert stretch is not None
    assert (stretch.start, stretch.context) == (10.5 * RATE, "late")


def test_a_pause_whose_text_never_came_is_decoded_with_the_next_one() -> None:
    turn = audio()
    turn.started()
    speak(turn, 9)
    turn.paused()
    turn.started()
    speak(turn, 1)
    stretch = turn.paused()
    assert stretch is not None
    assert (stretch.start, stretch.end) == (0, 10 * RATE)


def test_outdated_text_changes_nothing() -> None:
    turn = audio()
    turn.started()
    speak(turn, 1)
    first = turn.paused()
    turn.started()
    speak(turn, 1)
    second = turn.paused()
    assert first is not None
    assert second is not None
    turn.heard(second, text("to Denver and back"))
    turn.heard(first, text("to Denver"))
    assert turn.transcript.text == "to Denver and back"
    turn.ended()
    turn.heard(second, text("to Denver and back"))
    assert turn.transcript.text == ""


def test_speech_without_a_pause_is_cut_where_it_is_quietest() -> None:
    turn = audio()
    turn.started()
    speak(turn, 9)
    assert turn.overdue() is None
    speak(turn, 0.5, level=0.01)
    speak(turn, 4)
    stretch = turn.overdue()
    assert stretch is not None
    assert stretch.more
    assert 9 * RATE <= stretch.end <= 9.5 * RATE
    assert turn.overdue() is None, "it is being decoded"
    turn.heard(stretch, text("on and on"))
    rest = turn.paused()
    assert rest is not None
    assert (rest.start, rest.context, rest.more) == (stretch.end, "on and on", False)


def test_no_stretch_is_longer_than_the_longest_and_none_leaves_a_gap() -> None:
    turn = audio()
    turn.started()
    speak(turn, 40)
    stretch, covered = turn.paused(), 0
    for part in range(9):
        assert stretch is not None
        assert stretch.start == covered
        assert len(stretch.audio) <= 12 * RATE
        covered = stretch.end
        turn.heard(stretch, text(f"part{part}"))
        if not stretch.more:
            break
        stretch = turn.next()
    assert covered == 40 * RATE
    assert turn.transcript.text.startswith("part0 part1 part2")


def test_the_end_of_a_turn_is_kept_for_the_start_of_the_next() -> None:
    turn = audio()
    turn.started()
    speak(turn, 2)
    stretch = turn.paused()
    assert stretch is not None
    turn.heard(stretch, text("yes"))
    speak(turn, 0.5, level=0.25)
    assert turn.ended().text == "yes"
    assert not turn.open
    turn.started()
    following = turn.paused()
    assert following is not None
    assert following.audio == pytest.approx(0.25)


def test_audio_before_a_turn_is_bounded() -> None:
    turn = audio()
    speak(turn, 60)
    assert sum(map(len, turn._blocks)) <= 0.52 * RATE


def test_what_is_fed_may_be_overwritten_afterwards() -> None:
    turn = audio()
    turn.started()
    block = np.ones(100, np.float32)
    turn.feed(block)
    block[:] = 0
    stretch = turn.paused()
    assert stretch is not None
    assert stretch.audio == pytest.approx(1.0)


def test_limits_that_contradict_each_other_are_an_error() -> None:
    with pytest.raises(ValueError, match="whole_seconds"):
        TurnAudio(whole_seconds=30, longest_seconds=20)
