"""What an agent replied is heard in its recording, and the first fact of a right answer found in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scripted_agent import ScriptedListener, track

from voice.bench.measured.listening import Reply, listen, passages
from voice.bench.measured.measure import exchanges
from voice.bench.recordings.manifest import RecordedTurn


def reply(heard: str, *says: str, text: str = "", sounds: tuple[tuple[float, float], ...] = ((3.0, 8.0),)) -> Reply:
    turn = RecordedTurn(audio=Path("none.wav"), text=text, speech=((0.0, 2.0),), says=says)
    tracks = np.stack([track(12, (0.0, 2.0)), track(12, *sounds)], axis=1)
    return listen(ScriptedListener(heard), tracks[:, 1], turn, exchanges(tracks, [0.0], [turn])[0])


def test_the_answer_begins_with_the_first_word_of_the_first_fact():
    found = reply("Let me see. The nonstop is two hundred fourteen dollars.", "9:15 AM", "$214")
    assert found.facts == {"9:15 AM": None, "$214": pytest.approx(3.6)}
    assert found.answered_at == pytest.approx(3.6)
    assert found.right is False


def test_all_facts_make_it_right():
    assert reply("It leaves at 9:15 AM for $214.", "nine fifteen a.m.", "$214").right is True


def test_a_reply_without_any_fact_is_no_answer():
    found = reply("One moment, please.", "$214")
    assert found.answered_at is None
    assert found.text == "One moment, please."


def test_what_the_caller_said_is_no_answer_when_it_is_repeated():
    found = reply("Denver, one moment. That is $214.", "Denver", "$214", text="Find me a flight to Denver.")
    assert found.facts["Denver"] == pytest.approx(3.0)
    assert found.answered_at == pytest.approx(found.facts["$214"])


def test_what_the_caller_said_is_the_answer_where_there_is_no_other():
    found = reply("I have Q T 4 4 L Z.", "QT44LZ", text="It's Q, T, 4, 4, L, Z.")
    assert found.answered_at == pytest.approx(3.2)


def test_a_turn_without_facts_is_neither_right_nor_wrong():
    assert reply("Goodbye.").right is None


def test_silence_is_not_transcribed():
    assert reply("made up", "made up", sounds=()) == Reply("", {"made up": None}, None)


def test_a_long_silence_parts_what_is_transcribed():
    listener = ScriptedListener("Denver")
    turn = RecordedTurn(audio=Path("none.wav"), speech=((0.0, 2.0),), says=("Denver",))
    tracks = np.stack([track(12), track(12, (3.0, 3.5), (3.9, 4.4), (8.0, 9.0))], axis=1)
    listen(listener, tracks[:, 1], turn, exchanges(tracks, [0.0], [turn])[0])
    assert listener.heard == pytest.approx([1.4 + 0.6, 1.0 + 0.6], abs=0.01)
    assert passages([(0.0, 1.0), (1.9, 3.0), (4.1, 5.0)]) == [(0.0, 3.0), (4.1, 5.0)]
