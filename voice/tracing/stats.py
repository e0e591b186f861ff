"""Service levels from traces: who answered, why the rest left the smallest tier, how long it took, what it cost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from voice.bench.statistics import percentile
from voice.tracing.turns import Line, TurnTrace, turns_of
from voice.tracing.waterfall import waterfalls
from voice.tracing.where import overhead, waits

_PERCENTS = (50, 90, 95, 99)


def stats(lines: Sequence[Line]) -> dict[str, Any]:
    """Sum traces up, as JSON values. Shares are 0…1 of answered turns, times in seconds, money in the profile's."""
    turns = turns_of(lines)
    answered = [turn for turn in turns if turn.answered]
    calls = {line["call"] for line in lines}
    drafts = [line for line in lines if line["kind"] == "drafted"]
    return {
        "calls": len(calls),
        "turns": len(turns),
        "answered": len(answered),
        "by": _by(answered),
        "escalated": _share(sum(bool(_answer(turn).get("escalated")) for turn in answered), len(answered)),
        "left_because": dict(Counter(reason for turn in answered for reason in reasons(turn)).most_common()),
        "outcomes": dict(Counter(_answer(turn)["outcome"] for turn in answered).most_common()),
        "first_audio_seconds": _percentiles([turn.wait(substance=False) for turn in answered]),
        "first_answer_seconds": _percentiles([turn.wait(substance=True) for turn in answered]),
        "first_answer_seconds_by": {
            by: _percentiles([turn.wait(substance=True) for turn in answered if _answer(turn)["source"] == by])
            for by in sorted({_answer(turn)["source"] for turn in answered})
        },
        "cost": _cost(drafts, len(calls), len(answered)),
        "second_opinions": _opinions([line for line in lines if line["kind"] == "shadow"]),
        "budget_refusals": dict(Counter(str(line["refused"]) for line in lines if line["kind"] == "budget")),
        "fall_backs": sum(line["kind"] == "fall_back" for line in lines),
        "barge_ins": sum(line["kind"] == "barge_in" for line in lines),
        "waterfall": waits(waterfalls(lines)),
        "overhead_ms": overhead(lines),
    }


def reasons(turn: TurnTrace) -> list[str]:
    """Say why a turn did not stay with the smallest tier, in words that can be counted: numbers and names left out."""
    answer = turn.answered
    if not answer or not answer.get("escalated"):
        return []
    found: list[str] = []
    route = turn.last("route")
    if route and route["route"] in ("larger", "both"):
        found.append(f"router: {route['route']}")
    for line in turn.all("checked"):
        if line.get("verdict") not in ("accept", "wait"):
            found += [f"check: {_plain(failed)}" for failed in line.get("failed", ())] or ["check"]
    for line in turn.all("drafted"):
        if line.get("error") and line["error"] != "cancelled":
            found.append(f"{line['tier']}: {str(line['error']).partition(':')[0]}")
    return list(dict.fromkeys(found)) or ["not told"]


def _plain(failed: str) -> str:
    return re.split(r"\s+[\d.]+\s*<", failed)[0]


def _answer(turn: TurnTrace) -> Line:
    answer = turn.answered
    assert answer
    return answer


def _by(answered: Sequence[TurnTrace]) -> dict[str, dict[str, Any]]:
    counted = Counter(_answer(turn)["source"] for turn in answered)
    return {by: {"n": n, "share": _share(n, len(answered))} for by, n in counted.most_common()}


def _cost(drafts: Sequence[Line], calls: int, answered: int) -> dict[str, Any]:
    total = sum(line.get("cost", 0.0) for line in drafts)
    cancelled = sum(line.get("cost", 0.0) for line in drafts if line.get("error") == "cancelled")
    by: Mapping[str, float] = {
        tier: round(sum(line.get("cost", 0.0) for line in drafts if line["tier"] == tier), 8)
        for tier in sorted({line["tier"] for line in drafts})
    }
    return {
        "total": round(total, 8),
        "per_call": round(total / calls, 8) if calls else None,
        "per_turn": round(total / answered, 8) if answered else None,
        "by_tier": by,
        "cancelled": round(cancelled, 8),
        "model_calls": len(drafts),
    }


def _opinions(shadows: Sequence[Line]) -> dict[str, Any]:
    """Sum second opinions up; their money is not in that of the answers."""
    given = [line["agrees"] for line in shadows if line.get("agrees") is not None]
    return {
        "n": len(given),
        "differ": _share(given.count(False), len(given)),
        "cost": round(sum(line.get("cost", 0.0) for line in shadows), 8),
    }


def _percentiles(values: Sequence[float | None]) -> dict[str, float | None]:
    known = [value for value in values if value is not None]
    return {f"p{percent}": _short(percentile(known, percent)) for percent in _PERCENTS}


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
