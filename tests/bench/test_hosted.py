"""What callers at once heard, from recordings made by hand; and the waits of the stand-in."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from voice.bench.calls.caller import Placed
from voice.bench.hosted.figures import Processors, level_of, verdict
from voice.bench.hosted.latency import Latency
from voice.bench.hosted.level import Load, Made
from voice.bench.hosted.overhearing import said
from voice.bench.recordings.manifest import RecordedCall, RecordedTurn
from voice.bench.recordings.recording import SAMPLE_RATE, Recording

BEGAN = 100.0
TURN = RecordedTurn(Path("turn.flac"), "I fly to Rome, and then to Paris.", speech=((0.0, 1.0), (1.5, 2.5)))
USED = Processors(agent=5.0, provider=1.0, callers=None)


def sound(seconds: float) -> bytes:
    return np.full(round(seconds * SAMPLE_RATE), 3000, np.int16).tobytes()


def call(*waits: float | None, hole: float = 0.0, failed: str | None = None) -> Made:
    """Give a call whose turns, each 2.5 s long, begin every 10 s, and are answered after ``waits`` for a second."""
    recording = Recording(BEGAN)
    recording.caller(BEGAN, bytes(2 * SAMPLE_RATE * 10 * len(waits)))
    for number, wait in enumerate(waits):
        if wait is not None:
            at = BEGAN + 10 * number + 2.5 + wait
            recording.agent(at, sound(0.5), SAMPLE_RATE)
            recording.agent(at + 0.5 + hole, sound(0.5), SAMPLE_RATE)
    turns = tuple(10.0 * number for number in range(len(waits)))
    return Made(RecordedCall("demo", (TURN,) * len(waits)), Placed(recording, turns, 0.0), failed)


def test_waits_are_read_off_the_recordings_and_compared_with_the_first_level():
    first = level_of(1, Load(BEGAN, BEGAN + 50, [call(0.5, 0.5, 0.5)]), USED, None)
    busy = level_of(9, Load(BEGAN, BEGAN + 50, [call(0.5, 0.5, 1.25), call(0.5, None)]), USED, first)
    assert (first.turns, first.first_audio_p50, first.first_audio_p95, first.times_one) == (3, 500, 500, 1.0)
    assert (busy.turns, busy.unanswered, busy.first_audio_p95, busy.times_one) == (5, 1, 1250, 2.5)
    assert (busy.agent_cpu, busy.provider_cpu, busy.callers_cpu) == (0.1, 0.02, None)


def test_what_is_said_before_everybody_is_on_the_line_or_after_the_measured_time_does_not_count():
    level = level_of(1, Load(BEGAN + 5, BEGAN + 15, [call(0.5, 0.7, 0.9)]), USED, None)
    assert (level.turns, level.first_audio_p50) == (1, 700)


def test_holes_in_the_agents_speech_and_failures_are_told():
    load = Load(BEGAN, BEGAN + 50, [call(0.5, 0.5, hole=0.06, failed="the agent hung up")], ["all lines are busy"])
    level = level_of(1, load, USED, None)
    assert level.holes_a_minute is not None
    assert level.holes_a_minute > 50
    assert level.failures == ("all lines are busy", "the agent hung up")
    assert level_of(1, Load(BEGAN, BEGAN + 50, [call(0.5)]), USED, None).holes_a_minute == 0


def test_the_verdict_says_between_which_numbers_the_wait_doubles():
    one = level_of(1, Load(BEGAN, BEGAN + 50, [call(0.5)]), USED, None)
    levels = [replace(one, calls=calls, times_one=times) for calls, times in ((1, 1.0), (10, 1.5), (25, 2.1))]
    assert verdict(levels) == "P95 first audio doubles between 10 and 25 calls at once"
    assert verdict(levels[:2]) == "P95 first audio has not doubled at 10 calls at once"


def test_latencies_are_the_same_every_time_and_have_their_median_and_tail():
    latency = Latency(0.25, 0.45)
    rng = random.Random(1)
    drawn = sorted(latency.draw(rng) for _ in range(4000))
    assert drawn[0] == min(latency.draw(again) for again in [random.Random(1)] for _ in range(4000))
    assert drawn[2000] == pytest.approx(0.25, rel=0.03)
    assert drawn[3800] == pytest.approx(0.45, rel=0.05)
    with pytest.raises(ValueError, match="median"):
        Latency(0.5, 0.2)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [(-1.0, 1.1, "I fly to Rome,"), (1.2, 3.0, "and then to Paris."), (-1.0, 2.4, TURN.text), (0.0, 0.0, "")],
)
def test_a_stretch_of_a_turn_holds_as_many_words_as_it_has_speech(start: float, end: float, words: str):
    assert said(TURN, start, end) == words
