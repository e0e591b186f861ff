"""Runs labelled turns through whatever decides them, and scores how exactly each was understood."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from voice.bench.numbers.proportions import Share, share
from voice.bench.numbers.statistics import percentile
from voice.bench.turns.labelled import LabelledTurn
from voice.bench.turns.turn_desk import DeskFailed
from voice.bench.turns.yardstick import Yardstick
from voice.cascade.words import Action


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a turn.

    Attributes:
        actions: What would be done.
        outcome: ``answer``, ``clarify``, ``escalate`` or ``handoff``: ``escalate`` if a larger tier was asked, but for
            ``clarify`` where the desk would ask about misheard words instead of carrying the actions out.
        tier: Who read the turn in the end: ``code``, a tier's name, ``fallback`` or ``nobody``.
        scores: Numbers and flags that led to it.
        seconds: From the turn to the decision; None to have it measured from outside.
        escalated: Whether a larger tier was asked, whatever came of it.
    """

    actions: tuple[Action, ...]
    outcome: str
    tier: str
    scores: Mapping[str, Any] = field(default_factory=dict[str, Any])
    seconds: float | None = None
    escalated: bool = False

    @property
    def acts(self) -> bool:
        """Whether anything is done for the caller beyond asking back or passing them on."""
        if self.outcome not in ("answer", "escalate"):
            return False
        return any(action.name not in ("clarify", "handoff") for action in self.actions)


Decide = Callable[[LabelledTurn], Awaitable[Decision]]
"""Understands one turn. Trouble of a provider is a decision without actions, not an exception."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One turn's decision, with its score and how long it took."""

    turn: LabelledTurn
    decision: Decision
    exact: bool
    seconds: float


_log = logging.getLogger(__name__)


async def evaluate(yardstick: Yardstick, turns: Iterable[LabelledTurn], decide: Decide) -> list[Judged]:
    """Decide every turn, one after the other so that latencies are those of a single caller.

    A turn on which the desk fails is not exact; it is named in the log, and the others go on.
    """
    clock = asyncio.get_running_loop().time
    judged: list[Judged] = []
    for turn in turns:
        begun = clock()
        try:
            decision = await decide(turn)
            exact = yardstick.is_exact(turn.expect, [action.as_dict() for action in decision.actions])
        except DeskFailed as error:
            _log.warning("turn %s: %s", turn.id, error)
            decision, exact = Decision((), "handoff", "nobody", {"error": str(error)}), False
        seconds = clock() - begun if decision.seconds is None else decision.seconds
        judged.append(Judged(turn, decision, exact, seconds))
    return judged


def report(judged: Sequence[Judged]) -> dict[str, Any]:
    """Give what `voice eval --json` prints. Shares are 0…1; one of nothing is None."""
    times = [one.seconds * 1000 for one in judged]
    escalated = share([one.decision.escalated or one.decision.outcome == "escalate" for one in judged])
    wrong = share([not one.exact for one in judged if one.decision.acts])
    return {
        **accuracy([one.turn for one in judged], [one.exact for one in judged]),
        "escalated": escalated["exact"],
        "escalated_ci95": escalated["ci95"],
        "acted_on": wrong["n"],
        "wrong_of_acted_on": wrong["exact"],
        "wrong_of_acted_on_ci95": wrong["ci95"],
        "latency_ms": {f"p{percent}": _rounded(percentile(times, percent)) for percent in (50, 95)},
        "turns": [
            {
                "id": one.turn.id,
                "actions": [action.as_dict() for action in one.decision.actions],
                "exact": one.exact,
                "outcome": one.decision.outcome,
                "tier": one.decision.tier,
                "scores": {**one.decision.scores, "latency_ms": round(one.seconds * 1000, 1)},
            }
            for one in judged
        ],
    }


def accuracy(turns: Sequence[LabelledTurn], exact: Sequence[bool]) -> dict[str, Any]:
    """Give the share of turns that are exact, of all and by complexity, kind and split, with 95% intervals."""

    def by(values: Iterable[str], key: Callable[[LabelledTurn], Hashable]) -> dict[str, Share]:
        return {
            value: share([flag for turn, flag in zip(turns, exact, strict=True) if key(turn) == value])
            for value in values
        }

    return {
        **share(exact),
        "by_complexity": by(("simple", "complex"), lambda turn: turn.complexity),
        "by_kind": by(sorted({turn.kind for turn in turns}), lambda turn: turn.kind),
        "by_split": by(sorted({turn.split for turn in turns}), lambda turn: turn.split),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
