"""Whether a draft of a real call was right, who says so, and how far that can be believed.

A verdict's weight is 2p - 1, where p is how often verdicts of its kind are true: one that is as good as a coin weighs
nothing. Second opinions were measured on 539 labelled turns, read by both embedded tiers as they were taught: where
they agreed, both were right in 432 of 446; where they did not, the smaller was wrong in 60 of 93 and the larger itself
in 44, so that its own draft stays unjudged then. The rules' reading was wrong in 86 of the 110 turns in which the
larger tier, which is shown it, read otherwise. What callers do is an assumption: an objection may be to words that were
misheard, which no draft can help, and no objection tells little, since callers let errors pass, or hang up
(of 17 drafts that were accepted in recorded calls which got somewhere, with callers who can't object, 13 were right).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from voice.bench.turns.outcomes import Verdict
from voice.bench.turns.yardstick import Yardstick

AGREED = 0.94
REFUTED = 0.29
READING_REFUTED = 0.56
REPAIRED = 0.8
UNREPAIRED = 0.3

RULES = "code"
"""The name under which the reading by rules is judged."""

Actions = Sequence[Mapping[str, Any]]
"""In their flat form."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether actions were right: ``exact`` means nothing if ``weight`` is 0."""

    exact: bool
    by: Verdict
    weight: float


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about a turn.

    Attributes:
        label: What it asks for, by somebody who looked at it; None without.
        read: What rules (`RULES`) and tiers made of it, from the smallest to the largest; only what there is.
        accepted: What was done, if that was what one of them had read; None otherwise.
        repaired: Whether the caller objected within two turns; None where the trace does not tell.
        succeeded: Whether the call got somewhere: something was written, or its last turn was answered.
        yardstick: Of the desk.
    """

    label: Actions | None
    read: Mapping[str, Actions]
    accepted: Actions | None
    repaired: bool | None
    succeeded: bool
    yardstick: Yardstick


_UNKNOWN = Judged(False, "unknown", 0.0)


def judge(known: Known, name: str) -> Judged:
    """Judge what one of them made of the turn, by the best that is known."""
    mine = known.read[name]
    if known.label is not None:
        return Judged(known.yardstick.is_exact(known.label, mine), "label", 1.0)
    return _by_others(known, name, mine) or _by_caller(known, mine) or _UNKNOWN


def disagree(known: Known) -> bool:
    """Say whether tiers read the turn differently."""
    first, *others = [actions for name, actions in known.read.items() if name != RULES] or [()]
    return any(not known.yardstick.is_exact(other, first) for other in others)


def _by_others(known: Known, name: str, mine: Actions) -> Judged | None:
    names = list(known.read)
    larger = [other for other in names[names.index(name) + 1 :] if other != RULES]
    if larger:
        if known.yardstick.is_exact(known.read[larger[-1]], mine):
            return Judged(True, "second_opinion", AGREED)
        return Judged(False, "second_opinion", READING_REFUTED if name == RULES else REFUTED)
    tiers = [other for other in names if other not in (name, RULES)]
    if any(known.yardstick.is_exact(mine, known.read[other]) for other in tiers):
        return Judged(True, "second_opinion", AGREED)
    return None


def _by_caller(known: Known, mine: Actions) -> Judged | None:
    if known.accepted is None or known.repaired is None:
        return None
    same = known.yardstick.is_exact(known.accepted, mine)
    if known.repaired:
        return Judged(False, "repair", REPAIRED) if same else None
    return Judged(same, "unrepaired", UNREPAIRED) if known.succeeded else None
