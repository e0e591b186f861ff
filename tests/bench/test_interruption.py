"""What an agent does while the caller speaks over it is read off the recording."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scripted_agent import track

from voice.bench.measured.measure import Exchange, exchanges
from voice.bench.recordings.manifest import Kind, RecordedTurn

MS = 0.001
Spans = list[tuple[float, float]]


def heard(agent: Spans, second: tuple[float, float], kind: Kind) -> list[Exchange]:
    """A turn of two seconds, then at once a sound of the caller, then a last turn."""
    turns = [
        RecordedTurn(Path("none.wav"), speech=((0.0, 2.0),)),
        RecordedTurn(Path("none.wav"), speech=((0.0, second[1] - second[0]),), kind=kind, barge_in=1.0),
        RecordedTurn(Path("none.wav"), speech=((0.0, 1.0),)),
    ]
    tracks = np.stack([track(30), track(30, *agent)], axis=1)
    return exchanges(tracks, [0.0, second[0], 20.0], turns)


def test_the_yield_is_the_time_from_the_callers_word_to_the_agents_silence():
    _, second, _ = heard([(2.5, 4.4), (8.0, 9.0)], (4.0, 6.0), "turn")
    assert second.yielded == pytest.approx(0.4, abs=MS)
    assert not second.cut_in
    assert second.first_audio == pytest.approx(2.0, abs=MS)


def test_an_agent_that_only_breathes_has_not_yielded():
    _, second, _ = heard([(2.5, 4.4), (4.8, 5.5), (8.0, 9.0)], (4.0, 7.0), "turn")
    assert second.yielded == pytest.approx(1.5, abs=MS)
    assert not second.cut_in


def test_a_caller_who_waits_breaks_into_nothing():
    _, second, _ = heard([(2.5, 3.5)], (4.0, 6.0), "turn")
    assert second.yielded is None


def test_a_noise_that_stops_the_agent_is_a_false_interruption():
    first, second, _ = heard([(2.5, 4.5)], (4.0, 4.3), "noise")
    assert second.disturbed
    assert first.disturbed is None


def test_an_agent_that_talks_on_is_not_disturbed_and_its_reply_stays_whole():
    first, second, _ = heard([(2.5, 4.2), (4.5, 9.0)], (4.0, 4.3), "backchannel")
    assert second.disturbed is False
    assert first.until == 20.0
    assert first.onsets == (pytest.approx(2.5, abs=MS), pytest.approx(4.5, abs=MS))


def test_a_noise_that_is_answered_is_a_false_interruption():
    assert heard([(2.5, 3.5), (5.5, 7.0)], (4.0, 4.3), "noise")[1].disturbed
    assert not heard([(2.5, 3.5), (9.5, 10.0)], (4.0, 4.3), "noise")[1].disturbed


def test_filler_share_is_what_of_the_wait_after_the_first_sound_is_spoken():
    tracks = np.stack([track(20), track(20, (2.5, 3.5), (6.5, 9.0))], axis=1)
    found = exchanges(tracks, [0.0], [RecordedTurn(Path("none.wav"), speech=((0.0, 2.0),))])[0]
    assert found.filler_share(answered_at=6.5) == pytest.approx(0.25, abs=MS)
    assert found.filler_share(answered_at=2.5) is None
    assert found.filler_share(None) is None
