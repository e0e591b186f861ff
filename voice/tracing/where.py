"""Where the time of many turns goes: each stage of their waits, the floor, and the agent's own work."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from voice.bench.numbers.statistics import percentile
from voice.tracing.own import own_work
from voice.tracing.stages import NAMES
from voice.tracing.turns import Line
from voice.tracing.waterfall import Waterfall

_OWN = ("router", "checks", "prompt", "core", "commands", "trace", "all", "longest", "ahead")


def waits(found: Sequence[Waterfall]) -> dict[str, Any]:
    """Sum up waits, as JSON values: of all turns whose answer was heard (``all``), and by who answered.

    A group has ``n``, its number of turns, and in seconds ``wait`` and ``floor`` (``mean``, ``p50``, ``p95``) and
    ``stages``: for each, in order, the same over all turns of the group, 0 where a turn did not wait for it, and ``n``,
    how many did. Means add up to the mean wait; percentiles do not.
    """
    heard = [one for one in found if one.wait is not None]
    sources = sorted({one.source for one in heard}, key=lambda source: (source != "code", source))
    groups = {"all": heard, **{source: [one for one in heard if one.source == source] for source in sources}}
    return {name: _group(group) for name, group in groups.items() if group}


def _group(group: Sequence[Waterfall]) -> dict[str, Any]:
    spent = [one.seconds() for one in group]
    stages = {key: [one.get(key, 0.0) for one in spent] for key in in_order({key for one in spent for key in one})}
    return {
        "n": len(group),
        "wait": spread([one.wait for one in group]),
        "floor": spread([one.floor for one in group]),
        "stages": {key: {"n": sum(value > 0 for value in values), **spread(values)} for key, values in stages.items()},
    }


def in_order(keys: Iterable[str]) -> list[str]:
    """Sort the keys of stages as a wait goes through them; drafts of several tiers by name."""
    return sorted(keys, key=lambda key: (_rank(key), key))


def _rank(key: str) -> int:
    return next(rank for rank, name in enumerate(NAMES) if key == name or key.startswith(f"{name} "))


def overhead(lines: Sequence[Line]) -> dict[str, Any] | None:
    """Sum up the agent's own work a turn, in milliseconds; None if no trace tells of it.

    ``checks`` is for each draft; ``ahead`` is work that was overtaken while the caller still spoke, and is in nothing
    else; ``longest`` is the longest that the loop was held at a time.
    """
    told = [own_work(line) for line in lines if line["kind"] == "overhead"]
    if not told:
        return None
    return {"n": len(told), **{key: spread([one.get(key) for one in told]) for key in _OWN}}


def spread(values: Sequence[float | None]) -> dict[str, float | None]:
    """Give mean, median and P95 of what is known."""
    known = [value for value in values if value is not None]
    mean = sum(known) / len(known) if known else None
    figures = {"mean": mean, "p50": percentile(known, 50), "p95": percentile(known, 95)}
    return {name: None if value is None else round(value, 4) for name, value in figures.items()}
