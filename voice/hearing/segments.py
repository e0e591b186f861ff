"""Keeps the audio of a turn and says which stretch of it to decode.

At every pause the turn so far is wanted as text. It is decoded whole each time, because a model hears best with
everything in view; only when a turn has grown long is what was heard settled: the next stretch then starts just before
the first word after a settled pause, and carries the settled words as context.

Measured on 24 itineraries with two to six pauses (Whisper base; word error rate clean / 8 kHz phone, processor time of
the last decode): whole .073 / .103, 655 ms; groups of up to 8 s with context .088 / .108, 361 ms, without context
.106 / .123; every segment alone with context .124 / .157, 247 ms, without .177 / .204. The silence waited for at the
end of an itinerary hides the longer decode, so the limit is set by the model's window.

Feed it every sample and tell it what the voice activity detector says. It keeps no clock: positions count samples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from voice.ports import Samples, Transcript, Word

WHOLE_SECONDS = 20.0
"""A turn up to this long is decoded whole. With the pause and the words after it, it still fits into a 30 s window."""

LONGEST_SECONDS = 27.0
"""Longest stretch. Someone who speaks on for so long without a pause is cut where it is quietest."""

BEFORE_SECONDS = 0.6
"""Audio kept from before a detected start: 0.2 s until the detector notices, and 0.4 s for a soft first sound."""

_OVERDUE_STEP_SECONDS = 5.0
_SEARCH_SECONDS = 6.0


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a turn to decode.

    Attributes:
        turn: Which turn it belongs to.
        start: First sample, counted from the start of the turn's audio.
        end: The sample after the last one.
        audio: Shape ``(end - start,)``, float32, a copy.
        context: What was heard before it in this turn.
        more: Whether the turn goes on behind it: ask `TurnAudio.next` again once it was heard.
    """

    turn: int
    start: int
    end: int
    audio: Samples
    context: str = ""
    more: bool = False


