"""Reads off a recording how long the caller waited, turn by turn. Pure: nothing is taken from the agent's own events.

All times are seconds of the recording, exact to the sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from voice.bench.measured.interruption import disturbed, under_way
from voice.bench.recordings.activity import AGENT, CALLER, FRAME_SECONDS, SAMPLE_RATE, longest_silence, voiced
from voice.bench.recordings.manifest import RecordedTurn, Span

Track = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A turn and what the caller hears until the next one begins.

    Attributes:
        speech: When the caller speaks.
        ends: The end of the caller's speech: what latency counts from.
        until: Where the reply window ends: the recording of the next turn that asks for something begins, or this call
            ends. A noise in between ends no reply.
        sounds: When the agent is heard within the reply window.
        onsets: When the agent begins to be heard within the reply window. What was under way before is none.
        cut_in: The agent began to speak before the caller had finished.
        cut_short: It did so after a pause in the turn, so that it answered a piece of it.
        talk_over: How long both are heard at once while the caller speaks.
        yielded: How long the agent, which was speaking as the caller began, went on; None if it was not.
        disturbed: Whether a sound that asks for nothing made the agent stop, or reply; None for a turn.
    """

    speech: tuple[Span, ...]
    ends: float
    until: float
    sounds: tuple[Span, ...]
    onsets: tuple[float, ...]
    cut_in: bool
    cut_short: bool
    talk_over: float
    yielded: float | None = None
    disturbed: bool | None = None

    @property
    def first_audio(self) -> float | None:
        """Seconds from the end of speech to the first sound that begins after it; None if there is none."""
        return self.onsets[0] - self.ends if self.onsets else None

    def silence(self, answered_at: float | None) -> tuple[float, float]:
        """Give the longest and the total silence that the caller hears while waiting, in seconds.

        Args:
            answered_at: When the answer is first heard. If that is unknown the wait is taken to last until the agent
                begins to speak for the last time, or through the whole window where it never does.
        """
        if answered_at is None:
            answered_at = self.onsets[-1] if self.onsets else self.until
        waited = max(0.0, answered_at - self.ends)
        heard = sum(_overlap(sound, (self.ends, answered_at)) for sound in self.sounds)
        return longest_silence(self.sounds, self.ends, answered_at), max(0.0, waited - heard)

    def filler_share(self, answered_at: float | None) -> float | None:
        """Give the share of the time from first sound to answer in which the agent speaks, 0…1.

        None where there is no such time: the first sound is the answer, or there is none.
        """
        if answered_at is None or not self.onsets or answered_at <= self.onsets[0]:
            return None
        waited = (self.onsets[0], answered_at)
        return sum(_overlap(sound, waited) for sound in self.sounds) / (waited[1] - waited[0])

    def heard_at(self, at: float) -> float:
        """Move a moment that a transcriber gives to where there is sound: to the next onset if it lies in a silence."""
        return next((max(at, start) for start, end in self.sounds if at < end), at)


def exchanges(tracks: NDArray[np.int16], starts: Sequence[float], recorded: Sequence[RecordedTurn]) -> list[Exchange]:
    """Give each turn that was spoken.

    Args:
        tracks: The call, shape ``(n, 2)``, 16 kHz: caller left, agent right.
        starts: When each turn's recording began.
        recorded: What was recorded, in order; may be longer than ``starts``. Where nobody labelled the speech, it is
            found by its energy.

    Raises:
        ValueError: the recording is not stereo.
    """
    if tracks.ndim != 2 or tracks.shape[1] != 2:
        raise ValueError(f"a call's recording has two channels (caller, agent), got shape {tracks.shape}")
    agent = sounds(tracks[:, 1])
    caller: list[Span] | None = None
    found: list[Exchange] = []
    for index, start in enumerate(starts):
        later = range(index + 1, min(len(starts), len(recorded)))
        after = starts[index + 1] if index + 1 < len(starts) else len(tracks) / SAMPLE_RATE
        until = next((starts[other] for other in later if recorded[other].kind == "turn"), len(tracks) / SAMPLE_RATE)
        speech = tuple((start + begins, start + ends) for begins, ends in recorded[index].speech)
        if not speech:
            caller = caller if caller is not None else voiced(tracks[:, 0], CALLER)
            speech = tuple(span for span in caller if start <= span[0] < after) or ((start, start),)
        exchange = _exchange(speech, until, agent)
        if recorded[index].kind != "turn":
            heard = (speech[0][0], speech[-1][1])
            exchange = replace(exchange, yielded=None, disturbed=disturbed(agent, heard, after))
        found.append(exchange)
    return found


def sounds(track: Track) -> list[Span]:
    """Find where an agent is heard, exact to the sample."""
    return [_sharpened(track, span) for span in voiced(track, AGENT)]


def _exchange(speech: tuple[Span, ...], until: float, agent: Sequence[Span]) -> Exchange:
    begins, ends = speech[0][0], speech[-1][1]
    speaking = under_way(agent, begins)
    early = [start for start, _ in agent if begins <= start < ends and not (speaking and start < speaking[1])]
    return Exchange(
        speech=speech,
        ends=ends,
        until=max(until, ends),
        sounds=tuple((max(start, ends), min(end, until)) for start, end in agent if start < until and end > ends),
        onsets=tuple(start for start, _ in agent if ends <= start < until),
        cut_in=bool(early),
        cut_short=any(start >= speech[0][1] for start in early),
        talk_over=sum(_overlap(sound, span) for sound in agent for span in speech),
        yielded=speaking[1] - begins if speaking else None,
    )


def _sharpened(track: Track, span: Span) -> Span:
    """Move the edges of a sound to its first and last sample that is not silent.

    Edges are found to a frame; the sound may reach a little into the frame next to it, too little to be seen there.
    """
    least = 32768.0 * 10 ** (AGENT.least_db / 20)
    first = max(0, round((span[0] - FRAME_SECONDS) * SAMPLE_RATE))
    last = round((span[1] + FRAME_SECONDS) * SAMPLE_RATE)
    loud = np.flatnonzero(np.abs(track[first:last].astype(np.int32)) >= least)
    return (first + int(loud[0])) / SAMPLE_RATE, (first + int(loud[-1]) + 1) / SAMPLE_RATE


def _overlap(one: Span, other: Span) -> float:
    return max(0.0, min(one[1], other[1]) - max(one[0], other[0]))
