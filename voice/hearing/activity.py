"""Tells soon, though not for sure, that somebody begins to speak or falls silent. Pure.

A voice activity detector's word is worth waiting for where it has consequences, and 0.2 s late where it has none.
What is told here costs little if it is wrong: a transcript is started, or the agent holds its breath. It keeps no
clock: time is the length of the audio.
"""

from __future__ import annotations

ON_SECONDS = 0.06
"""Voice that is taken for somebody beginning: two chunks of Silero. A click fills one."""

OFF_SECONDS = 0.1
"""Silence that is taken for a pause. Stops inside of words are shorter: a "t" closes the mouth for 0.05 to 0.09 s."""

LATE_SECONDS = 0.07
"""By how much Silero, with pipecat's smoothed volume, hears a voice longer than it lasts: the median over the ends of
68 recorded turns was 0.08 s, nine in ten lie between 0.03 and 0.12 s."""


class Activity:
    """Follows whether there is a voice, with less certainty than a detector and less delay.

    Args:
        on_seconds: Unbroken voice after which there is somebody.
        off_seconds: Unbroken silence after which there is nobody.
    """

    def __init__(self, *, on_seconds: float = ON_SECONDS, off_seconds: float = OFF_SECONDS) -> None:
        if on_seconds <= 0 or off_seconds <= 0:
            raise ValueError(f"both lengths must be above 0 s, got {on_seconds} and {off_seconds}")
        self._on_seconds, self._off_seconds = on_seconds, off_seconds
        self._on = False
        self._against = 0.0
        self._since = self._lasted = 0.0

    @property
    def lasted(self) -> float:
        """Seconds of audio between the last two times that something was told."""
        return self._lasted

    def feed(self, voiced: bool, seconds: float) -> bool | None:
        """Take the next stretch of audio; True if somebody begins at its end, False if they fall silent, else None."""
        self._since += seconds
        if voiced == self._on:
            self._against = 0.0
            return None
        self._against += seconds
        # Sums of floats: a nanosecond short of the limit is the limit.
        if self._against + 1e-9 < (self._off_seconds if self._on else self._on_seconds):
            return None
        self._on, self._against = voiced, 0.0
        self._lasted, self._since = self._since, 0.0
        return voiced
