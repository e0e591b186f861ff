"""Compares a run with an earlier one, and says what became worse.

A figure has become worse if it changed for the worse by more than a limit, and the change is no accident of which calls
were made: its interval over draws of whole calls, the same draws for both runs, leaves out "no change". Latencies of
another machine, or of a busier hour, differ by a factor that is none of the agent's doing; divided by those of a
reference agent of the same run it cancels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from voice.bench.measured.results import CallResult
from voice.bench.numbers.statistics import LEAST_CLUSTERS, Drawn, Resamples, Values, interval, percentile, resamples
from voice.bench.reports.figures import LATENCIES, Agents, groups_of, turns_of

_PERCENTS = (50, 95)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A figure before and now.

    Attributes:
        agent: Whose it is.
        figure: Its name.
        before: Of the earlier run.
        now: Of this run; None where it no longer exists.
        worse: By how much it is worse, as a share: 0.2 is 20% slower, or 20% fewer; below 0 is better.
        ci95: The interval of that; None of too few calls.
        regressed: Whether that is a regression.
        unit: Of both: ``ms``, ``share`` or ``times`` the reference agent.
        gated: Whether a regression of it fails the run.
    """

    agent: str
    figure: str
    before: float
    now: float | None
    worse: float | None
    ci95: tuple[float, float] | None
    regressed: bool
    unit: str
    gated: bool = True


def compare(before: Agents, now: Agents, limit: float, reference: str | None = None) -> list[Comparison]:
    """Compare every agent that both runs have, on the calls that both made.

    Args:
        before: The earlier run.
        now: This run.
        limit: How much worse a figure may be, as a share.
        reference: An agent that latencies are divided by, where both runs have it. They fail the run as multiples
            then, not in milliseconds.

    Raises:
        ValueError: the runs have no call in common.
    """
    found: list[Comparison] = []
    relative = reference is not None and reference in before and reference in now
    for agent in (name for name in now if name in before):
        mine = _common((before[agent], now[agent]))
        if not mine[0]:
            raise ValueError(f"{agent} made none of the calls of the earlier run: compare runs of the same set")
        found += [_judged(agent, figure, limit, "ms", gated=not relative) for figure in _latencies(*mine)]
        if relative and reference and agent != reference:
            pairs = _common((before[agent], now[agent], before[reference], now[reference]))
            found += [_judged(agent, figure, limit, "times") for figure in _multiples(*pairs)]
        found += [_judged(agent, figure, limit, "share") for figure in _shares(*mine)]
    return found


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure of both runs, on all calls and on every draw. ``worse`` says how much worse the second one is."""

    name: str
    before: float
    now: float | None
    drawn: tuple[Drawn, Drawn] | None
    worse: Callable[[Drawn, Drawn], Drawn]


Run = Sequence[CallResult]


def _common(runs: Sequence[Run]) -> list[Run]:
    """Give of each run the calls that all of them made."""
    names = frozenset[str].intersection(*(frozenset(call.call for call in run) for run in runs))
    return [[call for call in run if call.call in names] for run in runs]


def _latencies(before: Run, now: Run) -> Iterator[_Figure]:
    draws = _draws(before)
    for group in groups_of({"": before}):
        for key, title in LATENCIES.items():
            old, new = _measured(before, key, group), _measured(now, key, group)
            for percent in _PERCENTS:
                if (was := percentile([value for _, value in old], percent)) is not None:
                    drawn = (draws.percentile(old, percent), draws.percentile(new, percent)) if draws and new else None
                    name = f"{title}, {group}, P{percent}"
                    yield _Figure(name, was, percentile([value for _, value in new], percent), drawn, _grown)


def _multiples(before: Run, now: Run, reference_before: Run, reference_now: Run) -> Iterator[_Figure]:
    """Give an agent's latencies as multiples of the reference agent's."""
    others = {figure.name: figure for figure in _latencies(reference_before, reference_now)}
    for figure in _latencies(before, now):
        other = others.get(figure.name)
        if other is None or not other.before or not other.now:
            continue
        drawn = None
        if figure.drawn and other.drawn:
            drawn = (_divided(figure.drawn[0], other.drawn[0]), _divided(figure.drawn[1], other.drawn[1]))
        multiple = None if figure.now is None else figure.now / other.now
        yield _Figure(figure.name, figure.before / other.before, multiple, drawn, _grown)


def _shares(before: Run, now: Run) -> Iterator[_Figure]:
    draws = _draws(before)
    for name, of in _SHARES.items():
        old, new = of(before), of(now)
        if old and any(value for _, value in old):
            drawn = (draws.mean(old), draws.mean(new)) if draws and new else None
            yield _Figure(name, _mean(old), _mean(new) if new else None, drawn, _shrunk)


def _judged(agent: str, figure: _Figure, limit: float, unit: str, *, gated: bool = True) -> Comparison:
    if figure.now is None:
        return Comparison(agent, figure.name, figure.before, None, None, None, True, unit, gated)
    worse = float(figure.worse(np.array([figure.before]), np.array([figure.now]))[0])
    ci95 = interval(figure.worse(*figure.drawn), 4) if figure.drawn else None
    regressed = worse > limit and (ci95 is None or ci95[0] > 0)
    pair = (ci95[0], ci95[1]) if ci95 else None
    return Comparison(agent, figure.name, figure.before, figure.now, round(worse, 4), pair, regressed, unit, gated)


def _draws(calls: Run) -> Resamples | None:
    names = frozenset(call.call for call in calls)
    return resamples(names) if len(names) >= LEAST_CLUSTERS else None


def _measured(calls: Run, key: str, group: str) -> Values:
    turns = [turn for turn in turns_of(calls) if turn.kind == "turn" and group in ("all", turn.complexity)]
    return [(turn.call, float(value)) for turn in turns if (value := getattr(turn, key)) is not None]


def _answered(calls: Run) -> Values:
    return [(turn.call, float(turn.answered)) for turn in turns_of(calls) if turn.kind == "turn"]


def _right(calls: Run) -> Values:
    return [(turn.call, float(turn.right)) for turn in turns_of(calls) if turn.right is not None]


def _resolved(calls: Run) -> Values:
    return [(call.call, float(call.resolved)) for call in calls if call.resolved is not None]


_SHARES: Mapping[str, Callable[[Run], Values]] = {
    "answered": _answered,
    "all facts said": _right,
    "calls resolved": _resolved,
}


def _mean(values: Iterable[tuple[str, float]]) -> float:
    plain = [value for _, value in values]
    return sum(plain) / len(plain)


def _grown(before: Drawn, now: Drawn) -> Drawn:
    return _divided(now, before) - 1


def _shrunk(before: Drawn, now: Drawn) -> Drawn:
    return 1 - _divided(now, before)


def _divided(one: Drawn, by: Drawn) -> Drawn:
    return np.divide(one, by, out=np.full(len(one), np.nan), where=by > 0)
