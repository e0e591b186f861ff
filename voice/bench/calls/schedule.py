"""Which calls are made, and in which order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from voice.bench.recordings.manifest import ManifestError, RecordedCall

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Job:
    """A call to make. ``repeat`` counts from 1."""

    call: RecordedCall
    repeat: int = 1

    @property
    def folder(self) -> str:
        """The name of its folder."""
        return self.call.id if self.repeat == 1 else f"{self.call.id}.{self.repeat}"


def jobs(calls: Sequence[RecordedCall], repeat: int) -> list[Job]:
    """Give every call ``repeat`` times: all of them once, then all of them again.

    Raises:
        ManifestError: a call is named like another one that is repeated.
    """
    made = [Job(call, number) for number in range(1, repeat + 1) for call in calls]
    name, times = Counter(job.folder for job in made).most_common(1)[0]
    if times > 1:
        raise ManifestError(f"{name!r} is a call, and the name of another one that is repeated: give it another id")
    return made


def batches(work: Sequence[T], at_once: int) -> list[Sequence[T]]:
    """Give the calls that are made at the same time, in order. The last may be fewer."""
    return [work[first : first + at_once] for first in range(0, len(work), at_once)]


def in_turn(work: Sequence[T], agents: Sequence[str]) -> Iterator[tuple[T, str]]:
    """Give each piece of work to each agent. The first agent of one is the second one's last, and so on."""
    for index, piece in enumerate(work):
        shift = index % len(agents)
        for agent in (*agents[shift:], *agents[:shift]):
            yield piece, agent
