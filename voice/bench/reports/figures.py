"""The figures of many calls, as data: by complexity, by voice and by condition, and of whole calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Literal

from voice.bench.measured.misheard import pooled_error_rate
from voice.bench.measured.results import CallResult, TurnResult
from voice.bench.numbers.statistics import Resamples, distribution, resamples, share

Group = Literal["simple", "complex", "all"]
GROUPS: tuple[Group, ...] = ("simple", "complex", "all")
Agents = Mapping[str, Sequence[CallResult]]

LATENCIES = {
    "first_audio_ms": "first audio",
    "first_answer_ms": "first answer",
    "unmasked_silence_ms": "unmasked silence",
}
_DISTRIBUTIONS = (*LATENCIES, "total_silence_ms", "barge_in_yield_ms")
OWN_WORK = {"all": "own work a turn", "router": "its router", "checks": "its checks, a draft"}
_SHARES = ("answered", "right", "actions_right", "escalated")
_SHARES_OF_SPOKEN = ("cut_in", "cut_short")
"""What an agent can't do to a turn that did not come to be spoken. Of the others such a turn has the worse value."""


def turns_of(calls: Iterable[CallResult]) -> list[TurnResult]:
    """Give the turns of all calls, in order."""
    return [turn for call in calls for turn in call.turns]


def groups_of(agents: Agents) -> tuple[Group, ...]:
    """Give the complexities to show apart, so that no turn is left out: ``all`` where some turn has no label."""
    asked = [turn for calls in agents.values() for turn in turns_of(calls) if turn.kind == "turn"]
    labels = {turn.complexity for turn in asked}
    return tuple(group for group in GROUPS if group in labels or (group == "all" and (None in labels or not labels)))


def draws_of(agents: Agents) -> Resamples:
    """Give the draws that all figures of a run are computed on."""
    return resamples(frozenset(call.call for calls in agents.values() for call in calls))


def summary(turns: Sequence[TurnResult], draws: Resamples | None = None) -> dict[str, Any]:
    """Give the figures of turns by complexity. Turns without a label are in ``all`` only."""
    draws = draws or resamples(frozenset(turn.call for turn in turns))
    return {group: _figures([turn for turn in turns if group in ("all", turn.complexity)], draws) for group in GROUPS}


def whole_calls(calls: Sequence[CallResult], draws: Resamples | None = None) -> dict[str, Any]:
    """Give what only whole calls tell: whether they were resolved, and what they took."""
    draws = draws or resamples(frozenset(call.call for call in calls))
    turns = [turn for turn in turns_of(calls) if turn.kind == "turn"]
    # A trace without a single model call is one that does not tell of them.
    metered = turns if any(turn.model_calls or turn.cost for turn in turns) else []
    costs, busy, memory = (
        [turn.cost for turn in metered if turn.cost is not None],
        [call.cpu_seconds for call in calls if call.cpu_seconds is not None],
        [call.peak_memory_mb for call in calls if call.peak_memory_mb is not None],
    )
    resolved = [(call.call, float(call.resolved)) for call in calls if call.resolved is not None]
    database = [(call.call, float(call.database_right)) for call in calls if call.database_right is not None]
    return {
        "calls": len(calls),
        "broken": sum(call.broken is not None for call in calls),
        "resolved": share(resolved, draws),
        "database_right": share(database, draws),
        "model_calls_per_turn": _mean([turn.model_calls for turn in metered]),
        "prompt_tokens_per_turn": _mean([turn.prompt_tokens for turn in metered]),
        "output_tokens_per_turn": _mean([turn.output_tokens for turn in metered]),
        "cost_per_turn": _ratio(sum(costs), len(costs), 8),
        "cost_per_resolved": _ratio(sum(costs), sum(value for _, value in resolved), 8) if costs else None,
        "cpu_seconds_per_call": _mean(busy),
        "peak_memory_mb": max(memory, default=None),
        "late_ms": max((call.late_ms for call in calls), default=0),
    }


