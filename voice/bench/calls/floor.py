"""When a recorded caller may speak: good manners, and patience that ends."""

from __future__ import annotations

from dataclasses import dataclass

from voice.bench.recordings.activity import AGENT
from voice.bench.recordings.recording import Recording, Track


@dataclass(frozen=True, slots=True)
class Manners:
    """When the caller speaks.

    Attributes:
        first_after: Silence before the first turn, after any greeting, in seconds. Stock pipelines load their ears and
            their voice when a call begins, and are not to be measured at that.
        after_reply: How long the agent must have been silent, having spoken, before the next turn. A caller can't tell
            filler from an answer other than by what follows, so this is longer than any pause between the two.
        gives_up_after: How long the caller waits for any sound before going on.
        hangs_up_after: Silence after the last reply before hanging up.
        longest_reply: The next turn comes at the latest this long after the last one, and the first one at the latest
            this long after the call began: an agent that is never silent must not hold the line for ever.
    """

    first_after: float = 2.0
    after_reply: float = 2.8
    gives_up_after: float = 15.0
    hangs_up_after: float = 3.5
    longest_reply: float = 45.0


@dataclass(frozen=True, slots=True)
class Utterance:
    """A sound that the caller makes.

    Attributes:
        audio: 16 kHz mono, shape ``(n,)``.
        barge_in: It begins this many seconds after the agent began to speak in reply to the last turn, or as soon
            after that as the agent is heard again; None waits for the end of the reply. Where the agent does not come
            to be heard then, it begins when a turn without ``barge_in`` would.
        is_turn: Whether a reply is waited for.
    """

    audio: Track
    barge_in: float | None = None
    is_turn: bool = True


class Floor:
    """Knows when the caller may speak: from what was heard of the agent, at the pace at which it was played."""

    def __init__(self, manners: Manners, began: float) -> None:
        self._manners = manners
        self._turns = 0
        self._turn_ended = began
        self._sound_ended = began
        self._agent_began: float | None = None
        self._agent_heard = False
        self._agent_until = began
        self._latest_first = began + manners.longest_reply
        self.never_silent = False
        """Whether the first utterance began before the silence that it was to wait for."""

    @property
    def answered(self) -> bool:
        """Whether the agent was heard since the last turn."""
        return self._agent_began is not None

    def hears(self, start: float, end: float, recording: Recording) -> None:
        """Listen to the agent between two moments of the clock."""
        self._agent_heard = recording.agent_level(start, end) > AGENT.least_db
        if not self._agent_heard:
            return
        if start - self._agent_until > AGENT.join and self._agent_began is None and start >= self._turn_ended:
            self._agent_began = start
        self._agent_until = end

    def begins(self, now: float) -> None:
        """Note the beginning of an utterance."""
        if not self._turns:
            self.never_silent = now < self._silent_for(self._manners.first_after)

    def spoke(self, until: float, *, is_turn: bool) -> None:
        """Note the end of an utterance."""
        self._sound_ended = until
        if is_turn:
            self._turns += 1
            self._turn_ended = until
            self._agent_began = None

    def is_free(self, now: float, utterance: Utterance | None) -> bool:
        """Say whether an utterance, or hanging up where there is none, has come to its time."""
        if utterance and utterance.barge_in is not None and self._agent_began is not None and self._agent_heard:
            return now >= self._agent_began + utterance.barge_in
        return now >= self._polite(hangs_up=utterance is None)

    def _polite(self, *, hangs_up: bool) -> float:
        manners = self._manners
        if not self._turns:
            return min(self._silent_for(manners.first_after), self._latest_first)
        quiet = manners.hangs_up_after if hangs_up else manners.after_reply
        if self._agent_until <= self._turn_ended:
            return self._turn_ended + manners.gives_up_after
        return min(self._silent_for(quiet), self._turn_ended + manners.longest_reply)

    def _silent_for(self, seconds: float) -> float:
        """Give when neither side will have been heard for so long."""
        return max(self._agent_until, self._sound_ended) + seconds
