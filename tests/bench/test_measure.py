"""How long a caller waited is read off the recording, to the millisecond."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scripted_agent import track

from voice.bench.measured.measure import Exchange, exchanges, sounds
from voice.bench.recordings.manifest import RecordedTurn

MS = 0.001


def turn(*speech: tuple[float, float]) -> RecordedTurn:
    return RecordedTurn(audio=Path("none.wav"), speech=speech)


def call(agent: list[tuple[float, float]], turns: list[tuple[float, RecordedTurn]], seconds: float = 20.0):
    caller = [(start + a, start + b) for start, one in turns for a, b in one.speech]
    tracks = np.stack([track(seconds, *caller), track(seconds, *agent)], axis=1)
    return exchanges(tracks, [start for start, _ in turns], [one for _, one in turns])


def one(agent: list[tuple[float, float]], *speech: tuple[float, float]) -> Exchange:
    return call(agent, [(1.0, turn(*speech))])[0]


@pytest.mark.parametrize("delay", [0.001, 0.0637, 0.25, 0.8001, 1.2345, 3.7, 7.9999])
@pytest.mark.parametrize("level", [0.9, 0.05, 0.005])
def test_first_audio_is_exact_to_a_millisecond(delay: float, level: float):
    ends = 3.2
    tracks = np.stack([track(20), track(20, (ends + delay, ends + delay + 1), level=level)], axis=1)
    found = exchanges(tracks, [1.0], [turn((0.2, 2.2))])[0]
    assert found.first_audio == pytest.approx(delay, abs=MS)


def test_sounds_end_to_a_millisecond_too():
    assert sounds(track(5, (1.2345, 2.3456), (3.0001, 4.5))) == [
        pytest.approx((1.2345, 2.3456), abs=MS),
        pytest.approx((3.0001, 4.5), abs=MS),
    ]


def test_latency_counts_from_the_end_of_the_last_span():
    assert one([(6.5, 7.5)], (0.0, 2.0), (3.0, 5.0)).first_audio == pytest.approx(0.5, abs=MS)


def test_an_agent_that_says_nothing_has_no_first_audio():
    found = one([], (0.0, 2.0))
    assert found.first_audio is None
    assert found.silence(None) == pytest.approx((17.0, 17.0))


def test_an_agent_that_answers_a_piece_cuts_the_turn_short():
    found = one([(3.5, 4.4), (6.7, 8.0)], (0.0, 2.0), (3.0, 5.0))
    assert found.cut_short
    assert found.cut_in
    assert found.first_audio == pytest.approx(0.7, abs=MS)
    assert found.talk_over == pytest.approx(0.4, abs=MS)


def test_an_agent_that_still_answers_a_piece_when_the_caller_ends_has_no_first_audio_of_its_own():
    found = one([(3.5, 8.0)], (0.0, 2.0), (3.0, 5.0))
    assert found.first_audio is None
    assert found.cut_in
    assert found.talk_over == pytest.approx(2.0, abs=MS)


def test_an_agent_that_breaks_into_a_turn_without_pauses_cuts_in():
    found = one([(2.0, 2.5)], (0.0, 2.0))
    assert found.cut_in
    assert not found.cut_short


def test_a_reply_that_goes_on_while_the_next_turn_begins_cuts_nothing_but_is_talk_over():
    first, second = call([(2.5, 6.2), (8.1, 9.0)], [(0.0, turn((0.0, 2.0))), (5.5, turn((0.0, 1.0), (1.5, 2.0)))])
    assert first.first_audio == pytest.approx(0.5, abs=MS)
    assert first.sounds == (pytest.approx((2.5, 5.5), abs=MS),)
    assert not second.cut_in
    assert not second.cut_short
    assert second.talk_over == pytest.approx(0.7, abs=MS)
    assert second.first_audio == pytest.approx(0.6, abs=MS)


def test_a_reply_belongs_to_the_turn_before_the_next_one():
    first, second = call([(8.5, 9.0)], [(0.0, turn((0.0, 2.0))), (6.0, turn((0.0, 1.0)))])
    assert first.first_audio is None
    assert second.first_audio == pytest.approx(1.5, abs=MS)


def test_silence_that_filler_covers_is_not_counted():
    found = one([(3.4, 4.4), (6.0, 8.0)], (0.0, 2.0))
    longest, total = found.silence(answered_at=6.0)
    assert longest == pytest.approx(1.6, abs=MS)
    assert total == pytest.approx(0.4 + 1.6, abs=MS)


def test_silence_within_the_answer_is_not_counted():
    longest, total = one([(3.5, 4.0), (7.0, 8.0)], (0.0, 2.0)).silence(answered_at=3.8)
    assert (longest, total) == pytest.approx((0.5, 0.5), abs=MS)


def test_where_the_answer_is_unknown_the_wait_lasts_to_the_last_sound_that_begins():
    longest, total = one([(3.5, 4.0), (7.0, 8.0)], (0.0, 2.0)).silence(None)
    assert longest == pytest.approx(3.0, abs=MS)
    assert total == pytest.approx(3.5, abs=MS)


def test_speech_that_nobody_labelled_is_found_by_its_energy():
    tracks = np.stack([track(10, (1.2, 3.0)), track(10, (3.8, 5.0))], axis=1)
    found = exchanges(tracks, [1.0], [turn()])[0]
    assert found.first_audio == pytest.approx(0.8, abs=0.02)


def test_a_turn_that_is_silent_counts_from_its_start():
    found = exchanges(np.stack([track(10), track(10, (3.0, 4.0))], axis=1), [1.0], [turn()])[0]
    assert found.first_audio == pytest.approx(2.0, abs=MS)


def test_a_call_that_broke_off_has_the_turns_that_were_spoken():
    tracks = np.stack([track(4, (0.0, 2.0)), track(4, (2.5, 3.0))], axis=1)
    assert len(exchanges(tracks, [0.0], [turn((0.0, 2.0)), turn((0.0, 1.0))])) == 1


def test_a_moment_in_a_silence_belongs_to_the_sound_after_it():
    found = one([(3.5, 4.0), (7.0, 8.0)], (0.0, 2.0))
    assert found.heard_at(3.2) == pytest.approx(3.5, abs=MS)
    assert found.heard_at(3.7) == pytest.approx(3.7, abs=MS)
    assert found.heard_at(5.0) == pytest.approx(7.0, abs=MS)
    assert found.heard_at(9.0) == pytest.approx(9.0, abs=MS)


def test_a_recording_must_be_stereo():
    with pytest.raises(ValueError, match="two channels"):
        exchanges(track(1), [0.0], [turn((0.0, 0.5))])