def as_json(agents: Agents) -> dict[str, Any]:
    """Give the report as data: for each agent its figures, its turns and its calls."""
    draws = draws_of(agents)
    return {
        "agents": {
            name: {
                "summary": summary(turns_of(calls), draws),
                "whole_calls": whole_calls(calls, draws),
                "by_voice": _by(calls, lambda call: call.voice, draws),
                "by_condition": _by(calls, lambda call: call.condition, draws),
                "turns": [asdict(turn) for turn in turns_of(calls)],
                "calls": [_call(call) for call in calls],
            }
            for name, calls in agents.items()
        }
    }


def from_json(report: Mapping[str, Any]) -> dict[str, list[CallResult]]:
    """Read the calls of each agent back from `as_json`.

    Raises:
        ValueError: it is no report, or one of another version.
    """
    agents: dict[str, list[CallResult]] = {}
    try:
        for name, told in report["agents"].items():
            turns: dict[tuple[str, int], list[TurnResult]] = {}
            for turn in told["turns"]:
                turns.setdefault((turn["call"], turn["repeat"]), []).append(TurnResult.from_dict(turn))
            agents[name] = [
                CallResult(
                    **{key: value for key, value in call.items() if key != "resolved"},
                    turns=tuple(turns.get((call["call"], call["repeat"]), ())),
                )
                for call in told["calls"]
            ]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"this is no bench report of this version: {error}") from error
    return agents


def _call(call: CallResult) -> dict[str, Any]:
    return {**{key: value for key, value in call.as_dict().items() if key != "turns"}, "resolved": call.resolved}


def _by(calls: Sequence[CallResult], of: Callable[[CallResult], str], draws: Resamples) -> dict[str, Any]:
    names = sorted({of(call) for call in calls} - {""})
    return {name: _figures(turns_of(call for call in calls if of(call) == name), draws) for name in names}


def _figures(turns: Sequence[TurnResult], draws: Resamples) -> dict[str, Any]:
    asked = [turn for turn in turns if turn.kind == "turn"]
    spoken = [turn for turn in asked if turn.spoken]

    def known(key: str, of: Sequence[TurnResult] = asked) -> list[tuple[str, float]]:
        return [(turn.call, float(value)) for turn in of if (value := getattr(turn, key)) is not None]

    def count(key: str) -> int:
        return sum(getattr(turn, key) is True for turn in asked)

    costs = [cost for _, cost in known("cost")]
    worked = [(turn.call, turn.own_ms) for turn in asked if turn.own_ms]
    return {
        "turns": len(asked),
        "spoken": len(spoken),
        "own_ms": {
            key: distribution([(call, own[key]) for call, own in worked if key in own], draws) for key in OWN_WORK
        },
        **{key: distribution(_whole(known(key)), draws) for key in _DISTRIBUTIONS},
        "shares": {
            **{key: share(known(key), draws) for key in _SHARES},
            **{key: share(known(key, spoken), draws) for key in _SHARES_OF_SPOKEN},
        },
        "answered": count("answered"),
        "labelled": len(known("right")),
        "right": count("right"),
        "actions_labelled": len(known("actions_right")),
        "actions_right": count("actions_right"),
        "cut_in": count("cut_in"),
        "cut_short": count("cut_short"),
        "escalated": count("escalated"),
        "talk_over_ms": sum(turn.talk_over_ms for turn in asked if turn.barge_in_yield_ms is None),
        "filler_share": _mean([value for _, value in known("filler_share")], 4),
        "false_interruption": share(known("false_interruption", turns), draws),
        "ungrounded": sum(len(turn.ungrounded or ()) for turn in asked),
        "grounding_known": len([turn for turn in asked if turn.ungrounded is not None]),
        "wer": pooled_error_rate([(turn.text, turn.heard) for turn in asked if turn.heard is not None]),
        "cost": round(sum(costs), 8) if costs else None,
    }


def _whole(values: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    """Give milliseconds as whole numbers, as they were measured."""
    return [(name, int(value)) for name, value in values]


def _mean(values: Sequence[float | None], digits: int = 2) -> float | None:
    known = [value for value in values if value is not None]
    return _ratio(sum(known), len(known), digits)


def _ratio(total: float, of: float, digits: int) -> float | None:
    return round(total / of, digits) if of else None
