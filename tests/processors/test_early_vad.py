"""The voice activity detector beside pipecat's own, on a recorded call."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.audio.vad.vad_analyzer import VADState

from voice.bench.calls.caller import utterances
from voice.bench.recordings.manifest import load
from voice.processors.early_vad import WatchedVADAnalyzer

pytestmark = pytest.mark.real

RATE = 16_000
CHUNK = 320


def recorded() -> NDArray[np.int16]:
    """Give a caller's turns with 4 s of a quiet line around each."""
    quiet = np.random.default_rng(1).normal(scale=3.0, size=4 * RATE).astype(np.int16)
    turns = [part for said in utterances(load(Path("audio_fixtures"))[0].turns[:3]) for part in (quiet, said.audio)]
    return np.concatenate([*turns, quiet])


async def firm(analyzer: SileroVADAnalyzer, sound: NDArray[np.int16]) -> list[float]:
    """Give when speech firmly starts and stops, in turn."""
    analyzer.set_sample_rate(RATE)
    edges: list[float] = []
    for start in range(0, len(sound), CHUNK):
        state = await analyzer.analyze_audio(sound[start : start + CHUNK].tobytes())
        if state is (VADState.QUIET if len(edges) % 2 else VADState.SPEAKING):
            edges.append(start / RATE)
    await analyzer.cleanup()
    return edges


async def test_a_quiet_line_that_is_not_listened_to_moves_no_start_and_no_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(Path(__file__).parents[2])
    sound = recorded()
    stock, ours = await firm(SileroVADAnalyzer(), sound), await firm(WatchedVADAnalyzer(), sound)
    assert len(stock) >= 6
    assert ours == pytest.approx(stock, abs=0.1)


async def test_callers_share_a_model_and_nothing_of_what_it_heard(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(Path(__file__).parents[2])
    sound = recorded()
    alone = await firm(WatchedVADAnalyzer(), sound)
    first, second = WatchedVADAnalyzer(), WatchedVADAnalyzer()
    second.set_sample_rate(RATE)
    for start in range(0, len(sound), CHUNK):
        await second.analyze_audio(sound[::-1][start : start + CHUNK].tobytes())
    assert await firm(first, sound) == alone


async def test_somebody_who_begins_on_a_quiet_line_is_noticed_before_the_loudness_is_smoothed(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.chdir(Path(__file__).parents[2])
    sound = recorded()
    ours, stock = WatchedVADAnalyzer(), SileroVADAnalyzer()
    ours.set_sample_rate(RATE)
    stock.set_sample_rate(RATE)
    noticed: list[int] = []
    begun: list[int] = []
    for start in range(0, len(sound), CHUNK):
        chunk = sound[start : start + CHUNK].tobytes()
        was_voiced = ours.voiced
        await ours.analyze_audio(chunk)
        assert isinstance(ours.voiced, bool), "a frame's on is matched by identity"
        if ours.voiced and not was_voiced and len(noticed) == len(begun):
            noticed.append(start)
        state = await stock.analyze_audio(chunk)
        if state is VADState.SPEAKING and len(noticed) > len(begun):
            begun.append(start)
        if state is VADState.QUIET and len(begun) < len(noticed) and start - noticed[-1] > RATE:
            noticed.pop()
    await stock.cleanup()
    earlier = [(firm - early) / RATE for early, firm in zip(noticed, begun, strict=False)]
    assert len(earlier) >= 3
    assert np.median(earlier) >= 0.3, "0.2 s of the detector's start, and what the loudness takes"
