"""What an agent does when the caller is heard while it speaks. Pure; times are seconds of the recording."""

from __future__ import annotations

from collections.abc import Sequence

from voice.bench.recordings.manifest import Span

BREATH_SECONDS = 0.6
"""Silences up to this belong to one stretch of speech: an agent's voice pauses between its sentences."""

STOPS_WITHIN_SECONDS = 1.5
"""An agent that is silent later than this after a sound did not stop because of it."""

REPLIES_WITHIN_SECONDS = 4.0
"""An agent that speaks later than this after a sound does not reply to it."""


def under_way(agent: Sequence[Span], at: float) -> Span | None:
    """Give the stretch of the agent's speech in whose midst the caller is heard at ``at``, or None."""
    joined: list[Span] = []
    for start, end in agent:
        if joined and start - joined[-1][1] <= BREATH_SECONDS:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return next((span for span in joined if span[0] < at < span[1]), None)


def disturbed(agent: Sequence[Span], sound: Span, until: float) -> bool:
    """Say whether a sound that asks for nothing made an agent stop, or reply.

    An agent that was speaking stopped if it falls silent within `STOPS_WITHIN_SECONDS`, for longer than a breath. One
    that was silent replied if it begins to speak within `REPLIES_WITHIN_SECONDS`. An agent whose speech happens to
    end there is taken to have stopped, so a recording must place the sound well before the end of a reply.

    Args:
        agent: When the agent is heard.
        sound: When the caller, or the noise, is heard.
        until: When the caller speaks next.
    """
    begins, ends = sound
    speaking = under_way(agent, begins)
    if speaking is not None:
        return speaking[1] - begins <= STOPS_WITHIN_SECONDS
    return any(begins <= start < min(until, ends + REPLIES_WITHIN_SECONDS) for start, _ in agent)
