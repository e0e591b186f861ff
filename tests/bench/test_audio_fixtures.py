"""The recordings that come with the project are what their manifest says, and can be understood."""

import asyncio
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
import soxr

from tests.audio import FIXTURES
from voice.bench.fixtures import conditions, voices
from voice.bench.fixtures.says import ask
from voice.bench.fixtures.script import load as load_script
from voice.bench.measured.misheard import word_error_rate
from voice.bench.measured.spoken import normal
from voice.bench.recordings.manifest import RecordedCall, RecordedTurn, find, load

MOST_BYTES = 6_000_000
INTELLIGIBLE = 0.35

CALLS = load(FIXTURES)


def turns() -> Iterator[tuple[RecordedCall, RecordedTurn]]:
    return ((call, turn) for call in CALLS for turn in call.turns)


def asked() -> Iterator[tuple[RecordedCall, RecordedTurn]]:
    return ((call, turn) for call, turn in turns() if turn.kind == "turn")


def test_there_are_enough_calls_turns_voices_and_conditions() -> None:
    assert len(CALLS) >= 20
    assert len(list(asked())) >= 60
    assert len({call.voice for call in CALLS}) >= 5
    lines = {(condition.line, condition.noise) for condition in (conditions.parse(call.condition) for call in CALLS)}
    assert {line for line, _ in lines} == {"clean-16k", "phone-8k"}
    assert {noise for _, noise in lines} == {"room", "street", "cafe", "babble"}


def test_simple_and_complex_turns_are_both_well_represented() -> None:
    complex_share = np.mean([turn.complexity == "complex" for _, turn in asked()])

    assert 0.35 < complex_share < 0.65


def test_the_set_is_small_enough_for_a_repository() -> None:
    assert sum(path.stat().st_size for path in FIXTURES.iterdir()) < MOST_BYTES


def test_every_recording_is_mono_at_the_rate_of_its_condition_and_as_long_as_its_speech() -> None:
    for call, turn in turns():
        info = sf.info(turn.audio)
        assert (info.channels, info.samplerate) == (1, conditions.parse(call.condition).rate), turn.audio.name
        assert 0.15 < turn.speech[0][0] < (0.35 if turn.text else 0.5), turn.audio.name
        assert 0 < info.duration - turn.speech[-1][1] < (0.2 if turn.text else 0.5), turn.audio.name


def test_no_recording_lacks_a_line_and_no_line_a_recording() -> None:
    assert {turn.audio.name for _, turn in turns()} == {path.name for path in FIXTURES.glob("*.flac")}


def test_the_manifest_is_made_from_the_script() -> None:
    written = load_script(FIXTURES / "calls.toml")

    assert [call.id for call in written] == [call.id for call in CALLS]
    for script, call in zip(written, CALLS, strict=True):
        assert (script.voice_name, script.condition_name, script.desk) == (call.voice, call.condition, call.desk)
        assert [turn.expect for turn in script.turns] == [turn.expect for turn in call.turns]


def test_callers_break_in_listen_along_cough_and_send_the_agents_voice_back() -> None:
    assert sum(turn.barge_in is not None for _, turn in asked()) >= 2
    assert {turn.kind for _, turn in turns()} == {"turn", "backchannel", "noise"}
    assert any("echo of Piper" in call.source and "cough" in call.source for call in CALLS)


def test_every_voice_says_under_which_licence_it_may_be_passed_on() -> None:
    for call in CALLS:
        assert call.licence == " AND ".join(filter(None, ("Apache-2.0", voices.find(call.voice).licence)))
        assert "synthetic" in call.source


def test_the_demo_call_has_a_long_itinerary_with_pauses_and_a_booking() -> None:
    itinerary = find(CALLS, "demo").turns[3]

    pauses = [start - end for (_, end), (start, _) in zip(itinerary.speech, itinerary.speech[1:], strict=False)]
    assert 13 < itinerary.speech[-1][1] < 16
    assert 1.1 < max(pauses) < 1.4
    assert len(itinerary.expect[0].args["legs"]) == 3
    assert find(CALLS, "demo").turns[4].expect[0].args == {"answer": "yes"}


def test_the_demo_caller_leaves_out_where_from_and_then_says_it_with_a_condition() -> None:
    without, answer = find(CALLS, "demo").turns[1:3]

    assert set(without.expect[0].args["legs"][0]) == {"to"}
    assert {"max_price", "fallback"} <= set(answer.expect[0].args)
    assert set(answer.expect[0].args["legs"][0]) == {"from", "date", "time"}


@pytest.mark.real
def test_the_facts_of_the_manifest_are_what_the_desk_says() -> None:
    facts = asyncio.run(ask(load_script(FIXTURES / "calls.toml")))

    assert {call.id: [list(turn.says) for turn in call.turns] for call in CALLS} == facts, (
        "run `python audio_fixtures/build.py --says-only`"
    )


@pytest.mark.real
def test_every_voice_can_be_understood() -> None:
    from faster_whisper import WhisperModel

    from voice import models

    ears = WhisperModel(str(models.path("whisper-base")), compute_type="int8", cpu_threads=os.cpu_count() or 1)
    wrong: dict[str, float] = defaultdict(float)
    words: dict[str, int] = defaultdict(int)
    for call, turn in asked():
        segments, _ = ears.transcribe(
            _samples(turn.audio), language="en", beam_size=1, condition_on_previous_text=False
        )
        count = len(normal(turn.text).split())
        wrong[call.voice] += count * (word_error_rate(turn.text, "".join(part.text for part in segments)) or 0.0)
        words[call.voice] += count

    rates = {voice: round(wrong[voice] / words[voice], 3) for voice in words}
    assert max(rates.values()) < INTELLIGIBLE, rates


def _samples(path: Path) -> np.ndarray:
    samples, rate = sf.read(path, dtype="float32")
    return soxr.resample(samples, rate, 16_000)
