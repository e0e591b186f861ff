"""What the tiers made of an answered turn, as far as its trace tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voice.cascade.words import Action, Draft, Findings, Reading
from voice.tracing.turns import Line, TurnTrace

_IMPOSSIBLE = -100.0
"""Stands for the log-probability of what a model holds for impossible."""


@dataclass(frozen=True, slots=True)
class Made:
    """A tier's draft of a turn that was checked.

    Attributes:
        draft: As it was judged, with the actions that it came to beside the turn's other readings. One that was
            accepted by its beginning has the tokens that there were then, and the actions of the reading by rules.
        findings: What the checks said.
        score: The rule's score, None where no rule judged it.
        seconds: From the request to the draft, or to its acceptance.
        examine_seconds: How long the checks took.
        cost: What it cost.
        share: For a second opinion, the share of turns that get one; 1 for the drafts of every turn.
    """

    draft: Draft
    findings: Findings
    score: float | None
    seconds: float
    examine_seconds: float
    cost: float
    share: float = 1.0


def reading_of(turn: TurnTrace) -> Reading | None:
    """Give the reading by rules of what was answered, None where the trace does not hold it."""
    routed = turn.last("route")
    return Reading.from_dict(routed["read"]) if routed and "read" in routed else None


def made(turn: TurnTrace, reading: Reading) -> dict[str, Made]:
    """Give each tier's draft of what was answered, second opinions too.

    Drafts of an earlier hearing of the turn, failed ones, and those that nobody checked are left out.
    """
    start = max((index for index, line in enumerate(turn.lines) if line["kind"] == "route"), default=0)
    lines = turn.lines[start:]
    found: dict[str, Made] = {}
    for checked in _of(lines, "checked"):
        if one := _made(lines, checked, reading):
            found[checked["tier"]] = one
    for shadow in _of(lines, "shadow"):
        checked = _last(_of(lines, "shadow_checked"), shadow["tier"])
        if checked and shadow.get("actions") and not shadow.get("error"):
            seconds, share = shadow.get("seconds", 0.0), shadow.get("share", 1.0)
            draft, findings = _draft(shadow, tuple(map(Action.from_dict, shadow["actions"]))), _findings(checked)
            examined = max(0.0, checked["at"] - shadow["at"])
            found[shadow["tier"]] = Made(draft, findings, None, seconds, examined, shadow["cost"], share)
    return found


def _made(lines: list[Line], checked: Line, reading: Reading) -> Made | None:
    tier = checked["tier"]
    drafts = [line for line in _of(lines, "drafted") if line["tier"] == tier]
    agreed = _last(_of(lines, "agreed"), tier)
    began = _last(_of(lines, "draft_started"), tier)
    if checked.get("early"):
        # Its bill may come after the answer, when it is an old generation's.
        used = [line for line in drafts if line.get("early")] or drafts
        drafted = next((line for line in used if agreed and line["text"].startswith(agreed["text"])), None)
        if drafted is None or agreed is None or checked["verdict"] != "accept":
            return None
        ready, actions = agreed["at"], reading.actions or ()
    else:
        drafted = next((line for line in reversed(drafts) if not line.get("stale") and not line["error"]), None)
        if drafted is None:
            return None
        ready = drafted["at"]
        put_to_vote = _last(_of(lines, "taken_up"), tier) or drafted
        actions = tuple(map(Action.from_dict, put_to_vote.get("voted") or drafted["actions"]))
    return Made(
        _draft(drafted, actions),
        _findings(checked),
        checked.get("score"),
        round(max(0.0, ready - began["at"]), 4) if began else 0.0,
        round(max(0.0, checked["at"] - ready), 6),
        drafted["cost"],
    )


def _draft(line: Line, actions: tuple[Action, ...]) -> Draft:
    logprobs = tuple(max(_IMPOSSIBLE, value) for value in line.get("logprobs", ()))
    tokens = tuple(line.get("tokens", ()))
    return Draft(
        line["tier"],
        actions,
        line.get("text", ""),
        logprobs,
        line["prompt_tokens"],
        line["output_tokens"],
        tokens=tokens if len(tokens) == len(logprobs) else (),
    )


def _findings(line: Line) -> Findings:
    scores: Mapping[str, Any] = line["scores"]
    return Findings(
        float(scores["completeness"]),
        float(scores["correctness"]),
        scores.get("agreement"),
        tuple(line["problems"]),
        bool(line.get("irreversible", False)),
    )


def _of(lines: list[Line], kind: str) -> list[Line]:
    return [line for line in lines if line["kind"] == kind]


def _last(lines: list[Line], tier: str) -> Line | None:
    return next((line for line in reversed(lines) if line["tier"] == tier), None)
