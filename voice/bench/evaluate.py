"""Runs labelled turns through whatever decides them, and scores how exactly each was understood."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from voice.bench.labelled import LabelledTurn
from voice.bench.scoring import is_exact
from voice.cascade.words import Action


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a turn.

    Attributes:
        actions: What would be done.
        outcome: ``answer``, ``clarify``, ``escalate`` or ``handoff``: ``escalate`` if a larger tier was asked.
        tier: Who read the turn in the end: ``code`` or a tier's name.
        scores: Numbers and flags that led to it.
    """

    actions: tuple[Action, ...]
    outcome: str
    tier: str
    scores: Mapping[str, Any] = field(default_factory=dict[str, Any])


Decide = Callable[[LabelledTurn], Awaitable[Decision]]
"""Understands one turn. Trouble of a provider is a decision without actions, not an exception."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One turn's decision, with its score and how long it took."""

    turn: LabelledTurn
    decision: Decision
    exact: bool
    seconds: float


async def evaluate(
    turns: Sequence[LabelledTurn], decide: Decide, *, progress: Callable[[Judged], None] | None = None
) -> list[Judged]:
    """Decide every turn, one after the other so that latencies are those of a single caller."""
    clock = asyncio.get_running_loop().time
    judged: list[Judged] = []
    for turn in turns:
        begun = clock()
        decision = await decide(turn)
        exact = is_exact(turn.expect, [action.as_dict() for action in decision.actions])
        judged.append(Judged(turn, decision, exact, clock() - begun))
        if progress is not None:
            progress(judged[-1])
    return judged


def report(judged: Sequence[Judged]) -> dict[str, Any]:
    """Give what `voice eval --json` prints. Shares are 0…1; one of nothing is None."""
    sizes = {name: [one for one in judged if one.turn.complexity == name] for name in ("simple", "complex")}
    times = sorted(one.seconds * 1000 for one in judged)
    return {
        "n": len(judged),
        "exact": _share([one.exact for one in judged]),
        "escalated": _share([one.decision.outcome == "escalate" for one in judged]),
        "by_complexity": {
            name: {"n": len(part), "exact": _share([one.exact for one in part])} for name, part in sizes.items()
        },
        "latency_ms": {"p50": _quantile(times, 0.5), "p95": _quantile(times, 0.95)},
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


def _share(flags: Sequence[bool]) -> float | None:
    return sum(flags) / len(flags) if flags else None


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    """Give the nearest-rank quantile of ascending values."""
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1) if ordered else None
