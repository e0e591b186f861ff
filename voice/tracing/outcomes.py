"""From traces of real calls to recorded outcomes, which `voice tune` and `voice compare` read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from voice.bench.turns.outcomes import ReadingOutcome, RecordedOutcome, TierOutcome
from voice.bench.turns.splits import split_of
from voice.bench.turns.yardstick import Yardstick
from voice.cascade.words import Reading
from voice.tracing.drafts import Made, made, reading_of
from voice.tracing.labels import Doubt, Key
from voice.tracing.turns import Line, TurnTrace, turns_of
from voice.tracing.verdicts import RULES, Known, disagree, judge

MOST_IT_STANDS_FOR = 10.0
"""However small the share of turns that get a second opinion: no single turn may decide alone."""

Labels = Mapping[Key, Sequence[Mapping[str, Any]]]


@dataclass
class Gathered:
    """What traces gave.

    Attributes:
        outcomes: A line each.
        doubts: Turns without a label, for the worksheet.
        left_out: How many answered turns gave no line, by why.
        verdicts: How many lines there are, by the best verdict of a draft.
        unused_labels: Labels of turns that are not in the traces.
    """

    outcomes: list[RecordedOutcome] = field(default_factory=list[RecordedOutcome])
    doubts: list[Doubt] = field(default_factory=list[Doubt])
    left_out: Counter[str] = field(default_factory=Counter[str])
    verdicts: Counter[str] = field(default_factory=Counter[str])
    unused_labels: int = 0


@dataclass(frozen=True, slots=True)
class _Call:
    id: str
    date: str
    models: str
    succeeded: bool
    turns: Sequence[TurnTrace]


def gather(
    lines: Sequence[Line],
    tiers: Sequence[str],
    models: str,
    yardstick: Yardstick,
    labels: Labels | None = None,
    since: date | None = None,
) -> Gathered:
    """Turn traces into outcomes.

    Args:
        lines: Of traces, as they were written.
        tiers: The profile's, the cheapest first.
        models: Names the profile's models (`voice.fingerprint.version_of`). Calls whose trace does not tell theirs are
            taken to have had these; others are left out.
        yardstick: Of the profile's desk. Calls in which something was understood that this desk can't do are left out.
        labels: By people who looked at turns.
        since: Calls before this day are left out, and those whose trace tells no date; but never a labelled turn.
    """
    labels = labels or {}
    found, seen = Gathered(), set[Key]()
    for call in _calls(lines):
        agent, bookings = "", list[str]()
        for turn in call.turns:
            if not turn.answered:
                continue
            key = (call.id, turn.number)
            label = labels.get(key)
            seen.add(key)
            why = _unusable(call, models, yardstick, since, labelled=label is not None)
            if why:
                found.left_out[why] += 1
            else:
                _take(found, call, turn, tiers, models, yardstick, label, agent, tuple(bookings))
            agent = " ".join(turn.answered["say"])
            bookings += [locator for locator in _locators(turn) if locator not in bookings]
    found.unused_labels = len(set(labels) - seen)
    return found


def _calls(lines: Sequence[Line]) -> list[_Call]:
    by_call: dict[str, list[TurnTrace]] = {}
    for turn in turns_of(lines):
        by_call.setdefault(turn.call, []).append(turn)
    about = {line["call"]: line for line in lines if line["kind"] == "call"}
    tasks = {line["call"]: line["task"] for line in lines if line["kind"] == "outcome" and "task" in line}
    return [
        _Call(
            name,
            str(about.get(name, {}).get("date", "")),
            str(about.get(name, {}).get("models", "")),
            tasks.get(name) in ("written", "answered"),
            sorted(turns, key=lambda turn: turn.number),
        )
        for name, turns in by_call.items()
    ]


def _unusable(call: _Call, models: str, yardstick: Yardstick, since: date | None, *, labelled: bool) -> str:
    if yardstick.actions is not None and _done_in(call) - {*yardstick.actions}:
        return "with actions that are not in the vocabulary of the profile's desk"
    if call.models and call.models != models:
        return "made by other models than the profile's"
    if since and not labelled:
        if not call.date:
            return "the trace does not tell its date"
        if date.fromisoformat(call.date[:10]) < since:
            return f"before {since}"
    return ""


def _done_in(call: _Call) -> set[str]:
    """Name the actions that were understood in a call."""
    lines = [line for turn in call.turns for kind in ("drafted", "perform") for line in turn.all(kind)]
    return {str(action["action"]) for line in lines for action in line.get("actions") or ()}


def _take(
    found: Gathered,
    call: _Call,
    turn: TurnTrace,
    tiers: Sequence[str],
    models: str,
    yardstick: Yardstick,
    label: Sequence[Mapping[str, Any]] | None,
    agent: str,
    bookings: tuple[str, ...],
) -> None:
    reading = reading_of(turn)
    drafts = made(turn, reading) if reading else {}
    drafts = {name: drafts[name] for name in tiers if name in drafts}
    if reading is None or not drafts:
        found.left_out["no draft in the trace" if reading else "no reading in the trace"] += 1
        return
    known = _known(call, turn, reading, drafts, label, yardstick)
    outcome = _outcome(call, turn, models, agent, bookings, reading, drafts, known)
    if label is None:
        found.doubts.append(_doubt(call, turn, agent, drafts, known))
    best = max(outcome.tiers.values(), key=lambda one: one.weight)
    if best.weight > 0:
        found.verdicts[best.verdict] += 1
        found.outcomes.append(outcome)
    else:
        found.left_out["nobody knows whether it was right"] += 1


def _known(
    call: _Call,
    turn: TurnTrace,
    reading: Reading,
    drafts: Mapping[str, Made],
    label: Sequence[Mapping[str, Any]] | None,
    yardstick: Yardstick,
) -> Known:
    read: dict[str, Sequence[Mapping[str, Any]]] = {}
    if reading.actions:
        read[RULES] = [action.as_dict() for action in reading.actions]
    read |= {name: [action.as_dict() for action in one.draft.actions] for name, one in drafts.items()}
    done = turn.last("perform")
    outcomes = [line for line in turn.all("outcome") if "repaired" in line]
    return Known(
        label,
        read,
        done["actions"] if done and done["source"] in (*read, "rules") else None,
        bool(outcomes[-1]["repaired"]) if outcomes else None,
        call.succeeded,
        yardstick,
    )


def _outcome(
    call: _Call,
    turn: TurnTrace,
    models: str,
    agent: str,
    bookings: tuple[str, ...],
    reading: Reading,
    drafts: Mapping[str, Made],
    known: Known,
) -> RecordedOutcome:
    names = [action["action"] for action in known.label or known.accepted or next(iter(known.read.values()))]
    complicated = reading.legs > 1 or reading.requests > 1 or reading.corrected
    return RecordedOutcome(
        id=f"{call.id}/{turn.number}",
        split=split_of(call.id),
        complexity="complex" if complicated else "simple",
        kind="+".join(sorted(set(names))),
        text=_said(turn),
        agent=agent,
        bookings=bookings,
        expect=tuple(known.label or ()),
        reading=_reading(reading, known),
        tiers={name: _tier(name, one, known) for name, one in drafts.items()},
        version=models,
        call=call.id,
        date=call.date,
        stands_for=round(min(MOST_IT_STANDS_FOR, max(1 / max(one.share, 1e-6) for one in drafts.values())), 3),
        repaired=known.repaired,
        desk=known.yardstick.name,
    )


def _reading(reading: Reading, known: Known) -> ReadingOutcome:
    judged = judge(known, RULES) if RULES in known.read else None
    return ReadingOutcome.of(
        reading,
        tuple(known.read[RULES]) if judged else None,
        exact=judged.exact if judged else False,
        verdict=judged.by if judged else "label" if known.label is not None else "unknown",
        weight=judged.weight if judged else float(known.label is not None),
    )


def _tier(name: str, one: Made, known: Known) -> TierOutcome:
    judged, draft, findings = judge(known, name), one.draft, one.findings
    return TierOutcome(
        actions=tuple(known.read[name]),
        text=draft.text,
        tokens=draft.tokens,
        logprobs=draft.logprobs,
        completeness=findings.completeness,
        correctness=findings.correctness,
        agreement=findings.agreement,
        problems=findings.problems,
        irreversible=findings.irreversible,
        error=None,
        seconds=one.seconds,
        examine_seconds=one.examine_seconds,
        prompt_tokens=draft.prompt_tokens,
        output_tokens=draft.output_tokens,
        cost=one.cost,
        exact=judged.exact,
        verdict=judged.by,
        weight=judged.weight,
    )


def _doubt(call: _Call, turn: TurnTrace, agent: str, drafts: Mapping[str, Made], known: Known) -> Doubt:
    """Two readings that differ and objections come first, then what scored least."""
    scores = [one.score for one in drafts.values() if one.score is not None]
    least = min(scores, default=0.0)
    differ = disagree(known)
    reasons = [
        *(["the tiers read it differently"] if differ else []),
        *(["the caller objected"] if known.repaired else []),
        f"least score {least:.2f}",
    ]
    done, answer = turn.last("perform"), turn.answered or {}
    return Doubt(
        call=call.id,
        turn=turn.number,
        text=_said(turn),
        agent=agent,
        did=done["actions"] if done else (),
        said=" ".join(answer.get("say", ())),
        read=known.read,
        why="; ".join(reasons),
        doubt=round(1 - least + differ + bool(known.repaired), 4),
    )


def _said(turn: TurnTrace) -> str:
    heard = turn.last("turn")
    return str(heard["text"]) if heard else ""


def _locators(turn: TurnTrace) -> list[str]:
    done = turn.last("performed")
    results = done["data"] if done else ()
    return [str(one["locator"]) for one in results if isinstance(one, dict) and one.get("locator")]
