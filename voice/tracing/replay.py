"""Recorded calls, decided again by another policy on the drafts and checks that their traces hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from voice.cascade.policy import Policy
from voice.cascade.router import Route, route
from voice.cascade.routing_features import Facts
from voice.cascade.rules import Evidence, Judgement, below, judge, last_resort, risk_of
from voice.cascade.words import Reading
from voice.tracing.drafts import Made, made, reading_of
from voice.tracing.turns import Line, TurnTrace, turns_of

UNKNOWN = "?"
"""Stands for who would have answered, where the trace can't tell."""

ASK = "ask"
"""Stands for nobody: the caller was asked to say it again, which a trace calls ``fallback``."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """A turn under the other policy.

    Attributes:
        call: The call's id.
        turn: The turn's number.
        was: Who answered: ``code``, a tier, ``gate``, or `ASK`.
        now: Who would answer: ``code``, a tier, `ASK`, or `UNKNOWN`.
        why: What decided, or why it can't be told.
        score: The last judgement's score, None where no draft was judged.
    """

    call: str
    turn: int
    was: str
    now: str
    why: str
    score: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Give it for programs."""
        return {name: getattr(self, name) for name in ("call", "turn", "was", "now", "why", "score")}


def foreign(lines: Sequence[Line], profile: str, models: str | None, actions: Collection[str] | None) -> list[str]:
    """Say what in these traces another profile or desk made, so that this one's thresholds are not meant for it.

    Args:
        lines: Of traces.
        profile: The name of the profile that is to decide.
        models: Names its models (`voice.fingerprint.version_of`); None where that is not known.
        actions: All that its desk can do; None where it does not tell.
    """
    about = [line for line in lines if line["kind"] == "call"]
    others = Counter(str(line["profile"]) for line in about if line.get("profile", profile) != profile)
    found = [
        f"{_calls(n)} answered with the profile {name!r}, and {profile!r} decides here: name theirs with --profile"
        for name, n in others.items()
    ]
    if models and (n := sum(line.get("models", models) != models for line in about)):
        found.append(f"{_calls(n)} answered by other models than those of the profile {profile!r}")
    done = {
        str(action["action"])
        for line in lines
        if line["kind"] in ("drafted", "perform")
        for action in line.get("actions") or ()
    }
    if strange := sorted(done - {*actions}) if actions is not None else []:
        found.append(
            f"another desk's actions are in the trace ({', '.join(strange)}): what they change is not known here"
        )
    return found


def _calls(n: int) -> str:
    return f"{n} call was" if n == 1 else f"{n} calls were"


def replay(lines: Sequence[Line], policy: Policy, read_only: frozenset[str]) -> list[Replayed]:
    """Decide every answered turn again.

    Args:
        lines: Of traces.
        policy: Decides; its tiers must have the names that the traces use.
        read_only: The desk's actions that change nothing.
    """
    return [_turn(turn, policy, read_only) for turn in turns_of(lines) if turn.answered]


def _turn(turn: TurnTrace, policy: Policy, read_only: frozenset[str]) -> Replayed:
    answer, routed = turn.answered, turn.last("route")
    assert answer
    was = ASK if answer["source"] == "fallback" else str(answer["source"])

    def ended(now: str, why: str, judgement: Judgement | None = None) -> Replayed:
        return Replayed(turn.call, turn.number, was, now, why, round(judgement.score, 4) if judgement else None)

    reading = reading_of(turn)
    if was == "gate":
        return ended(UNKNOWN, "a gate decided, and gates are not replayed")
    if routed is None or reading is None:
        return ended(UNKNOWN, "the trace does not hold the reading by rules")
    drafts = made(turn, reading)
    facts = facts_of(turn, read_only)
    routing = route(reading, policy, facts)
    if routing.route in (Route.CODE, Route.ASK):
        return ended("code", routing.reason)
    order = list(policy.tiers[:2])
    if routing.route is Route.LARGER and len(order) > 1:
        order = order[1:]
    judgement: Judgement | None = None
    for tier in order:
        if tier.name not in drafts:
            errors = [line["error"] for line in turn.all("drafted") if line["tier"] == tier.name and line["error"]]
            if errors and errors[-1] != "cancelled":
                continue
            return ended(UNKNOWN, f"{tier.name} was not asked, or not judged, in this turn", judgement)
        evidence = evidence_of(drafts[tier.name], reading, policy, facts.repairs, drafts.values())
        judgement = judge(evidence, policy)
        if judgement.verdict == "accept" or last_resort(evidence, policy):
            return ended(tier.name, "accepted", judgement)
        if judgement.verdict == "ask":
            break
    return ended(ASK, "; ".join(judgement.failed) if judgement else "no tier gave a draft", judgement)


def facts_of(turn: TurnTrace, read_only: frozenset[str]) -> Facts:
    """Give what the router knew besides the reading."""
    return Facts(read_only, **(turn.last("route") or {}).get("facts", {}))


def evidence_of(one: Made, reading: Reading, policy: Policy, repairs: int, drafts: Iterable[Made]) -> Evidence:
    """Give what a rule of this policy sees of one of a turn's drafts in a trace."""
    tier = one.draft.tier
    return Evidence(
        reading,
        one.draft,
        one.findings,
        policy.tier(tier),
        policy.above(tier),
        repairs,
        risk_of(one.draft, one.findings, policy.risk),
        below=below(policy, tier, (other.draft for other in drafts if not other.draft.error)),
    )
