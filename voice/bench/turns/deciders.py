"""Ways to decide a labelled turn: by rules alone, by one tier alone, or by the cascade as calls use it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from voice.bench.turns.evaluate import Decide, Decision
from voice.bench.turns.labelled import LabelledTurn
from voice.bench.turns.yardstick import Yardstick
from voice.cascade.commands import Say
from voice.cascade.doubts import doubted
from voice.cascade.policy import Policy, RouterPolicy, Tier
from voice.cascade.words import Action
from voice.ports import LanguageModel, Mouth
from voice.runtime import Runtime
from voice.trace import Line, Trace


def by_rules(yardstick: Yardstick) -> Decide:
    """Decide by the reading by rules, whether it is certain or not."""

    async def decide(turn: LabelledTurn) -> Decision:
        desk = yardstick.begin(turn.context)
        reading = desk.read(turn.text, desk.dialogue)
        actions, in_doubt = reading.actions or (), doubted(reading, turn.words, RouterPolicy().heard_confidence)
        asks = turn.words and yardstick.asks_instead(actions, in_doubt)
        outcome = "clarify" if asks else outcome_of(actions)
        return Decision(actions, outcome, "code", {"certain": reading.certain, "doubted": in_doubt})

    return decide


def by_tier(yardstick: Yardstick, model: LanguageModel, tier: Tier) -> Decide:
    """Decide by one tier's draft alone: no rules before it, no checks and no second tier after it.

    Args:
        yardstick: Of the desk.
        model: Asked what a call would ask it.
        tier: The policy's, which says how its prompt is worded and what it is shown.
    """

    async def decide(turn: LabelledTurn) -> Decision:
        desk = yardstick.begin(turn.context)
        reading = desk.read(turn.text, desk.dialogue)
        messages = desk.prompt(tier.shown(reading), desk.dialogue, fine_tuned=tier.fine_tuned)
        draft = await model.draft(messages, desk.schema(reading, desk.dialogue, fine_tuned=tier.fine_tuned))
        actions: tuple[Action, ...] = ()
        error = draft.error
        if error is None:
            try:
                actions = desk.parse(draft.text, reading)
            except ValueError:
                error = "broken_json"
        found = desk.examine(actions, reading, desk.dialogue)
        scores = {
            "completeness": round(found.completeness, 3),
            "correctness": round(found.correctness, 3),
            "agreement": found.agreement,
            "mean_logprob": round(sum(draft.logprobs) / len(draft.logprobs), 4) if draft.logprobs else None,
            "min_logprob": round(min(draft.logprobs), 4) if draft.logprobs else None,
            "prompt_tokens": draft.prompt_tokens,
            "output_tokens": draft.output_tokens,
            "error": error,
        }
        return Decision(actions, outcome_of(actions), tier.name, scores)

    return decide


class _Mute(Mouth):
    """A mouth for a turn that nobody listens to."""

    def say(self, utterance: Say) -> None:
        del utterance


def by_cascade(yardstick: Yardstick, policy: Policy, tiers: Mapping[str, LanguageModel]) -> Decide:
    """Decide as calls do: the core with its runtime, router, checks and tiers; each turn is a call of its own.

    The turn ends where its actions would be carried out. What the core takes for a murmur is decided by nobody. Where a
    turn tells how surely its words were heard, the desk's question about those in doubt counts as one.

    Args:
        yardstick: Of the desk.
        policy: The profile's. Its filler is left out, since a filler decides nothing.
        tiers: A model for every tier of the policy.
    """
    policy = replace(policy, filler=replace(policy.filler, enabled=False))

    async def decide(turn: LabelledTurn) -> Decision:
        now = asyncio.get_running_loop().time
        desk, lines = yardstick.begin(turn.context), list[Line]()
        trace = Trace(turn.id, now(), lines.append)
        runtime = Runtime(policy=policy, desk=desk, tiers=tiers, mouth=_Mute(), trace=trace)
        runtime.start()
        least = min((confidence for _, confidence in turn.words), default=1.0)
        runtime.heard(turn.text, final=True, spoke_until=now(), confidence=least, words=turn.words)
        if runtime.state.turn is not None:
            await desk.performed.wait()
        await runtime.close()
        if desk.failed:  # a call would have gone on without it
            raise desk.failed
        return decision_of(yardstick, lines, policy.tiers[0].name, heard=bool(turn.words))

    return decide


def decision_of(yardstick: Yardstick, lines: Sequence[Line], smallest: str, *, heard: bool = True) -> Decision:
    """Read a turn's decision off its trace.

    Args:
        yardstick: Of the desk.
        lines: The trace of one turn, whose clock starts as the turn is heard.
        smallest: The first tier's name: to ask any other is to escalate.
        heard: Whether the turn was heard: there a question about what was misheard counts as one.
    """
    performed = _last(lines, "perform")
    actions = tuple(Action.from_dict(action) for action in performed.get("actions", ()))
    asked = [line["tier"] for line in lines if line["kind"] == "draft_started"]
    drafted = [line for line in lines if line["kind"] == "drafted"]
    routed, checked = _last(lines, "route"), _last(lines, "checked")
    scores: dict[str, Any] = {
        **{key: routed.get(key) for key in ("route", "complexity", "reason")},
        **checked.get("scores", {}),
        "failed": checked.get("failed", ()),
        "problems": checked.get("problems", ()),
        "doubted": routed.get("doubted", ()),
        "asked": asked,
        "because": _last(lines, "fall_back").get("because"),
        "cost": sum(line["cost"] for line in drafted),
        "prompt_tokens": sum(line["prompt_tokens"] for line in drafted),
        "output_tokens": sum(line["output_tokens"] for line in drafted),
    }
    escalated = any(name != smallest for name in asked)
    outcome = "escalate" if escalated else outcome_of(actions)
    if heard and yardstick.asks_instead(actions, scores["doubted"]):
        outcome = "clarify"
    source = str(performed.get("source", "nobody"))
    return Decision(actions, outcome, source, scores, performed.get("at"), escalated)


def _last(lines: Sequence[Line], kind: str) -> Line:
    return next((line for line in reversed(lines) if line["kind"] == kind), {})


def outcome_of(actions: Sequence[Action]) -> str:
    """Say what sort of reply these actions make: ``answer``, ``clarify`` or ``handoff``, as is having none."""
    names = {action.name for action in actions}
    if "handoff" in names or not actions:
        return "handoff"
    return "clarify" if names == {"clarify"} else "answer"
