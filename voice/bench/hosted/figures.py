"""What callers heard at one level of load, read off their recordings. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from voice.bench.hosted.level import Load
from voice.bench.measured.measure import Track, exchanges, sounds
from voice.bench.numbers.statistics import percentile
from voice.bench.recordings.activity import AGENT
from voice.bench.recordings.recording import SAMPLE_RATE

HOLE_SECONDS = 0.02
"""Shorter silences in the agent's speech are not heard as holes."""


@dataclass(frozen=True, slots=True)
class Level:
    """Figures of so many calls at once. Milliseconds, and shares in 0…1; None where there is nothing to count.

    Attributes:
        calls: How many at once.
        made: Calls that overlap the measured time.
        turns: What callers said within it, and wanted an answer to.
        seconds: Its length.
        first_audio_p50, first_audio_p95: From the end of a caller's speech to the agent's first sound.
        times_one: That P95, as a multiple of the one at the first level.
        unanswered: Turns after which no sound came.
        cut_in: Turns before whose end the agent spoke.
        failures: Why calls broke off, or were not taken.
        holes_a_minute: Silences of 20 to 150 ms in the midst of the agent's sound, for a minute of it.
        late_share: Of callers' own sound, what was sent more than 20 ms late: how far they can be believed.
        agent_cpu, provider_cpu, callers_cpu: Processors kept busy by the agent, by the stand-in, and by callers.
    """

    calls: int
    made: int
    turns: int
    seconds: float
    first_audio_p50: float | None
    first_audio_p95: float | None
    times_one: float | None
    unanswered: int
    cut_in: int
    failures: tuple[str, ...]
    holes_a_minute: float | None
    late_share: float
    agent_cpu: float | None
    provider_cpu: float | None
    callers_cpu: float | None


@dataclass(frozen=True, slots=True)
class Processors:
    """Processor seconds that each took within the measured time."""

    agent: float | None
    provider: float | None
    callers: float | None


def level_of(calls: int, load: Load, used: Processors, first: Level | None) -> Level:
    """Read off the figures of a level.

    Args:
        calls: How many calls there were at once.
        load: What was recorded.
        used: Within its measured time.
        first: The level that this one is compared with; None for the first.
    """
    waits: list[float] = []
    turns = unanswered = cut_in = 0
    heard, holes = 0.0, 0
    for made in load.made:
        tracks = made.placed.recording.tracks()
        spoken = sounds(tracks[:, 1])
        heard += sum(end - start for start, end in spoken)
        holes += _holes(tracks[:, 1])
        for exchange in exchanges(tracks, made.placed.turns, made.call.turns):
            at = made.placed.recording.began + exchange.ends
            if exchange.disturbed is not None or not load.began <= at < load.ended:
                continue
            turns += 1
            cut_in += exchange.cut_in
            if exchange.first_audio is None:
                unanswered += not exchange.cut_in
            else:
                waits.append(1000 * exchange.first_audio)
    seconds = load.ended - load.began
    p95 = percentile(waits, 95)
    busy = [None if one is None else round(one / seconds, 3) for one in (used.agent, used.provider, used.callers)]
    return Level(
        calls=calls,
        made=len(load.made),
        turns=turns,
        seconds=round(seconds, 1),
        first_audio_p50=_whole(percentile(waits, 50)),
        first_audio_p95=_whole(p95),
        times_one=None if not p95 else round(p95 / ((first and first.first_audio_p95) or p95), 2),
        unanswered=unanswered,
        cut_in=cut_in,
        failures=(*load.refused, *(made.failed for made in load.made if made.failed is not None)),
        holes_a_minute=round(60 * holes / heard, 2) if heard else None,
        late_share=round(sum(made.placed.late_share for made in load.made) / max(1, len(load.made)), 4),
        agent_cpu=busy[0],
        provider_cpu=busy[1],
        callers_cpu=busy[2],
    )


def verdict(levels: Sequence[Level]) -> str:
    """Say at how many calls the P95 of first audio has doubled."""
    doubled = next((index for index, level in enumerate(levels) if (level.times_one or 0) >= 2), None)
    if doubled is None:
        return f"P95 first audio has not doubled at {levels[-1].calls} calls at once"
    if not doubled:
        return "there is nothing to compare with: begin --calls with 1"
    return f"P95 first audio doubles between {levels[doubled - 1].calls} and {levels[doubled].calls} calls at once"


def _whole(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds)


def _holes(track: Track) -> int:
    """Count the silences that callers take for a stutter: longer ones are pauses."""
    loud = np.flatnonzero(np.abs(track) > 0)
    gaps = np.diff(loud) / SAMPLE_RATE
    return int(np.count_nonzero((gaps > HOLE_SECONDS) & (gaps < AGENT.join)))
