"""Model calls, from their start to their end, as a trace tells of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from voice.trace import Line


@dataclass(frozen=True, slots=True)
class Drafting:
    """One model call. ``end`` is None, and so is ``drafted``, where the trace breaks off before it."""

    turn: int
    tier: str
    start: float
    end: float | None
    drafted: Line | None

    @property
    def prompt_tokens(self) -> int:
        """Tokens read, 0 if unknown."""
        return int((self.drafted or {}).get("prompt_tokens") or 0)

    @property
    def output_tokens(self) -> int:
        """Tokens written, 0 if unknown."""
        return int((self.drafted or {}).get("output_tokens") or 0)

    @property
    def cost(self) -> float:
        """Money, 0 if unknown."""
        return float((self.drafted or {}).get("cost") or 0.0)


def draftings(lines: Sequence[Line]) -> list[Drafting]:
    """Pair every start with its end.

    A cancelled call may end after the next one of its tier has begun: ends belong to the oldest open start of their
    tier.
    """
    opened: list[Drafting] = []
    closed: list[Drafting] = []
    for line in lines:
        if line["kind"] == "draft_started":
            opened.append(Drafting(line["turn"], line.get("tier", ""), line["at"], None, None))
        elif line["kind"] == "drafted":
            mine = next((draft for draft in opened if draft.tier == line.get("tier")), None)
            if mine:
                opened.remove(mine)
                closed.append(Drafting(mine.turn, mine.tier, mine.start, line["at"], line))
    return sorted([*closed, *opened], key=lambda draft: draft.start)
