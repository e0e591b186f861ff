"""Service levels from traces: who answered, why the rest left the smallest tier, how long it took, what it cost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from voice.bench.numbers.statistics import percentile
from voice.bench.timeline.drafts import draftings
from voice.tracing.escalations import Escalation, escalations
from voice.tracing.turns import Line, TurnTrace, turns_of
from voice.tracing.waterfall import waterfalls
from voice.tracing.where import overhead, waits

_PERCENTS = (50, 90, 95, 99)


def stats(lines: Sequence[Line]) -> dict[str, Any]:
    """Sum traces up, as JSON values. Shares are 0…1 of answered turns, times in seconds, money in the profile's.

    A turn may be counted under several reasons of ``left_because``.
    """
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
        "in_vain": _in_vain(turns, lines),
        "outcomes": dict(Counter(_answer(turn)["outcome"] for turn in answered).most_common()),
        "first_audio_seconds": _percentiles([turn.wait(substance=False) for turn in answered]),
        "first_answer_seconds": _percentiles([turn.wait(substance=True) for turn in answered]),
        "first_answer_seconds_by": {
            by: _percentiles([turn.wait(substance=True) for turn in answered if _answer(turn)["source"] == by])
            for by in sorted({_answer(turn)["source"] for turn in answered})
        },
        "cost": _cost(drafts, len(calls), len(turns), len(answered)),
        "second_opinions": _opinions([line for line in lines if line["kind"] == "shadow"]),
        "budget_refusals": dict(Counter(_limit(line) for line in lines if line.get("refused")).most_common()),
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
    return _reasons(turn.lines)


def _reasons(lines: Sequence[Line]) -> list[str]:
    found: list[str] = []
    route = next((line for line in reversed(lines) if line["kind"] == "route"), None)
    if route and route["route"] in ("larger", "both"):
        found.append(f"router: {route['route']}")
    for line in lines:
        if line["kind"] == "checked" and line.get("verdict") not in ("accept", "wait"):
            found += [f"check: {_plain(failed)}" for failed in line.get("failed", ())] or ["check"]
        elif line["kind"] == "drafted" and line.get("error") and line["error"] != "cancelled":
            found.append(f"{line['tier']}: {str(line['error']).partition(':')[0]}")
    return list(dict.fromkeys(found)) or ["not told"]


def _in_vain(turns: Sequence[TurnTrace], lines: Sequence[Line]) -> dict[str, Any]:
    """Sum up the larger tiers that were asked while the caller could go on, and did: their answer was not needed."""
    last = {turn.call: turn.number for turn in sorted(turns, key=lambda turn: turn.number)}
    found = [
        (turn, each)
        for turn in turns
        for each in escalations(turn.lines, followed=turn.number < last[turn.call])
        if not each.needed
    ]
    return {
        "n": len(found),
        "turns": len({(turn.call, turn.number) for turn, _ in found}),
        "because": dict(Counter(reason for _, each in found for reason in _reasons(each.lines)).most_common()),
        "cost": round(_money([(turn.call, each) for turn, each in found], lines), 8),
    }


def _money(found: Sequence[tuple[str, Escalation]], lines: Sequence[Line]) -> float:
    """Give what the tiers asked took; the end of a draft may be told in a later hearing than its start."""
    total = 0.0
    for call in dict.fromkeys(call for call, _ in found):
        drafts = draftings([dict(line) for line in lines if line["call"] == call])
        started = {(line["at"], each.to) for of, each in found if of == call for line in each.lines}
        total += sum(draft.cost for draft in drafts if (draft.start, draft.tier) in started)
    return total


def _plain(failed: str) -> str:
    return re.split(r"\s+[\d.]+\s*<", failed)[0]


def _answer(turn: TurnTrace) -> Line:
    answer = turn.answered
    assert answer
    return answer


def _by(answered: Sequence[TurnTrace]) -> dict[str, dict[str, Any]]:
    counted = Counter(_answer(turn)["source"] for turn in answered)
    return {by: {"n": n, "share": _share(n, len(answered))} for by, n in counted.most_common()}


def _limit(line: Line) -> str:
    """Name the limit that forbade something, in words that can be counted."""
    named = f"{line['what'].replace('_', ' ')} in a {line['period']}" if "what" in line else str(line["refused"])
    return named if line.get("enforced", True) else f"{named}, only noted"


def _cost(drafts: Sequence[Line], calls: int, turns: int, answered: int) -> dict[str, Any]:
    """Sum up money. ``cancelled`` is for drafts that nobody used, ``estimated`` for those whose end nobody counted."""
    total = _sum(drafts)
    by: Mapping[str, float] = {
        tier: round(_sum(line for line in drafts if line["tier"] == tier), 8)
        for tier in sorted({line["tier"] for line in drafts})
    }
    return {
        "total": round(total, 8),
        "per_call": round(total / calls, 8) if calls else None,
        "per_turn": round(total / turns, 8) if turns else None,
        "per_answered_turn": round(total / answered, 8) if answered else None,
        "by_tier": by,
        "cancelled": round(_sum(line for line in drafts if line.get("error") == "cancelled"), 8),
        "estimated": round(_sum(line for line in drafts if line.get("estimated")), 8),
        "model_calls": len(drafts),
    }


def _opinions(shadows: Sequence[Line]) -> dict[str, Any]:
    """Sum second opinions up; their money is not in that of the answers."""
    given = [line["agrees"] for line in shadows if line.get("agrees") is not None]
    return {
        "n": len(given),
        "differ": _share(given.count(False), len(given)),
        "cancelled": sum(line.get("error") == "cancelled" for line in shadows),
        "failed": sum(line.get("error") not in (None, "cancelled") for line in shadows),
        "refused": sum(bool(line.get("refused")) for line in shadows),
        "cost": round(_sum(shadows), 8),
    }


def _sum(lines: Iterable[Line]) -> float:
    return sum(line.get("cost", 0.0) for line in lines)


def _percentiles(values: Sequence[float | None]) -> dict[str, float | None]:
    known = [value for value in values if value is not None]
    return {f"p{percent}": _short(percentile(known, percent)) for percent in _PERCENTS}


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