class TurnAudio:
    """The audio of the turn under way, and what was heard in it so far."""

    def __init__(
        self,
        rate: int = 16_000,
        *,
        whole_seconds: float = WHOLE_SECONDS,
        longest_seconds: float = LONGEST_SECONDS,
        before_seconds: float = BEFORE_SECONDS,
    ) -> None:
        if not 0 < whole_seconds < longest_seconds:
            raise ValueError(
                f"whole_seconds must lie between 0 and longest_seconds, got {whole_seconds} and {longest_seconds}"
            )
        self.rate = rate
        self._whole = int(whole_seconds * rate)
        self._longest = int(longest_seconds * rate)
        self._before = int(before_seconds * rate)
        self._turn = 0
        self._begin(np.zeros(0, np.float32))

    def _begin(self, before: Samples) -> None:
        self._open = False
        self._blocks: list[Samples] = [before]  # the samples from _base to _size
        self._base = 0
        self._size = len(before)
        self._settled: list[Transcript] = []
        self._latest = Transcript("")
        self._latest_end = 0
        self._pause: int | None = None  # where the caller fell silent, while they are
        self._resumed: dict[int, int] = {}  # by where a pause was noticed: where speech went on
        self._asked = 0

    @property
    def open(self) -> bool:
        """Whether a turn is under way."""
        return self._open

    @property
    def seconds(self) -> float:
        """Length of the turn so far, with what was kept from before its start; 0 outside of a turn."""
        return self._size / self.rate if self._open else 0.0

    @property
    def pauses(self) -> int:
        """How often the caller paused in this turn and went on."""
        return len(self._resumed)

    @property
    def transcript(self) -> Transcript:
        """Everything heard in this turn so far, word times in seconds from the start of the turn's audio."""
        parts = [*self._settled, self._latest]
        return Transcript(" ".join(p.text for p in parts if p.text), tuple(word for p in parts for word in p.words))

    def feed(self, samples: Samples) -> None:
        """Add the next samples of the call, shape ``(n,)``; copied; outside of a turn only the newest are kept."""
        block = np.array(samples, dtype=np.float32)
        self._blocks.append(block)
        self._size += len(block)
        if not self._open:
            while len(self._blocks) > 1 and self._size - len(self._blocks[0]) >= self._before:
                self._size -= len(self._blocks.pop(0))

    def started(self) -> None:
        """Say that the caller starts to speak, or goes on after a pause."""
        if not self._open:
            self._begin(self._joined()[-self._before :] if self._before else np.zeros(0, np.float32))
            self._open = True
        elif self._pause is not None:
            self._resumed[self._pause] = max(self._pause, self._size - self._before)
            self._pause = None
            self._settle()

    @property
    def unheard_seconds(self) -> float:
        """Length of the turn's audio that nobody was asked to decode yet."""
        return (self._size - self._asked) / self.rate if self._open else 0.0

    def paused(self) -> Stretch | None:
        """Say that the caller fell silent; give the stretch to decode now, or None outside of a turn."""
        if not self._open:
            return None
        self._pause = self._size
        return self.next()

    def next(self) -> Stretch | None:
        """Give the stretch that is to be decoded next, up to the newest sample if that is not too long."""
        start, end = self._base, self._size
        if not self._open or end == start:
            return None
        more = end - start > self._longest
        if more:
            end = self._quietest(start + self._longest)
        self._asked = self._size
        context = " ".join(part.text for part in self._settled if part.text)
        return Stretch(self._turn, start, end, self._joined()[: end - start].copy(), context, more)

    def overdue(self) -> Stretch | None:
        """Give a stretch to decode in the middle of speech, once the caller has gone on for too long without a pause.

        Ask now and then while the caller speaks; None means that there is nothing to do.
        """
        if not self._open or self._size - self._base <= self._longest:
            return None
        if self._size - self._asked < _OVERDUE_STEP_SECONDS * self.rate:
            return None
        self._asked = self._size
        return self.next()

    def heard(self, stretch: Stretch, transcript: Transcript) -> None:
        """Take what was heard in a stretch. An outdated stretch, or one of an earlier turn, changes nothing."""
        outdated = stretch.start != self._base or stretch.end < self._latest_end
        if stretch.turn != self._turn or not self._open or outdated:
            return
        offset = stretch.start / self.rate
        words = tuple(Word(w.text, w.start + offset, w.end + offset, w.confidence) for w in transcript.words)
        self._latest, self._latest_end = Transcript(transcript.text, words), stretch.end
        if stretch.more:
            self._settle_at(stretch.end)
        else:
            self._settle()

    def ended(self) -> Transcript:
        """Close the turn and give what was heard in it. Its last samples are kept as what comes before the next one."""
        transcript = self.transcript
        self._turn += 1
        self._begin(self._joined()[-self._before :] if self._before else np.zeros(0, np.float32))
        return transcript

    def _settle(self) -> None:
        """Settle the latest text if it is long, and the caller has gone on after it."""
        if self._latest_end - self._base > self._whole and self._latest_end in self._resumed:
            self._settle_at(self._resumed[self._latest_end])

    def _settle_at(self, position: int) -> None:
        self._settled.append(self._latest)
        self._latest = Transcript("")
        self._blocks = [self._joined()[position - self._base :]]
        self._base = self._latest_end = position

    def _joined(self) -> Samples:
        if len(self._blocks) > 1:
            self._blocks = [np.concatenate(self._blocks)]
        return self._blocks[0]

    def _quietest(self, limit: int) -> int:
        """Find the middle of the quietest 0.1 s in the seconds before ``limit``."""
        width = self.rate // 10
        first = max(self._base, limit - int(_SEARCH_SECONDS * self.rate))
        tail = self._joined()[first - self._base : limit - self._base]
        count = len(tail) // width
        energy = np.square(tail[: count * width]).reshape(count, width).sum(axis=1)
        return first + int(np.argmin(energy)) * width + width // 2
