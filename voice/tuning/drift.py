"""Whether calls are still like the turns that a policy was made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean
from typing import Any, Literal

from voice.bench.numbers.proportions import wilson
from voice.cascade.policy import Policy
from voice.cascade.router import route
from voice.cascade.routing_features import Facts
from voice.policy_file import Histogram, Rate, Reference
from voice.tracing.drafts import made, reading_of
from voice.tracing.replay import evidence_of
from voice.tracing.turns import Line, TurnTrace, turns_of
from voice.tuning.psi import counts, least_visible, stability_index
from voice.tuning.reference import observe, shares

Alarm = Literal["no drift", "watch", "act"]
ALARMS: tuple[Alarm, ...] = ("no drift", "watch", "act")

WATCH, ACT = 0.1, 0.25
"""Of the stability index, by convention."""

WATCH_RATE, ACT_RATE = 0.05, 0.1
"""By how much a share of turns must differ, besides more than chance explains."""

_FALSE_ALARMS = 0.01
"""How likely all indices together cry wolf: half is for the few that decide, half for what they are made from."""

_DECIDE = ("score: ", "chance: ")


@dataclass(frozen=True, slots=True)
class Shift:
    """A number that the policy decides by.

    Attributes:
        name: See `voice.policy_file.Reference`.
        index: The population stability index.
        visible: The least index that so many turns can show.
        was: Its mean then.
        now: Its mean now.
        n: How many turns have it now.
        alarm: What to make of it.
    """

    name: str
    index: float
    visible: float
    was: float
    now: float
    n: int
    alarm: Alarm

    @property
    def unseen(self) -> bool:
        """Whether a large shift would look like this, but so few turns show as much by chance."""
        return self.index >= ACT and self.index < self.visible


@dataclass(frozen=True, slots=True)
class RateShift:
    """A share of turns, with 95% intervals; ``was`` is None where the reference does not tell."""

    name: str
    was: float | None
    was_ci95: tuple[float, float] | None
    now: float
    now_ci95: tuple[float, float]
    n: int
    alarm: Alarm


@dataclass(frozen=True, slots=True)
class Drift:
    """What a comparison found.

    Attributes:
        alarm: The worst of all.
        calls: How many were looked at.
        turns: Turns of theirs that were compared.
        undated: Turns that were left out because their call tells no date.
        foreign: Turns that another policy decided: what it escalated and asked back is not compared.
        of: What the reference was made from.
        shifts: The worst first.
        rates: What was done, and what came of it.
        routes: The share of each route then and now.
    """

    alarm: Alarm
    calls: int
    turns: int
    undated: int
    foreign: int
    of: str
    shifts: tuple[Shift, ...]
    rates: tuple[RateShift, ...]
    routes: Mapping[str, tuple[float, float]]


class NothingToCompare(ValueError):
    """There are no turns, or nothing to compare them with; the message says what to do."""


def drift(
    lines: Sequence[Line], policy: Policy, reference: Reference, facts: Facts, since: date | None = None
) -> Drift:
    """Compare calls with what a policy was made from.

    Numbers are computed anew from readings and drafts, so that calls which another policy decided can be compared too.

    Args:
        lines: Of traces.
        policy: Whose file holds the reference.
        reference: That of the file.
        facts: What is known of every turn of the desk.
        since: Only calls from this day on.

    Raises:
        NothingToCompare: no turn is left.
    """
    dates = {line["call"]: str(line.get("date", "")) for line in lines if line["kind"] == "call"}
    answered = [turn for turn in turns_of(lines) if turn.answered]
    turns = [turn for turn in answered if since is None or _day(dates.get(turn.call, "")) >= since]
    undated = sum(since is not None and not dates.get(turn.call) for turn in answered)
    values: dict[str, list[float]] = {}
    routes: Counter[str] = Counter()
    compared: list[TurnTrace] = []
    for turn in turns:
        reading = reading_of(turn)
        if reading is None:
            continue
        drafts = [one for one in made(turn, reading).values() if policy.rank(one.draft.tier) >= 0]
        if reference.of == "calls" and not drafts:
            continue
        compared.append(turn)
        routes[str(route(reading, policy, facts).route)] += 1
        asked = [evidence_of(one, reading, policy, 0, drafts) for one in drafts if one.score is not None]
        for name, value in observe(reading, asked, policy, facts).items():
            values.setdefault(name, []).append(value)
    if not compared:
        raise NothingToCompare(
            "no turn can be compared: give traces of answered calls"
            + (f" from {since} on" if since else "")
            + (f"; those of {undated} turns tell no date" if undated else "")
        )
    shifts = _shifts(reference.values, values, reference.routes, routes)
    version = policy.fitted.version if policy.fitted and policy.fitted.router else ""
    own = [turn for turn in compared if (turn.last("route") or {}).get("router_version", "") == version]
    flags = {**_decided(own), **_followed(compared)}
    rates = tuple(_rate(name, each, reference.rates.get(name)) for name, each in flags.items() if each)
    alarms: list[Alarm] = [*(each.alarm for each in shifts), *(each.alarm for each in rates)]
    before, after = shares(reference.routes), shares(routes)
    return Drift(
        max(alarms, key=ALARMS.index),
        len({turn.call for turn in compared}),
        len(compared),
        undated,
        len(compared) - len(own),
        reference.of,
        shifts,
        rates,
        {name: (before.get(name, 0.0), after.get(name, 0.0)) for name in sorted({*before, *after})},
    )


def _day(text: str) -> date:
    return date.fromisoformat(text[:10]) if text else date.min


def _shifts(
    was: Mapping[str, Histogram], now: Mapping[str, Sequence[float]], routed: Mapping[str, int], routes: Counter[str]
) -> tuple[Shift, ...]:
    names = [name for name in was if now.get(name)]
    few = sum(name.startswith(_DECIDE) for name in names) + 1
    deciding, made_from = _FALSE_ALARMS / 2 / few, _FALSE_ALARMS / 2 / max(1, len(names) + 1 - few)
    found = [_shift(name, was[name], now[name], deciding if name.startswith(_DECIDE) else made_from) for name in names]
    kinds = sorted({*routed, *routes})
    before, after = [routed.get(kind, 0) for kind in kinds], [routes[kind] for kind in kinds]
    usual = max(kinds, key=lambda kind: routed.get(kind, 0))
    means = shares(routed).get(usual, 0.0), shares(routes).get(usual, 0.0)
    found.append(_compared(f"route: {usual}", before, after, means, deciding))
    return tuple(sorted(found, key=lambda each: (-ALARMS.index(each.alarm), -each.index)))


def _shift(name: str, was: Histogram, values: Sequence[float], chance: float) -> Shift:
    return _compared(name, was.counts, counts(was.cuts, values), (was.mean, round(fmean(values), 4)), chance)


def _compared(name: str, was: Sequence[int], now: Sequence[int], means: tuple[float, float], chance: float) -> Shift:
    index, visible = stability_index(was, now), least_visible(was, now, chance)
    return Shift(name, round(index, 4), round(visible, 4), *means, sum(now), _alarm(index, visible))


def _alarm(index: float, visible: float) -> Alarm:
    if index < max(WATCH, visible):
        return "no drift"
    return "act" if index >= ACT else "watch"


def _decided(turns: Sequence[TurnTrace]) -> dict[str, list[bool]]:
    """Say of each turn whether a larger tier was asked, and whether the caller was asked to say it again."""
    asked = [
        (turn.answered or {}).get("source") == "fallback" or (turn.last("route") or {}).get("route") == "ask"
        for turn in turns
    ]
    return {"escalated": [bool((turn.answered or {}).get("escalated")) for turn in turns], "asked back": asked}


def _followed(turns: Sequence[TurnTrace]) -> dict[str, list[bool]]:
    """Say of each turn, where it is known, whether the caller objected, and whether a second opinion differed."""
    found: dict[str, list[bool]] = {"repaired": [], "disagreed": []}
    for turn in turns:
        found["repaired"] += [bool(line["repaired"]) for line in turn.all("outcome") if "repaired" in line][-1:]
        agrees = [line["agrees"] for line in turn.all("shadow") if line.get("agrees") is not None]
        found["disagreed"] += [not agreed for agreed in agrees[-1:]]
    return found


def _rate(name: str, flags: Sequence[bool], was: Rate | None) -> RateShift:
    now, ci = sum(flags) / len(flags), _interval(sum(flags), len(flags))
    if was is None or was.n <= 0:
        return RateShift(name, None, None, round(now, 4), ci, len(flags), "no drift")
    before = _interval(was.share * was.n, was.n)
    more = now - was.share
    far = abs(more) if name == "escalated" else more
    alarm: Alarm = "no drift"
    if far >= WATCH_RATE and not ci[0] <= was.share <= ci[1]:
        alarm = "watch"
    if far >= ACT_RATE and (ci[0] > before[1] or ci[1] < before[0]):
        alarm = "act"
    return RateShift(name, was.share, before, round(now, 4), ci, len(flags), alarm)


def _interval(held: float, n: float) -> tuple[float, float]:
    low, high = wilson(held, n)
    return round(low, 4), round(high, 4)


def as_dict(found: Drift) -> dict[str, Any]:
    """Give it for programs."""
    return {
        "verdict": found.alarm,
        "calls": found.calls,
        "turns": found.turns,
        "undated": found.undated,
        "decided_by_another_policy": found.foreign,
        "reference": found.of,
        "shifts": [{name: getattr(each, name) for name in Shift.__slots__} for each in found.shifts],
        "rates": [{name: getattr(each, name) for name in RateShift.__slots__} for each in found.rates],
        "routes": {name: {"was": was, "now": now} for name, (was, now) in found.routes.items()},
    }
