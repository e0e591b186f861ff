"""When a recorded caller speaks, and what is heard of the agent, on virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from scripted_agent import LOUD, Manner, ScriptedLine, tone

from voice.bench.calls.caller import Placed, place_call
from voice.bench.calls.floor import Manners, Utterance
from voice.bench.measured.measure import sounds
from voice.bench.recordings.activity import CALLER, voiced
from voice.bench.recordings.recording import SAMPLE_RATE
from voice.bench.wire import Clear, LineError, Sound
from voice.testing import in_virtual_time

MANNERS = Manners(first_after=0.8, after_reply=2.0, gives_up_after=6.0, hangs_up_after=1.0)
SECOND = Utterance(tone(1.0))


@dataclass
class PlayedLine:
    """An agent that sends what it is told at given seconds of the call, whatever the caller says."""

    script: Sequence[tuple[float, Sound | Clear]]
    breaks: str = ""
    hangs_up: bool = False
    sample_rate: int = SAMPLE_RATE
    heard: list[tuple[float, bytes]] = field(default_factory=list)

    async def send(self, pcm: bytes) -> None:
        self.heard.append((asyncio.get_running_loop().time(), pcm))

    async def receive(self) -> AsyncIterator[Sound | Clear]:
        began = asyncio.get_running_loop().time()
        for at, what in self.script:
            await asyncio.sleep(max(0.0, began + at - asyncio.get_running_loop().time()))
            yield what
        if self.breaks:
            raise LineError(self.breaks)
        if self.hangs_up:
            await asyncio.sleep(0.5)
            return
        await asyncio.Event().wait()

    async def close(self) -> None:
        pass


def said(seconds: float) -> Sound:
    return Sound(tone(seconds).tobytes(), SAMPLE_RATE)


async def placed(script: Sequence[tuple[float, Sound | Clear]], *utterances: Utterance) -> Placed:
    return await place_call(PlayedLine(script), utterances, MANNERS)


def agent(call: Placed) -> list[tuple[float, float]]:
    return sounds(call.recording.tracks()[:, 1])


@in_virtual_time
async def test_a_chunk_leaves_when_its_last_sample_was_spoken():
    line = PlayedLine([])
    call = await place_call(line, [Utterance(tone(0.1))], Manners(first_after=0.5, gives_up_after=1.0))
    first = next(at for at, pcm in line.heard if np.abs(np.frombuffer(pcm, np.int16)).max() > LOUD)
    assert call.turns == (pytest.approx(0.5),)
    assert first == pytest.approx(0.52)


@pytest.mark.parametrize("sample_rate", [16_000, 8_000])
@in_virtual_time
async def test_a_known_delay_is_in_the_recording_at_either_rate(sample_rate: int):
    line = ScriptedLine(Manner(delay=0.4321), sample_rate)
    call = await place_call(line, [SECOND], MANNERS)
    assert agent(call)[0] == pytest.approx((call.turns[0] + 1.0 + 0.4321, call.turns[0] + 2.4321), abs=0.002)


@in_virtual_time
async def test_an_agent_that_is_never_silent_is_spoken_over_in_the_end_and_hung_up_on():
    manners = Manners(first_after=1.0, gives_up_after=6.0, longest_reply=5.0)
    call = await place_call(PlayedLine([(0.0, said(60.0))]), [SECOND], manners)
    assert call.turns == (pytest.approx(5.0, abs=0.02),)
    assert call.never_silent
    assert call.recording.tracks().shape[0] / SAMPLE_RATE == pytest.approx(60.0, abs=0.1)
    assert call.broken is None


@pytest.mark.parametrize("script", [[], [(0.2, said(3.0))]])
@in_virtual_time
async def test_an_agent_that_greets_or_keeps_silent_is_not_taken_for_one_that_is_never_silent(
    script: list[tuple[float, Sound]],
):
    call = await placed(script, SECOND)
    assert not call.never_silent


@in_virtual_time
async def test_the_recording_has_of_the_caller_what_a_narrow_line_carries():
    hiss = tone(1.0, hertz=6000.0)
    said_last = Utterance(np.concatenate([tone(1.0), hiss]))
    wide, narrow = [(await place_call(ScriptedLine(Manner(), rate), [said_last], MANNERS)) for rate in (16_000, 8_000)]
    ends = [voiced(call.recording.tracks()[:, 0], CALLER)[-1][1] - call.turns[0] for call in (wide, narrow)]
    assert ends == [pytest.approx(2.0, abs=0.02), pytest.approx(1.0, abs=0.02)]


@in_virtual_time
async def test_a_caller_breaks_in_a_moment_after_the_agent_began():
    call = await placed([(3.0, said(5.0))], SECOND, Utterance(tone(1.0), barge_in=1.5))
    assert call.turns[1] == pytest.approx(4.5, abs=0.02)


@in_virtual_time
async def test_a_caller_who_would_break_into_a_pause_waits_for_the_agents_voice():
    call = await placed([(3.0, said(0.5)), (5.0, said(2.0))], SECOND, Utterance(tone(1.0), barge_in=1.5))
    assert call.turns[1] == pytest.approx(5.0, abs=0.03)


@in_virtual_time
async def test_a_caller_can_not_break_into_a_silence_and_goes_on_as_usual():
    silent = await placed([], SECOND, Utterance(tone(1.0), barge_in=0.5))
    assert silent.turns[1] == pytest.approx(1.8 + MANNERS.gives_up_after)
    short = await placed([(3.0, said(0.4))], SECOND, Utterance(tone(1.0), barge_in=1.0))
    assert short.turns[1] == pytest.approx(3.4 + MANNERS.after_reply, abs=0.03)


@in_virtual_time
async def test_a_sound_that_is_no_turn_leaves_the_wait_for_the_reply_as_it_was():
    mhm = Utterance(tone(0.3), barge_in=1.0, is_turn=False)
    call = await placed([(3.0, said(4.0))], SECOND, mhm, SECOND)
    assert call.turns[1] == pytest.approx(4.0, abs=0.02)
    assert call.turns[2] == pytest.approx(7.0 + MANNERS.after_reply, abs=0.03)


@in_virtual_time
async def test_an_agent_that_streams_silence_is_not_taken_for_one_that_speaks():
    silence = [(0.02 * index, Sound(bytes(640), SAMPLE_RATE)) for index in range(800)]
    call = await placed(sorted([*silence, (3.0, said(1.0))], key=lambda each: each[0]), SECOND, SECOND)
    assert call.turns[1] == pytest.approx(4.0 + MANNERS.after_reply, abs=0.05)


@in_virtual_time
async def test_what_was_taken_back_before_it_was_played_was_not_heard():
    call = await placed([(3.0, said(5.0)), (4.0, Clear()), (4.5, said(0.5))], SECOND)
    assert agent(call) == [pytest.approx((3.0, 4.0), abs=0.002), pytest.approx((4.5, 5.0), abs=0.002)]


@in_virtual_time
async def test_what_comes_ahead_of_time_is_played_at_the_pace_of_speech():
    call = await placed([(3.0, said(0.5)), (3.0, said(0.5)), (3.1, Sound(tone(0.5).tobytes(), SAMPLE_RATE))], SECOND)
    assert agent(call) == [pytest.approx((3.0, 4.5), abs=0.002)]


@in_virtual_time
async def test_sound_at_two_rates_lies_where_it_was_played():
    slow = Sound(tone(1.0, sample_rate=8_000).tobytes(), 8_000)
    fast = Sound(tone(1.0, sample_rate=24_000).tobytes(), 24_000)
    call = await placed([(3.0, slow), (3.2, fast), (6.0, slow)], SECOND)
    assert agent(call) == [pytest.approx((3.0, 5.0), abs=0.002), pytest.approx((6.0, 7.0), abs=0.002)]


@pytest.mark.parametrize(
    ("script", "turns", "broken"),
    [
        ([(2.2, said(1.0))], 1, None),
        ([(2.2, said(1.0))], 2, "the agent hung up"),
        ([(0.0, said(0.2))], 1, "the agent hung up"),
    ],
)
@in_virtual_time
async def test_an_agent_that_hangs_up_after_its_last_reply_has_ended_the_call_and_one_before_it_has_broken_it(
    script: list[tuple[float, Sound]], turns: int, broken: str | None
):
    call = await place_call(PlayedLine(script, hangs_up=True), [SECOND] * turns, MANNERS)
    assert call.broken == broken


@in_virtual_time
async def test_why_a_line_broke_is_told():
    line = PlayedLine([(2.0, said(0.1))], breaks="the agent sends nonsense")
    assert (await place_call(line, [SECOND], MANNERS)).broken == "the agent sends nonsense"
